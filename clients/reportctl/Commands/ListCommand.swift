import ArgumentParser
import ReportClient
import ReportModel

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List records.",
        discussion: "reportctl list 2023/湛江市 --kind 整体支出 -o csv"
    )

    @Argument(help: "A year and parts of a key.")
    var lookup: String?

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text, table, json, jsonl or csv.")
    var output: OutputFormat = .text

    @Option(help: "Full name or code of a province.")
    var province: String?
    @Option(help: "City.")
    var city: String?
    @Option(help: "District.")
    var district: String?
    @Option(help: "Unit, as in the key.")
    var unit: String?
    @Option(help: "Kind of the record or of one of its parts.")
    var kind: String?
    @Option(help: "submitted, approved, returned or retracted.")
    var status: String?
    @Option(help: ArgumentHelp("Recorded at or after this time.", valueName: "time"))
    var since: String?
    @Option(help: "Most rows.")
    var limit: Int?
    @Option(help: ArgumentHelp("Continue after this key.", valueName: "key"))
    var after: String?
    @Option(help: ArgumentHelp("Answer as of this time.", valueName: "time"))
    var asOf: String?

    func run() async throws {
        let format = try output.require([.text, .table, .json, .jsonl, .csv])
        var query = ListQuery()
        query.lookup = lookup
        query.province = province
        query.city = city
        query.district = district
        query.unit = unit
        query.kind = kind
        query.status = status
        query.since = since
        query.limit = limit
        query.after = after
        query.asOf = asOf
        _ = try query.parsed()
        let service = try await service.open()
        // What matches little comes in several pages, as many as fill what was asked for.
        let wanted = limit ?? 100
        var rows: [JSONValue] = []
        var next: String?
        repeat {
            let page = try await service.list(query)
            rows += page["rows"]?.arrayValue ?? []
            next = page["next"]?.stringValue
            query.after = next
            query.limit = wanted - rows.count
        } while next != nil && rows.count < wanted
        await service.close()
        switch format {
        case .json:
            let page: JSONValue = ["rows": .array(rows), "next": .optional(next)]
            Output.line(page.canonicalText)
        case .jsonl: rows.forEach { Output.line($0.canonicalText) }
        case .csv: CSVText.lines(rows, columns: Self.columns).forEach(Output.line)
        default: printTable(rows, next: next)
        }
    }

    private func printTable(_ rows: [JSONValue], next: String?) {
        guard !rows.isEmpty else {
            Output.error(Wording.pick("no records", "没有符合条件的记录"))
            return
        }
        RecordTable.lines(rows, width: Output.terminalWidth()).forEach(Output.line)
        guard let next else { return }
        Output.flush()
        Output.error(Wording.pick("more: --after ", "后续：--after ") + next)
    }

    private static let columns = [
        "key", "year", "unit", "kind", "version", "id", "status", "score", "grade",
        "executionRate", "region", "recordedAt", "findings.high", "findings.medium",
        "findings.low", "findings.info", "title",
    ]
}

/// Comma-separated values with a header line.
///
/// Source: RFC 4180.
enum CSVText {
    static func lines(_ rows: [JSONValue], columns: [String]) -> [String] {
        [columns.joined(separator: ",")]
            + rows.map { row in
                columns.map { column in
                    var value = row
                    for step in column.split(separator: ".") {
                        value = value[String(step)] ?? .null
                    }
                    return quoted(value.isNull ? "" : value.stringValue ?? value.canonicalText)
                }.joined(separator: ",")
            }
    }

    private static func quoted(_ text: String) -> String {
        let needsQuotes = text.unicodeScalars.contains { [",", "\"", "\n", "\r"].contains($0) }
        guard needsQuotes else { return text }
        return "\""
            + text.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }
}
