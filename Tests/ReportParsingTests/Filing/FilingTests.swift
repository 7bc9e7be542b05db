import ReportModel
import Testing

@testable import ReportParsing

@Suite("Filings of several files")
struct FilingTests {
    static let report = """
        湛江市麻章区总工会2023年度部门整体支出绩效自评报告
        一、部门基本情况
        湛江市麻章区总工会编制6名，年末在职6人。
        二、预算执行情况
        2023年度预算138.79万元，支出134.92万元，预算执行率97.21%。
        三、自评结论
        自评得分96分，等级为优。
        湛江市麻章区总工会
        2024年5月30日
        """
    static let table = """
        项目支出绩效自评表
        （2023年度）
        项目名称\t困难职工帮扶\t主管部门\t麻章区总工会
        预算数\t12.50万元\t执行数\t12.50万元
        """

    static func zip(_ files: KeyValuePairs<String, String>) -> [UInt8] { ZipMaker.zip(files) }

    static func parse(_ bytes: [UInt8], given: GivenFacts = GivenFacts()) throws(ReportError)
        -> Record
    {
        try Parser.parse(ParsingInput(name: "报送.zip", bytes: bytes, given: given)).record
    }

    @Test(
        "each file is a source with its own places, and identity comes from the one that says most"
    )
    func several() throws {
        let record = try Self.parse(
            Self.zip(["b/附件10.txt": Self.table, "b/附件2.txt": "不是报告，只是几个字。", "a报告.txt": Self.report])
        )
        #expect(record.key == "2023/湛江市/麻章区/总工会/整体支出")
        #expect(record.sources.map(\.name) == ["a报告.txt", "b/附件2.txt", "b/附件10.txt"])
        #expect(record.sources.map(\.format) == ["txt", "txt", "txt"])
        #expect(Set(record.amounts.map(\.place.source)) == [0, 2])
        #expect(record.parts.map(\.source) == [0, 2])
        let tableParts = Set(record.amounts.filter { $0.place.source == 2 }.map(\.part))
        #expect(tableParts == [1])
        #expect(record.score == "96" && record.grade == "优" && record.executionRate == "97.21")
        #expect(record.reportDate == "2024-05-30")
        #expect(record.unread.map(\.what) == ["b/附件2.txt"])
        #expect(try Record(json: record.json) == record)
    }

    @Test("every fact of every file stands in the record of the filing")
    func facts() throws {
        let form = """
            项目支出绩效自评表
            （2023年度）
            项目名称\t困难职工帮扶\t主管部门\t麻章区总工会
            项目资金\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分
            （万元）\t年度资金总额\t50\t60\t57\t10\t95%\t9.5
            一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因及改进措施
            产出指标\t数量指标\t慰问户数\t≥100户\t120户\t90\t90\t
            总分\t\t\t\t\t100\t99.5\t
            """
        let report = Self.report.replacing(
            "年末在职6人。",
            with: "年末在职6人。实际举办培训班15期，对XX项目开展自评。存在资料不全的问题，改进措施：加强管理。"
        )
        let files = try [report, form].map { text in
            try Parser.parse(ParsingInput(name: "a.txt", bytes: Array(text.utf8))).record
        }
        let filing = try Self.parse(Self.zip(["1.txt": report, "2.txt": form]))
        for (name, value) in filing.json.objectValue ?? [:] {
            let lists = files.map { $0.json.objectValue?[name]?.arrayValue }
            guard let all = value.arrayValue, name != "findings", name != "unread" else { continue }
            #expect(all.count == lists.reduce(0) { $0 + ($1?.count ?? 0) }, "\(name)")
        }
        #expect(filing.executionLines.map(\.label) == ["年度资金总额"])
        #expect(filing.counts.contains { $0.count == "15" } && !filing.remarks.isEmpty)
        #expect(filing.executionLines.allSatisfy { $0.place.source == 1 && $0.part == 1 })
    }

    @Test("a zip of one file reads like the file")
    func single() throws {
        let alone = try Parser.parse(
            ParsingInput(name: "a.txt", bytes: Array(Self.report.utf8))
        ).record
        #expect(try Self.parse(Self.zip(["a.txt": Self.report])) == alone)
    }

    @Test("what systems leave behind is skipped, nested zips are opened, pictures are noted")
    func clutter() throws {
        var inner = ZipMaker()
        inner.add(Array("内层.txt".utf8), Array(Self.table.utf8))
        var maker = ZipMaker()
        for name in [
            "__MACOSX/._报告.txt", "._报告.txt", "~$报告.docx", ".DS_Store", "夹/Thumbs.db",
            "desktop.ini", "空/",
        ] { maker.add(Array(name.utf8), name.hasSuffix("/") ? [] : [1, 2, 3]) }
        maker.add(Array("报告.txt".utf8), Array(Self.report.utf8))
        maker.add(Array("附件.zip".utf8), inner.finish())
        maker.add(Array("盖章.jpg".utf8), [0xFF, 0xD8, 0xFF, 0xE0, 0, 16])
        maker.add(Array("空.txt".utf8), [])
        let record = try Self.parse(maker.finish())
        #expect(record.sources.map(\.name) == ["报告.txt", "盖章.jpg", "附件.zip/内层.txt"])
        #expect(record.sources[1].format == "jpg")
        #expect(Set(record.unread.map(\.what)) == ["盖章.jpg", "空.txt"])
        #expect(record.projects.map(\.name) == ["困难职工帮扶"])
    }

