import ReportModel
import Testing

@testable import ReportParsing

@Suite("Workbooks")
struct XlsxTests {
    static func document(_ bytes: [UInt8]) throws -> Document {
        let extraction = try Extractors.extract(bytes)
        #expect(extraction.format == "xlsx")
        return extraction.document
    }

    @Test("shared, inline and computed texts, numbers as shown, booleans, errors, rich text")
    func values() throws {
        var maker = WorkbookMaker()
        maker.styles = WorkbookMaker.someStyles
        maker.strings = [
            "<t>项目名称</t>",
            "<r><t>道路</t></r><r><rPr/><t xml:space=\"preserve\"> 维修_x000D_\n经费</t></r>"
                + "<rPh sb=\"0\" eb=\"1\"><t>daolu</t></rPh>",
        ]
        maker.sheets = [
            .init(
                name: "表1",
                content: """
                    <sheetData><row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c>
                    <c r="D2" t="s"><v>99</v></c></row>
                    <row r="3"><c r="B3" s="2"><v>0.97750000000000004</v></c>
                    <c r="C3" t="str"><f>A1&amp;B1</f><v>合计</v></c><c r="D3" t="b"><v>1</v></c>
                    <c r="E3" t="e"><v>#DIV/0!</v></c><c r="F3" s="3"><v>45291</v></c></row>
                    <row><c><v>1</v></c><c t="inlineStr"><is><t>文</t></is></c><c><f>1+1</f></c>
                    <c t="d"><v>2023-12-31T00:00:00</v></c></row></sheetData>
                    """
            )
        ]
        let document = try Self.document(maker.bytes())
        #expect(
            document.outline == [
                "0/0,1:项目名称", "0/0,2:道路 维修\n经费", "0/1,1:97.75%", "0/1,2:合计", "0/1,3:TRUE",
                "0/1,4:#DIV/0!", "0/1,5:2023年12月", "0/2,0:1", "0/2,1:文", "0/2,3:2023-12-31",
            ]
        )
        #expect(document.blocks.map(\.address).prefix(3) == ["B2", "C2", "B3"])
        #expect(document.blocks.allSatisfy { $0.sheet == "表1" })
        #expect(document.unread.map(\.what) == ["工作表“表1”公式"])
    }

    @Test("title, particulars and notes around a form are lines, merged cells have their spans")
    func form() throws {
        let rows = [
            ["项目支出绩效自评表"], ["（2023年度）"], ["填报单位：示例县水利局", "", "", "单位：万元"],
            ["项目名称", "道路维修"], ["资金", "总额", "预算数", "执行数"], ["", "", "10", "9"],
            ["", "合计", "10", "9"], ["指标", "数量", "≥3", ""], ["", "", "", ""],
            ["总分", "", "", "95"], ["备注：无"],
        ]
        let bytes = WorkbookMaker.book(
            rows,
            merges: ["A1:D1", "A2:D2", "B4:D4", "A5:A7", "B5:B6", "A8:A9", "A10:C10"],
            bordered: 4...10
        )
        let document = try Self.document(bytes)
        #expect(
            document.outline == [
                "p:项目支出绩效自评表", "p:（2023年度）", "p:填报单位：示例县水利局", "p:单位：万元", "0/0,0:项目名称",
                "0/0,1h3:道路维修", "0/1,0v3:资金", "0/1,1v2:总额", "0/1,2:预算数", "0/1,3:执行数", "0/2,2:10",
                "0/2,3:9", "0/3,1:合计", "0/3,2:10", "0/3,3:9", "0/4,0:指标", "0/4,1:数量", "0/4,2:≥3",
                "0/5,0h3:总分", "0/5,3:95", "p:备注：无",
            ]
        )
        #expect(document.blocks.first?.address == "A1")
        #expect(document.tables.count == 1)
    }

    @Test("the label of an empty bordered cell stays in its table, and a label joins its value")
    func labels() throws {
        let rows = [
            ["填报单位：", "示例局", "单位：", "万元"], ["项目名称", ""], ["预算数", "10"], ["执行数", "9"],
        ]
        let document = try Self.document(WorkbookMaker.book(rows, bordered: 2...4))
        #expect(
            document.outline == [
                "p:填报单位：示例局", "p:单位：万元", "0/0,0:项目名称", "0/1,0:预算数", "0/1,1:10", "0/2,0:执行数",
                "0/2,1:9",
            ]
        )
    }

    @Test("blank rows, titles and blank columns divide tables; bordered blank rows do not")
    func several() throws {
        let rows = [
            ["表一 收入情况表"], ["来源", "金额"], ["财政拨款", "10"], [], ["表二 支出情况表"], ["用途", "金额"],
            ["", ""], ["基本支出", "6"], [], ["甲", "1", "", "丙", "3"], ["乙", "2", "", "丁", "4"],
        ]
        let bytes = WorkbookMaker.book(rows, merges: ["A1:B1", "A5:B5"], bordered: 6...8)
        let document = try Self.document(bytes)
        #expect(
            document.outline == [
                "p:表一 收入情况表", "0/0,0:来源", "0/0,1:金额", "0/1,0:财政拨款", "0/1,1:10", "p:表二 支出情况表",
                "1/0,0:用途", "1/0,1:金额", "1/1,0:基本支出", "1/1,1:6", "2/0,0:甲", "2/0,1:1", "2/1,0:乙",
                "2/1,1:2", "3/0,0:丙", "3/0,1:3", "3/1,0:丁", "3/1,1:4",
            ]
        )
    }

    @Test("a title in the midst of rows begins a table; a report in one column is running text")
    func titles() throws {
        let rows = [
            ["甲", "1"], ["乙", "2"], ["部门整体支出绩效自评表"], ["丙", "3"], ["丁", "4"],
        ]
        let document = try Self.document(WorkbookMaker.book(rows, merges: ["A3:B3"]))
        #expect(document.tables.count == 2)
        #expect(document.outline[4] == "p:部门整体支出绩效自评表")
        let prose = [["一、基本情况"], ["本单位有编制10名。\n在职9人。"], ["二、存在的问题"], ["预算编制不细。"]]
        let text = try Self.document(WorkbookMaker.book(prose))
        #expect(
            text.outline == ["h:一、基本情况", "p:本单位有编制10名。", "p:在职9人。", "h:二、存在的问题", "p:预算编制不细。"]
        )
    }

    @Test("hidden sheets, rows and columns are noted and not read; charts are noted")
    func hidden() throws {
        var maker = WorkbookMaker()
        let table = WorkbookMaker.sheet([["甲", "1"], ["乙", "2"]])
        let rows = """
            <cols><col min="2" max="2" hidden="1"/></cols><sheetData>
            <row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row>
            <row r="2" hidden="1"><c r="A2"><v>4</v></c><c r="C2"><v>5</v></c></row>
            <row r="3"><c r="B3" t="inlineStr"><is><t>跨列</t></is></c></row>
            <row r="4"><c r="A4"><v>6</v></c><c r="C4"><v>7</v></c></row></sheetData>
            <mergeCells><mergeCell ref="B3:C3"/></mergeCells>
            """
        maker.sheets = [
            .init(name: "甲", content: rows), .init(name: "乙", content: table, state: "hidden"),
            .init(name: "丙", content: table, state: "veryHidden"),
            .init(name: "图", content: "", kind: "chartsheet"),
            .init(name: "丁", content: table, kind: "dialogsheet"),
        ]
        let document = try Self.document(maker.bytes())
        #expect(
            document.outline == [
                "0/0,0:1", "0/0,1:3", "0/1,1:跨列", "0/2,0:6", "0/2,1:7",
            ]
        )
        #expect(
            document.unread.map(\.what) == [
                "工作表“甲”隐藏的行", "工作表“甲”隐藏的列", "工作表“乙”", "工作表“丙”", "工作表“图”", "工作表“丁”",
            ]
        )
    }

    @Test("the name of a sheet is its title only when it tells and the sheet has none")
    func sheetNames() throws {
        let rows = [["项目名称", "道路"], ["预算数", "10"]]
        let named = try Self.document(WorkbookMaker.book(rows, name: "项目支出绩效自评表"))
        #expect(named.outline.first == "h:项目支出绩效自评表")
        let plain = try Self.document(WorkbookMaker.book(rows, name: "Sheet1"))
        #expect(plain.outline.first == "0/0,0:项目名称")
        let titled = try Self.document(
            WorkbookMaker.book([["2023年度绩效自评表"]] + rows, merges: ["A1:B1"], name: "绩效自评表")
        )
        #expect(titled.outline.first == "p:2023年度绩效自评表")
        let output = try Parser.parse(
            ParsingInput(
                name: "a.xlsx",
                bytes: WorkbookMaker.book(rows, name: "2023年度项目支出绩效自评表")
            )
        )
        #expect(output.record.year == 2023)
        #expect(output.record.parts.map(\.kind) == [.projectSelfEvaluationTable])
        let place = output.record.projects.first?.place
        #expect(place?.sheet == "2023年度项目支出绩效自评表")
        #expect(place?.cell == "B1")
    }

    @Test("text of shapes is read, pictures are noted, strict namespaces and 1904 are known")
    func drawings() throws {
        var maker = WorkbookMaker()
        maker.namespace = "http://purl.oclc.org/ooxml/spreadsheetml/main"
        maker.properties = "<workbookPr date1904=\"1\"/>"
        maker.styles = WorkbookMaker.someStyles
        maker.sheets = [
            .init(
                name: "甲",
                content: "<sheetData><row r=\"5\"><c r=\"A5\" s=\"3\"><v>43829</v></c></row>"
                    + "</sheetData><drawing r:id=\"rId1\"/>",
                relationships: WorkbookMaker.relationship("rId1", "drawing", "../drawings/d.xml")
            )
        ]
        let shape = """
            <wsDr><twoCellAnchor><from><col>0</col><row>1</row></from><sp><txBody><p><r><t>说明</t></r>
            <r><t>文字</t></r></p><p><r><t>第二行</t></r></p></txBody></sp></twoCellAnchor>
            <twoCellAnchor><from><row>9</row></from><pic/></twoCellAnchor></wsDr>
            """
        maker.more = [("xl/drawings/d.xml", shape)]
        let document = try Self.document(maker.bytes())
        #expect(document.outline == ["p:说明文字", "p:第二行", "p:2023年12月"])
        #expect(document.unread.map(\.what) == ["工作表“甲”图片"])
    }
}
