import ReportModel
import Testing

@testable import ReportParsing

@Suite("Web pages")
struct HtmlTests {
    static func document(_ text: String) throws -> Document {
        let extraction = try Extractors.extract(Array(text.utf8))
        #expect(extraction.format == "html")
        return extraction.document
    }

    static func outline(_ body: String) throws -> [String] {
        try document("<html><body>\(body)</body></html>").outline
    }

    @Test(
        "the declared character set is checked against the bytes",
        arguments: [
            ("gb2312", "GB18030", "GB18030"), ("GBK", "GB18030", "GB18030"),
            ("gbk", "UTF-8", "UTF-8"), ("utf-8", "GB18030", "GB18030"), ("", "GB18030", "GB18030"),
            ("", "UTF-8", "UTF-8"), ("big5", "BIG5", "Big5"), ("gb2312", "UTF-16LE", "UTF-16LE"),
            ("iso-8859-1", "GB18030", "GB18030"),
        ]
    )
    func charsets(_ declared: String, _ encoding: String, _ expected: String) throws {
        let meta =
            declared.isEmpty
            ? "" : "<meta http-equiv=Content-Type content=\"text/html; charset=\(declared)\">"
        let page = "<html><head>\(meta)</head><body><p>部門預算自評報告</p></body></html>"
        let bytes = try EncodingTests.encode(page, to: encoding)
        let extraction = try Extractors.extract(bytes)
        #expect(extraction.document.outline == ["p:部門預算自評報告"])
        #expect(extraction.encoding == expected)
    }

    @Test("a byte order mark and an XML declaration go before the page")
    func marks() throws {
        let page = "<?xml version=\"1.0\" encoding=\"gb2312\"?><html><body><p>甲</p></body></html>"
        let marked = try Extractors.extract([0xEF, 0xBB, 0xBF] + Array(page.utf8))
        #expect(marked.document.outline == ["p:甲"])
        let encoded = try Extractors.extract(try EncodingTests.encode(page, to: "GB18030"))
        #expect(encoded.document.outline == ["p:甲"])
        #expect(HtmlCharset.declared(in: Array("<META CHARSET = 'GBK' />".utf8)) == "gbk")
        #expect(HtmlCharset.declared(in: Array("<p>charset</p>".utf8)) == nil)
    }

