import ReportModel
import Testing

@testable import ReportParsing

@Suite("Word: tables")
struct DocxTableTests {
    private func p(_ text: String) -> String { DocxMaker.p(text) }

    private func cells(_ document: Document, _ table: Int) -> [String] {
        document.tables[table].cells.map { cell in
            "\(cell.row),\(cell.column) \(cell.rowSpan)x\(cell.columnSpan) "
                + document.blocks[cell.block].text.replacing("\n", with: "|")
        }
    }

    @Test("spans over columns and rows, and gaps before a row, are put on the grid")
    func spans() throws {
        let restart = "<w:vMerge w:val=\"restart\"/>"
        let body =
            DocxMaker.table([
                [("<w:gridSpan w:val=\"3\"/>", p("表头"))],
                [(restart, p("产出")), ("", p("数量") + p("两行")), ("", p("10"))],
                [("<w:vMerge/>", p("不见")), ("", p("质量")), ("", p(""))],
                [("<w:vMerge/>", p("")), ("", p("")), ("", p(""))],
                [("<w:vMerge/>", p("")), ("", p("时效")), ("", p("5"))],
            ])
            + "<w:tbl><w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr><w:tc>\(p("右"))</w:tc></w:tr>"
            + "<w:tr><w:tc>\(p("左"))</w:tc></w:tr></w:tbl>"
        let document = try DocxMaker(body).document()
        #expect(
            cells(document, 0) == [
                "0,0 1x3 表头", "1,0 3x1 产出", "1,1 1x1 数量|两行", "1,2 1x1 10", "2,1 1x1 质量",
                "3,1 1x1 时效", "3,2 1x1 5",
            ]
        )
        #expect(cells(document, 1) == ["0,1 1x1 右", "1,0 1x1 左"])
    }

    @Test("a table within a cell is a table of its own, and the cell keeps its text")
    func nested() throws {
        let inner = DocxMaker.table([[("", p("内一")), ("", p("内二"))]])
        let body = DocxMaker.table([[("", p("外") + inner + p("后")), ("", p("旁"))], [("", inner)]])
        let document = try DocxMaker(p("前") + body).document()
        #expect(document.blocks.map(\.text) == ["前", "外\n后", "内一", "内二", "旁", "内一", "内二"])
        #expect(cells(document, 0) == ["0,0 1x1 外|后", "0,1 1x1 旁"])
        #expect(cells(document, 1) == ["0,0 1x1 内一", "0,1 1x1 内二"])
        #expect(document.tables.count == 3)
    }

    @Test("deleted rows, hidden rows and deleted cells are left out, controls are looked into")
    func changed() throws {
        let body = """
            <w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>\(p("删"))</w:tc></w:tr>\
            <w:tr><w:trPr><w:hidden/></w:trPr><w:tc>\(p("隐"))</w:tc></w:tr>\
            <w:sdt><w:sdtContent><w:tr><w:trPr><w:ins/></w:trPr><w:sdt><w:sdtContent>\
            <w:tc>\(p("甲"))</w:tc></w:sdtContent></w:sdt>\
            <w:tc><w:tcPr><w:cellDel/></w:tcPr>\(p("删"))</w:tc><w:tc>\(p("乙"))</w:tc></w:tr>\
            </w:sdtContent></w:sdt></w:tbl>
            """
        #expect(try DocxMaker(body).texts() == ["甲", "乙"])
    }

    @Test("a frame of one cell around text is no table")
    func frame() throws {
        let document = try DocxMaker(DocxMaker.table([[("", p("一、概况") + p("正文"))]])).document()
        #expect(document.tables.isEmpty)
        #expect(document.blocks.map(\.kind) == [.heading(level: nil), .paragraph])
    }

    @Test("tables without columns, with wild spans, or too deep give clear answers")
    func hostile() throws {
        func code(_ body: String) -> ReportError.Code? {
            ContainerTests.code { () throws(ReportError) in _ = try DocxMaker(body).document() }
        }
        let empty = p("文") + "<w:tbl><w:tr/><w:tr><w:tc/></w:tr></w:tbl><w:tbl/>"
        #expect(try DocxMaker(empty).texts() == ["文"])
        #expect(code(DocxMaker.table([[("<w:gridSpan w:val=\"999999\"/>", p("宽"))]])) == .tooLarge)
        let odd = DocxMaker.table([[("<w:gridSpan w:val=\"-3\"/>", p("甲")), ("", p("乙"))]])
        #expect(try DocxMaker(odd).document().tables[0].columnCount == 2)
        var deep = p("底")
        for _ in 0..<40 { deep = DocxMaker.table([[("", p("层") + deep)]]) }
        #expect(code(deep) == .tooDeep)
        for _ in 0..<60 { deep = DocxMaker.table([[("", deep)]]) }
        #expect(code(deep) == .tooDeep)
    }

    @Test("a table with more cells than a report can have is too large")
    func million() {
        let row = "<w:tr>" + String(repeating: "<w:tc/>", count: 500) + "</w:tr>"
        let body = "<w:tbl>" + String(repeating: row, count: 500) + "</w:tbl>"
        let code = ContainerTests.code { () throws(ReportError) in
            _ = try DocxMaker(body).document()
        }
        #expect(code == .tooLarge)
    }
}
