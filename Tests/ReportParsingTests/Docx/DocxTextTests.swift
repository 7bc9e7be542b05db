import ReportModel
import Testing

@testable import ReportParsing

@Suite("Word: paragraphs and runs")
struct DocxTextTests {
    private func texts(_ body: String) throws -> [String] { try DocxMaker(body).texts() }

    @Test("runs cut anywhere are joined, and every kind of break is kept")
    func runs() throws {
        let body = """
            <w:p><w:r><w:t>20</w:t></w:r><w:proofErr/><w:r><w:t xml:space="preserve">23 年</w:t></w:r>\
            <w:hyperlink><w:r><w:t>度</w:t></w:r></w:hyperlink>\
            <w:r><w:tab/><w:t>甲</w:t><w:noBreakHyphen/><w:t>乙</w:t><w:softHyphen/>\
            <w:br/><w:t>新行</w:t><w:br w:type="page"/><w:cr/><w:t>又一行</w:t></w:r></w:p>
            """
        #expect(try texts(body) == ["2023 年度\t甲-乙", "新行", "又一行"])
    }

    @Test("tracked changes count as accepted")
    func changes() throws {
        let body = """
            <w:p><w:r><w:t>预算</w:t></w:r><w:del><w:r><w:delText>12</w:delText></w:r></w:del>\
            <w:ins><w:r><w:t>34</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom>\
            <w:moveTo><w:r><w:t>万元</w:t></w:r></w:moveTo></w:p>\
            <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p>\
            <w:p><w:r><w:t>后半</w:t></w:r></w:p>\
            <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:del><w:r><w:delText>无</w:delText></w:r></w:del></w:p>\
            <w:p><w:r><w:t>末</w:t></w:r></w:p>
            """
        #expect(try texts(body) == ["预算34万元", "前半后半", "末"])
    }

    @Test("hidden text and comments are left out, by run and by style")
    func hidden() throws {
        var maker = DocxMaker(
            """
            <w:p><w:r><w:t>看见</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>\
            <w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>了</w:t></w:r>\
            <w:r><w:rPr><w:rStyle w:val="h"/></w:rPr><w:t>藏</w:t></w:r>\
            <w:r><w:commentReference w:id="1"/></w:r></w:p>
            """
        )
        maker.styles = """
            <w:style w:styleId="h" w:type="character"><w:rPr><w:vanish/></w:rPr></w:style>
            """
        #expect(try maker.texts() == ["看见了"])
    }

    @Test("fields show their results, whether whole, in pieces, nested or over paragraphs")
    func fields() throws {
        func char(_ type: String) -> String { "<w:r><w:fldChar w:fldCharType=\"\(type)\"/></w:r>" }
        func instruction(_ text: String) -> String {
            "<w:r><w:instrText>\(text)</w:instrText></w:r>"
        }
        func run(_ text: String) -> String { "<w:r><w:t>\(text)</w:t></w:r>" }
        let body =
            "<w:p>" + char("begin") + instruction("TOC \\o") + char("separate") + run("一、概况")
            + "</w:p><w:p>" + run("二、") + char("begin") + instruction("IF ") + char("begin")
            + instruction("X") + char("separate") + run("内") + char("end") + char("separate")
            + run("问题") + char("end") + "</w:p><w:p>" + char("end")
            + "<w:fldSimple w:instr=\"DATE\">" + run("今天") + "</w:fldSimple></w:p><w:p>"
            + char("begin") + instruction(" eq \\o\\ac(○,") + instruction("3)") + char("end")
            + run("项") + "</w:p>"
        #expect(try texts(body) == ["一、概况", "二、问题", "今天", "③项"])
    }

    @Test("check boxes, symbols, list boxes and prompts are read as shown")
    func forms() throws {
        let body = """
            <w:p><w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr>\
            <w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t>优</w:t></w:r>\
            <w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="0"/></w14:checkbox></w:sdtPr>\
            <w:sdtContent><w:r><w:t>☐</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t>良</w:t></w:r>\
            <w:r><w:sym w:font="Wingdings 2" w:char="F052"/><w:t>中</w:t></w:r>\
            <w:r><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t>\u{F0A8}</w:t></w:r>\
            <w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/>\
            <w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>\
            <w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r>\
            <w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>\
            <w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>\
            <w:p><w:r><w:t>单击此处输入文字</w:t></w:r></w:p></w:sdtContent></w:sdt>\
            <w:sdt><w:sdtContent><w:p><w:r><w:t>内容</w:t></w:r></w:p></w:sdtContent></w:sdt>
            """
        #expect(try texts(body) == ["☑优□良☑中□☑", "内容"])
    }

