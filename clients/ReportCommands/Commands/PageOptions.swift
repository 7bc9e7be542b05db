import ArgumentParser
import ReportClient
import ReportModel

/// What commands share that show one page of `{items, next}`.
struct PageOptions: ParsableArguments {
    @Option(help: "Most rows.")
    var limit: Int?

    @Option(help: ArgumentHelp("Continue after this row.", valueName: "token"))
    var after: String?

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text, table, json, jsonl or csv.")
    var output: OutputFormat = .text

    /// Asks for the page and prints it.
    /// - Parameters:
    ///   - verb: the question.
    ///   - arguments: its arguments, without those of the page.
    ///   - columns: columns of the CSV.
    ///   - roster: who is expected, where the command was given a roster of its own.
    ///   - table: makes the table for people of the rows and the page; nil when there is nothing.
    /// - Throws: ``ReportError`` of the question; `usage` for a roster beside a node.
    func run(
        _ verb: StoreQuery.Verb,
        _ arguments: QueryArguments,
        columns: [String],
        roster: Roster? = nil,
        table: ([JSONValue], JSONValue) -> TextTable?
    ) async throws {
        let format = try output.require([.text, .table, .json, .jsonl, .csv])
        var arguments = arguments
        arguments.set("limit", limit.map { String($0) })
        arguments.set("after", after)
        let query = try StoreQuery(verb, arguments)
        let service = try await service.open()
        let page = try await answer(query, roster, service)
        await service.close()
        let items = page["items"]?.arrayValue ?? []
        switch format {
        case .json: Output.line(page.canonicalText)
        case .jsonl: items.forEach { Output.line($0.canonicalText) }
        case .csv: CSVText.lines(items, columns: columns).forEach(Output.line)
        default: table(items, page)?.lines(width: Output.terminalWidth()).forEach(Output.line)
        }
        guard format != .json, let next = page["next"]?.stringValue else { return }
        Self.tellMore(after: next)
    }

    /// Says, beside rows in whatever form, that there are more.
    /// - Parameters:
    ///   - next: where the next page begins.
    ///   - orAll: whether `--all` fetches every page.
    static func tellMore(after next: String, orAll: Bool = false) {
        Output.flush()
        Output.error(
            Wording.pick("more: ", "后续：") + (orAll ? Wording.pick("--all, or ", "--all 或 ") : "")
                + "--after \(next)"
        )
    }

    private func answer(
        _ query: StoreQuery,
        _ roster: Roster?,
        _ service: any ReportService
    ) async throws(ReportError) -> JSONValue {
        guard let roster else { return try await service.answer(query) }
        guard let local = service as? LocalService else {
            throw ReportError(
                .usage,
                "--roster goes with --store: a node answers by its own roster",
                hint: "set roster in the node's configuration"
            )
        }
        return try await local.store.answer(query, roster: roster)
    }
}
