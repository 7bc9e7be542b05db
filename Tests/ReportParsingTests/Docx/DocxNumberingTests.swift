import ReportModel
import Testing

@testable import ReportParsing

@Suite("Word: automatic numbers")
struct DocxNumberingTests {
    private func level(_ index: Int, _ format: String, _ text: String, _ more: String = "")
        -> String
    {
        "<w:lvl w:ilvl=\"\(index)\"><w:start w:val=\"1\"/><w:numFmt w:val=\"\(format)\"/>\(more)"
            + "<w:lvlText w:val=\"\(text)\"/></w:lvl>"
    }

    private func item(_ text: String, _ list: Int, _ level: Int = 0) -> String {
        DocxMaker.p(
            text,
            "<w:numPr><w:ilvl w:val=\"\(level)\"/><w:numId w:val=\"\(list)\"/></w:numPr>"
        )
    }

    private func abstract(_ id: Int, _ levels: String...) -> String {
        "<w:abstractNum w:abstractNumId=\"\(id)\">\(levels.joined())</w:abstractNum>"
    }

    private func list(_ id: Int, _ abstract: Int, _ more: String = "") -> String {
        "<w:num w:numId=\"\(id)\"><w:abstractNumId w:val=\"\(abstract)\"/>\(more)</w:num>"
    }

    @Test("levels count, start anew under the next higher one, and show the numbers above")
    func levels() throws {
        var maker = DocxMaker(
            item("概况", 1) + item("职能", 1, 1) + item("人员", 1, 1) + item("细目", 1, 2)
                + item("结果", 1) + item("得分", 1, 1) + item("5万元", 1, 2)
        )
        maker.numbering =
            abstract(
                0,
                level(0, "chineseCountingThousand", "%1、"),
                level(1, "japaneseCounting", "（%2）"),
                level(2, "decimal", "%1.%3", "<w:isLgl/>")
            ) + list(1, 0)
        #expect(
            try maker.texts() == [
                "一、概况", "（一）职能", "（二）人员", "1.1 细目", "二、结果", "（一）得分", "2.1 5万元",
            ]
        )
    }

    @Test("lists of one definition go on unless they say where to start")
    func overrides() throws {
        var maker = DocxMaker(
            item("甲", 1) + item("乙", 2) + item("丙", 3) + item("丁", 3) + item("戊", 0)
        )
        let start = """
            <w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>
            """
        maker.numbering =
            abstract(0, level(0, "decimal", "%1.")) + list(1, 0) + list(2, 0) + list(3, 0, start)
        #expect(try maker.texts() == ["1. 甲", "2. 乙", "1. 丙", "2. 丁", "戊"])
    }

    @Test("a style carries its list, found by the level that names the style")
    func byStyle() throws {
        var maker = DocxMaker(
            DocxMaker.p("总则", "<w:pStyle w:val=\"one\"/>")
                + DocxMaker.p("目的", "<w:pStyle w:val=\"two\"/>")
                + DocxMaker.p(
                    "正文",
                    "<w:pStyle w:val=\"two\"/><w:numPr><w:numId w:val=\"0\"/></w:numPr>"
                )
        )
        maker.styles = """
            <w:style w:styleId="one"><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>\
            <w:style w:styleId="two"><w:basedOn w:val="one"/></w:style>
            """
        maker.numbering =
            abstract(
                4,
                level(0, "decimal", "第%1章", "<w:pStyle w:val=\"one\"/><w:suff w:val=\"space\"/>"),
                level(1, "lowerLetter", "%2)", "<w:pStyle w:val=\"two\"/>")
            ) + list(7, 4)
        #expect(try maker.texts() == ["第1章 总则", "a)目的", "正文"])
    }

    @Test(
        "numbers are shown in every format",
        arguments: [
            ("decimal", 12, "12"), ("chineseCounting", 10, "十"), ("chineseCounting", 21, "二十一"),
            ("chineseCountingThousand", 105, "一百零五"), ("ideographDigital", 20, "二〇"),
            ("decimalEnclosedCircle", 20, "⑳"), ("decimalEnclosedCircleChinese", 21, "㉑"),
            ("upperRoman", 49, "XLIX"), ("lowerRoman", 4, "iv"), ("upperLetter", 28, "BB"),
            ("lowerLetter", 3, "c"), ("none", 3, ""), ("decimalZero", 7, "07"),
            ("chineseLegalSimplified", 12, "壹拾贰"), ("ideographTraditional", 2, "乙"),
            ("japaneseCounting", 110, "一百一十"), ("ordinal", 22, "22nd"), ("strange", 5, "5"),
            ("chineseCounting", -3, "-3"), ("upperRoman", 90_000, "90000"),
        ] as [(String, Int, String)]
    )
    func formats(_ format: String, _ value: Int, _ shown: String) {
        #expect(DocxNumberFormat.text(value, format) == shown)
    }

    @Test("bullets show nothing, and hostile definitions do no harm")
    func hostile() throws {
        var maker = DocxMaker(
            item("甲", 1) + item("乙", 2, 99) + item("丙", 3) + item("丁", 4) + item("戊", 5)
        )
        maker.numbering =
            abstract(0, level(0, "bullet", "\u{F06C}"))
            + abstract(1, level(0, "decimal", "%9%%1%0%"))
            + "<w:abstractNum w:abstractNumId=\"2\"><w:numStyleLink w:val=\"q\"/></w:abstractNum>"
            + list(1, 0) + list(2, 1) + list(3, 1) + list(4, 2)
            + list(
                5,
                1,
                "<w:lvlOverride w:ilvl=\"-4\"><w:startOverride w:val=\"1\"/></w:lvlOverride>"
            )
        let texts = try maker.texts()
        #expect(texts[0] == "甲" && texts[1] == "乙" && texts[3] == "丁")
        #expect(texts.count == 5)
    }
}
