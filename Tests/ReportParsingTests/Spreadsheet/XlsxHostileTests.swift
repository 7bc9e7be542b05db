import ReportModel
import Testing

@testable import ReportParsing

@Suite("Hostile workbooks")
struct XlsxHostileTests {
    static func code(_ bytes: [UInt8]) -> ReportError.Code? {
        do throws(ReportError) {
            _ = try Extractors.extract(bytes)
            return nil
        } catch {
            return error.code
        }
    }

    static func book(_ content: String) -> [UInt8] {
        var maker = WorkbookMaker()
        maker.styles = WorkbookMaker.someStyles
        maker.sheets = [.init(name: "甲", content: content)]
        return maker.bytes()
    }

    @Test("addresses outside of a sheet are left out, wrong indices give no text")
    func addresses() throws {
        let bytes = Self.book(
            """
            <sheetData><row r="-9223372036854775808"/><row r="99999999999999999999"><c r="ZZZZZZ99999999999"><v>1</v></c></row>
            <row r="-5"><c r="A0"><v>2</v></c><c r="1A"><v>3</v></c><c r="XFE1"><v>4</v></c></row>
            <row r="3"><c r="A3" t="s"><v>-1</v></c><c r="B3" t="s"><v>x</v></c><c r="C3"
            s="-7"><v>5</v></c><c r="D3" s="999999999999"><v>abc</v></c></row></sheetData>
            <mergeCells><mergeCell ref="A1"/><mergeCell ref=":"/><mergeCell ref="ZZZ1:A1"/></mergeCells>
            """
        )
        let document = try Extractors.extract(bytes).document
        #expect(document.unread.map(\.what) == ["工作表“甲”单元格"])
        #expect(document.outline == ["0/0,0:5", "0/0,1:abc"])
    }

    @Test("a sheet that claims a million rows costs no more than its cells")
    func claims() throws {
        var rows = ""
        for row in 1...20_000 {
            rows += "<row r=\"\(row * 50)\"><c r=\"A\(row * 50)\" s=\"1\"/></row>"
        }
        let bytes = Self.book(
            "<dimension ref=\"A1:XFD1048576\"/><cols><col min=\"1\" max=\"99999999\" hidden=\"0\"/>"
                + "</cols><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"XFD1\"><v>2</v></c>"
                + "</row>" + rows + "<row r=\"1048576\"><c r=\"A1048576\"><v>3</v></c></row>"
                + "</sheetData><mergeCells><mergeCell ref=\"A1048576:XFD1048576\"/></mergeCells>"
        )
        let document = try Extractors.extract(bytes).document
        #expect(document.outline == ["0/0,0:1", "0/0,1:2", "p:3"])
    }

    @Test("merged ranges that overlap are not applied, and too many are refused")
    func merges() throws {
        let rows = [["甲", "乙", "丙"], ["丁", "戊", "己"]]
        let bytes = WorkbookMaker.book(rows, merges: ["A1:B2", "B2:C2", "A1:C1", "A1:B2"])
        let document = try Extractors.extract(bytes).document
        #expect(document.outline == ["0/0,0v2:甲", "0/0,1:丙", "0/1,1:己"])
        var many = "<sheetData/><mergeCells>"
        for row in 1...50_001 { many += "<mergeCell ref=\"A\(row):B\(row)\"/>" }
        let code = Self.code(Self.book(many + "</mergeCells>"))
        #expect(code == .tooLarge)
    }

    @Test("relationships that lead in circles, outside or nowhere are harmless")
    func relationships() throws {
        var maker = WorkbookMaker()
        let cells = WorkbookMaker.sheet([["甲", "乙"], ["丙", "丁"]])
        func link(_ target: String) -> String {
            WorkbookMaker.relationship("rId1", "drawing", target)
        }
        maker.sheets = [
            .init(
                name: "1",
                content: cells + "<drawing r:id=\"rId1\"/>",
                relationships: link("sheet1.xml")
            ),
            .init(
                name: "2",
                content: cells + "<drawing r:id=\"rId1\"/>",
                relationships: link("../../../../etc/passwd")
            ),
            .init(name: "3", content: cells + "<drawing r:id=\"none\"/>"),
        ]
        let document = try Extractors.extract(maker.bytes()).document
        #expect(document.tables.count == 3)
    }

    @Test("damaged parts, document types and empty books give errors with a code")
    func damaged() {
        #expect(Self.code(Self.book("<sheetData><row>")) == .unreadable)
        #expect(Self.code(Self.book("<sheetData/>")) == .empty)
        var hidden = WorkbookMaker()
        let cells = WorkbookMaker.sheet([["甲"]])
        hidden.sheets = [.init(name: "甲", content: cells, state: "hidden")]
        #expect(Self.code(hidden.bytes()) == .noText)
        var bomb = WorkbookMaker()
        bomb.sheets = [.init(name: "甲", content: cells)]
        bomb.more = [
            (
                "xl/_rels/workbook.xml.rels",
                "<!DOCTYPE r [<!ENTITY a \"aaaa\">]><Relationships>&a;</Relationships>"
            )
        ]
        #expect(Self.code(bomb.bytes()) != .internal)
        let none = ZipMaker.zip(["[Content_Types].xml": "<Types/>", "xl/other.xml": "<x/>"])
        #expect(Self.code(none) == .unreadable)
    }

    @Test("a document type in a sheet or in the shared strings is refused")
    func documentTypes() throws {
        let attack = """
            <!DOCTYPE sst [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
            <!ENTITY e SYSTEM "file:///etc/passwd">]><sst><si><t>&b;&e;</t></si></sst>
            """
        var code: ReportError.Code?
        do throws(ReportError) {
            _ = try SharedStrings.read(Array(attack.utf8))
        } catch {
            code = error.code
        }
        #expect(code == .unreadable)
    }

    @Test("depth of elements is bounded")
    func deep() {
        let deep =
            "<sheetData>" + String(repeating: "<row>", count: 100_000)
            + String(repeating: "</row>", count: 100_000) + "</sheetData>"
        let code = Self.code(Self.book(deep))
        #expect(code == .unreadable || code == .tooDeep)
    }
}
