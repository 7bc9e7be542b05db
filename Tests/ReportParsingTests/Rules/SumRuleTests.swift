import ReportModel
import ReportParsing
import Testing

@Suite("Rules on totals and parts")
struct SumRuleTests {
    private func income(_ total: String, _ parts: [String], opening: String? = nil) -> Record {
        build { b in
            b.part(.finalAccountExplanation, "2023年度部门决算公开说明")
            b.money("本年收入合计", "final-income-total", total)
            for part in parts { b.money("其他收入", "final-income-part", part) }
            if let opening { b.money("年初结转和结余", "opening-carry-over", opening) }
        }
    }

    @Test("income parts that add up are silent, with and without the carry-over")
    func incomeClean() {
        #expect(income("158.18", ["137.86", "0", "20.32"]).findings(of: "INCOME-SUM").isEmpty)
        #expect(
            income("158.18", ["137.86", "0"], opening: "20.32").findings(of: "INCOME-SUM").isEmpty
        )
        #expect(
            income("137.86", ["137.86", "0"], opening: "20.32").findings(of: "INCOME-SUM").isEmpty
        )
    }

    @Test("income parts that do not add up are named with both numbers")
    func incomeWrong() throws {
        let finding = try #require(
            income("258.18", ["137.86", "20.32"]).findings(of: "INCOME-SUM").first
        )
        #expect(finding.severity == .high)
        #expect(finding.message.contains("258.18万元") && finding.message.contains("158.18万元"))
        #expect(finding.places.count == 3)
    }

    @Test(
        "two parts pass within 1.5 units, are a notice up to 3.5, and contradict beyond",
        arguments: [
            ("100.00", nil), ("100.01", nil), ("100.02", Severity.info), ("100.03", .info),
            ("100.04", .high), ("99.96", .high), ("99.99", nil),
        ] as [(String, Severity?)]
    )
    func boundary(total: String, severity: Severity?) {
        let record = income(total, ["60.25", "39.75"])
        #expect(record.findings(of: "INCOME-SUM").first?.severity == severity)
    }

    @Test("a rounded total, a nested item and an approximate amount are no contradiction")
    func roundedNestedApproximate() {
        #expect(income("158", ["137.86", "20.32"]).findings(of: "INCOME-SUM").isEmpty)
        #expect(
            income("450.00", ["400.00", "300.00", "100.00", "50.00"]).findings(of: "INCOME-SUM")
                .isEmpty
        )
        let record = build { b in
            b.part(.finalAccountExplanation)
            b.money("本年收入合计", "final-income-total", "300", approximate: true)
            b.money("本年收入合计", "final-income-total", "258.18")
            b.money("事业收入", "final-income-part", "1.00")
            b.money("其他收入", "final-income-part", "2.00")
        }
        #expect(record.findings(of: "INCOME-SUM").isEmpty)
    }

    @Test("a report that picks some items of a total claims no completeness")
    func partialList() {
        let record = build { b in
            b.part(.overallSelfEvaluationReport)
            b.money("整体支出决算", "final-expenditure-total", "134.92")
            b.line()
            b.money("项目支出", "executed-project-total", "50.00")
            b.money("慰问", "executed-project", "2")
            b.money("党建", "executed-project", "0.17")
        }
        #expect(record.findings(of: "PARTS-SUM").isEmpty)
    }

    @Test("uses of the project money that fall short are named")
    func projectList() throws {
        let record = build { b in
            b.part(.overallSelfEvaluationReport)
            b.money("专项资金预算金额", "budget-project", "41.8")
            b.money("实际专项支出总共", "executed-project-total", "44.75")
            for value in ["9.6", "17.9935", "12.952", "4"] {
                b.money("使用经费", "executed-project", value)
            }
        }
        let finding = try #require(record.findings(of: "PARTS-SUM").first)
        #expect(finding.severity == .medium)
        #expect(finding.stated == "44.75万元" && finding.computed == "44.5455万元")
    }

    private func structure(_ total: String, _ basic: String, _ project: String) -> Record {
        build { b in
            b.part(.finalAccountExplanation)
            b.money("本年支出合计", "final-expenditure-total", total)
            b.money("基本支出", "final-expenditure-part", basic)
            b.money("项目支出", "final-expenditure-part", project)
            b.line()
            b.money("一般公共预算财政拨款基本支出", "final-expenditure-part", basic)
            b.money("人员经费", "final-expenditure-part", "124.54")
            b.money("公用经费", "final-expenditure-part", "14.93")
        }
    }

    @Test("basic and project expenditure make the total, personnel and public the basic")
    func structureSums() throws {
        #expect(structure("197.57", "139.47", "58.1").findings(of: "PARTS-SUM").isEmpty)
        let wrong = structure("207.57", "139.47", "58.1").findings(of: "PARTS-SUM")
        #expect(wrong.count == 1 && wrong.first?.severity == .high)
        #expect(wrong.first?.computed == "197.57万元")
        let inner = structure("207.57", "149.47", "58.1").findings(of: "PARTS-SUM")
        #expect(inner.count == 1 && inner.first?.stated == "149.47万元")
    }

    @Test("rows of a fund table are summed like sentences")
    func tableSums() throws {
        func table(_ total: String) -> Record {
            build { b in
                b.part(.overallSelfEvaluationTable)
                b.cell("支出合计 全年执行数", "executed-expenditure-total", total)
                b.cell("（1）基本支出 全年执行数", "executed-expenditure-part", "254.85")
                b.cell("其中：人员支出 全年执行数", "executed-expenditure-part", "233.48")
                b.cell("公用支出 全年执行数", "executed-expenditure-part", "21.37")
                b.cell("（2）项目支出 全年执行数", "executed-expenditure-part", "44.74")
            }
        }
        #expect(table("299.59").findings(of: "PARTS-SUM").isEmpty)
        #expect(table("289.59").findings(of: "PARTS-SUM").first?.computed == "299.59万元")
    }

    @Test("functional classes make the expenditure, items make their class")
    func functions() throws {
        func record(_ total: String, _ first: String) -> Record {
            build { b in
                b.part(.finalAccountExplanation)
                b.money("一般公共预算财政拨款支出", "final-expenditure-total", total)
                b.money("一般公共服务支出", "final-expenditure-function", "161.52", code: "201")
                b.money("卫生健康支出", "final-expenditure-function", "3.96", code: "210")
                b.line()
                b.money("行政运行（项）", "final-expenditure-item", first, code: "2012901")
                b.money("工会事务（项）", "final-expenditure-item", "49.42", code: "2012906")
                b.line()
                b.money("行政单位医疗（项）", "final-expenditure-item", "3.42", code: "2101101")
                b.money("公务员医疗补助（项）", "final-expenditure-item", "0.54", code: "2101103")
            }
        }
        let clean = record("165.48", "112.10")
        #expect(
            clean.findings(of: "FUNC-SUM").isEmpty && clean.findings(of: "FUNC-ITEM-SUM").isEmpty
        )
        let wrong = record("195.48", "103.42")
        #expect(wrong.findings(of: "FUNC-SUM").first?.computed == "165.48万元")
        let item = try #require(wrong.findings(of: "FUNC-ITEM-SUM").first)
        #expect(item.stated == "161.52万元" && item.computed == "152.84万元")
    }

    @Test("items without codes are grouped by the class in their label")
    func classNames() throws {
        let record = build { b in
            b.part(.finalAccountExplanation)
            b.money("卫生健康支出", "final-expenditure-function", "5.96")
            b.line()
            b.money("卫生健康（类）行政事业单位医疗（款）行政单位医疗（项）", "final-expenditure-item", "3.42")
            b.money("卫生健康（类）行政事业单位医疗（款）公务员医疗补助（项）", "final-expenditure-item", "0.54")
        }
        #expect(record.findings(of: "FUNC-ITEM-SUM").first?.computed == "3.96万元")
    }

    @Test("items with and without a code share a class by its name")
    func mixedCodes() throws {
        func record(_ stray: String) -> Record {
            build { b in
                b.part(.finalAccountExplanation)
                b.money("一般公共服务支出", "final-expenditure-function", "17.00", code: "201")
                b.line()
                b.money(
                    "一般公共服务（类）群众团体事务（款）行政运行（项）",
                    "final-expenditure-item",
                    "9.60",
                    code: "2012901"
                )
                b.money(stray, "final-expenditure-item", "7.40")
            }
        }
        #expect(record("一般公共服务（类）群众团体事务（款）其他（项）").findings(of: "FUNC-ITEM-SUM").isEmpty)
        #expect(record("其他支出（项）").findings(of: "FUNC-ITEM-SUM").isEmpty)
    }

    @Test("the three public expenses make their total, purchase and operation the vehicles")
    func threePublic() throws {
        func record(_ total: String, _ vehicles: String) -> Record {
            build { b in
                b.part(.finalAccountExplanation)
                b.money("“三公”经费财政拨款支出决算", "three-public-total", total)
                b.money("因公出国（境）费", "three-public-part", "0")
                b.money("公务用车购置及运行维护费", "three-public-part", vehicles)
                b.money("公务接待费", "three-public-part", "0.35")
                b.line()
                b.money("公务用车购置支出", "three-public-part", "0")
                b.money("公务用车运行维护费支出", "three-public-part", "2.00")
                b.money("国内公务接待支出", "three-public-part", "0.35")
            }
        }
        #expect(record("2.35", "2.00").findings(of: "THREE-PUBLIC-SUM").isEmpty)
        let total = try #require(record("3.35", "2.00").findings(of: "THREE-PUBLIC-SUM").first)
        #expect(total.severity == .medium && total.message.contains("2.35万元"))
        #expect(record("3.35", "3.00").findings(of: "THREE-PUBLIC-SUM").count == 1)
    }

    @Test("money in equals money out with what is carried over")
    func balance() throws {
        func record(_ income: String, opening: String?, closing: String?) -> Record {
            build { b in
                b.part(.finalAccountExplanation)
                b.money("本年收入合计", "final-income-total", income)
                b.line()
                b.money("本年支出合计", "final-expenditure-total", "197.57")
                b.line()
                if let opening { b.money("年初结转和结余", "opening-carry-over", opening) }
                if let closing { b.money("年末结转和结余", "closing-carry-over", closing) }
            }
        }
        #expect(record("197.57", opening: nil, closing: nil).findings(of: "BALANCE").isEmpty)
        #expect(
            record("197.57", opening: "20.32", closing: "20.32").findings(of: "BALANCE").isEmpty
        )
        #expect(
            record("187.57", opening: "20.00", closing: "10.00").findings(of: "BALANCE").isEmpty
        )
        #expect(record("210.00", opening: nil, closing: nil).findings(of: "BALANCE").isEmpty)
        #expect(record("190.00", opening: nil, closing: "5").findings(of: "BALANCE").isEmpty)
        let doubled = try #require(
            record("395.14", opening: nil, closing: nil).findings(of: "BALANCE").first
        )
        #expect(doubled.severity == .high && doubled.message.contains("395.14万元"))
        #expect(record("210.00", opening: nil, closing: "0").findings(of: "BALANCE").count == 1)
        #expect(
            record("190.00", opening: "20.00", closing: "5.00").findings(of: "BALANCE").count == 1
        )
    }

    @Test("a grand total twice the expenditure is doubled, unless money was carried over")
    func doubleTotal() throws {
        func record(carried: Bool) -> Record {
            build { b in
                b.part(.finalAccountExplanation)
                b.money("收入、支出总计", "final-grand-total", "395.14")
                b.line()
                b.money("本年支出合计", "final-expenditure-total", "197.57")
                if carried { b.money("年末结转和结余", "closing-carry-over", "197.57") }
            }
        }
        #expect(record(carried: true).findings(of: "DOUBLE-TOTAL").isEmpty)
        let finding = try #require(record(carried: false).findings(of: "DOUBLE-TOTAL").first)
        #expect(finding.severity == .high && finding.message.contains("197.57万元"))
    }
}
