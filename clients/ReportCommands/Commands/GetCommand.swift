import ArgumentParser
import ReportClient
import ReportIntake
import ReportModel

struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Show a record.",
        discussion: """
            reportctl get 2023/麻章区
            reportctl get 2023/湛江市/麻章区/总工会/整体支出@1 -o json
            reportctl get 2023/麻章区 --field amounts.0.value
            reportctl get 2023/麻章区 -o source > report.txt
            """
    )

    @Argument(help: "A year and parts of a key, and perhaps @N for a version.")
    var lookup: [String]

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text, json, jsonl, source or extracted.")
    var output: OutputFormat = .text

    @OptionGroup var moment: MomentOptions

    @Option(
        help: ArgumentHelp("One field, with dots and indexes: amounts.0.value", valueName: "path")
    )
    var field: String?

    @Option(help: "Which source file, from 0.")
    var source = 0

    @Flag(help: "Print names and telephone numbers instead of the record.")
    var people = false

    func run() async throws {
        let format = try output.require([.text, .json, .jsonl, .source, .extracted])
        let moment = try moment.moment()
        let service = try await service.open()
        let isSource = format == .source || format == .extracted
        let body: BodySelector = isSource ? .source(source) : people ? .people : .record
        var failures: [ReportError] = []
        await service.get(lookup, body: body, at: moment, window: isSource ? 1 : 16) {
            text,
            reply in
            do throws(ReportError) {
                try await show(try reply.get(), format: format)
            } catch {
                failures.append(error)
                if lookup.count > 1 { report(error, lookup: text) }
            }
        }
        await service.close()
        guard let first = failures.first else { return }
        guard lookup.count > 1 else { throw first }
        let code = failures.count == lookup.count ? first.code : .partial
        throw ExitCode(code.exitCode)
    }

    private func report(_ error: ReportError, lookup: String) {
        if output == .json || output == .jsonl {
            let object: JSONValue = ["lookup": .string(lookup), "error": error.json]
            Output.line(object.canonicalText)
        } else {
            Output.flush()
            Output.error(lookup + ": " + Output.text(of: error))
        }
    }

    private func show(_ reply: GetReply, format: OutputFormat) async throws(ReportError) {
        if format == .source {
            Output.bytes(reply.bytes)
            return
        }
        if format == .extracted {
            let workers = try LocalWorkers.pool()
            Output.bytes(try await workers.extract(name: reply.name ?? "", bytes: reply.bytes))
            await workers.stop()
            return
        }
        if let field {
            Output.line(try FieldPath.text(of: field, in: try Answer.json(reply.bytes)))
        } else if format == .text, !people {
            let record = try Answer.json(reply.bytes)
            RecordText(record).lines.forEach(Output.line)
            warnAboutConflict(record)
        } else {
            Output.bytes(reply.bytes)
            if reply.bytes.last != UInt8(ascii: "\n") { Output.line("") }
            if !people { warnAboutConflict(try Answer.json(reply.bytes)) }
        }
    }

    private func warnAboutConflict(_ record: JSONValue) {
        let others = record["version"]?["conflict"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard !others.isEmpty else { return }
        Output.error(
            Wording.pick(
                "warning: this record has other current versions: ",
                "注意：该记录还有其他并列的当前版本："
            ) + others.joined(separator: ", ")
        )
    }
}

/// A path such as `amounts.0.value` into JSON.
enum FieldPath {
    static func text(of path: String, in json: JSONValue) throws(ReportError) -> String {
        var value = json
        for step in path.split(separator: ".", omittingEmptySubsequences: false) {
            var next: JSONValue?
            if case .array(let elements) = value {
                if let index = Int(step), elements.indices.contains(index) {
                    next = elements[index]
                }
            } else {
                next = value[String(step)]
            }
            guard let next else {
                throw ReportError(.notFound, "there is no field '\(path)' in this record")
            }
            value = next
        }
        return value.stringValue ?? value.canonicalText
    }
}