    @Test("names are decoded as GBK where they are not UTF-8, and never lead anywhere")
    func names() throws {
        var maker = ZipMaker()
        let report = Array(Self.report.utf8)
        // 报告 in GBK; then 昞, whose second byte is a backslash.
        maker.add([0xB1, 0xA8, 0xB8, 0xE6, 0x2E, 0x74, 0x78, 0x74], report, flags: 0)
        maker.add([0x95, 0x5C] + Array(".txt".utf8), Array(Self.table.utf8), flags: 0)
        maker.add(Array("../../etc/./passwd\u{1}".utf8), Array("无".utf8))
        // GBK that claims to be UTF-8.
        maker.add([0xB1, 0xED, 0x2E, 0x74, 0x78, 0x74], Array("表".utf8), flags: 0x800)
        maker.add(Array("C:\\目录\\甲.txt".utf8), Array("乙".utf8))
        let archive = try FilingArchive(maker.finish())
        #expect(
            Set(archive.members.map(\.name)) == [
                "报告.txt", "昞.txt", "表.txt", "etc/passwd", "C:/目录/甲.txt",
            ]
        )
    }

    @Test("files that contradict the year or the unit are named")
    func conflicts() throws {
        let other = """
            湛江市麻章区财政局2022年度部门整体支出绩效自评报告
            一、部门基本情况
            湛江市麻章区财政局2022年度预算20.00万元，支出20.00万元。
            """
        let record = try Self.parse(Self.zip(["1.txt": Self.report, "2.txt": other]))
        #expect(record.year == 2023 && record.unit.shortName == "总工会")
        #expect(record.unread.contains { $0.what == "2.txt：年度 2022" })
        #expect(record.unread.contains { $0.what.hasPrefix("2.txt：单位 ") })
    }

    @Test("the same report twice, also in another format, counts once")
    func copies() throws {
        let word = DocxRoundTripTests.docx(try Extractors.extract(Array(Self.report.utf8)).document)
        var maker = ZipMaker()
        maker.add(Array("1.txt".utf8), Array(Self.report.utf8))
        maker.add(Array("2.docx".utf8), word)
        maker.add(Array("3.txt".utf8), Array(Self.report.utf8))
        let record = try Self.parse(maker.finish())
        let alone = try Self.parse(Self.zip(["1.txt": Self.report]))
        #expect(record.sources.count == 3)
        #expect(record.amounts == alone.amounts && record.findings == alone.findings)
        #expect(
            record.unread.map(\.what) == ["3.txt", "2.docx"]
                || record.unread.map(\.what) == ["2.docx", "3.txt"]
        )
    }

    @Test("what is given fills in what no file says")
    func given() throws {
        let bytes = Self.zip(["表.txt": Self.table])
        #expect(try Self.parse(bytes).key == "2023/湛江市/麻章区/总工会/项目支出/困难职工帮扶")
        let report = "2023年度部门整体支出绩效自评报告\n一、基本情况\n本单位预算20.00万元，支出20.00万元。"
        let record = try Self.parse(
            Self.zip(["1.txt": report, "2.txt": Self.table.replacing("\t主管部门\t麻章区总工会", with: "")]),
            given: GivenFacts(region: "440811", unit: "总工会")
        )
        #expect(record.key == "2023/湛江市/麻章区/总工会/整体支出")
        #expect(record.given["unit"] == "总工会")
    }

    @Test("hostile zips give the code of what is wrong with them")
    func hostile() {
        func code(_ bytes: [UInt8]) -> ReportError.Code? {
            ContainerTests.code { () throws(ReportError) in _ = try Self.parse(bytes) }
        }
        #expect(code(ZipMaker().finish()) == .empty)
        #expect(code(Self.zip(["空/": "", ".DS_Store": "x"])) == .empty)
        let good = Self.zip(["a.txt": Self.report])
        #expect(code(Array(good.dropLast(30))) == .truncated)
        var locked = ZipMaker()
        locked.add(Array("a.txt".utf8), Array(repeating: 3, count: 30), flags: 0x801)
        #expect(code(locked.finish()) == .encrypted)
        var bomb = ZipMaker()
        let content = ZipMaker.bomb(90 << 20)
        bomb.add(
            Array("a.txt".utf8),
            content.bytes,
            deflatedFrom: (content.count, content.checksum)
        )
        #expect(code(bomb.finish()) == .tooLarge)
        var deep = good
        for level in 0..<12 {
            var maker = ZipMaker()
            maker.add(Array("\(level).zip".utf8), deep)
            deep = maker.finish()
        }
        #expect(code(deep) == .tooDeep)
        #expect(code(Self.zip(["a.jpg": "\u{0}\u{1}"])) == .unreadable)
        var many = ZipMaker()
        for index in 0..<600 { many.add(Array("\(index).txt".utf8), Array("\(index)".utf8)) }
        #expect(code(many.finish()) == .tooLarge)
    }

    @Test("files packed into a zip come out as they were, and the bytes repeat")
    func packing() throws {
        let members = [
            FilingMember(name: "夹/报告2.txt", bytes: Array(Self.report.utf8)),
            FilingMember(name: "夹/报告10.txt", bytes: Array(Self.table.utf8)),
        ]
        let bytes = try FilingArchive.pack(members)
        #expect(FilingArchive.isFiling(bytes))
        #expect(try FilingArchive(bytes).members == members)
        #expect(try FilingArchive.pack(members) == bytes)
        let code = ContainerTests.code { () throws(ReportError) in _ = try FilingArchive.pack([]) }
        #expect(code == .empty)
    }

    @Test(
        "names are ordered as people count",
        arguments: [
            ("附件2", "附件10"), ("附件02", "附件10"), ("a", "b"), ("附件1.docx", "附件1/2.docx"),
            ("a1b2", "a1b10"),
        ]
    )
    func order(_ first: String, _ second: String) {
        #expect(FilingName.isBefore(first, second) && !FilingName.isBefore(second, first))
        #expect(!FilingName.isBefore(first, first))
    }
}
