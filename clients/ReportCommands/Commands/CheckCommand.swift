import ArgumentParser
import Glibc
import ReportClient
import ReportIntake
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
        let workers = try LocalWorkers.pool(readsPictures: given.ocr)
        var worst: Severity?
        for item in target {
            let findings =
                if !key, access(item, F_OK) == 0 {
                    try await read(item, facts, workers)
                } else {
                    try await stored(item, workers)
                }
            // What was explained needs nobody's attention any more.
            let open = findings.filter { $0["explained"] == nil }
            let severities = open.compactMap {
                $0["severity"]?.stringValue.flatMap { Severity(rawValue: $0) }
            }
            if let gravest = severities.max() { worst = max(worst ?? gravest, gravest) }
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

    private func read(
        _ path: String,
        _ facts: GivenFacts,
        _ workers: WorkerPool
    ) async throws(ReportError) -> [JSONValue] {
        let name = path.split(separator: "/").last.map { String($0) } ?? path
        let bytes = try await FileRun.load(path)
        let parsed = try await workers.parse(name: name, bytes: bytes, given: facts)
        return parsed.record.findings.map(\.json)
    }

    private func stored(
        _ lookup: String,
        _ workers: WorkerPool
    ) async throws(ReportError) -> [JSONValue] {
        let service = try await service.open()
        let found = try await StoredFindings.load(lookup, from: service, workers: workers)
        await service.close()
        return found.json
    }

    private func show(_ findings: [JSONValue], of item: String, format: OutputFormat) {
        let array = JSONValue.array(findings)
        if format == .text {
            if target.count > 1 { Output.line("== \(item)") }
            FindingText.lines(findings).dropFirst().forEach(Output.line)
        } else if target.count > 1 {
            let object: JSONValue = ["file": .string(item), "findings": array]
            Output.line(object.canonicalText)
        } else {
            Output.line(array.canonicalText)
        }
    }
}
