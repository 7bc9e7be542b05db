import ReportModel
import ReportParsing
import Testing

@Suite("Rules on staff and on facts in several places")
struct CrossRuleTests {
    @Test("serving staff within the authorised number are silent, above it they are found once")
    func staffCap() throws {
        func record(_ serving: String) -> Record {
            build { b in
                for kind in [PartKind.overallSelfEvaluationTable, .overallSelfEvaluationReport] {
                    b.part(kind)
                    b.staff("authorised", "4", "编制")
                    b.staff("serving", serving)
                    b.staff("contract", "7", "外聘")
                }
            }
        }
        #expect(record("4").findings(of: "STAFF-CAP").isEmpty)
        let found = record("6").findings(of: "STAFF-CAP")
        #expect(found.count == 1 && found.first?.severity == .medium)
        #expect(found.first?.message.contains("150%") == true && found.first?.places.count == 4)
    }

    @Test("a control rate follows from both numbers")
    func controlRate() {
        func record(_ rate: String) -> Record {
            build { b in
                b.part(.baseDataTable)
                b.staff("authorised", "12", "编制")
                b.staff("serving", "11")
                b.rate("control", rate, "在职人员控制率")
            }
        }
        #expect(record("91.67").findings(of: "STAFF-CAP").isEmpty)
        #expect(record("109.09").findings(of: "STAFF-CAP").first?.computed == "91.67%")
    }

    @Test("administrative and institution staff make the whole unless others stand beside them")
    func staffSum() {
        func record(_ total: String, other: Bool = false) -> Record {
            build { b in
                b.part(.overallSelfEvaluationReport)
                b.staff("serving", total)
                b.staff("serving-administrative", "5", "行政")
                b.staff("serving-institution", "1", "事业")
                if other { b.staff("other", "1", "工勤") }
            }
        }
        #expect(record("6").findings(of: "STAFF-SUM").isEmpty)
        #expect(record("7", other: true).findings(of: "STAFF-SUM").isEmpty)
        #expect(record("7").findings(of: "STAFF-SUM").first?.computed == "6")
        #expect(record("5", other: true).findings(of: "STAFF-SUM").first?.stated == "5")
    }

    @Test("the same number of people in table and report")
    func crossStaff() {
        func record(_ report: String, scope: String? = nil) -> Record {
            build { b in
                b.record.unit.scope = scope
                b.part(.overallSelfEvaluationTable)
                b.staff("serving", "8", "实有人数")
                b.part(.overallSelfEvaluationReport)
                b.staff("serving", report)
            }
        }
        #expect(record("8").findings(of: "CROSS-STAFF").isEmpty)
        #expect(record("7", scope: "汇总").findings(of: "CROSS-STAFF").isEmpty)
        #expect(record("7").findings(of: "CROSS-STAFF").first?.message.contains("7") == true)
    }

    private func twoParts(
        _ first: (String, String, String),
        _ second: (String, String, String),
        unit: String = "万元"
    ) -> Record {
        build { b in
            b.part(.overallSelfEvaluationTable)
            b.money(first.0, first.1, first.2)
            b.part(.overallSelfEvaluationReport)
            b.money(second.0, second.1, second.2, unit)
        }
    }

