import ReportModel
import ReportParsing
import Testing

@Suite("Given facts, supplements, people")
struct GivenTests {
    static let shared = """
        鼓楼区总工会部门整体支出绩效自评报告
        一、部门概况
        鼓楼区总工会编制12名，年末在职11人，负责全区工会组织建设和职工维权工作。
        """

    @Test("given facts fill in what the document lacks and are recorded")
    func fillIn() throws {
        let given = GivenFacts(year: 2023, region: "徐州市", origin: "inbox")
        let record = try IdentityTests.parse(Self.shared, given).record
        #expect(record.key == "2023/徐州市/鼓楼区/总工会/整体支出")
        #expect(record.given["year"] == .integer(2023))
        #expect(record.given["region"] == .string("徐州市"))
        #expect(record.given["origin"] == .string("inbox"))
    }

    @Test("without them a shared name lists its candidates")
    func candidates() throws {
        let record = try IdentityTests.parse(Self.shared).record
        #expect(record.key == nil)
        #expect(record.region.candidates.count == 4)
        #expect(record.region.city == nil)
    }

    @Test("given facts do not override the document unless forced")
    func force() throws {
        let fixture = IdentityFixture.reports[0].text
        var given = GivenFacts(year: 2019, region: "440811", unit: "湛江市麻章区总工会", kind: "部门决算")
        let kept = try IdentityTests.parse(fixture, given).record
        #expect(kept.key == IdentityFixture.reports[0].key)
        #expect(kept.given.isEmpty)
        given.force = true
        let forced = try IdentityTests.parse(fixture, given).record
        #expect(forced.key == "2019/湛江市/麻章区/总工会/部门决算")
        let overridden = forced.given["overridden"]
        #expect(overridden?["year"] == .integer(2022))
        #expect(overridden?["unit"] == .string("益阳市赫山区兰溪镇人民政府"))
        #expect(overridden?["kind"] == .string("整体支出"))
    }

    @Test("an unknown region or kind is an error of usage")
    func usage() {
        for given in [GivenFacts(region: "不存在区"), GivenFacts(kind: "年终总结")] {
            do {
                _ = try IdentityTests.parse(Self.shared, given)
                Issue.record("accepted")
            } catch { #expect(error.code == .usage) }
        }
    }

    @Test("a supplement's parts, sources and places stand behind the head's")
    func merge() throws {
        let head = try IdentityTests.parse(IdentityFixture.reports[0].text).record
        let more = try IdentityTests.parse(IdentityFixture.tables[0].text).record
        let merged = Parser.merge(head: head, supplement: more)
        #expect(merged.key == head.key)
        #expect(merged.sources.count == 2)
        #expect(merged.parts.count == head.parts.count + more.parts.count)
        #expect(merged.parts.last?.source == 1)
        #expect(merged.parts.last?.place.source == 1)
        #expect(merged.problems == head.problems)
        #expect(merged.unit.aliases.contains("重庆市荣昌区卫生健康委员会"))
        #expect(try Record(json: merged.json) == merged)
        #expect(merged.findings == Parser.recheck(merged))
    }

    @Test("names and telephone numbers are kept apart and masked in quotations")
    func people() throws {
        let text = """
            2023年度部门整体支出绩效自评报告
            单位名称：荆州市沙市区民政局
            填表人：周小川    联系电话：0716-8123456
            一、工作开展情况
            局里成立自评小组，局长陈大明任组长，李晓燕、王芳同志负责资料收集，其他班子成员任副组长。
            二、存在的问题
            1.项目资料由周小川一人保管，存在风险隐患。
            """
        let output = try IdentityTests.parse(text)
        let names = Set(output.people.map(\.name))
        #expect(names == ["周小川", "0716-8123456", "陈大明", "李晓燕", "王芳"])
        #expect(output.people.first { $0.name == "陈大明" }?.role == "组长")
        #expect(output.record.problems.map(\.text) == ["项目资料由＊＊＊一人保管，存在风险隐患。"])
        let stored = String(decoding: output.record.canonicalBytes, as: UTF8.self)
        for name in names { #expect(!stored.contains(name)) }
    }

    @Test("places name the exact text of their blocks", arguments: IdentityFixture.all)
    func places(_ fixture: IdentityFixture) throws {
        let document = try Extractors.extract(Array(fixture.text.utf8)).document
        let output = try IdentityTests.parse(fixture.text)
        let record = output.record
        let places =
            record.sections.map(\.place) + record.problems.map(\.place)
            + record.improvements.map(\.place) + record.parts.map(\.place)
            + output.people.map(\.place)
        for place in places where !place.quote.contains("＊") {
            let scalars = Array(document.blocks[place.block].text.unicodeScalars)
            #expect(
                String(String.UnicodeScalarView(scalars[place.start..<place.end])) == place.quote
            )
        }
    }
}
