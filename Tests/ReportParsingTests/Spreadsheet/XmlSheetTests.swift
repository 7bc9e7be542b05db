import ReportModel
import Testing

@testable import ReportParsing

@Suite("Workbooks saved as XML")
struct XmlSheetTests {
    static func book(_ sheets: String) -> String {
        """
        <?xml version="1.0" encoding="gb2312"?>
        <?mso-application progid="Excel.Sheet"?>
        <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
         xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles>
        <Style ss:ID="Default"><NumberFormat/></Style>
        <Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style>
        <Style ss:ID="d" ss:Parent="p"><NumberFormat ss:Format="yyyy&quot;年&quot;m&quot;月&quot;"/>
        <Borders><Border ss:LineStyle="Continuous"/></Borders></Style></Styles>\(sheets)</Workbook>
        """
    }

    static let sheet = """
        <Worksheet ss:Name="表"><Table><Column/><Column ss:Index="3" ss:Hidden="1"/>
        <Row><Cell ss:MergeAcross="3"><Data ss:Type="String">项目支出绩效自评表</Data></Cell></Row>
        <Row ss:Index="3"><Cell ss:MergeDown="1"><Data ss:Type="String">资金</Data></Cell>
        <Cell><Data ss:Type="String">执行率</Data></Cell><Cell><Data ss:Type="Number">9</Data></Cell>
        <Cell ss:StyleID="p"><Data ss:Type="Number">0.97750000000000004</Data></Cell></Row>
        <Row><Cell ss:Index="2"><Data ss:Type="String">日期</Data></Cell><Cell ss:Index="4"
        ss:StyleID="d"><Data ss:Type="DateTime">2023-12-31T00:00:00.000</Data></Cell></Row>
        </Table></Worksheet><Worksheet ss:Name="隐"><Table/><WorksheetOptions
        xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions>
        </Worksheet>
        """

    @Test(
        "cells, merged ranges, formats, hidden columns and sheets",
        arguments: ["UTF-8", "GB18030"]
    )
    func values(_ encoding: String) throws {
        let bytes = try EncodingTests.encode(Self.book(Self.sheet), to: encoding)
        let extraction = try Extractors.extract(bytes)
        #expect(extraction.format == "xml")
        #expect(
            extraction.document.outline == [
                "p:项目支出绩效自评表", "0/0,0v2:资金", "0/0,1:执行率", "0/0,2:97.75%", "0/1,1:日期",
                "0/1,2:2023年12月",
            ]
        )
        #expect(extraction.document.unread.map(\.what) == ["工作表“表”隐藏的行和列", "工作表“隐”"])
        #expect(extraction.document.blocks.last?.address == "D4")
    }

    @Test("indices and spans beyond all measure are harmless, document types are refused")
    func hostile() throws {
        let odd = Self.book(
            """
            <Worksheet><Table><Column ss:Span="99999999999999999999"/><Column ss:Index="-1"/>
            <Column ss:Index="1048576" ss:Span="1048576" ss:Hidden="1"/><Row ss:Index="1048576">
            <Cell ss:Index="16384" ss:MergeAcross="999999999" ss:MergeDown="999999999"><Data>甲</Data>
            </Cell><Cell><Data>乙</Data></Cell></Row><Row/><Row ss:Span="1048576"/></Table></Worksheet>
            """
        )
        let document = try Extractors.extract(Array(odd.utf8)).document
        #expect(document.outline == ["p:甲"])
        let attack =
            "<?xml version=\"1.0\"?><!DOCTYPE Workbook [<!ENTITY a \"b\">]>"
            + "<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">&a;</Workbook>"
        var code: ReportError.Code?
        do throws(ReportError) {
            _ = try Extractors.extract(Array(attack.utf8))
        } catch {
            code = error.code
        }
        #expect(code == .unreadable)
        #expect(SheetDecimal(date: "2024-02-29T12:00:00") == SheetDecimal(45351.5))
        #expect(SheetDecimal(date: "1900-02-01") == nil)
        #expect(SheetDecimal(date: "2024-13-01") == nil)
    }
}
