import ArgumentParser
import ReportClient
import ReportModel

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List records.",
        discussion: """
            reportctl list 2023/湛江市 --kind 整体支出 -o csv
            reportctl list --year 2023 --region 440811 --findings high --score ..80
            reportctl list --amount three-public-total:5万元.. --all
            """
    )

    @Argument(help: "A year and parts of a key.")
    var lookup: String?

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text, table, json, jsonl or csv.")
    var output: OutputFormat = .text

    @OptionGroup var filter: FilterOptions

    @Option(help: "Most rows, 1 to 1000.")
    var limit: String?
    @Option(help: ArgumentHelp("Continue after this key.", valueName: "key"))
    var after: String?
    @Flag(help: "Every page, not only the first.")
    var all = false

    @OptionGroup var moment: MomentOptions

    func run() async throws {
        let format = try output.require([.text, .table, .json, .jsonl, .csv])
        var arguments = filter.arguments(lookup: lookup)
        arguments.set("limit", limit ?? (all ? String(ListFilter.maximumLimit) : nil))
        arguments.set("after", after)
        moment.write(to: &arguments)
        guard case .list(let query) = try StoreQuery(.list, arguments) else { return }
        let service = try await service.open()
        var (rows, next) = try await page(query, from: service)
        if all {
            var further = query
            while let key = next {
                further.filter.after = key
                let page = try await page(further, from: service)
                rows += page.rows
                next = page.next
            }
        }
        await service.close()
        switch format {
        case .json:
            let page: JSONValue = ["rows": .array(rows), "next": .optional(next)]
            Output.line(page.canonicalText)
        case .jsonl: rows.forEach { Output.line($0.canonicalText) }
        case .csv: CSVText.lines(rows, columns: Self.columns).forEach(Output.line)
        default: printTable(rows, of: query.filter)
        }
        guard format != .json, let next else { return }
        PageOptions.tellMore(after: next, orAll: true)
    }

    private func page(
        _ query: ListQuery,
        from service: any ReportService
    ) async throws(ReportError) -> (rows: [JSONValue], next: String?) {
        let page = try await service.list(query)
        return (page["rows"]?.arrayValue ?? [], page["next"]?.stringValue)
    }

    private func printTable(_ rows: [JSONValue], of filter: ListFilter) {
        guard !rows.isEmpty else {
            Output.error(Wording.pick("no records", "没有符合条件的记录"))
            if after == nil { FilterNotes.lines(filter).forEach(Output.error) }
            return
        }
        RecordTable.lines(rows, width: Output.terminalWidth()).forEach(Output.line)
    }

    private static let columns = [
        "key", "year", "unit", "kind", "version", "id", "status", "score", "grade",
        "executionRate", "region", "recordedAt", "findings.high", "findings.medium",
        "findings.low", "findings.info", "title", "filedAt", "comment", "withheld",
    ]
}
