import ArgumentParser
import ReportClient
import ReportModel

struct ReparseSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reparse",
        abstract: "Read stored files anew with today's parser.",
        discussion: """
            reportctl reparse 2023/麻章区/总工会 --store DIR
            reportctl reparse --all-in 2023/湛江市 --older-than 3 --store DIR

            A version keeps its number; what was read before stays and is served by
            --as-of. A reading is kept only when the record differs. A file that would
            have another key now is told, not moved: reportctl rekey moves it.
            """
    )

    @Argument(help: "Lookups that name one key each.")
    var lookup: [String] = []

    @Option(help: ArgumentHelp("Every record that matches.", valueName: "lookup"))
    var allIn: String?

    @Flag(help: "Every record of the store.")
    var all = false

    @Option(help: ArgumentHelp("Only records of an older parser.", valueName: "version"))
    var olderThan: String?

    @Flag(help: "Only tell what would change.")
    var dryRun = false

    @Option(help: "Why.")
    var reason: String?

    @OptionGroup var service: ServiceOptions
    @OptionGroup var workflow: WorkflowOptions

    func run() async throws {
        let format = try workflow.output.require([.text, .json, .jsonl])
        let ways = [!lookup.isEmpty, allIn != nil, all].count { $0 }
        guard ways == 1 || (ways == 0 && olderThan != nil) else {
            throw ReportError(.usage, "give lookups, --all-in LOOKUP, or --all")
        }
        let service = try await service.administer()
        var items: [JSONValue] = []
        var after: String?
        var waiting = try lookup.map { text throws(ReportError) in try Lookup(argument: text) }
        let isListed = lookup.isEmpty
        while true {
            if isListed { waiting = try await page(from: service, &after) }
            for start in stride(from: 0, to: waiting.count, by: Self.step) {
                let end = min(waiting.count, start + Self.step)
                items += try await read(Array(waiting[start..<end]), service)
                progress(items)
            }
            if after == nil { break }
        }
        await service.close()
        let shown = format == .text ? items.filter { $0["outcome"] != "skipped" } : items
        try ItemReport.show(shown, format: format, line: Self.line)
        if format == .text { summary(items) }
    }

    /// Records in one request: few, so that progress is seen.
    private static let step = 8

    private func page(
        from service: any ReportService,
        _ after: inout String?
    ) async throws(ReportError) -> [Lookup] {
        let lookup = try allIn.map { text throws(ReportError) in try Lookup(argument: text) }
        let filter = ListFilter(lookup: lookup, limit: 200, after: after)
        let page = try await service.list(ListQuery(filter))
        after = page["next"]?.stringValue
        var lookups: [Lookup] = []
        for row in page["rows"]?.arrayValue ?? [] {
            lookups.append(try Lookup(argument: row["key"]?.stringValue ?? ""))
        }
        return lookups
    }

    private func read(
        _ lookups: [Lookup],
        _ service: any ReportService
    ) async throws(ReportError) -> [JSONValue] {
        let command = try ReparseCommand(
            lookups,
            olderThan: olderThan,
            isRehearsal: dryRun,
            reason: reason,
            by: workflow.author
        )
        return try await service.perform(.reparse(command))["items"]?.arrayValue ?? []
    }

    private func progress(_ items: [JSONValue]) {
        guard items.count >= 100, items.count % 100 < Self.step else { return }
        Output.error(Wording.pick("\(items.count) read", "已读 \(items.count) 条"))
    }

    private func summary(_ items: [JSONValue]) {
        let changed = items.count { $0["outcome"] == "reread" }
        Output.flush()
        Output.error(
            Wording.pick(
                "\(items.count) looked at, \(changed) read differently",
                "共 \(items.count) 条，其中 \(changed) 条读出的内容有变化"
            )
        )
    }

    private static func line(_ item: JSONValue) -> String {
        let changes = (item["changes"]?.arrayValue ?? []).compactMap(\.stringValue)
        let word =
            switch item["outcome"]?.stringValue {
            case "same": Wording.pick("same", "无变化")
            case "reread": Wording.pick("reread", "已重读")
            case "other-key": Wording.pick("other key", "编号不同")
            default: item["outcome"]?.stringValue ?? ""
            }
        var line = "\(word)  \(item["key"]?.stringValue ?? "")"
        if let key = item["otherKey"]?.stringValue { line += " → \(key)" }
        return changes.isEmpty ? line : line + "\n    " + changes.joined(separator: "\n    ")
    }
}
