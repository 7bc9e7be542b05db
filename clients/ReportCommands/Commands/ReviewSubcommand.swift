import ArgumentParser
import Glibc
import ReportClient
import ReportModel

struct ReviewSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Judge versions: approve, return with a comment, or take a judgement back.",
        discussion: """
            reportctl review 2023/麻章区/总工会 --approve --store DIR
            reportctl review 2023/麻章区/财政局@2 --return '缺少指标评分表' --store DIR
            reportctl list 2023/麻章区 -o csv | reportctl review - --approve --store DIR

            Without @N the current version is judged. Reviews are taken where the store
            is: a node takes them at the socket in the folder of its store.
            """
    )

    @Argument(help: "Lookups that name one key each; - reads them from standard input.")
    var lookup: [String] = []

    @Flag(help: "Approve.")
    var approve = false

    @Option(
        name: .customLong("return"),
        help: ArgumentHelp("Return, with what is to be done.", valueName: "comment")
    )
    var returning: String?

    @Flag(help: "Take the last judgement back.")
    var undo = false

    @Option(help: "A comment to an approval.")
    var comment: String?

    @Option(help: ArgumentHelp("A file of lookups, one a line.", valueName: "file"))
    var fromFile: String?

    @OptionGroup var service: ServiceOptions
    @OptionGroup var workflow: WorkflowOptions

    func run() async throws {
        let format = try workflow.output.require([.text, .json, .jsonl])
        let verdict = try verdict()
        let lookups = try LookupList.read(lookup, file: fromFile)
        let service = try await service.administer()
        var items: [JSONValue] = []
        for start in stride(from: 0, to: lookups.count, by: WorkflowLimits.maximumLookupCount) {
            let end = min(lookups.count, start + WorkflowLimits.maximumLookupCount)
            let command = try ReviewCommand(
                Array(lookups[start..<end]),
                verdict,
                comment: returning ?? comment,
                by: workflow.author
            )
            let answer = try await service.perform(.review(command))
            items += answer["items"]?.arrayValue ?? []
        }
        await service.close()
        try ItemReport.show(items, format: format) { item in
            let status = Wording.status(item["status"]?.stringValue ?? "")
            return "\(status)  \(ItemReport.name(of: item))"
        }
    }

    private func verdict() throws(ReportError) -> Verdict {
        let chosen: [Verdict] =
            (approve ? [.approve] : []) + (returning == nil ? [] : [.returned])
            + (undo ? [.undo] : [])
        guard chosen.count == 1, let verdict = chosen.first else {
            throw ReportError(.usage, "give one of --approve, --return COMMENT, --undo")
        }
        return verdict
    }
}

/// Prints the outcomes of a command about several records.
enum ItemReport {
    /// Key and version of an item.
    static func name(of item: JSONValue) -> String {
        let key = item["key"]?.stringValue ?? item["lookup"]?.stringValue ?? ""
        let number = item["number"]?.integerValue.map { "@\($0)" } ?? ""
        return key + number
    }

    /// Prints items, and errors of those that failed.
    /// - Throws: the error of a single item; exit code 11 when only some failed.
    static func show(
        _ items: [JSONValue],
        format: OutputFormat,
        line: (JSONValue) -> String
    ) throws {
        func error(_ item: JSONValue) -> ReportError? {
            item["error"].flatMap { $0.isNull ? nil : ReportError(json: $0) }
        }
        if items.count == 1, let error = error(items[0]) { throw error }
        switch format {
        case .json: Output.line((["items": .array(items)] as JSONValue).canonicalText)
        case .jsonl: items.forEach { Output.line($0.canonicalText) }
        default:
            for item in items {
                guard let error = error(item) else {
                    Output.line(line(item))
                    continue
                }
                Output.flush()
                let title = Wording.title(of: error.code)
                Output.error("\(name(of: item)): \(title): \(error.message)")
            }
        }
        let codes = items.compactMap { error($0)?.code }
        guard let first = codes.first else { return }
        let isAlike = codes.count == items.count && codes.allSatisfy { $0 == first }
        Output.flush()
        throw ExitCode(isAlike ? first.exitCode : ReportError.Code.partial.exitCode)
    }
}
