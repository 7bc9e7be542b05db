import ReportModel
import Testing

@testable import ReportParsing

@Suite("Reading OFD files")
struct OfdTests {
    private func code(_ bytes: [UInt8]) -> ReportError.Code? {
        do throws(ReportError) {
            _ = try Extractors.extract(bytes)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("pieces of lines are joined by their places, over pages too")
    func pieces() throws {
        // 35 squares of 4 mm from 30 to 170.
        let half = "全年组织开展各类业务培训和技术指导"
        let other = "工作并且按照计划完成了各项既定的任务"
        let file = OfdMaker(
            pages: [
                OfdMaker.text(other, x: 98, y: 40) + OfdMaker.text(half, x: 30, y: 40)
                    + OfdMaker.text(half, x: 30, y: 47) + OfdMaker.text(other, x: 98, y: 47),
                OfdMaker.text("到此结束。", x: 30, y: 40)
                    + OfdMaker.text("第2页", x: 100, y: 285, size: 3),
            ]
        )
        let found = try Extractors.extract(file.bytes())
        #expect(found.format == "ofd")
        #expect(found.pages == 2)
        #expect(found.document.blocks.map(\.text) == [half + other + half + other + "到此结束。"])
        #expect(found.document.blocks.map(\.page) == [0])
    }

    @Test("paths that make a grid make a table")
    func table() throws {
        var page = OfdMaker.grid(columns: [20, 50, 120, 180], rows: [40, 50, 64, 74])
        page += OfdMaker.text("指标", x: 22, y: 43)
        page += OfdMaker.text("指标值", x: 52, y: 43)
        page += OfdMaker.text("得分", x: 122, y: 43)
        page += OfdMaker.text("产出数量指", x: 25, y: 51.5) + OfdMaker.text("标", x: 33, y: 57)
        page += OfdMaker.text("≥86处", x: 52, y: 55, delta: "4 2 2")
        page += OfdMaker.text("9.5", x: 122, y: 55, delta: "g 2 2")
        page += OfdMaker.text("总分", x: 22, y: 67)
        page += OfdMaker.text("97.5", x: 122, y: 67, delta: "g 3 2")
        let document = try Extractors.extract(OfdMaker(pages: [page]).bytes()).document
        #expect(
            document.rows(0) == [
                ["指标", "指标值", "得分"], ["产出数量指标", "≥86处", "9.5"], ["总分", "", "97.5"],
            ]
        )
    }

    @Test("matrices, repeated distances and templates are followed")
    func places() throws {
        var file = OfdMaker(pages: [
            // Twice the size, and text that a matrix turns by a quarter inside a page of others.
            OfdMaker.text("大字标题", x: 60, y: 40, size: 4, matrix: "2 0 0 2 0 0")
                + OfdMaker.text("正文说明这一年的工作情况和成绩。", x: 30, y: 80)
                + OfdMaker.text("侧", x: 190, y: 150, matrix: "0 1 -1 0 0 0")
        ])
        file.template = OfdMaker.text("模板上的文字", x: 30, y: 60)
        let document = try Extractors.extract(file.bytes()).document
        #expect(document.paragraphs == ["大字标题", "模板上的文字", "正文说明这一年的工作情况和成绩。", "侧"])
        #expect(document.blocks[0].kind == .heading(level: nil))
        #expect(OfdNumbers.deltas("1 g 3 2.5 4", count: 9) == [1, 2.5, 2.5, 2.5, 4])
        #expect(OfdNumbers.deltas("g 1000000000 1", count: 3) == [1, 1, 1])
        #expect(OfdNumbers.deltas("g -5 1 2", count: 3) == [2])
        #expect(OfdNumbers.deltas("g x", count: 3) == [])
    }

    @Test("places of entries are followed from the folder of the file that names them")
    func names() {
        #expect(
            OfdPackage.resolve("Pages/P.xml", from: "Doc_0/Document.xml") == "Doc_0/Pages/P.xml"
        )
        #expect(OfdPackage.resolve("/Doc_1/D.xml", from: "Doc_0/Document.xml") == "Doc_1/D.xml")
        #expect(OfdPackage.resolve("../../../etc/x", from: "Doc_0/D.xml") == "etc/x")
        #expect(OfdPackage.resolve(" ./A.xml ", from: "OFD.xml") == "A.xml")
    }

    @Test("seals, attachments and missing pages are noted, pages without text refused")
    func notes() throws {
        var file = OfdMaker(pages: [OfdMaker.text("有文字的页。", x: 30, y: 40), ""])
        file.body = "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>"
        file.document = "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>"
        file.entries = [
            ("Doc_0/Signs/Signatures.xml", "<Signatures><Signature ID=\"1\"/></Signatures>"),
            (
                "Doc_0/Attachs/Attachments.xml",
                "<Attachments><Attachment Name=\"明细\"/></Attachments>"
            ),
        ]
        let document = try Extractors.extract(file.bytes()).document
        #expect(document.unread.map(\.what) == ["第 2 页", "1 处电子签章", "附件 明细"])
        #expect(code(OfdMaker(pages: ["", OfdMaker.path("M 0 0 L 9 9")]).bytes()) == .noText)
        #expect(code(OfdMaker(pages: []).bytes()) == .unreadable)
    }

    @Test("damaged, locked and hostile files end in an error of their own")
    func hostile() {
        let whole = OfdMaker(pages: [OfdMaker.text("文字。", x: 30, y: 40)]).bytes()
        #expect(code(Array(whole.prefix(whole.count / 2))) != nil)
        var locked = OfdMaker(pages: [OfdMaker.text("文字。", x: 30, y: 40)])
        locked.entries = [("Encryptions.xml", "<Encryptions/>")]
        #expect(code(locked.bytes()) == .encrypted)
        #expect(code(ZipMaker.zip(["OFD.xml": "<OFD><DocBody/></OFD>"])) == .unreadable)
        let places = ["1e308", "-1e308", "nan", "inf", "", "x"].map {
            "<ofd:TextObject Boundary=\"\($0) \($0) 1 1\" CTM=\"\($0) 1 1 \($0) 0 0\" Size=\"\($0)\">"
                + "<ofd:TextCode X=\"\($0)\" Y=\"\($0)\" DeltaX=\"g 99999999999 \($0)\">字</ofd:TextCode>"
                + "</ofd:TextObject>" + OfdMaker.path("M \($0) 0 L 9 \($0) L C Q 1 B A")
        }
        let strange = OfdMaker(pages: [places.joined() + OfdMaker.text("正常。", x: 30, y: 40)])
        #expect(code(strange.bytes()) == nil)
    }
}
