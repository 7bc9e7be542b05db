import ReportModel
import ReportParsing
import Testing

@Suite("Rules about numbers of things")
struct CountRuleTests {
    private func unions(_ first: String, _ second: String, _ label: String) -> Record {
        build { b in
            b.part(.overallSelfEvaluationTable)
            b.count("指导城东街道办事处及下属机关企事业单位工会", first, "家")
            b.part(.overallSelfEvaluationReport)
            b.count(label, second, "家")
        }
    }

    @Test("one number of subordinate unions in two parts that differ")
    func crossCount() throws {
        let record = unions("210", "201", "负责城东街道办事处及下属机关企事业单位")
        let found = try #require(record.findings(of: "CROSS-COUNT").first)
        #expect(found.severity == .medium)
        #expect(found.stated == "210家" && found.computed == "201家")
        #expect(found.message.contains("210家") && found.places.count == 2)
    }

    @Test("equal numbers, other things, plans and approximate numbers raise nothing")
    func crossCountClean() {
        let same = unions("210", "210", "负责城东街道办事处及下属机关企事业单位")
        let other = unions("210", "12", "走访慰问困难企业")
        var planned = unions("210", "201", "负责城东街道办事处及下属机关企事业单位")
        planned.counts[1].stage = "planned"
        var approximate = planned
        approximate.counts[1].stage = nil
        approximate.counts[0].approximate = true
        for record in [same, other, planned, approximate] {
            #expect(record.findings(of: "CROSS-COUNT").isEmpty)
        }
    }

    private func projects(_ stated: String, _ label: String = "共安排项目") -> Record {
        build { b in
            b.part(.overallSelfEvaluationReport)
            b.count(label, stated, "个")
            for name in ["职工疗休养", "劳模慰问", "工会宣传"] {
                b.record.projects.append(
                    Project(
                        name: name,
                        part: 0,
                        place: Place(source: 0, block: 9, start: 0, end: 4, quote: name)
                    )
                )
            }
        }
    }

    @Test("fewer projects stated than named")
    func projectCount() throws {
        let found = try #require(projects("2").findings(of: "PROJECT-COUNT").first)
        #expect(found.severity == .low && found.stated == "2个" && found.computed == "3个")
    }

    @Test("as many projects as named, more of them, or only the important ones raise nothing")
    func projectCountClean() {
        #expect(projects("3").findings(of: "PROJECT-COUNT").isEmpty)
        #expect(projects("7").findings(of: "PROJECT-COUNT").isEmpty)
        #expect(projects("1", "组织重点项目抽评").findings(of: "PROJECT-COUNT").isEmpty)
    }

    private func vehicles(_ held: String, cost: String) -> Record {
        build { b in
            b.part(.threePublicExplanation)
            b.money("公务用车运行维护费支出", "three-public-part", cost)
            b.line()
            b.count("公务用车保有量", held, "辆")
        }
    }

    @Test("vehicles without running cost, and the reverse, are a notice")
    func vehicle() {
        #expect(vehicles("2", cost: "0.00").findings(of: "VEHICLE").map(\.severity) == [.info])
        #expect(vehicles("0", cost: "3.10").findings(of: "VEHICLE").map(\.stated) == ["0辆"])
        #expect(vehicles("2", cost: "3.10").findings(of: "VEHICLE").isEmpty)
        #expect(vehicles("0", cost: "0").findings(of: "VEHICLE").isEmpty)
    }

    @Test("a target with a number and a result without one")
    func results() {
        func table(_ actual: String?) -> Record {
            build { b in
                b.part(.projectSelfEvaluationTable)
                b.row("产出指标", "培训", "50", "50", target: "≥8场", actual: actual)
                b.row("效益指标", "氛围", "30", "30", target: "浓厚", actual: "浓厚")
            }
        }
        #expect(table("已完成").findings(of: "TARGET-NO-ACTUAL").map(\.severity) == [.low])
        #expect(table(nil).findings(of: "TARGET-NO-ACTUAL").count == 1)
        #expect(table("9场").findings(of: "TARGET-NO-ACTUAL").isEmpty)
        #expect(table("全部完成").findings(of: "TARGET-NO-ACTUAL").isEmpty)
    }

    @Test("a planned number of meetings that the results pass over")
    func plans() {
        func report(_ results: [(String, String, String)]) -> Record {
            build { b in
                b.part(.overallSelfEvaluationReport)
                b.count("全年至少召开理事会", "4", "次", stage: "planned")
                b.line()
                for result in results { b.count(result.0, result.1, result.2) }
            }
        }
        #expect(report([("走访企业", "30", "家")]).findings(of: "TARGET-NO-ACTUAL").count == 1)
        #expect(report([("召开理事会", "5", "次")]).findings(of: "TARGET-NO-ACTUAL").isEmpty)
        #expect(report([]).findings(of: "TARGET-NO-ACTUAL").isEmpty)
    }
}
