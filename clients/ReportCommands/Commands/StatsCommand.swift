import ArgumentParser
import ReportClient
import ReportModel

struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Count, sum, mean, minimum and maximum over records.",
        discussion: """
            reportctl stats 2023 --by district --kind 整体支出
            reportctl stats --year 2021..2023 --of executed,amount:assets --by year
            reportctl stats 2023/湛江市 --of score --by unit -o csv

            A measure is score, rate, budget, executed, amount:ROLE, rate:ROLE, staff:ROLE,
            indicators, problems, findings or findings:SEVERITY. Money is in 元.
            """
    )

    @Argument(help: "A year and parts of a key.")
    var lookup: String?

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text, json or csv.")
    var output: OutputFormat = .text

    @Option(help: ArgumentHelp("What is counted, with commas between.", valueName: "measures"))
    var of: [String] = []
    @Option(
        help: ArgumentHelp(
            "Put together by year, city, district, unit, kind, with commas between.",
            valueName: "parts"
        )
    )
    var by: [String] = []
    @Flag(help: "Count retracted records too.")
    var retracted = false
    @Flag(help: "Count （汇总） records beside those of single units.")
    var consolidated = false

    @OptionGroup var filter: FilterOptions
    @OptionGroup var moment: MomentOptions

    func run() async throws {
        let format = try output.require([.text, .json, .csv])
        var arguments = filter.arguments(lookup: lookup)
        arguments.set("of", list: of)
        arguments.set("by", list: by)
        if retracted { arguments.set("retracted", "1") }
        if consolidated { arguments.set("consolidated", "1") }
        moment.write(to: &arguments)
        guard case .stats(let query) = try StoreQuery(.stats, arguments) else { return }
        let service = try await service.open()
        let answer = try await service.answer(.stats(query))
        await service.close()
        switch format {
        case .json: Output.line(answer.canonicalText)
        case .csv: StatsText.csv(answer).forEach(Output.line)
        default:
            StatsText.lines(answer, width: Output.terminalWidth()).forEach(Output.line)
            Output.flush()
            StatsText.warnings(answer).forEach(Output.error)
            if answer["total"]?["count"] == 0 {
                FilterNotes.lines(query.filter).forEach(Output.error)
            }
        }
    }
}

/// Figures as people and spreadsheets read them.
enum StatsText {
    private static let figures = ["count", "sum", "mean", "min", "max"]

    static func lines(_ answer: JSONValue, width: Int?) -> [String] {
        let by = answer["by"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let groups = answer["groups"]?.arrayValue ?? []
        let total = answer["total"] ?? .null
        let records = total["count"]?.integerValue ?? 0
        var lines = [Wording.pick("records: \(records)", "记录：\(records) 份")]
        for measure in answer["of"]?.arrayValue?.compactMap(\.stringValue) ?? [] {
            lines.append("")
            lines.append(MeasureText.title(measure))
            var table = TextTable(
                by.map { heading($0) } + [
                    Wording.pick("records", "记录"), Wording.pick("with value", "有值"),
                    Wording.pick("sum", "合计"), Wording.pick("mean", "平均"),
                    Wording.pick("least", "最小"), Wording.pick("greatest", "最大"),
                ],
                rightAligned: Set(by.count..<(by.count + 6))
            )
            func append(_ labels: [String], _ group: JSONValue) {
                let values = group["values"]?[measure]
                table.append(
                    labels + [CSVText.text(group["count"])]
                        + figures.map { MeasureText.number(values?[$0].flatMap(plain)) }
                )
            }
            for group in groups {
                append(by.map { label(group["by"]?[$0]) }, group)
            }
            if by.isEmpty || groups.count > 1 {
                let word = Wording.pick("total", "合计")
                append(by.indices.map { $0 == 0 ? word : "" }, total)
            }
            lines += table.lines(width: width).map { "  " + $0 }
        }
        return lines
    }

    private static func plain(_ value: JSONValue) -> String? {
        value.isNull ? nil : CSVText.text(value)
    }

    private static func label(_ value: JSONValue?) -> String {
        let text = CSVText.text(value)
        return text.isEmpty ? "-" : text
    }

    private static func heading(_ grouping: String) -> String {
        switch grouping {
        case "year": Wording.pick("year", "年度")
        case "city": Wording.pick("city", "市")
        case "district": Wording.pick("district", "区县")
        case "unit": Wording.pick("unit", "单位")
        default: Wording.pick("kind", "类型")
        }
    }

    static func csv(_ answer: JSONValue) -> [String] {
        let by = answer["by"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let measures = answer["of"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let columns = ["count", "sum", "mean", "min", "minKey", "max", "maxKey"]
        let header = by + ["count"] + measures.flatMap { name in columns.map { "\(name).\($0)" } }
        let groups = answer["groups"]?.arrayValue ?? []
        return [CSVText.line(header)]
            + (by.isEmpty ? [answer["total"] ?? .null] : groups).map { group in
                CSVText.line(
                    by.map { CSVText.text(group["by"]?[$0]) } + [CSVText.text(group["count"])]
                        + measures.flatMap { name in
                            columns.map { CSVText.text(group["values"]?[name]?[$0]) }
                        }
                )
            }
    }

    /// What a reader of sums must know.
    static func warnings(_ answer: JSONValue) -> [String] {
        var lines: [String] = []
        let kinds = answer["kinds"]?.objectValue ?? [:]
        let by = answer["by"]?.arrayValue?.compactMap(\.stringValue) ?? []
        if kinds.count > 1, !by.contains("kind") {
            let words = kinds.sorted { $0.key < $1.key }
                .map { "\($0.key) \($0.value.integerValue ?? 0)" }.joined(separator: ", ")
            lines.append(
                Wording.pick(
                    "note: several kinds are together (\(words)); one unit's money may stand in"
                        + " more than one of them: use --kind or --by kind",
                    "注意：合计含多种类型（\(words)），同一单位的金额可能重复：请用 --kind 或 --by kind"
                )
            )
        }
        if let count = answer["leftOut"]?["consolidated"]?.integerValue, count > 0 {
            lines.append(
                Wording.pick(
                    "note: \(count) （汇总） records are left out of sums; --consolidated counts them",
                    "注意：合计未含 \(count) 份（汇总）记录，避免重复；--consolidated 可计入"
                )
            )
        }
        if let count = answer["leftOut"]?["retracted"]?.integerValue, count > 0 {
            lines.append(
                Wording.pick(
                    "note: \(count) retracted records are left out; --retracted counts them",
                    "注意：未含 \(count) 份已撤回的记录；--retracted 可计入"
                )
            )
        }
        return lines
    }
}
