import ReportModel
import ReportParsing
import Testing

/// Forms of provinces and ways of writing that once raised false alarms or hid contradictions.
@Suite("Rules on the forms of provinces")
struct FormRulesByProvinceTests {
    private func table(_ level1: String, line: String?, rows: [(String, String)]) -> Record {
        build { b in
            b.part(.projectSelfEvaluationTable)
            if let line { b.executionLine(line, line, percent: "100") }
            for (name, weight) in rows { b.row(level1, name, weight, weight) }
            b.total("100", full: "100")
        }
    }

    @Test(
        "ten points of the fund block and ninety of rows are full marks; a hundred of rows are not"
    )
    func executionLine() {
        let ninety = [("一", "50"), ("二", "30"), ("三", "10")]
        let hundred = [("一", "50"), ("二", "30"), ("三", "20")]
        #expect(table("产出指标", line: "10", rows: ninety).findings(of: "WEIGHT-SUM").isEmpty)
        let found = table("产出指标", line: "10", rows: hundred)
        #expect(found.findings(of: "WEIGHT-SUM").map(\.computed) == ["110"])
        #expect(found.findings(of: "SCORE-SUM").map(\.computed) == ["110"])
    }

    @Test("a rate of execution among the rows of management counts once")
    func executionInRows() {
        let rows = [("预算执行率", "25"), ("数量", "40"), ("效益", "35")]
        #expect(table("管理", line: "10", rows: rows).findings(of: "WEIGHT-SUM").isEmpty)
    }

    @Test("20 + 80 without weights: the total is the sum of scores and execution points")
    func withoutWeights() {
        func record(_ total: String) -> Record {
            build { b in
                b.part(.projectSelfEvaluationTable)
                b.executionLine("20", "19.5", percent: "97.5")
                b.row("产出指标", "一", nil, "50")
                b.row("效益指标", "二", nil, "20")
                b.row("满意度指标", "三", nil, "9")
                b.total(total, full: "100")
            }
        }
        #expect(record("98.5").findings(of: "SCORE-SUM").isEmpty)
        #expect(record("95.5").findings(of: "SCORE-SUM").map(\.computed) == ["98.5"])
    }

    @Test("rows that a page of placed text lost raise nothing")
    func lostRows() {
        let half = table("产出指标", line: "10", rows: [("一", "20"), ("二", "10"), ("三", "10")])
        #expect(half.findings(of: "WEIGHT-SUM").isEmpty)
        #expect(half.findings(of: "SCORE-SUM").isEmpty)
    }

    @Test("table and report of one project: budgets that differ, and 元 for 万元")
    func projectTwice() {
        func record(_ budget: String) -> Record {
            build { b in
                b.part(.projectSelfEvaluationTable)
                b.money("资金总额 全年预算数", "budget-project", "120.50", project: "劳模慰问")
                b.part(.projectSelfEvaluationReport)
                b.money("项目预算批复金额", "budget-project", budget, project: "劳模慰问")
            }
        }
        #expect(record("120.5").findings(of: "CROSS-BUDGET").isEmpty)
        #expect(record("131.00").findings(of: "CROSS-BUDGET").count == 1)
        #expect(record("1205000.00").findings(of: "UNIT-SLIP").map(\.severity) == [.high])
        #expect(record("1205000.00").findings(of: "CROSS-BUDGET").isEmpty)
    }

    @Test("a sentence with all four sides of the balance")
    func balance() {
        func record(_ closing: String) -> Record {
            build { b in
                b.part(.finalAccountExplanation)
                b.money("本年收入", "final-income-total", "456.66")
                b.money("年初结转结余", "opening-carry-over", "32.81")
                b.money("本年支出", "final-expenditure-total", "467.28")
                b.money("年末结转结余", "closing-carry-over", closing)
            }
        }
        #expect(record("22.19").findings(of: "BALANCE").isEmpty)
        #expect(record("63.89").findings(of: "BALANCE").map(\.severity) == [.high])
    }

    @Test("a doubled total of rounded numbers; 收入总计 holds what was carried over")
    func doubled() {
        func record(_ total: String) -> Record {
            build { b in
                b.part(.finalAccountExplanation)
                b.money("收入总计", "final-income-total", total)
                b.line()
                b.money("本年支出合计", "final-expenditure-total", "303.33")
            }
        }
        #expect(record("606.67").findings(of: "DOUBLE-TOTAL").count == 1)
        #expect(record("303.33").findings(of: "DOUBLE-TOTAL").isEmpty)
        #expect(record("350.00").findings(of: "CROSS-AMOUNT").isEmpty)
    }

    @Test("items in paragraphs of their own: above the total is found, below it may be unread")
    func spread() {
        func record(_ second: String) -> Record {
            build { b in
                b.part(.finalAccountExplanation)
                b.money("收入合计", "final-income-total", "100.00")
                for (name, value) in [("财政拨款收入", "90.00"), ("其他收入", second)] {
                    b.line()
                    b.money(name, "final-income-part", value)
                }
            }
        }
        #expect(record("10.00").findings(of: "INCOME-SUM").isEmpty)
        #expect(record("8.00").findings(of: "INCOME-SUM").isEmpty)
        #expect(record("18.00").findings(of: "INCOME-SUM").map(\.severity) == [.high])
    }

    @Test("a unit of one sort of staff: its 事业编制 is the whole")
    func oneSort() {
        func record(_ institution: String) -> Record {
            build { b in
                b.part(.overallSelfEvaluationReport)
                b.staff("authorised-institution", institution, "事业编制")
                b.part(.baseDataTable)
                b.staff("authorised", "73", "编制数")
            }
        }
        #expect(record("73").findings(of: "CROSS-STAFF").isEmpty)
        #expect(record("71").findings(of: "CROSS-STAFF").map(\.severity) == [.medium])
    }

    @Test("points above the share of a missed target are low")
    func generous() {
        func record(_ score: String) -> Record {
            build { b in
                b.part(.projectSelfEvaluationTable)
                b.row("产出指标", "培训人数", "10", score, target: "≥100人", actual: "50人")
            }
        }
        #expect(record("9").findings(of: "TARGET-SCORE").map(\.severity) == [.low])
        #expect(record("5").findings(of: "TARGET-SCORE").isEmpty)
        #expect(record("10").findings(of: "TARGET-SCORE").map(\.severity) == [.medium])
    }
}