    @Test("the same amount in two parts; rounding to fewer places is the same amount")
    func crossAmount() throws {
        let table = ("（2）项目支出 全年执行数", "executed-expenditure-part", "44.74")
        #expect(
            twoParts(table, ("专项支出", "executed-project-total", "44.74")).findings(
                of: "CROSS-AMOUNT"
            ).isEmpty
        )
        #expect(
            twoParts(table, ("专项支出", "executed-project-total", "44.7")).findings(of: "CROSS-AMOUNT")
                .isEmpty
        )
        let close = try #require(
            twoParts(table, ("实际专项支出总共", "executed-project-total", "44.75"))
                .findings(of: "CROSS-AMOUNT").first
        )
        #expect(close.severity == .medium && close.message.contains("44.74万元"))
        #expect(close.message.contains("44.75万元"))
        let income = twoParts(
            ("本年收入合计", "final-income-total", "395.14"),
            ("决算报表收入", "final-income-total", "197.57")
        ).findings(of: "CROSS-AMOUNT")
        #expect(income.count == 1 && income.first?.severity == .high)
    }

    @Test("another scope, another project and an adjusted budget are other facts")
    func otherFacts() {
        let scoped = twoParts(
            ("一般公共预算财政拨款基本支出", "final-expenditure-part", "180.00"),
            ("基本支出", "executed-expenditure-part", "200.00")
        )
        #expect(scoped.findings(of: "CROSS-AMOUNT").isEmpty)
        let adjusted = twoParts(
            ("项目支出 年初预算数", "budget-initial-project", "41.80"),
            ("项目支出 全年预算数", "budget-project", "44.74")
        )
        #expect(adjusted.findings(of: "CROSS-BUDGET").isEmpty)
        var single = twoParts(
            ("项目支出", "executed-project-total", "58.10"),
            ("项目支出", "executed-project-total", "39.00")
        )
        #expect(single.findings(of: "CROSS-AMOUNT").count == 1)
        single.parts[1].kind = .projectSelfEvaluationReport
        #expect(single.findings(of: "CROSS-AMOUNT").isEmpty)
    }

    @Test("two budgets of the same role are asked about")
    func crossBudget() throws {
        let record = twoParts(
            ("（2）项目支出 全年预算数", "budget-expenditure-part", "44.74"),
            ("专项资金预算金额", "budget-project", "41.8")
        )
        let finding = try #require(record.findings(of: "CROSS-BUDGET").first)
        #expect(finding.severity == .medium && finding.stated == "44.74万元")
        #expect(finding.computed == "41.8万元")
    }

    @Test("two total scores of the department are found, scores of projects are not compared")
    func crossScore() {
        func record(_ kind: PartKind, _ second: String) -> Record {
            build { b in
                b.part(.overallSelfEvaluationTable)
                b.total("96", full: "100", grade: "优")
                b.part(kind)
                b.total(second, grade: "优")
            }
        }
        #expect(record(.overallSelfEvaluationReport, "96").findings(of: "CROSS-SCORE").isEmpty)
        #expect(record(.projectSelfEvaluationTable, "95").findings(of: "CROSS-SCORE").isEmpty)
        #expect(
            record(.overallSelfEvaluationReport, "95").findings(of: "CROSS-SCORE").first?.severity
                == .high
        )
    }

    @Test("元 for 万元 is a slip of the unit, not a different amount")
    func unitSlip() {
        let record = twoParts(
            ("基本支出", "executed-expenditure-part", "254.85"),
            ("基本支出", "executed-expenditure-part", "254.85"),
            unit: "元"
        )
        #expect(record.findings(of: "UNIT-SLIP").first?.severity == .high)
        #expect(record.findings(of: "CROSS-AMOUNT").isEmpty)
        let sum = build { b in
            b.part(.finalAccountExplanation)
            b.money("本年收入合计", "final-income-total", "158.18")
            b.money("一般公共预算财政拨款收入", "final-income-part", "137.86", "元")
            b.money("其他收入", "final-income-part", "20.32")
        }
        #expect(sum.findings(of: "UNIT-SLIP").count == 1)
        #expect(sum.findings(of: "INCOME-SUM").isEmpty)
        let converted = twoParts(
            ("基本支出", "executed-expenditure-part", "254.85"),
            ("基本支出", "executed-expenditure-part", "2548500.00"),
            unit: "元"
        )
        #expect(Rules.check(converted).isEmpty)
    }

    @Test("zeros in 元 beside amounts in 万元 are a notice")
    func unitMix() {
        func record(_ unit: String) -> Record {
            build { b in
                b.part(.overallEvaluationReport)
                b.money("决算收入总额", "final-income-total", "137.86")
                b.money("一般公共预算财政拨款收入", "final-income-part", "137.86")
                b.money("事业收入", "final-income-part", "0.00", unit)
            }
        }
        #expect(record("万元").findings(of: "UNIT-MIX").isEmpty)
        #expect(record("元").findings(of: "UNIT-MIX").first?.severity == .info)
    }

    @Test("operating funds of an administrative unit are its public funds")
    func operating() {
        func record(_ operating: String, institution: Bool = false) -> Record {
            build { b in
                b.part(.finalAccountExplanation)
                b.money("公用经费", "final-expenditure-part", "14.93")
                b.line()
                b.money("机关运行经费支出", "operating-funds", operating)
                if institution { b.staff("serving-institution", "3", "事业") }
            }
        }
        #expect(record("14.93").findings(of: "OPERATING").isEmpty)
        #expect(record("10.00", institution: true).findings(of: "OPERATING").isEmpty)
        #expect(record("10.00").findings(of: "OPERATING").first?.severity == .low)
    }
}
