import ArgumentParser
import ReportClient
import ReportModel

struct QueueSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Show what waits for a review, the oldest first.",
        discussion: "reportctl queue 2023/湛江市 --open"
    )

    @Argument(help: "A year and parts of a key.")
    var lookup: String?

    @Flag(help: "Count the findings that nobody explained by a note.")
    var open = false

    @Option(help: "Most rows.")
    var limit: Int?

    @Option(help: ArgumentHelp("Continue after this version.", valueName: "hash"))
    var after: String?

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text, table, json, jsonl or csv.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .table, .json, .jsonl, .csv])
        var arguments = QueryArguments()
        arguments.append(lookup)
        if open { arguments.set("open", "1") }
        arguments.set("limit", limit.map { String($0) })
        arguments.set("after", after)
        let query = try StoreQuery(.queue, arguments)
        let service = try await service.open()
        let page = try await service.answer(query)
        await service.close()
        let items = page["items"]?.arrayValue ?? []
        switch format {
        case .json: Output.line(page.canonicalText)
        case .jsonl: items.forEach { Output.line($0.canonicalText) }
        case .csv: CSVText.lines(items, columns: columns).forEach(Output.line)
        default: table(items, page)
        }
    }

    private var columns: [String] {
        let open = ["open.high", "open.medium", "open.low", "open.info"]
        return ["key", "unit", "kind", "id", "recordedAt", "score"] + (self.open ? open : [])
    }

    private func table(_ items: [JSONValue], _ page: JSONValue) {
        guard !items.isEmpty else {
            return Output.error(Wording.pick("nothing waits", "没有待审核的报告"))
        }
        var table = TextTable([
            Wording.pick("days", "等待（天）"), Wording.pick("key", "编号"),
            Wording.pick("version", "版本"), Wording.pick("score", "得分"),
            open ? Wording.pick("unexplained", "待说明疑点") : Wording.pick("findings", "疑点"),
        ])
        let now = Timestamp.now.milliseconds
        for item in items {
            let time = item["recordedAt"]?.stringValue.flatMap { Timestamp(parsing: $0) }
            let waited = time.map { now > $0.milliseconds ? now - $0.milliseconds : 0 } ?? 0
            table.append([
                String(waited / 86_400_000), item["key"]?.stringValue ?? "",
                item["version"]?.integerValue.map { String($0) } ?? "",
                item["score"]?.stringValue ?? "–",
                RecordTable.findings(open ? item["open"] : item["findings"]),
            ])
        }
        table.lines(width: Output.terminalWidth()).forEach(Output.line)
        guard let next = page["next"]?.stringValue else { return }
        Output.flush()
        let waiting = page["waiting"]?.integerValue ?? 0
        Output.error(
            Wording.pick("\(waiting) wait; more: --after ", "共 \(waiting) 条待审核；后续：--after ") + next
        )
    }
}

struct AuditSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show erasures, forced facts, new readings and moves, with who and why.",
        discussion: "reportctl audit 2023/湛江市 --since 2024-01-01"
    )

    @Argument(help: "A year and parts of a key.")
    var lookup: String?

    @Option(help: ArgumentHelp("Recorded at or after this time.", valueName: "time"))
    var since: String?

    @Option(help: "Most rows.")
    var limit: Int?

    @Option(help: ArgumentHelp("Continue after this entry.", valueName: "hash"))
    var after: String?

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text, table, json, jsonl or csv.")
    var output: OutputFormat = .text

    func run() async throws {
        let format = try output.require([.text, .table, .json, .jsonl, .csv])
        var arguments = QueryArguments()
        arguments.append(lookup)
        arguments.set("since", since)
        arguments.set("limit", limit.map { String($0) })
        arguments.set("after", after)
        let query = try StoreQuery(.audit, arguments)
        let service = try await service.open()
        let page = try await service.answer(query)
        await service.close()
        let items = page["items"]?.arrayValue ?? []
        switch format {
        case .json: Output.line(page.canonicalText)
        case .jsonl: items.forEach { Output.line($0.canonicalText) }
        case .csv: CSVText.lines(items, columns: Self.columns).forEach(Output.line)
        default: table(items, page["next"]?.stringValue)
        }
    }

    private static let columns = [
        "recordedAt", "kind", "key", "by", "node", "detail.reason", "detail.authority", "entry",
    ]

    private static func kind(_ word: String) -> String {
        switch word {
        case "erase": Wording.pick("erased", "依法删除")
        case "override": Wording.pick("forced", "强制改写")
        case "reparse": Wording.pick("reread", "重新识别")
        case "rekey": Wording.pick("moved", "改报")
        default: word
        }
    }

    /// Why, and what else is worth a line.
    private static func why(_ item: JSONValue) -> String {
        let detail = item["detail"]
        let words = [
            detail?["reason"]?.stringValue, detail?["authority"]?.stringValue,
            detail?["to"]?.stringValue.map { "→ \($0)" },
            detail?["overridden"]?.objectValue?.keys.sorted().joined(separator: ", "),
        ]
        return words.compactMap { $0 }.joined(separator: "; ")
    }

    private func table(_ items: [JSONValue], _ next: String?) {
        guard !items.isEmpty else {
            return Output.error(Wording.pick("nothing to show", "没有需要审计的事项"))
        }
        var table = TextTable([
            Wording.pick("recorded", "时间"), Wording.pick("what", "事项"), Wording.pick("key", "编号"),
            Wording.pick("by", "经办"), Wording.pick("node", "节点"), Wording.pick("why", "原因"),
        ])
        for item in items {
            table.append([
                LocalTime.text(item["recordedAt"]?.stringValue ?? ""),
                Self.kind(item["kind"]?.stringValue ?? ""),
                item["key"]?.stringValue ?? "–", item["by"]?.stringValue ?? "–",
                item["node"]?.stringValue ?? "", Self.why(item),
            ])
        }
        table.lines(width: Output.terminalWidth()).forEach(Output.line)
        guard let next else { return }
        Output.flush()
        Output.error(Wording.pick("more: --after ", "后续：--after ") + next)
    }
}
