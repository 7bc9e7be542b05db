import ArgumentParser
import ReportClient
import ReportModel

struct MissingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "missing",
        abstract: "Show who has not filed.",
        discussion: """
            reportctl missing --roster 应报单位.csv --year 2023
            reportctl missing --region 湛江市/麻章区 -o csv

            The roster is a CSV file with the columns year, region, unit, kind, deadline
            and contact (年度, 地区, 单位, 类型, 截止日期, 联系人); without --roster that
            of the node.
            """
    )

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text, json or csv.")
    var output: OutputFormat = .text

    @OptionGroup var named: RosterOptions
    @Option(help: "Evaluated year, or years: 2023, 2021..2023.")
    var year: String?
    @Option(help: ArgumentHelp("Region at any level.", valueName: "name|code"))
    var region: String?
    @Option(help: "Kind of report.")
    var kind: String?
    @Option(help: ArgumentHelp("The day from which days overdue are counted.", valueName: "day"))
    var day: String?
    @Flag(help: "Show those who filed in time as well.")
    var all = false

    @OptionGroup var moment: MomentOptions

    func run() async throws {
        let format = try output.require([.text, .json, .csv])
        var arguments = QueryArguments()
        arguments.set("year", year)
        arguments.set("region", region)
        arguments.set("kind", kind)
        arguments.set("day", day)
        moment.write(to: &arguments)
        guard case .missing(let query) = try StoreQuery(.missing, arguments) else { return }
        let expected = try named.read()
        let service = try await service.open()
        let answer: JSONValue
        if let expected {
            answer = try await query.answer(expected) { page throws(ReportError) in
                try await service.list(page)
            }
        } else {
            answer = try await service.answer(.missing(query))
        }
        await service.close()
        switch format {
        case .json: Output.line(answer.canonicalText)
        case .csv:
            CSVText.lines(answer["rows"]?.arrayValue ?? [], columns: MissingText.columns)
                .forEach(Output.line)
        default:
            MissingText.lines(answer, showsAll: all, width: Output.terminalWidth())
                .forEach(Output.line)
        }
    }
}

/// A held roster as people read it.
enum MissingText {
    static let columns = [
        "state", "year", "region", "unit", "kind", "deadline", "days", "key", "version", "status",
        "filedAt", "contact", "line",
    ]

    private static let states = [
        "expected", "on-time", "late", "filed", "returned", "missing", "overdue", "unexpected",
    ]

    private static func word(_ state: String) -> String {
        switch state {
        case "expected": Wording.pick("expected", "应报")
        case "on-time": Wording.pick("on time", "按时")
        case "late": Wording.pick("late", "迟报")
        case "filed": Wording.pick("filed", "已报")
        case "returned": Wording.pick("returned", "退回未重报")
        case "missing": Wording.pick("not yet", "未报")
        case "overdue": Wording.pick("overdue", "逾期未报")
        default: Wording.pick("unexpected", "名册外")
        }
    }

    static func lines(_ answer: JSONValue, showsAll: Bool, width: Int?) -> [String] {
        let counted = states.filter {
            $0 == "expected" || (answer["summary"]?[$0]?.integerValue ?? 0) > 0
        }
        var table = TextTable(
            [Wording.pick("region", "地区")] + counted.map { word($0) },
            rightAligned: Set(1..<(counted.count + 1))
        )
        let regions = answer["regions"]?.arrayValue ?? []
        for region in regions {
            table.append(
                [CSVText.text(region["region"])] + counted.map { CSVText.text(region[$0]) }
            )
        }
        if regions.count != 1 {
            table.append(
                [Wording.pick("total", "合计")] + counted.map { CSVText.text(answer["summary"]?[$0]) }
            )
        }
        var lines = table.lines(width: width)
        let quiet: Set<String> = showsAll ? [] : ["on-time", "filed"]
        let rows = (answer["rows"]?.arrayValue ?? []).filter { row in
            !quiet.contains(row["state"]?.stringValue ?? "")
        }
        guard !rows.isEmpty else { return lines }
        lines.append("")
        var details = TextTable([
            Wording.pick("state", "状态"), Wording.pick("year", "年度"),
            Wording.pick("region", "地区"), Wording.pick("unit", "单位"),
            Wording.pick("kind", "类型"), Wording.pick("deadline", "截止"),
            Wording.pick("days", "天数"), Wording.pick("filed", "首次报送"),
            Wording.pick("contact", "联系人"), Wording.pick("record", "编号"),
        ])
        for row in rows {
            details.append([
                word(row["state"]?.stringValue ?? ""), CSVText.text(row["year"]),
                CSVText.text(row["region"]), CSVText.text(row["unit"]), cell(row["kind"]),
                day(row["deadline"]), cell(row["days"]), day(row["filedAt"]),
                cell(row["contact"]), cell(row["key"]),
            ])
        }
        return lines + details.lines(width: width)
    }

    private static func cell(_ value: JSONValue?) -> String {
        let text = CSVText.text(value)
        return text.isEmpty ? "-" : text
    }

    private static func day(_ value: JSONValue?) -> String {
        value?.stringValue.map { String(LocalTime.text($0).prefix(10)) } ?? "-"
    }
}
