import ReportModel
import Testing

@testable import ReportParsing

@Suite("Damaged workbooks and pages")
struct SheetFuzzTests {
    /// A small generator, so that a failing round can be repeated from its seed.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    /// Rounds of each test; ten thousand and more were run by hand.
    private static let rounds = 200

    private static let pieces = [
        "<", ">", "&", "\"", "'", "/", "=", "99999999999", "-1", "<row>", "</row>", "<c r=\"B2\"/>",
        "<table>", "<td>", "<td rowspan=0>", "</table>", "<![if", "]>", "<!--", "&#x10FFFF;",
        "\u{0}",
        "s=\"7\"", "t=\"s\"", "ref=\"A1:XFD1048576\"", "甲", "<ol start=-5><li>", "<pre>\n",
    ]

    /// Changes a few places of a text.
    static func mutated(_ text: String, _ generator: inout Generator) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let start = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(bytes.count, start + Int.random(in: 0...12, using: &generator))
            let piece = pieces.randomElement(using: &generator) ?? ""
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes.removeSubrange(start..<end)
            case 1: bytes[start] = UInt8.random(in: 0...255, using: &generator)
            case 2: bytes.insert(contentsOf: bytes[start..<end], at: start)
            default: bytes.replaceSubrange(start..<end, with: piece.utf8)
            }
            if bytes.isEmpty { return [0x3C] }
        }
        return bytes
    }

    /// Whether a file gives a document whose tables hold together, or an error of the document.
    static func isSound(_ bytes: [UInt8]) -> Bool {
        do throws(ReportError) {
            let document = try Extractors.extract(bytes).document
            return document.tables.allSatisfy { table in
                table.cells.allSatisfy { cell in
                    document.blocks.indices.contains(cell.block) && cell.row >= 0
                        && cell.column >= 0
                        && cell.rowSpan > 0 && cell.columnSpan > 0
                }
            }
        } catch {
            return error.code.isAboutDocument
        }
    }

    @Test("a changed sheet, string table or style sheet never traps")
    func workbooks() {
        for seed in 1...Self.rounds where !Self.isWorkbookSound(seed) {
            Issue.record("seed \(seed)")
        }
    }

    private static func isWorkbookSound(_ seed: Int) -> Bool {
        var generator = Generator(state: UInt64(seed))
        let sheet = WorkbookMaker.sheet(
            [["项目支出绩效自评表"], ["甲", "乙", "1"], ["", "丙", "2"], [], ["丁", "3"]],
            merges: ["A1:C1", "A2:A3"],
            bordered: 2...3
        )
        var maker = WorkbookMaker()
        maker.strings = ["<t>甲</t>"]
        maker.styles = WorkbookMaker.someStyles
        maker.sheets = [.init(name: "甲", content: sheet)]
        let part = Int.random(in: 0..<3, using: &generator)
        func changed(_ text: String) -> String {
            String(decoding: mutated(text, &generator), as: UTF8.self)
        }
        if part == 0 { maker.sheets[0].content = changed(sheet) }
        if part == 1 { maker.strings = [changed("<r><t>甲_x000D_</t></r><rPh><t>a</t></rPh>")] }
        if part == 2 { maker.styles = changed(WorkbookMaker.someStyles) }
        return isSound(maker.bytes())
    }

    @Test("a changed page or workbook of XML never traps")
    func pages() {
        for seed in 1...Self.rounds where !Self.isPageSound(seed) {
            Issue.record("seed \(seed)")
        }
    }

    private static func isPageSound(_ seed: Int) -> Bool {
        var generator = Generator(state: UInt64(seed))
        let page = """
            <html><head><meta charset=utf-8></head><body><h1>报告</h1><ol type=a><li>甲<li>乙</ol>
            <table><tr><td rowspan=2 colspan=3>甲<td>乙<tr><td>丙<table><tr><td>丁<td>1</table></table>
            <![if !supportLists]>一、<![endif]><pre>a\nb</pre><p style='mso-list:Ignore'>文</p></body></html>
            """
        let book = XmlSheetTests.book(XmlSheetTests.sheet)
        return isSound(mutated(page, &generator)) && isSound(mutated(book, &generator))
    }
}