    @Test("headings, paragraphs, breaks, lists with their numbers, preformatted text")
    func flow() throws {
        let lines = try Self.outline(
            """
            <h1>2023年度报告</h1><div>第一段<br>第二段<br/></div>散落的&nbsp;文字<p>我们
            今天 Word
             文字</p><ol start=3><li>甲项<li value=7>乙项</ol><ol type=A><li>丙</ol>
            <ol style="list-style-type: cjk-ideographic"><li>丁<li>（二）戊</ol>
            <ul><li>己</ul><pre>甲  乙
            丙</pre><h2>一、基本情况</h2>一、自评结论<table><tr><td>只有一格</table>
            """
        )
        #expect(
            lines == [
                "h:2023年度报告", "p:第一段", "p:第二段", "p:散落的\u{A0}文字", "p:我们今天 Word 文字", "h:3.甲项",
                "h:7.乙项", "p:A.丙", "h:一、丁", "h:（二）戊", "p:己", "p:甲  乙", "p:丙", "h:一、基本情况",
                "h:一、自评结论", "p:只有一格",
            ]
        )
    }

    @Test("scripts, hidden elements, comments, navigation and the page's title are left out")
    func dropped() throws {
        let lines = try Self.document(
            """
            <html><head><title>网站</title><style>p{}</style></head><body><nav>首页</nav>
            <ul><li><a href=a>首页</a><li><a href=b>政务公开</a><li><a href=c>互动</a></ul>
            <script>var a="<p>甲</p>"</script><noscript>请打开</noscript><template><p>模板</p></template>
            <p style="DISPLAY : none">隐</p><p hidden>藏</p><!-- <p>注释</p> --><div>正文
            <del>旧</del><ins>新</ins><span style='mso-hide:all'>隐</span></div>
            <ul><li><a href=a>附件1</a></ul><aside>广告</aside><footer>版权</footer></body></html>
            """
        ).outline
        #expect(lines == ["p:正文新", "p:附件1"])
    }

    @Test("pages made by Word: rendered list numbers, empty paragraphs, conditional comments")
    func word() throws {
        let lines = try Self.outline(
            """
            <!--[if gte mso 9]><xml><w:View>Print</w:View></xml><![endif]-->
            <p class=MsoNormal style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
            lang=EN-US><span style='mso-list:Ignore'>（一）<span style='font:7.0pt "Times New Roman"'>
            &nbsp;&nbsp;&nbsp; </span></span></span><![endif]>部门概况<o:p></o:p></p>
            <p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
            <p class=MsoNormal>编制<span lang=EN-US>10</span>名，在职<span lang=EN-US>9</span>名。</p>
            <div style='mso-element:footer'>第1页</div>
            """
        )
        #expect(lines == ["h:（一）部门概况", "p:编制10名，在职9名。"])
    }

    @Test("tables keep their spans, cells their lines; title rows become lines")
    func tables() throws {
        let lines = try Self.outline(
            """
            <table border=1><caption>附表</caption><tr><td colspan=3><b>项目支出绩效自评表</b></tr>
            <tr><td rowspan=2>指标<td colspan="2">数量&gt;3<br>第二行</td></tr>
            <tbody><tr><td>&nbsp;<td><p>甲</p><p>乙</p></tr></tbody>
            <tr style='display:none'><td>隐<td>藏</tr>
            <tr><td>是否<td><input type=checkbox checked>是<input type=radio>否<td>
            <select><option>优<option selected>良</select></tr></table>
            """
        )
        #expect(
            lines == [
                "p:附表", "p:项目支出绩效自评表", "0/0,0v2:指标", "0/0,1h2:数量>3\n第二行", "0/1,2:甲\n乙",
                "0/2,0:是否", "0/2,1:☑是□否", "0/2,2:良",
            ]
        )
    }

    @Test("a table that only lays the page out is running text, tables within it are tables")
    func layout() throws {
        let prose = String(repeating: "<p>这是一段说明情况的文字，用来占据版面的长度。</p>", count: 80)
        let lines = try Self.outline(
            """
            <table><tr><td>左栏</td><td>\(prose)</td></tr></table><table><tr><td>框</td><td>
            <table><tr><td>甲<td>1<tr><td>乙<td>2</table></td></tr></table>
            """
        )
        #expect(lines.count == 1 + 80 + 1 + 4)
        #expect(lines[0] == "p:左栏")
        #expect(lines.suffix(5) == ["p:框", "0/0,0:甲", "0/0,1:1", "0/1,0:乙", "0/1,1:2"])
    }

    @Test("cells that never end and spans that overlap still give a grid")
    func loose() throws {
        let lines = try Self.outline(
            "<table><tr><td rowspan=3>甲<td>乙<tr><td colspan=2 rowspan=0>丙<td>丁<tr><td>戊</table>"
        )
        #expect(
            lines == ["0/0,0v3:甲", "0/0,1:乙", "0/1,1h2v2:丙", "0/1,3:丁", "0/2,3:戊"]
                || lines == ["0/0,0v3:甲", "0/0,1:乙", "0/1,1v2:丙", "0/1,2:丁", "0/2,2:戊"]
        )
    }

    @Test("a workbook saved as frames says where its content is")
    func frames() {
        let page =
            "<html><frameset rows=\"*,39\"><frame src=\"a.htm\"><frame src=\"b.htm\"></frameset></html>"
        var found: ReportError?
        do throws(ReportError) {
            _ = try Extractors.extract(Array(page.utf8))
        } catch {
            found = error
        }
        #expect(found?.code == .noText)
        #expect(found?.message.contains("框架") == true)
    }
}
