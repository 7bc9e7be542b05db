import ReportModel
import ReportParsing

/// Makes records by hand: facts are placed one after another, `line()` begins the next block.
struct RecordBuilder {
    /// The record so far.
    var record: Record
    private var block = 0
    private var column = 0

    init(year: Int? = 2023, unit: String = "宁江市东湖区总工会") {
        record = Record(
            parser: "test/1",
            rules: Rules.version,
            region: Region(province: "宁江省", city: "宁江市", district: "东湖区"),
            unit: UnitIdentity(name: unit, shortName: "总工会"),
            kind: "整体支出"
        )
        record.year = year
        record.grade = "优"
    }

    private var currentPart: Int { max(0, record.parts.count - 1) }

    private mutating func place(_ quote: String) -> Place {
        let count = quote.unicodeScalars.count
        defer { column += count + 1 }
        return Place(source: 0, block: block, start: column, end: column + count, quote: quote)
    }

    mutating func line() {
        block += 1
        column = 0
    }

    mutating func part(_ kind: PartKind, _ title: String? = nil) {
        line()
        record.parts.append(Part(kind: kind, title: title, source: 0, place: place(title ?? "")))
        line()
    }

    mutating func money(
        _ label: String,
        _ role: String,
        _ value: String,
        _ unit: String = "万元",
        direction: String? = nil,
        approximate: Bool = false,
        year: Int? = nil,
        code: String? = nil,
        project: String? = nil
    ) {
        record.amounts.append(
            Amount(
                label: label,
                role: role,
                value: value,
                unit: unit,
                yuan: "0",
                direction: direction,
                approximate: approximate,
                year: year,
                functionCode: code,
                project: project,
                part: currentPart,
                place: place(label + value + unit)
            )
        )
    }

    /// An amount in a block of its own, as a cell of a table is.
    mutating func cell(_ label: String, _ role: String, _ value: String) {
        line()
        money(label, role, value)
    }

    mutating func rate(
        _ role: String,
        _ percent: String,
        _ label: String = "",
        _ direction: String? = nil
    ) {
        let place = place(percent + "%")
        record.rates.append(
            Rate(
                label: label,
                role: role,
                percent: percent,
                direction: direction,
                part: currentPart,
                place: place
            )
        )
    }

    mutating func staff(_ role: String, _ count: String, _ label: String = "在职") {
        let place = place(label + count + "人")
        record.staffing.append(
            Staffing(
                role: role,
                count: count,
                label: label,
                unit: "人",
                part: currentPart,
                place: place
            )
        )
    }

    mutating func row(
        _ level1: String?,
        _ level3: String,
        _ weight: String?,
        _ score: String?,
        target: String? = nil,
        actual: String? = nil,
        level2: String? = nil,
        note: String? = nil
    ) {
        line()
        let place = place(level3)
        record.indicators.append(
            Indicator(
                level1: level1,
                level2: level2,
                level3: level3,
                target: target,
                actual: actual,
                weight: weight,
                score: score,
                note: note,
                part: currentPart,
                place: place
            )
        )
    }

    mutating func total(_ total: String, full: String? = nil, grade: String? = nil) {
        line()
        let place = place("总分" + total)
        record.scores.append(
            TotalScore(total: total, full: full, grade: grade, part: currentPart, place: place)
        )
    }

    mutating func count(_ label: String, _ count: String, _ unit: String, stage: String? = nil) {
        let place = place(label + count + unit)
        record.counts.append(
            StatedCount(
                label: label,
                count: count,
                unit: unit,
                stage: stage,
                part: currentPart,
                place: place
            )
        )
    }

    mutating func remark(_ kind: String, _ label: String, _ text: String) {
        let place = place(text)
        record.remarks.append(
            Remark(kind: kind, label: label, text: text, part: currentPart, place: place)
        )
    }

    /// The line of budget execution of a fund block.
    mutating func executionLine(_ weight: String, _ score: String?, percent: String? = nil) {
        line()
        let place = place("年度资金总额")
        record.executionLines.append(
            ExecutionLine(
                label: "年度资金总额",
                percent: percent,
                weight: weight,
                score: score,
                part: currentPart,
                place: place
            )
        )
    }

    mutating func section(_ number: String?, _ title: String, level: Int) {
        line()
        let place = place((number ?? "") + title)
        record.sections.append(Section(number: number, title: title, level: level, place: place))
    }

    /// The usual table: 50 + 30 + 10 and ten points for execution.
    mutating func usualTable(execution: String? = "10", output: String = "20", score: String? = nil)
    {
        part(.overallSelfEvaluationTable, "2023年度部门整体支出绩效自评表")
        if let execution {
            row(nil, "预算执行率", execution, execution)
        }
        row("产出指标", "培训场次", "30", "30", target: "≥8场", actual: "9场", level2: "数量指标")
        row("产出指标", "培训合格率", output, score ?? output, level2: "质量指标")
        row("效益指标", "职工素质提升", "30", "30", level2: "社会效益指标")
        row("满意度指标", "职工满意度", "10", "10", target: ">90%", actual: "98%")
    }
}

extension Record {
    /// Findings of one rule.
    func findings(of rule: String) -> [Finding] { Rules.check(self).filter { $0.rule == rule } }
}

/// Builds a record.
func build(year: Int? = 2023, _ body: (inout RecordBuilder) -> Void) -> Record {
    var builder = RecordBuilder(year: year)
    body(&builder)
    return builder.record
}
