import ReportModel
import ReportParsing
import Testing

@Suite("Rules on form")
struct FormRuleTests {
    @Test("titles name the evaluated year, the date is in one of the next two years")
    func years() throws {
        func record(_ title: String, _ date: String?) -> [Finding] {
            var record = build { $0.part(.overallSelfEvaluationReport, title) }
            record.reportDate = date
            return record.findings(of: "YEAR-CONFLICT")
        }
        #expect(record("2023年度部门整体支出绩效自评报告", "2024-05-30").isEmpty)
        #expect(record("二〇二三年度部门整体支出绩效自评报告", "2025-03").isEmpty)
        #expect(record("2023-2024年项目报告", "2023-12-29").isEmpty)
        #expect(record("整体绩效自评报告", nil).isEmpty)
        let title = try #require(record("2022整体支出绩效评价报告", nil).first)
        #expect(title.severity == .medium && title.stated == "2022" && title.computed == "2023")
        #expect(record("整体绩效自评报告", "2022-05-30").first?.severity == .medium)
        #expect(record("整体绩效自评报告", "2027-05").first?.severity == .low)
    }

    @Test("a notice of another year is a notice")
    func notice() {
        func record(_ text: String) -> [Finding] {
            build { $0.section("一", text, level: 0) }.findings(of: "YEAR-NOTICE")
        }
        #expect(record("按2023年度自评工作的通知").isEmpty)
        #expect(record("按2024年度自评工作的通知").first?.severity == .info)
    }

    @Test("a spelling that lost one character is another spelling, a shorter name is not")
    func unitName() {
        func record(_ alias: String) -> [Finding] {
            var record = build { $0.part(.other) }
            record.unit = UnitIdentity(name: "宁江市市中区总工会", shortName: "总工会", aliases: [alias])
            return record.findings(of: "UNIT-NAME")
        }
        #expect(record("市中区总工会").isEmpty)
        #expect(record("宁江市市中区总工会本级").isEmpty)
        #expect(record("宁江省宁江市市中区总工会").isEmpty)
        #expect(record("宁江市中区总工会").first?.severity == .low)
    }

    @Test("a title with a unit but no region is a notice")
    func titleRegion() {
        func record(_ title: String) -> [Finding] {
            build { $0.part(.overallEvaluationReport, title) }.findings(of: "TITLE-REGION")
        }
        #expect(record("2023年东湖区总工会预算绩效评价报告").isEmpty)
        #expect(record("2023年度部门整体支出绩效自评表").isEmpty)
        #expect(record("2023年区总工会预算绩效评价报告").first?.severity == .info)
    }

    @Test("headings run on; lost, doubled and slipped numbers are notices")
    func numbering() {
        func count(_ sections: [(String?, Int)]) -> Int {
            build { b in
                b.part(.overallSelfEvaluationReport)
                for (index, section) in sections.enumerated() {
                    b.section(section.0, "标题\(index)", level: section.1)
                }
            }.findings(of: "NUMBERING").count
        }
        #expect(count([("一", 0), ("（一）", 1), ("（二）", 1), ("二", 0), ("（一）", 1), ("三", 0)]) == 0)
        #expect(count([("十", 0), ("十一", 0)]) == 1)
        #expect(count([("一", 0), ("（一）", 1), ("（二）", 1), ("（3）", 1), ("（4）", 1)]) == 1)
        #expect(count([("一", 0), ("（一）", 1), ("（三）", 1), ("（三）", 1)]) == 2)
        #expect(count([("四", 0)]) == 1)
        #expect(count([("1", 0), ("2", 0), (nil, 0), ("4", 0)]) == 1)
        #expect(count([("①", 0), ("②", 0), ("x", 0)]) == 0)
    }

    @Test("a total row of zero or nothing beside filled parts is found")
    func emptyTotal() throws {
        func zero(_ total: String) -> [Finding] {
            build { b in
                b.part(.projectSelfEvaluationTable)
                b.cell("年度资金总额 全年预算数", "budget-project", total)
                b.cell("其中：财政拨款 全年预算数", "budget-project-part", "58.10")
            }.findings(of: "TOTAL-EMPTY")
        }
        #expect(zero("58.10").isEmpty)
        let finding = try #require(zero("0").first)
        #expect(finding.severity == .medium && finding.message.contains("58.10万元"))
        let line = build { b in
            b.part(.overallSelfEvaluationTable)
            b.row(nil, "合计", "10", "10")
            b.cell("（1）财政拨款 全年预算数", "budget-income-part", "299.59")
            b.row("产出指标", "培训", "90", "90")
        }
        #expect(line.findings(of: "TOTAL-EMPTY").count == 1)
    }
}
