import ArgumentParser
import ReportClient
import ReportIntake
import ReportModel

struct ParseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse",
        abstract: "Show what the parser sees in a file; no store is needed.",
        discussion: "reportctl parse report.txt -o json"
    )

    @Argument(help: "Files; a folder or a zip is one filing.", completion: .file())
    var file: [String]

    @OptionGroup var given: GivenOptions

    @Option(name: [.short, .customLong("output")], help: "text, json, jsonl or extracted.")
    var output: OutputFormat = .text

    @Flag(help: "Print names and telephone numbers as well.")
    var people = false

    func run() async throws {
        let format = try output.require([.text, .json, .jsonl, .extracted])
        let facts = try given.facts()
        let workers = try LocalWorkers.pool(readsPictures: given.ocr)
        try await FileRun(files: file, format: format).each { name, bytes throws(ReportError) in
            if format == .extracted {
                let text = try await workers.extract(name: name, bytes: bytes)
                return .bytes(text)
            }
            let parsed = try await workers.parse(name: name, bytes: bytes, given: facts)
            if format == .text {
                return .lines(text(of: parsed))
            }
            return .json(json(of: parsed))
        }
        await workers.stop()
    }

    private func json(of parsed: ParsedFile) -> JSONValue {
        guard people, case .object(var members) = parsed.record.json else {
            return parsed.record.json
        }
        members["people"] = .array(parsed.people.map(\.json))
        return .object(members)
    }

    private func text(of parsed: ParsedFile) -> [String] {
        var lines = RecordText(parsed.record.json).lines
        if parsed.record.key == nil {
            lines.insert(
                Wording.pick(
                    "no key: give what is missing with --year, --region, --unit",
                    "缺少年度、地区或单位：可用 --year、--region、--unit 补充"
                ),
                at: 0
            )
        }
        guard people else { return lines }
        return lines + parsed.people.map { "\($0.role ?? "")  \($0.name)" }
    }
}
