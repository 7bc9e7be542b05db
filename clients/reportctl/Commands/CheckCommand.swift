import ArgumentParser
import Glibc
import ReportClient
import ReportModel

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Show what does not add up in files or in a stored record.",
        discussion: "reportctl check report.txt --fail-on high"
    )

    @Argument(help: "Files, or a lookup; an existing path is a file.")
    var target: [String]

    @OptionGroup var service: ServiceOptions
    @OptionGroup var given: GivenOptions

    @Flag(help: "Take the arguments for lookups even when such files exist.")
    var key = false

    @Option(help: "End with exit code 5 from this severity on: info, low, medium or high.")
    var failOn: String?

    @Option(name: [.short, .customLong("output")], help: "text, json or jsonl.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .json, .jsonl])
        let threshold = try severity()
        let facts = try given.facts()
        let workers = try LocalWorkers.pool()
        var worst: Severity?
        for item in target {
            var findings: [Finding]
            if !key, access(item, F_OK) == 0 {
                let name = item.split(separator: "/").last.map { String($0) } ?? item
                findings = try await workers.parse(
                    name: name,
                    bytes: try FileRun.read(item),
                    given: facts
                ).record.findings
            } else {
                findings = try await workers.check(try await stored(item))
            }
            if let gravest = findings.map(\.severity).max() {
                worst = max(worst ?? gravest, gravest)
            }
            show(findings, of: item, format: format)
        }
        await workers.stop()
        if let threshold, let worst, worst >= threshold { throw ExitCode(5) }
    }

    private func severity() throws(ReportError) -> Severity? {
        guard let failOn else { return nil }
        guard let severity = Severity(rawValue: failOn) else {
            throw ReportError(.usage, "--fail-on takes info, low, medium or high")
        }
        return severity
    }

    private func stored(_ lookup: String) async throws(ReportError) -> Record {
        let service = try await service.open()
        let reply = try await service.get(lookup, body: .record, at: .now)
        await service.close()
        do throws(RecordError) {
            return try Record(json: try Answer.json(reply.bytes))
        } catch let error as RecordError {
            throw ReportError(.internal, "the stored record is not understood: \(error)")
        } catch {
            throw ReportError(.internal, "the stored record is not understood")
        }
    }

    private func show(_ findings: [Finding], of item: String, format: OutputFormat) {
        let array = JSONValue.array(findings.map(\.json))
        if format == .text {
            if target.count > 1 { Output.line("== \(item)") }
            FindingText.lines(array.arrayValue ?? []).dropFirst().forEach(Output.line)
        } else if target.count > 1 {
            let object: JSONValue = ["file": .string(item), "findings": array]
            Output.line(object.canonicalText)
        } else {
            Output.line(array.canonicalText)
        }
    }
}
