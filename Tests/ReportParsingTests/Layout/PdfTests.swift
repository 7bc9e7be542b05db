import ReportModel
import Testing

@testable import ReportParsing

@Suite("Reading PDF files")
struct PdfTests {
    private func read(_ bytes: [UInt8]) throws(ReportError) -> Extraction {
        try Extractors.extract(bytes)
    }

    private func code(_ bytes: [UInt8]) -> ReportError.Code? {
        do throws(ReportError) {
            _ = try read(bytes)
            return nil
        } catch {
            return error.code
        }
    }

    private func page(_ lines: [String], size: Double = 12) -> PdfWriter.Page {
        var page = PdfWriter.Page()
        for (index, line) in lines.enumerated() {
            page.text(line, x: 90, y: 90 + 20 * Double(index), size: size)
        }
        return page
    }

    @Test("text of a page becomes blocks with their page, and the pages are counted")
    func pages() throws {
        let file = PdfWriter(pages: [page(["第一页的文字。"]), page(["第二页的文字。"])])
        let found = try read(file.bytes())
        #expect(found.format == "pdf")
        #expect(found.pages == 2)
        #expect(found.document.blocks.map(\.text) == ["第一页的文字。", "第二页的文字。"])
        #expect(found.document.blocks.map(\.page) == [0, 1])
    }

    @Test("a page with nothing but its number has no text")
    func onlyNumber() {
        var numbered = PdfWriter.Page()
        numbered.text("1", x: 295, y: 806, size: 9)
        let bytes = PdfWriter(pages: [numbered]).bytes()
        do throws(ReportError) {
            _ = try Parser.parse(ParsingInput(name: "a.pdf", bytes: bytes))
            Issue.record("parsed")
        } catch {
            #expect(error.code == .noText)
        }
    }

    @Test("a drawn grid becomes a table whose narrow cells are joined")
    func table() throws {
        var page = PdfWriter.Page()
        page.text("项目支出绩效自评表", x: 220, y: 60, size: 18)
        page.grid(columns: [60, 110, 300, 400], rows: [100, 130, 170, 200])
        page.text("指标", x: 70, y: 108)
        page.text("指标值", x: 120, y: 108)
        page.text("得分", x: 320, y: 108)
        page.text("产出数", x: 66, y: 134)
        page.text("量", x: 79, y: 150)
        page.text("≥86处", x: 120, y: 142)
        page.text("9.5", x: 320, y: 142)
        page.text("总分", x: 70, y: 178)
        page.text("97.5", x: 320, y: 178)
        let document = try read(PdfWriter(pages: [page]).bytes()).document
        let table = try #require(document.tables.first)
        let texts = table.cells.map { document.blocks[$0.block].text }
        #expect(texts == ["指标", "指标值", "得分", "产出数量", "≥86处", "9.5", "总分", "97.5"])
        #expect(table.cells.map(\.column) == [0, 1, 2, 0, 1, 2, 0, 2])
        #expect(table.rowCount == 3)
        #expect(document.blocks.first?.kind == .heading(level: nil))
    }

    @Test("a page turned by a quarter reads like any other")
    func turned() throws {
        var page = PdfWriter.Page()
        page.turn = 90
        // Text that runs up the unturned page stands upright on the turned one.
        page.content =
            "BT /F1 12 Tf 0 1 -1 0 200 100 Tm <"
            + "横排的文字".unicodeScalars.map { PdfWriter.hex($0.value) }.joined() + "> Tj ET\n"
        let document = try read(PdfWriter(pages: [page]).bytes()).document
        #expect(document.blocks.map(\.text) == ["横排的文字"])
    }

    @Test("text that runs up a page without a turn is read in its own direction")
    func sideways() throws {
        var page = PdfWriter.Page()
        for (index, line) in ["第一行文字", "第二行文字"].enumerated() {
            page.content +=
                "BT /F1 12 Tf 0 1 -1 0 \(200 + 60 * index) 100 Tm <"
                + line.unicodeScalars.map { PdfWriter.hex($0.value) }.joined() + "> Tj ET\n"
        }
        let document = try read(PdfWriter(pages: [page]).bytes()).document
        #expect(document.blocks.map(\.text) == ["第一行文字", "第二行文字"])
    }

    @Test("radicals that stand for characters are read as the characters")
    func radicals() throws {
        let document = try read(
            PdfWriter(pages: [page(["\u{2F2F}会2023年\u{2F64}款\u{2ED3}期"])]).bytes()
        )
        .document
        #expect(document.blocks.map(\.text) == ["工会2023年用款长期"])
    }

    @Test("the value of a form field is text")
    func field() throws {
        var first = page(["联系电话："])
        first.field = "07161234567"
        let document = try read(PdfWriter(pages: [first]).bytes()).document
        let text = document.blocks.map(\.text).joined()
        #expect(text.contains("07161234567"))
    }

    @Test("a file without text is refused as a scan")
    func scan() {
        #expect(code(PdfWriter(pages: [PdfWriter.Page(), PdfWriter.Page()]).bytes()) == .noText)
    }

    @Test("a page without text among others is noted")
    func emptyPage() throws {
        let file = PdfWriter(pages: [page(["有文字的一页。"]), PdfWriter.Page()])
        let document = try read(file.bytes()).document
        #expect(document.unread.map(\.what) == ["第 2 页"])
    }

    @Test("text of private characters alone is refused as no text")
    func garbage() {
        let text = "\u{E001}\u{E002}\u{E003}\u{E004}\u{E005}。"
        #expect(code(PdfWriter(pages: [page([text])]).bytes()) == .noText)
    }

    @Test("a password is said to be the reason")
    func locked() {
        var file = PdfWriter(pages: [page(["有密码。"])])
        file.isLocked = true
        #expect(code(file.bytes()) == .encrypted)
    }

    @Test("a file cut short, or of random bytes, gives an error of its own")
    func damaged() {
        let whole = PdfWriter(pages: [page(["完整的文件。"])]).bytes()
        #expect(code(Array(whole.prefix(60))) == .truncated)
        let noise = Array("%PDF-1.7\n".utf8) + (0..<2_000).map { UInt8(($0 * 7 + $0 / 13) & 0xFF) }
        #expect(code(noise + Array("\n%%EOF".utf8)) == .unreadable)
    }

    @Test(
        "page trees that bite their own tail and pages that do not exist end in an error or a note"
    )
    func cyclic() {
        let text = String(decoding: PdfWriter(pages: [page(["一页。"])]).bytes(), as: UTF8.self)
        let loop = text.replacing("/Kids [8 0 R]", with: "/Kids [2 0 R]")
        #expect(code(Array(loop.utf8)) != nil)
        let many = text.replacing("/Count 1 ", with: "/Count 100000 ")
        #expect(code(Array(many.utf8)) != nil)
    }

    @Test("places beyond any page, and numbers that are none, do no harm")
    func places() throws {
        var first = page(["正常的一行。"])
        first.text("远处", x: 1e30, y: -1e30)
        first.text("大字", x: 10, y: 10, size: 1e20)
        first.line(-1e30, 5, 1e30, 5)
        first.line(1e300, -1e300, 0, 0)
        let document = try read(PdfWriter(pages: [first]).bytes()).document
        #expect(document.blocks.map(\.text).contains("正常的一行。"))
    }
}
