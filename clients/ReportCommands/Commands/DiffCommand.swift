import ArgumentParser
import ReportClient
import ReportIntake
import ReportModel

struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show which facts changed between two versions.",
        discussion: """
            reportctl diff 2023/麻章区/总工会
            reportctl diff 2023/湛江市/麻章区/总工会/整体支出@1 2023/湛江市/麻章区/总工会/整体支出@3
            reportctl diff 2022/麻章区/总工会 2023/麻章区/总工会
            reportctl diff 2023/麻章区/总工会 --text

            With one lookup its current version is compared with the one that it follows.
            """
    )

    @Argument(help: "A year and parts of a key, perhaps with @N: the older version.")
    var first: String

    @Argument(help: "The newer version.")
    var second: String?

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: OutputFormat = .text

    @Flag(help: "Compare the documents line by line as well.")
    var text = false

    @OptionGroup var moment: MomentOptions

    func run() async throws {
        let format = try output.require([.text, .json])
        let first = try Lookup(argument: first)
        let second = try second.map { text throws(ReportError) in try Lookup(argument: text) }
        let query = DiffQuery(first, second, at: try moment.moment())
        let service = try await service.open()
        var answer = try await service.answer(.diff(query))
        if text {
            let lines = try await DocumentDiff(service, query.moment).lines(answer)
            var members = answer.objectValue ?? [:]
            members["text"] = .array(lines.map { .optional($0) })
            answer = .object(members)
        }
        await service.close()
        if format == .json {
            Output.line(answer.canonicalText)
        } else {
            var text = DiffText(width: Output.terminalWidth())
            text.add(answer)
            text.lines.forEach(Output.line)
        }
    }
}

/// The documents of two versions, line by line.
private struct DocumentDiff {
    private let service: any ReportService
    private let moment: Moment

    init(_ service: any ReportService, _ moment: Moment) {
        self.service = service
        self.moment = moment
    }

    /// Changed lines with a few around them, each behind its mark; nil where lines are left out.
    func lines(_ answer: JSONValue) async throws(ReportError) -> [String?] {
        let workers = try LocalWorkers.pool()
        var texts: [[String]] = []
        for side in ["from", "to"] {
            let key = answer[side]?["key"]?.stringValue ?? ""
            let lookup = key + "@" + (answer[side]?["id"]?.stringValue ?? "")
            let record = try Answer.json(
                try await service.get(lookup, body: .record, at: moment).bytes
            )
            var lines: [String] = []
            for index in (record["sources"]?.arrayValue ?? []).indices {
                let source = try await service.get(lookup, body: .source(index), at: moment)
                let text = try await workers.extract(name: source.name ?? "", bytes: source.bytes)
                lines += String(decoding: text, as: UTF8.self).split(
                    separator: "\n",
                    omittingEmptySubsequences: false
                ).prefix(DiffLimits.maximumLineCount).map(String.init)
            }
            texts.append(lines)
        }
        await workers.stop()
        return LineDiff(texts[0], texts[1]).hunks().map { line in
            line.map { $0.mark.rawValue + " " + $0.text }
        }
    }
}