    @Test("text boxes are read once, of new and of old drawings")
    func boxes() throws {
        let box = "<w:txbxContent>" + DocxMaker.p("框内") + "</w:txbxContent>"
        let body = """
            <w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps">\
            <w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx>\(box)</wps:txbx>\
            </wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>\
            <mc:Fallback><w:pict><v:textbox>\(box)</v:textbox></w:pict></mc:Fallback>\
            </mc:AlternateContent></w:r></w:p>\
            <w:p><w:r><w:pict><v:shape><v:textbox><w:txbxContent>\(DocxMaker.p("旧框"))\
            </w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>
            """
        #expect(try texts(body) == ["正文", "框内", "旧框"])
    }

    @Test("headings come from styles with what they inherit, or from their shape as in text files")
    func headings() throws {
        var maker = DocxMaker(
            DocxMaker.p("总则", "<w:pStyle w:val=\"b\"/>") + DocxMaker.p("一、部门概况")
                + DocxMaker.p("目标", "<w:outlineLvl w:val=\"2\"/>")
                + DocxMaker.p("正文", "<w:pStyle w:val=\"b\"/><w:outlineLvl w:val=\"9\"/>")
                + DocxMaker.p("中文名", "<w:pStyle w:val=\"c\"/>")
                + DocxMaker.p("圈", "<w:pStyle w:val=\"x\"/>")
        )
        maker.styles = """
            <w:style w:styleId="a"><w:name w:val="heading 2"/></w:style>\
            <w:style w:styleId="b"><w:name w:val="我的"/><w:basedOn w:val="a"/></w:style>\
            <w:style w:styleId="c"><w:name w:val="标题 1"/></w:style>\
            <w:style w:styleId="x"><w:basedOn w:val="y"/></w:style>\
            <w:style w:styleId="y"><w:basedOn w:val="x"/></w:style>
            """
        let kinds = try maker.document().blocks.map(\.kind)
        #expect(
            kinds == [
                .heading(level: 1), .heading(level: nil), .heading(level: 2), .paragraph,
                .heading(level: 0), .paragraph,
            ]
        )
    }

    @Test("styles of tables are cut out of the part, others are kept byte for byte")
    func slices() {
        let part = """
            <?xml version="1.0"?><w:styles xmlns:w="u"><w:latentStyles><w:lsdException/></w:latentStyles>\
            <w:style w:type="paragraph" w:styleId="a"><w:name w:val="x"/></w:style>\
            <w:style w:type="table" w:styleId="b"><w:tblPr/></w:style><w:style w:styleId="c"/>\
            <w:style w:styleId="d"></w:style></w:styles>
            """
        let kept = """
            <?xml version="1.0"?><w:styles xmlns:w="u">\
            <w:style w:type="paragraph" w:styleId="a"><w:name w:val="x"/></w:style>\
            <w:style w:styleId="d"></w:style></w:styles>
            """
        #expect(DocxStyleSlices.reduced(Array(part.utf8)) == Array(kept.utf8))
        for odd in ["", "<", "<a", "<a>", "<w:styles/>", "<w:styles><w:style x>", "plain"] {
            #expect(DocxStyleSlices.reduced(Array(odd.utf8)) == Array(odd.utf8))
        }
    }

    @Test("formulas, ruby and strict documents are read")
    func others() throws {
        var maker = DocxMaker(
            """
            <w:p><m:oMath><m:f><m:num><m:r><m:t>A</m:t></m:r></m:num><m:den><m:r><m:t>B</m:t></m:r>\
            </m:den></m:f></m:oMath><w:r><w:ruby><w:rt><w:r><w:t>yin</w:t></w:r></w:rt><w:rubyBase>\
            <w:r><w:t>字</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>
            """
        )
        maker.isStrict = true
        #expect(try maker.texts() == ["A/B字"])
    }
}
