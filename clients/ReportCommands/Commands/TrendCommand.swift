import ArgumentParser
import ReportClient
import ReportIntake
import ReportModel

struct TrendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trend",
        abstract: "Show one unit over the years.",
        discussion: """
            reportctl trend 湛江市/麻章区/总工会
            reportctl trend 湛江市麻章区总工会 --of score,executed --kind 整体支出
            reportctl trend 麻章区/人社局 --aliases 单位曾用名.csv
            """
    )

    @Argument(help: "City, district and unit, or the unit's full name.")
    var unit: String

    @OptionGroup var service: ServiceOptions

    @Option(name: [.short, .customLong("output")], help: "text, json or csv.")
    var output: OutputFormat = .text

    @Option(help: ArgumentHelp("What is shown, with commas between.", valueName: "measures"))
    var of: [String] = []
    @Option(help: "Kind of the record or of one of its parts.")
    var kind: String?
    @Option(help: "Years: 2021..2023.")
    var year: String?
    @Option(help: ArgumentHelp("CSV file with other names of units.", valueName: "file"))
    var aliases: String?
    @Flag(help: "Show retracted records too.")
    var retracted = false

    @OptionGroup var moment: MomentOptions

    func run() async throws {
        let format = try output.require([.text, .json, .csv])
        var arguments = QueryArguments(positional: [unit])
        arguments.set("of", list: of)
        arguments.set("kind", kind)
        arguments.set("year", year)
        if retracted { arguments.set("retracted", "1") }
        moment.write(to: &arguments)
        guard case .trend(var query) = try StoreQuery(.trend, arguments) else { return }
        if let aliases {
            let table = try UnitAliases(try TableFile.read(aliases), name: aliases)
            let parts = query.unit.split(separator: "/").map(String.init)
            let own = parts.last { ReportKind(word: $0) == nil } ?? query.unit
            query = try TrendQuery(
                query.unit,
                otherNames: table.spans(of: own),
                measures: query.measures,
                kind: query.kind,
                years: query.years,
                includesRetracted: query.includesRetracted,
                at: query.moment
            )
        }
        let service = try await service.open()
        let answer = try await service.answer(.trend(query))
        await service.close()
        switch format {
        case .json: Output.line(answer.canonicalText)
        case .csv: TrendText.csv(answer).forEach(Output.line)
        default: TrendText.lines(answer, width: Output.terminalWidth()).forEach(Output.line)
        }
    }
}

/// One unit over the years, as people and spreadsheets read it.
enum TrendText {
    private static let barColumnCount = 24

    static func lines(_ answer: JSONValue, width: Int?) -> [String] {
        let unit = ["city", "district", "unit"].compactMap { answer["unit"]?[$0]?.stringValue }
        let rows = answer["rows"]?.arrayValue ?? []
        var lines = [unit.joined(separator: "/")]
        for measure in answer["of"]?.arrayValue?.compactMap(\.stringValue) ?? [] {
            let values = rows.map { $0["values"]?[measure]?["value"]?.stringValue }
            guard values.contains(where: { $0 != nil }) else { continue }
            lines.append("")
            lines.append(MeasureText.title(measure))
            var table = TextTable(
                [
                    Wording.pick("year", "年度"), Wording.pick("value", "数值"),
                    Wording.pick("change", "变化"), "%", "", Wording.pick("record", "来源"),
                ],
                rightAligned: [1, 2, 3]
            )
            let bars = bars(values)
            for (row, bar) in zip(rows, bars) {
                let value = row["values"]?[measure]
                let key = value?["key"]?.stringValue.flatMap { ReportKey($0) }
                table.append([
                    CSVText.text(row["year"]), MeasureText.number(value?["value"]?.stringValue),
                    MeasureText.signed(value?["difference"]?.stringValue),
                    MeasureText.signed(value?["percent"]?.stringValue), bar,
                    key?.kind.text ?? "-",
                ])
            }
            lines += table.lines(width: width).map { "  " + $0 }
        }
        return lines
    }

    /// A bar for each value, the longest for the greatest; none below zero.
    private static func bars(_ texts: [String?]) -> [String] {
        let values = texts.map { $0.flatMap { ExactDecimal(printed: $0) } }
        let greatest = values.compactMap { $0 }.max() ?? .zero
        return values.map { value in
            guard let value, ExactDecimal.zero < value,
                let share = value.ratio(to: greatest, places: 4)
            else { return "" }
            let eighths = Int(clamping: share.coefficient) * barColumnCount * 8 / 10_000
            let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][max(0, eighths % 8)]
            return String(repeating: "█", count: max(0, eighths / 8)) + part
        }
    }

    static func csv(_ answer: JSONValue) -> [String] {
        let measures = answer["of"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let columns = ["value", "difference", "percent", "since", "key"]
        return [
            CSVText.line(["year"] + measures.flatMap { name in columns.map { "\(name).\($0)" } })
        ]
            + (answer["rows"]?.arrayValue ?? []).map { row in
                CSVText.line(
                    [CSVText.text(row["year"])]
                        + measures.flatMap { name in
                            columns.map { CSVText.text(row["values"]?[name]?[$0]) }
                        }
                )
            }
    }
}
