import ReportModel
import ReportParsing
import Testing

@Suite("Rules on points, grades and indicators")
struct ScoreRuleTests {
    private func table(
        execution: String?,
        output: String = "20",
        score: String? = nil,
        total: String? = "100",
        rate: Bool = false
    ) -> Record {
        build { b in
            b.usualTable(execution: execution, output: output, score: score)
            if rate { b.rate("execution", "100", "执行率") }
            if let total { b.total(total, full: "100", grade: "优") }
        }
    }

    @Test("weights of one hundred pass with and without an execution line")
    func weights() {
        #expect(table(execution: "10").findings(of: "WEIGHT-SUM").isEmpty)
        #expect(table(execution: nil, output: "30").findings(of: "WEIGHT-SUM").isEmpty)
        #expect(table(execution: "20", output: "10").findings(of: "WEIGHT-SUM").isEmpty)
    }

    @Test("110 with the execution line and 90 without any are found")
    func wrongWeights() throws {
        let over = try #require(
            table(execution: "10", output: "30", score: "26", total: "96").findings(
                of: "WEIGHT-SUM"
            ).first
        )
        #expect(over.severity == .high && over.computed == "110" && over.message.contains("110分"))
        #expect(over.message.contains("总分未计入预算执行"))
        let under = try #require(
            table(execution: nil, total: "90").findings(of: "WEIGHT-SUM").first
        )
        #expect(under.computed == "90")
    }

    @Test("90 passes when an execution rate or the total show that ten points stand elsewhere")
    func executionElsewhere() {
        #expect(table(execution: nil, total: nil, rate: true).findings(of: "WEIGHT-SUM").isEmpty)
        #expect(table(execution: nil, total: "100").findings(of: "WEIGHT-SUM").isEmpty)
        #expect(
            table(execution: nil, output: "25", total: "95", rate: true).findings(of: "WEIGHT-SUM")
                .count == 1
        )
    }

    @Test("two tables one after another are judged by themselves")
    func twoTables() {
        let record = build { b in
            for _ in 0..<2 {
                b.usualTable()
                b.total("100", full: "100", grade: "优")
            }
        }
        #expect(
            record.findings(of: "WEIGHT-SUM").isEmpty && record.findings(of: "SCORE-SUM").isEmpty
        )
        let one = build { b in
            b.usualTable()
            b.total("100", full: "100", grade: "优")
            let rows = b.record.indicators
            for row in rows { b.row(row.level1, row.level3 ?? "", row.weight, row.score) }
            b.total("100", full: "100", grade: "优")
        }
        #expect(one.findings(of: "WEIGHT-SUM").isEmpty && one.findings(of: "SCORE-SUM").isEmpty)
    }

    @Test("the total is the sum of the scores, with the execution line wherever it stands")
    func scores() throws {
        #expect(table(execution: "10").findings(of: "SCORE-SUM").isEmpty)
        #expect(table(execution: "10", score: "16", total: "96").findings(of: "SCORE-SUM").isEmpty)
        #expect(table(execution: nil, total: "99.5").findings(of: "SCORE-SUM").isEmpty)
        let left = table(execution: "10", output: "30", score: "26", total: "96")
        let finding = try #require(left.findings(of: "SCORE-SUM").first)
        #expect(finding.severity == .high && finding.stated == "96" && finding.computed == "106")
        #expect(
            table(execution: "10", total: "98").findings(of: "SCORE-SUM").first?.computed == "100"
        )
        #expect(
            table(execution: "10", score: "15", total: "98").findings(of: "SCORE-SUM").count == 1
        )
    }

    @Test("no score above its weight, no total above full marks")
    func range() throws {
        #expect(table(execution: "10").findings(of: "SCORE-RANGE").isEmpty)
        let row = try #require(
            table(execution: "10", score: "21", total: "100").findings(of: "SCORE-RANGE").first
        )
        #expect(row.message.contains("21分") && row.message.contains("20分"))
        #expect(table(execution: "10", total: "101").findings(of: "SCORE-RANGE").count == 1)
        let thousand = build { $0.total("960", full: "1000", grade: "优") }
        #expect(thousand.findings(of: "SCORE-RANGE").isEmpty)
    }

    @Test("execution points are weight times rate; full points from 95 on are a common rule")
    func executionPoints() throws {
        func record(_ rate: String, _ score: String) -> Record {
            build { b in
                b.part(.overallSelfEvaluationTable)
                b.row(nil, "预算执行率", "10", score)
                b.rate("execution", rate, "合计 执行率")
                b.row("产出指标", "培训场次", "90", "90")
            }
        }
        #expect(record("100", "10").findings(of: "EXEC-SCORE").isEmpty)
        #expect(record("97.21", "9.72").findings(of: "EXEC-SCORE").isEmpty)
        #expect(record("97.21", "10").findings(of: "EXEC-SCORE").isEmpty)
        #expect(record("85.5", "9").findings(of: "EXEC-SCORE").isEmpty)
        #expect(record("120", "10").findings(of: "EXEC-SCORE").isEmpty)
        let wrong = try #require(record("80", "10").findings(of: "EXEC-SCORE").first)
        #expect(wrong.severity == .medium && wrong.computed == "8")
        #expect(record("80", "5").findings(of: "EXEC-SCORE").first?.severity == .low)
    }

    @Test(
        "grades follow half-open bands; what bands in whole points leave open is silent",
        arguments: [
            ("96", "优", nil), ("90", "优", nil), ("89", "优", "良"), ("89.5", "优", nil),
            ("89.5", "良", nil),
            ("80", "良好", nil), ("79", "良", "中"), ("60", "中", nil), ("59", "中", "差"),
            ("96", "优良", "优"),
            ("96", "等级：优秀", nil), ("96", "合格", nil), ("96", "A", nil),
        ] as [(String, String, String?)]
    )
    func grades(total: String, grade: String, expected: String?) {
        let record = build { $0.total(total, grade: grade) }
        #expect(record.findings(of: "GRADE-BAND").first?.computed == expected)
    }

    @Test("a score without any grade is a notice")
    func gradeMissing() {
        var record = build { $0.total("95") }
        #expect(record.findings(of: "GRADE-MISSING").isEmpty)
        record.grade = nil
        #expect(record.findings(of: "GRADE-MISSING").first?.severity == .info)
    }

    private func targetRow(
        _ target: String,
        _ actual: String,
        _ level2: String = "数量指标",
        score: String = "10"
    )
        -> [Finding]
    {
        build { b in
            b.row("产出指标", "培训", "10", score, target: target, actual: actual, level2: level2)
        }.findings(of: "TARGET-SCORE")
    }

    @Test("a missed target with full score is found, by the direction of the target")
    func targets() throws {
        #expect(targetRow("≥100人", "100人").isEmpty)
        #expect(targetRow("100家/3500人", "90家/3400人").isEmpty)
        #expect(targetRow("≤50万元", "45万元", "成本指标").isEmpty)
        #expect(targetRow("50万元", "45万元", "成本指标").isEmpty)
        #expect(targetRow("≥95%", "约90%").isEmpty)
        #expect(targetRow(">90%", "满意度>85%").isEmpty)
        #expect(targetRow("≥100人", "97人", score: "9.7").isEmpty)
        let few = try #require(targetRow("≥100人", "97人").first)
        #expect(
            few.severity == .medium && few.message.contains("97人") && few.message.contains("≥100人")
        )
        #expect(targetRow("100人", "97人").count == 1)
        #expect(targetRow("≤50万元", "55万元", "成本指标").count == 1)
    }

    @Test("lost points without a reason are one low finding for the table")
    func reasons() throws {
        func record(note: String?) -> Record {
            build { b in
                b.row("产出指标", "及时性", "10", "8", note: note)
                b.row("产出指标", "时效", "5", "4", note: note)
                b.row("产出指标", "数量", "5", "5")
            }
        }
        #expect(record(note: "受天气影响").findings(of: "DEDUCTION-REASON").isEmpty)
        let found = record(note: "－").findings(of: "DEDUCTION-REASON")
        #expect(found.count == 1 && found.first?.severity == .low)
        #expect(found.first?.stated == "8/10、4/5")
    }

    @Test("weights in the value columns are found, and the score that equals their sum")
    func valueColumns() throws {
        func record(_ values: [String], unit: String? = nil) -> Record {
            build { b in
                b.part(.projectSelfEvaluationTable)
                for value in values {
                    b.row("产出指标", "活动", nil, nil, target: value, actual: value)
                    b.record.indicators[b.record.indicators.count - 1].unit = unit
                }
                b.total("90", grade: "优")
            }
        }
        let weights = record(["5", "10", "10", "20", "10", "10", "20", "5"])
        #expect(weights.findings(of: "INDICATOR-COLUMN").first?.severity == .medium)
        #expect(weights.findings(of: "SCORE-SUM").first?.message.contains("90分") == true)
        #expect(record(["5", "10", "12"]).findings(of: "INDICATOR-COLUMN").isEmpty)
        #expect(record(["50", "20", "20"], unit: "人").findings(of: "INDICATOR-COLUMN").isEmpty)
    }

    @Test("an unusual split of the weights is a notice")
    func split() {
        #expect(table(execution: "10").findings(of: "WEIGHT-SPLIT").isEmpty)
        let found = table(execution: nil, output: "30").findings(of: "WEIGHT-SPLIT")
        #expect(found.first?.severity == .info && found.first?.stated == "60/30/10")
    }
}
