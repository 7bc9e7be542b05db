import ReportModel
import ReportParsing
import Testing

@Suite("Counts and passages of running text")
struct RemarkTests {
    private func parse(_ lines: [String]) throws -> Record {
        let text = (["2023年度东湖区总工会部门决算公开说明"] + lines).joined(separator: "\n")
        let input = ParsingInput(name: "a.txt", bytes: Array(text.utf8))
        return try Parser.parse(input).record
    }

    private func residue(_ line: String) throws -> [String] {
        try parse([line]).remarks.filter { $0.kind == "template-residue" }.map(\.label)
    }

    @Test(
        "what is left of a template",
        arguments: [
            ("“三公”经费决算较上年增加/减少0万元。", "增减未选"), ("比上年增长（下降） 2.1%。", "增减未选"),
            ("运行经费12万元（或与上年决算数持平）。", "备选说法"), ("对XX项目开展自评。", "占位符未替换"),
            ("本年举办培训××期。", "占位符未替换"), ("该项目涉及资金**万元。", "占位符未替换"),
            ("组织对职工服务（项目名称）等开展评价。", "占位符未替换"), ("不涉及的请自行删除。", "填报说明"),
            ("（简述成效，100字以内）", "填报说明"), ("填写说明：逐项填列。", "填报说明"),
            ("注：名词解释请按实际情况增减。", "填报说明"), ("（此处填写项目概况）", "填报说明"),
        ]
    )
    func leftovers(line: String, label: String) throws {
        #expect(try residue(line).contains(label), "\(line)")
    }

    @Test(
        "what a finished report may say",
        arguments: [
            "增加/减少率", "各项支出有增有减，增加或减少的原因见下文。", "开支（或补助）按规定执行。", "注：本表金额单位为万元。",
            "联系电话138****1234", "规格XXL号工装20套。", "甲乙双方（单位名称）：", "字数在100字以上。", "★重点指标**", "比上年减少2万元。",
            "设备型号AXX-20。",
        ]
    )
    func finished(line: String) throws {
        #expect(try residue(line) == [], "\(line)")
    }

    @Test("numbers of things with their words, unit and stage")
    func counts() throws {
        let record = try parse([
            "负责下属机关企事业单位126家工会的管理工作。", "计划举办培训班12期，实际举办培训班15期。", "走访职工约3000名，第3次会议研究2024年计划。",
            "截至年末公务用车保有量为２辆，完成率提高3个百分点。",
        ])
        func found(_ unit: String) -> [StatedCount] { record.counts.filter { $0.unit == unit } }
        let unions = try #require(found("家").first)
        #expect(unions.count == "126" && unions.label == "负责下属机关企事业单位工会")
        #expect(unions.place.quote == "负责下属机关企事业单位126家工会")
        #expect(unions.place.start == 0 && unions.place.end == 17)
        #expect(found("期").map(\.count) == ["12", "15"])
        #expect(found("期").map(\.stage) == ["planned", nil])
        #expect(found("名").map(\.approximate) == [true])
        #expect(found("辆").map(\.count) == ["2"])
        #expect(found("次").isEmpty && found("个").isEmpty)
    }

    @Test("scope, reasons and definitions")
    func passages() throws {
        let record = try parse([
            "（报告范围包括机关和下属单位）", "本单位无下属二级预算单位。", "支出减少1.20万元，主要原因是压减一般支出。",
            "住房保障（类）住房改革（款）住房公积金（项）：指单位缴纳的住房公积金。",
        ])
        func texts(_ kind: String) -> [String] {
            record.remarks.filter { $0.kind == kind }.map { "\($0.label)|\($0.text)" }
        }
        #expect(
            texts("scope") == [
                "with-subordinates|报告范围包括机关和下属单位", "no-subordinates|无下属二级预算单位",
            ]
        )
        #expect(texts("reason").map { $0.hasSuffix("|压减一般支出") } == [true])
        #expect(texts("item-definition") == ["住房保障（类）住房改革（款）住房公积金|指单位缴纳的住房公积金"])
    }

    @Test("a record without the added fields is read, with them it stays the same")
    func json() throws {
        let record = try parse(["走访企业30家。", "（或与上年持平）"])
        #expect(!record.counts.isEmpty && !record.remarks.isEmpty)
        let again = try Record(json: try JSONValue(parsing: record.canonicalBytes))
        #expect(again == record)
        #expect(record.json.canonicalBytes == record.canonicalBytes)
        var old = record.json.objectValue ?? [:]
        old["counts"] = nil
        old["remarks"] = nil
        let read = try Record(json: .object(old))
        #expect(read.counts.isEmpty && read.remarks.isEmpty)
    }

    @Test("a supplement's counts and remarks come behind the head's")
    func merge() throws {
        let head = try parse(["走访企业30家。"])
        let merged = Parser.merge(head: head, supplement: try parse(["走访企业31家。", "对XX项目自评。"]))
        #expect(merged.counts.map(\.count) == ["30", "31"])
        #expect(merged.counts.map(\.place.source) == [0, 1])
        #expect(merged.remarks.map(\.place.source) == [1])
    }

    @Test("long lines of numbers and marks stay bounded")
    func bounded() throws {
        let long = String(repeating: "走访企业30家，增加/减少1万元（或持平）", count: 20_000)
        var record: Record?
        let elapsed = try ThreadTime.measure { record = try parse([long]) }
        #expect((record?.counts.count ?? 0) <= 2000)
        #expect((record?.remarks.count ?? 0) <= 600)
        #expect(elapsed < .seconds(60))
    }
}
