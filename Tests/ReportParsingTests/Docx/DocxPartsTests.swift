import ReportModel
import Testing

@testable import ReportParsing

@Suite("Word: parts around the text")
struct DocxPartsTests {
    private func p(_ text: String) -> String { DocxMaker.p(text) }

    @Test("heads and feet stand once behind the body, without page numbers and repetitions")
    func margins() throws {
        var maker = DocxMaker(
            p("湛江市麻章区总工会") + "<w:p><w:r><w:t>正文</w:t><w:footnoteReference w:id=\"2\"/></w:r></w:p>"
                + "<w:sectPr><w:headerReference r:id=\"h.xml\"/><w:footerReference r:id=\"f.xml\"/>"
                + "<w:headerReference r:id=\"h.xml\"/></w:sectPr>"
        )
        let number = """
            <w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>\
            <w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r>\
            <w:r><w:fldChar w:fldCharType="end"/></w:r>
            """
        maker.parts = [
            (
                "h.xml", "header",
                "<w:hdr NAMES>\(p("2023年度绩效自评"))\(p("湛江市麻章区 总工会"))</w:hdr>"
            ),
            (
                "f.xml", "footer",
                "<w:ftr NAMES><w:p><w:r><w:t>第</w:t></w:r>\(number)<w:r><w:t>页</w:t></w:r></w:p></w:ftr>"
            ),
            (
                "n.xml", "footnotes",
                "<w:footnotes NAMES><w:footnote w:id=\"0\">\(p("分隔"))</w:footnote>"
                    + "<w:footnote w:id=\"2\">\(p("注：含结转"))</w:footnote></w:footnotes>"
            ),
        ]
        let blocks = try maker.document().blocks
        #expect(blocks.map(\.text) == ["湛江市麻章区总工会", "正文", "注：含结转", "2023年度绩效自评"])
        #expect(blocks.map(\.isMargin) == [false, false, true, true])
    }

    private static let chart = """
        <c:chartSpace NAMES><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>收支</a:t></a:r></a:p></c:rich>\
        </c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:f>B1</c:f><c:strCache>\
        <c:pt idx="0"><c:v>2023年</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strRef>\
        <c:strCache><c:pt idx="0"><c:v>收入</c:v></c:pt><c:pt idx="1"><c:v>支出</c:v></c:pt></c:strCache>\
        </c:strRef></c:cat><c:val><c:numRef><c:numCache><c:pt idx="0"><c:v>395.14000000000004</c:v></c:pt>\
        <c:pt idx="1"><c:v>12</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:barChart>\
        </c:plotArea></c:chart></c:chartSpace>
        """

    @Test("a chart's cached numbers stand at its place and are read as amounts")
    func chart() throws {
        var maker = DocxMaker(
            p("麻章区总工会2023年度部门决算收入395.14万元，支出12万元。")
                + "<w:p><w:r><w:drawing><c:chart r:id=\"c.xml\"/></w:drawing></w:r></w:p>" + p("尾")
        )
        maker.parts = [("c.xml", "chart", Self.chart)]
        let texts = try maker.texts()
        #expect(texts.dropFirst() == ["收支", "2023年\t收入\t支出\t395.14\t12", "尾"])
        let record = try Parser.parse(ParsingInput(name: "x", bytes: maker.bytes)).record
        let charted = record.amounts.filter { $0.role == "other" && $0.place.block == 2 }
        #expect(charted.map(\.label) == ["收入", "支出"])
        #expect(charted.map(\.value) == ["395.14", "12"])
        #expect(charted.map(\.year) == [2023, 2023])
    }

    @Test("what is embedded is noted as unread, with its place")
    func unread() throws {
        var maker = DocxMaker(
            p(String(repeating: "有文字的报告", count: 10))
                + "<w:p><w:r><w:object><v:shape><v:imagedata/></v:shape>"
                + "<o:OLEObject ProgID=\"Excel.Sheet.12\"/></w:object></w:r></w:p>"
                + "<w:altChunk r:id=\"a\"/><w:p><w:r><w:drawing><pic:pic/></w:drawing></w:r></w:p>"
                + "<w:p><w:r><w:drawing><c:chart r:id=\"c.xml\"/></w:drawing></w:r></w:p>"
        )
        maker.parts = [("c.xml", "chart", "<broken"), ("s.xml", "styles", "<broken")]
        let unread = try maker.document().unread.map(\.what)
        #expect(
            Set(unread) == [
                "嵌入对象（Excel.Sheet.12）", "嵌入的外部文档（altChunk）", "图表", "部件 word/c.xml",
                "部件 word/s.xml", "图片 1 张",
            ]
        )
    }

    @Test("documents of pictures, without text or without a body have codes of their own")
    func refusals() {
        func code(_ bytes: [UInt8]) -> ReportError.Code? {
            ContainerTests.code { () throws(ReportError) in _ = try Extractors.extract(bytes) }
        }
        let picture = "<w:p><w:r><w:drawing><pic:pic/></w:drawing></w:r></w:p>"
        #expect(code(DocxMaker(picture + picture).bytes) == .noText)
        #expect(code(DocxMaker("<w:p/>").bytes) == .empty)
        let types = "[Content_Types].xml"
        #expect(code(ZipMaker.zip([types: "<a/>", "word/other.xml": "<a/>"])) == .unreadable)
        #expect(code(ZipMaker.zip([types: "<a/>", "word/document.xml": "<a/>"])) == .unreadable)
        #expect(code(ZipMaker.zip([types: "<a/>", "word/document.xml": "<a>"])) == .unreadable)
        let good = DocxMaker(p("文")).bytes
        #expect(code(Array(good.dropLast(25))) == .truncated)
        #expect(code(Array(good.prefix(good.count / 2))) == .truncated)
        var locked = ZipMaker()
        locked.add(Array("word/document.xml".utf8), Array(repeating: 1, count: 40), flags: 0x801)
        #expect(code(locked.finish()) == .encrypted)
        let entity = "<!DOCTYPE x [<!ENTITY a 'b'>]><document><body/></document>"
        #expect(code(ZipMaker.zip(["word/document.xml": entity])) == .unreadable)
        var bomb = ZipMaker()
        let content = ZipMaker.bomb(80 << 20)
        bomb.add(
            Array("word/document.xml".utf8),
            content.bytes,
            deflatedFrom: (content.count, content.checksum)
        )
        #expect(code(bomb.finish()) == .tooLarge)
    }

    @Test("mutated documents never trap", arguments: 1...30 as ClosedRange<UInt64>)
    func mutated(_ seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        var body = Array(
            (p("2023年度")
                + DocxMaker.table([
                    [("<w:vMerge w:val=\"restart\"/>", p("甲"))], [("<w:vMerge/>", p("乙"))],
                ])
                + "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r></w:p>").utf8
        )
        for _ in 0..<6 {
            let at = Int.random(in: 0..<body.count, using: &generator)
            let other = Int.random(in: at..<min(body.count, at + 40), using: &generator)
            body.replaceSubrange(
                at..<other,
                with: body.prefix(Int.random(in: 0...30, using: &generator))
            )
        }
        let maker = DocxMaker(String(decoding: body, as: UTF8.self))
        #expect(RobustnessTests.outcome(maker.bytes))
        var bytes = DocxMaker(p("2023年度部门整体支出绩效自评报告")).bytes
        for _ in 0..<8 {
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                in: 0...255,
                using: &generator
            )
        }
        #expect(RobustnessTests.outcome(bytes), "seed \(seed)")
    }
}
