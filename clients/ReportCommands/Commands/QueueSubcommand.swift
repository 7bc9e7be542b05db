import ArgumentParser
import ReportModel

struct QueueSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Show what waits for a review.",
        discussion: """
            reportctl queue 2023/湛江市 --open
            reportctl queue --order deadline --roster 应报单位.csv --store DIR
            reportctl queue 2023 --order open

            age        the oldest first
            deadline   the earliest deadline of the roster first
            open       most findings without a note first, graver ones before others
            """
    )

    @Argument(help: "A year and parts of a key.")
    var lookup: String?

    @Flag(help: "Count the findings that nobody explained by a note.")
    var open = false

    @Option(help: ArgumentHelp("What comes first: age, deadline or open.", valueName: "order"))
    var order: String?

    @Option(
        help: ArgumentHelp("The day from which days to deadlines are counted.", valueName: "day")
    )
    var day: String?

    @OptionGroup var expected: RosterOptions
    @OptionGroup var page: PageOptions

    private var countsOpen: Bool { open || order == QueueQuery.Order.open.rawValue }

    func run() async throws {
        var arguments = QueryArguments()
        arguments.append(lookup)
        if open { arguments.set("open", "1") }
        arguments.set("order", order)
        arguments.set("day", day)
        let roster = try expected.read()
        try await page.run(.queue, arguments, columns: columns, roster: roster, table: table)
    }

    private var columns: [String] {
        let open = ["open.high", "open.medium", "open.low", "open.info"]
        return ["key", "unit", "kind", "id", "recordedAt", "score"] + (countsOpen ? open : [])
            + ["deadline", "days"]
    }

    private func table(_ items: [JSONValue], _ page: JSONValue) -> TextTable? {
        guard !items.isEmpty else {
            Output.error(Wording.pick("nothing waits", "没有待审核的报告"))
            return nil
        }
        let hasDeadlines = items.contains { $0["days"]?.integerValue != nil }
        let due = [Wording.pick("due", "截止日期"), Wording.pick("days left or over", "期限（天）")]
        var table = TextTable(
            [
                Wording.pick("days", "等待（天）"), Wording.pick("key", "编号"),
                Wording.pick("version", "版本"), Wording.pick("score", "得分"),
                countsOpen
                    ? Wording.pick("unexplained", "待说明疑点") : Wording.pick("findings", "疑点"),
            ] + (hasDeadlines ? due : [])
        )
        let now = Timestamp.now.milliseconds
        for item in items {
            let time = item["recordedAt"]?.stringValue.flatMap { Timestamp(parsing: $0) }
            let waited = time.map { now > $0.milliseconds ? now - $0.milliseconds : 0 } ?? 0
            table.append(
                [
                    String(waited / 86_400_000), item["key"]?.stringValue ?? "",
                    item["version"]?.integerValue.map { String($0) } ?? "",
                    item["score"]?.stringValue ?? "–",
                    RecordTable.findings(countsOpen ? item["open"] : item["findings"]),
                ] + (hasDeadlines ? Self.due(item) : [])
            )
        }
        if page["next"]?.stringValue != nil {
            let waiting = page["waiting"]?.integerValue ?? 0
            Output.error(Wording.pick("\(waiting) wait", "共 \(waiting) 条待审核"))
        }
        return table
    }

    /// The deadline's day, and the days to it or since.
    private static func due(_ item: JSONValue) -> [String] {
        guard let deadline = item["deadline"]?.stringValue, let days = item["days"]?.integerValue
        else { return ["–", "–"] }
        let left =
            days > 0
            ? Wording.pick("\(days) over", "逾期 \(days)")
            : Wording.pick("\(-days) left", "剩余 \(-days)")
        return [String(LocalTime.text(deadline).prefix(10)), left]
    }
}
