import ReportModel

/// One indicator table of a record: its rows, its execution line and its total row.
struct IndicatorTable: Sendable {
    /// A row with its exact numbers.
    final class Row: Sendable {
        /// The row as recorded.
        let indicator: Indicator
        /// Points that can be reached.
        let weight: CheckNumber?
        /// Points that were given.
        let score: CheckNumber?
        /// The target, when it is one number with a unit.
        let target: IndicatorValue?
        /// The result, when it is one number with a unit.
        let actual: IndicatorValue?

        /// Reads the numbers of a row.
        init(_ indicator: Indicator) {
            self.indicator = indicator
            weight = indicator.weight.flatMap(CheckNumber.init(printed:))
            score = indicator.score.flatMap(CheckNumber.init(printed:))
            target = indicator.target.flatMap(IndicatorValue.init)
            actual = indicator.actual.flatMap(IndicatorValue.init)
        }

        /// Name of the row.
        var name: String { indicator.level3 ?? indicator.level2 ?? indicator.level1 ?? "" }
    }

    /// Rows without execution line, subtotals and totals.
    var rows: [Row] = []
    /// The line of budget execution, when it stands outside the indicators.
    var execution: Row?
    /// The total row.
    var total: TotalScore?
    /// Index of the part.
    var part: Int

    /// Points of full marks: as stated, else 100.
    var full: CheckNumber {
        total?.full.flatMap(CheckNumber.init(printed:)) ?? CheckNumber(100)
    }

    /// Sum of the weights of the rows.
    var weights: Int128 { rows.reduce(0) { $0 + ($1.weight?.scaled ?? 0) } }
    /// Sum of the scores of the rows.
    var scores: Int128 { rows.reduce(0) { $0 + ($1.score?.scaled ?? 0) } }
    /// Whether a row with contents has no weight though others have.
    var lacksWeights: Bool {
        rows.contains { row in
            row.weight == nil
                && (row.score != nil || row.indicator.target != nil || row.indicator.actual != nil)
        }
    }
    /// Whether a row with a weight has no score.
    var lacksScores: Bool { rows.contains { $0.weight != nil && $0.score == nil } }
    /// Place of the first row.
    var place: Place? { rows.first?.indicator.place ?? execution?.indicator.place }

    /// The tables of a record: rows of one part and project, cut after each total row.
    static func all(in record: Record) -> [IndicatorTable] {
        let ordered = record.indicators.sorted { left, right in
            left.part == right.part ? left.place.precedes(right.place) : left.part < right.part
        }
        let totals = record.scores.filter { $0.full != nil }.sorted { $0.place.precedes($1.place) }
        var tables: [IndicatorTable] = []
        var key: (part: Int, project: String?)?
        for indicator in ordered {
            let ended =
                tables.last?.place.map { first in
                    totals.contains { total in
                        total.part == indicator.part && first.precedes(total.place)
                            && total.place.precedes(indicator.place)
                    }
                } ?? false
            if key?.part != indicator.part || key?.project != indicator.project || ended {
                tables.append(IndicatorTable(part: indicator.part))
                key = (indicator.part, indicator.project)
            }
            tables[tables.count - 1].add(indicator)
        }
        for index in tables.indices { tables[index].findTotal(totals, among: tables) }
        tables = tables.filter { !$0.rows.isEmpty }
        addExecutionLines(record.executionLines, to: &tables)
        return tables
    }

    /// Gives each table the first scored execution line of the fund block before it.
    private static func addExecutionLines(
        _ lines: [ExecutionLine],
        to tables: inout [IndicatorTable]
    ) {
        let ordered = lines.sorted { $0.place.precedes($1.place) }
        for index in tables.indices where tables[index].execution == nil {
            let table = tables[index]
            // Some forms have the rate of execution as a row of their own part, 管理 or 投入.
            let hasRow = table.rows.contains { row in
                RuleText.has(row.name, ["执行率", "预算执行"])
                    && !RuleText.has(row.indicator.level1 ?? "", ["产出", "效益", "满意"])
            }
            if hasRow, table.weights == table.full.scaled { continue }
            guard let first = table.rows.first?.indicator else { continue }
            let before =
                index > 0 && tables[index - 1].part == table.part
                ? tables[index - 1].rows.last?.indicator.place : nil
            let own = ordered.filter { line in
                line.part == table.part && line.weight != nil
                    && (line.project == nil || first.project == nil
                        || line.project == first.project)
            }
            let line =
                own.first { line in
                    line.place.precedes(first.place)
                        && before.map { $0.precedes(line.place) } ?? true
                } ?? (tables.filter { $0.part == table.part }.count == 1 ? own.first : nil)
            guard let line else { continue }
            tables[index].execution = Row(
                Indicator(
                    level3: line.label,
                    actual: line.percent.map { $0 + "%" },
                    weight: line.weight,
                    score: line.score,
                    project: line.project,
                    part: line.part,
                    place: line.place
                )
            )
        }
    }

    private mutating func add(_ indicator: Indicator) {
        let row = Row(indicator)
        switch Self.role(of: row) {
        case .indicator: rows.append(row)
        case .execution where execution == nil: execution = row
        case .execution, .summary: break
        }
    }

    private mutating func findTotal(_ totals: [TotalScore], among tables: [IndicatorTable]) {
        let own = totals.filter { $0.part == part }
        guard let last = rows.last?.indicator.place else { return }
        if own.count == 1, tables.filter({ $0.part == part && !$0.rows.isEmpty }).count == 1 {
            total = own.first
        } else {
            total = own.first { last.precedes($0.place) }
        }
    }

    private enum RowRole { case indicator, execution, summary }

    private static func role(of row: Row) -> RowRole {
        let indicator = row.indicator
        let first = RuleText.normalised(indicator.level1 ?? "")
        let name = RuleText.normalised(row.name)
        let isOutside = indicator.level1 == nil || fundWords.occur(in: first)
        if isOutside {
            let usual =
                row.weight.map { [10, 20].contains($0.scaled / CheckNumber.scale) } ?? false
            if RuleText.has(name + first, ["执行率", "预算执行", "资金总额"]) { return .execution }
            if usual, RuleText.has(name, ["合计", "总额", "资金"]) { return .execution }
        }
        return summaries.contain(name.scalarArray) || summaries.contain(first.scalarArray)
            ? .summary : .indicator
    }

    private static let fundWords = Needles(["预算执行", "执行率", "资金"])
    private static let summaries: Words = ["合计", "总计", "总分", "小计", "得分", "总得分", "自评得分", "自评总分"]
}
