import ReportModel
import ReportParsing
import Testing

@Suite("Regions that only the configuration knows")
struct LocalDivisionTests {
    static let divisions = Divisions(adding: [
        LocalDivision(name: "君山垦殖场", city: "岳阳市"), LocalDivision(name: "第一师", city: "阿拉尔市"),
    ])

    private func parse(
        _ text: String,
        _ given: GivenFacts = GivenFacts(),
        _ divisions: Divisions = Self.divisions
    ) throws(ReportError) -> Record {
        let input = ParsingInput(
            name: "a.txt",
            bytes: Array(text.utf8),
            given: given,
            divisions: divisions
        )
        return try Parser.parse(input).record
    }

    static let report = """
        岳阳市君山垦殖场教育局2023年度部门整体支出绩效自评报告
        一、部门概况
        君山垦殖场教育局编制12名，年末在职11人，负责全场中小学管理工作。
        """

    @Test("a configured district stands in the key, an unknown one in the unit")
    func key() throws {
        let record = try parse(Self.report)
        #expect(record.key == "2023/岳阳市/君山垦殖场/教育局/整体支出")
        #expect(record.region.local)
        #expect(record.region.district == "君山垦殖场")
        #expect(record.unit.name == "岳阳市君山垦殖场教育局")
        #expect(record.unit.aliases == ["君山垦殖场教育局"])
        let plain = try parse(Self.report, GivenFacts(), .standard)
        #expect(plain.key == "2023/岳阳市/君山垦殖场教育局/整体支出")
    }

    @Test("a configured district completes its city")
    func city() throws {
        let text = "2023年度部门整体支出绩效自评报告\n单位名称：第一师总工会\n一、部门概况\n在职人员11人。"
        #expect(try parse(text).key == "2023/阿拉尔市/第一师/总工会/整体支出")
        #expect(try parse(text, GivenFacts(), .standard).key == nil)
    }

    @Test("organs of a configured district that the text names tell the region")
    func body() throws {
        let text = """
            2023年度部门整体支出绩效自评报告
            单位名称：实验小学
            一、学校基本情况
            我校是公办小学，根据君山垦殖场财政局要求开展自评，由君山垦殖场教育局管理。
            """
        #expect(try parse(text).key == "2023/岳阳市/君山垦殖场/实验小学/整体支出")
    }

    @Test("a configured district can be given")
    func given() throws {
        let text = "2023年度部门整体支出绩效自评报告\n单位名称：财政局\n一、部门概况\n在职人员11人。"
        let given = GivenFacts(region: "岳阳市/君山垦殖场")
        #expect(try parse(text, given).key == "2023/岳阳市/君山垦殖场/财政局/整体支出")
        let forced = GivenFacts(unit: "君山垦殖场总工会", force: true)
        #expect(try parse(Self.report, forced).key == "2023/岳阳市/君山垦殖场/总工会/整体支出")
        do throws(ReportError) {
            _ = try parse(text, given, .standard)
            Issue.record("accepted")
        } catch { #expect(error.code == .usage) }
    }
}
