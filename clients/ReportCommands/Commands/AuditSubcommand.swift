import ArgumentParser
import ReportModel

struct AuditSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show erasures, forced facts, new readings and moves, with who and why.",
        discussion: "reportctl audit 2023/湛江市 --since 2024-01-01"
    )

    @Argument(help: "A year and parts of a key.")
    var lookup: String?

    @Option(
        help: ArgumentHelp(
            "Recorded at or after this time; a date is its beginning at +08:00.",
            valueName: "time"
        )
    )
    var since: String?

    @OptionGroup var page: PageOptions

    func run() async throws {
        var arguments = QueryArguments()
        arguments.append(lookup)
        arguments.set("since", since)
        try await page.run(.audit, arguments, columns: Self.columns) { items, _ in
            Self.table(items)
        }
    }

    private static let columns = [
        "recordedAt", "kind", "key", "by", "node", "detail.reason", "detail.authority", "entry",
        "about", "detail.parts", "detail.to", "detail.overridden",
    ]

    private static func kind(_ word: String) -> String {
        switch word {
        case "erase": Wording.pick("erased", EntryWords.kind(word))
        case "override": Wording.pick("forced", EntryWords.kind(word))
        case "reparse": Wording.pick("reread", EntryWords.kind(word))
        case "rekey": Wording.pick("moved", EntryWords.kind(word))
        default: word
        }
    }

    /// Where facts that nobody signed for came from, in brackets: it is no name.
    private static func origin(_ word: String?) -> String {
        switch word {
        case "flags": Wording.pick("(options)", "（命令行选项）")
        case "inbox", "folder": Wording.pick("(folder)", "（文件夹）")
        case "form": Wording.pick("(form)", "（表单）")
        case "rekey": Wording.pick("(moved)", "（改报）")
        default: "–"
        }
    }

    private static func table(_ items: [JSONValue]) -> TextTable? {
        guard !items.isEmpty else {
            Output.error(Wording.pick("nothing to show", "没有需要审计的事项"))
            return nil
        }
        var table = TextTable([
            LocalTime.title("recorded", "时间"), Wording.pick("what", "事项"),
            Wording.pick("key", "编号"), Wording.pick("versions", "版本"),
            Wording.pick("by", "经办"), Wording.pick("node", "节点"),
            Wording.pick("what and why", "内容与原因"),
        ])
        for item in items {
            table.append([
                LocalTime.stamp(item["recordedAt"]?.stringValue ?? ""),
                kind(item["kind"]?.stringValue ?? ""),
                item["key"]?.stringValue ?? "–", EntryWords.about(item) ?? "–",
                EntryWords.author(item["detail"]) ?? origin(item["by"]?.stringValue),
                item["node"]?.stringValue ?? "", EntryWords.saying(item),
            ])
        }
        return table
    }
}
