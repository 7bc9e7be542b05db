import ReportModel
import ReportParsing
import Testing

@Suite("Rules about running text and names")
struct TextRuleTests {
    @Test("a scope with subordinate units and the sentence that there are none")
    func scope() {
        func report(_ label: String?, _ units: String? = nil) -> Record {
            build { b in
                b.part(.overallEvaluationReport)
                if let label { b.remark("scope", label, "范围包括机关和所属单位") }
                if let units { b.count("所属二级预算单位", units, "个") }
                b.line()
                b.remark("scope", "no-subordinates", "没有下属单位")
            }
        }
        #expect(report("with-subordinates").findings(of: "SCOPE").map(\.severity) == [.low])
        #expect(report(nil, "3").findings(of: "SCOPE").count == 1)
        #expect(report(nil).findings(of: "SCOPE").isEmpty)
        #expect(report(nil, "0").findings(of: "SCOPE").isEmpty)
    }

    @Test("leftovers of a template: one finding for each sort")
    func residue() throws {
        let record = build { b in
            b.part(.finalAccountExplanation)
            for text in ["增加/减少0万元", "增长/下降0%"] {
                b.line()
                b.remark("template-residue", "增减未选", text)
            }
            b.remark("template-residue", "备选说法", "（或与上年持平）")
        }
        let found = record.findings(of: "TEMPLATE-RESIDUE")
        #expect(found.map(\.severity) == [.low, .low])
        let first = try #require(found.first { $0.message.contains("增减未选") })
        #expect(first.places.count == 2 && first.stated == "增加/减少0万元")
        #expect(
            build { $0.part(.finalAccountExplanation) }.findings(of: "TEMPLATE-RESIDUE").isEmpty
        )
    }

    private func reasons(_ first: String, _ second: String, delta: String = "0.50") -> Record {
        build { b in
            b.part(.finalAccountExplanation)
            for (label, reason, change) in [
                ("收入、支出总计", first, "0.50"), ("财政拨款收支总计", second, delta),
            ] {
                b.line()
                b.money(label, "final-grand-total", "100.50")
                b.money("增加", "yoy-delta", change, direction: "up")
                b.remark("reason", "主要原因", reason)
            }
        }
    }

    @Test("one change with two reasons is a notice; like reasons and other changes are none")
    func narratives() {
        let rule = "NARRATIVE-MISMATCH"
        #expect(reasons("项目减少", "人员调入").findings(of: rule).map(\.severity) == [.info])
        #expect(reasons("人员调入", "人员调入").findings(of: rule).isEmpty)
        #expect(reasons("人员调入", "本年人员调入").findings(of: rule).isEmpty)
        #expect(reasons("项目减少", "人员调入", delta: "0.70").findings(of: rule).isEmpty)
    }

    private func function(_ label: String, year: Int = 2023) -> Record {
        build(year: year) { b in
            b.part(.finalAccountExplanation)
            b.money(label, "final-expenditure-function", "12.00")
        }
    }

    @Test("names of 类: known, of another year, unknown")
    func classNames() throws {
        for known in ["卫生健康支出", "一般公共服务（类）支出", "城乡社区支出 决算数", "其他支出"] {
            #expect(function(known).findings(of: "CLASS-NAME").isEmpty, "\(known)")
        }
        #expect(function("医疗卫生与计划生育支出", year: 2018).findings(of: "CLASS-NAME").isEmpty)
        let old = try #require(
            function("医疗卫生与计划生育支出").findings(of: "CLASS-NAME").first
        )
        #expect(old.severity == .info && old.computed == "卫生健康")
        #expect(function("公共卫士（类）支出").findings(of: "CLASS-NAME").map(\.severity) == [.info])
    }

    private func item(_ names: [(String, String)]) -> Record {
        build { b in
            b.part(.finalAccountExplanation)
            for (name, value) in names {
                b.money("卫生健康（类）行政事业单位医疗（款）\(name)（项）", "final-expenditure-item", value)
            }
        }
    }

    @Test("names of 项: off the list, and one name with two amounts")
    func itemNames() {
        let wrong = item([("行政单位医疗补助", "1.20")]).findings(of: "CLASS-NAME")
        #expect(wrong.map(\.severity) == [.low] && wrong.first?.stated == "行政单位医疗补助")
        #expect(item([("行政单位医疗", "3"), ("公务员医疗补助", "1")]).findings(of: "CLASS-NAME").isEmpty)
        #expect(item([("行政单位医疗", "3"), ("行政单位医疗", "1")]).findings(of: "CLASS-NAME").count == 1)
        #expect(item([("行政单位医疗", "3"), ("行政单位医疗", "3")]).findings(of: "CLASS-NAME").isEmpty)
    }

    @Test("one item defined in two ways")
    func definitions() {
        func glossary(_ texts: [String]) -> Record {
            build { b in
                b.part(.other)
                for text in texts {
                    b.line()
                    b.remark("item-definition", "住房保障（类）住房改革（款）住房公积金", text)
                }
            }
        }
        let texts = ["指单位缴纳的公积金", "指发给退休人员的慰问金"]
        #expect(glossary(texts).findings(of: "CLASS-NAME").map(\.severity) == [.low])
        #expect(glossary([texts[0], texts[0]]).findings(of: "CLASS-NAME").isEmpty)
    }
}
