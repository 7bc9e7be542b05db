import ReportModel
import Testing

@Suite struct HandMadeRecordTests {
    @Test("a record made by hand has the year, region, unit and kind of its key")
    func identity() throws {
        let county = Record(key: try ReportKey(parsing: "2023/湛江市/麻章区/总工会/整体支出"))
        #expect(county.key == "2023/湛江市/麻章区/总工会/整体支出")
        #expect(county.year == 2023)
        #expect(county.region.code == "440811")
        #expect(county.region.province == "广东省")
        #expect(county.unit.name == "麻章区总工会")
        #expect(county.kind == "整体支出")
        let project = Record(key: try ReportKey(parsing: "2022/益阳市/总工会/项目支出/工会经费"))
        #expect(project.unit.name == "益阳市总工会")
        #expect(project.kind == "项目支出/工会经费")
        #expect(project.region.district == nil)
    }

    @Test("a region that no table knows keeps the names of the key")
    func unknownRegion() throws {
        let record = Record(key: try ReportKey(parsing: "2023/无名市/无名区/总工会/其他"))
        #expect(record.region.city == "无名市")
        #expect(record.region.district == "无名区")
        #expect(record.region.code == nil)
    }

    @Test("a filing states name, size, hash and ending of its files")
    func files() throws {
        let record = Record(key: try ReportKey(parsing: "2023/湛江市/麻章区/总工会/整体支出"))
        let names = ["报告.DOCX", "无结尾", ".hidden", "怪.结尾结尾", "a.b.pdf"]
        let files = names.map { FilingMember(name: $0, bytes: Array($0.utf8)) }
        let filing = try Filing(record, files: files)
        #expect(filing.record.sources.map(\.format) == ["docx", "other", "other", "other", "pdf"])
        #expect(filing.record.sources.map(\.name) == names)
        for (file, source) in zip(files, filing.record.sources) {
            #expect(source.bytes == file.bytes.count)
            #expect(source.sha256 == Hash256(hashing: file.bytes).hex)
        }
    }

    @Test("a record without a key, or with one that is none, makes no filing")
    func noKey() throws {
        var record = Record(key: try ReportKey(parsing: "2023/湛江市/麻章区/总工会/整体支出"))
        for key in [nil, "", "2023/湛江市"] {
            record.key = key
            let error = failure { try Filing(record) }
            #expect(error?.code == .noKey)
        }
    }

    private func failure(_ body: () throws -> Filing) -> ReportError? {
        do {
            _ = try body()
            return nil
        } catch {
            return error as? ReportError
        }
    }
}
