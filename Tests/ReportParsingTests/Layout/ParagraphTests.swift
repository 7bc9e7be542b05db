import Testing

@testable import ReportParsing

@Suite("Lines put back into paragraphs")
struct ParagraphTests {
    // Columns of text from 90 to 510: 35 squares of 12 points.
    private let full = "全年组织开展各类业务培训和技术指导工作并按照计划完成了各项既定的目标任务和要求"
    private var line: String { String(full.unicodeScalars.prefix(35).map(Character.init)) }
    private var indented: String { String(full.unicodeScalars.prefix(33).map(Character.init)) }

    @Test("a page of endless or no size is laid out as A4")
    func sides() throws {
        for side in [1e308, .infinity, .nan, -1, 0] as [Double] {
            var fixture = LayoutFixture(width: side, height: side)
            #expect(fixture.page.width == 595 && fixture.page.height == 842)
            fixture.text("一行文字。", x: 90, y: 90)
            #expect(try LayoutFixture.document([fixture]).paragraphs == ["一行文字。"])
        }
    }

    @Test("full lines go on, an indented line begins a paragraph")
    func indentation() throws {
        var page = LayoutFixture()
        page.lines(
            [
                (114, indented), (90, line), (90, "至此结束。"), (114, indented), (90, "也到此为止。"),
            ],
            y: 100
        )
        let document = try LayoutFixture.document([page])
        #expect(document.paragraphs == [indented + line + "至此结束。", indented + "也到此为止。"])
    }

    @Test("a sentence goes on over the end of a page, and page numbers and running heads fall away")
    func pageEnd() throws {
        var pages: [LayoutFixture] = []
        for index in 0..<3 {
            var page = LayoutFixture(index: index)
            page.text("青石县水利局自评报告", x: 240, y: 40, size: 9)
            page.lines([(90, line), (90, line), (90, line), (90, line)], y: 100)
            page.text("— \(index + 1) —", x: 280, y: 790, size: 10)
            pages.append(page)
        }
        let document = try LayoutFixture.document(pages)
        #expect(document.paragraphs.first == String(repeating: line, count: 12))
        #expect(document.paragraphs.dropFirst() == ["青石县水利局自评报告"])
        #expect(document.blocks.last?.isMargin == true)
    }

    @Test("all usual forms of page numbers are known, amounts and years are none")
    func pageNumbers() {
        for text in ["3", "— 3 —", "-12-", "第 3 页 共 9 页", "第3页", "3/9", "3 / 9", "iv", "· 5 ·"] {
            #expect(PageFurniture.isPageNumber(text), "\(text)")
        }
        for text in ["2023年", "12.50", "合计 3", "第三部分", "20231231", ""] {
            #expect(!PageFurniture.isPageNumber(text), "\(text)")
        }
    }

    @Test("a title broken over centred lines is one heading")
    func title() throws {
        var page = LayoutFixture()
        page.text("河东市青石县水利局", x: 196, y: 80, size: 22)
        page.text("2023年度部门整体支出", x: 186, y: 112, size: 22)
        page.text("绩效自评报告", x: 229, y: 144, size: 22)
        page.lines([(114, indented), (90, line), (90, "结束。")], y: 220)
        let document = try LayoutFixture.document([page])
        #expect(document.blocks[0].text == "河东市青石县水利局2023年度部门整体支出绩效自评报告")
        #expect(document.blocks[0].kind == .heading(level: nil))
        #expect(document.blocks.count == 2)
    }

    @Test("headings, labels, signatures and lists of contents keep their lines")
    func ownLines() throws {
        var page = LayoutFixture()
        page.lines(
            [
                (114, "一、基本情况"), (114, "（一）机构设置"), (114, indented), (90, "说明如下："),
                (114, "1.第一项任务。"),
                (114, "2.第二项任务。"), (414, "青石县水利局"), (402, "2024年4月8日"),
            ],
            y: 100
        )
        var contents = LayoutFixture(index: 1)
        let dots = String(repeating: ".", count: 52)
        contents.lines([(90, "一、概况\(dots)11"), (90, "二、绩效\(dots)12")], y: 100)
        let document = try LayoutFixture.document([page, contents])
        #expect(document.paragraphs.prefix(3) == ["一、基本情况", "（一）机构设置", indented + "说明如下："])
        #expect(document.paragraphs.dropFirst(3).prefix(2) == ["1.第一项任务。", "2.第二项任务。"])
        #expect(document.paragraphs.dropFirst(5).prefix(2) == ["青石县水利局", "2024年4月8日"])
        #expect(document.paragraphs.count == 9)
    }

    @Test("Latin words are joined with a blank, numbers and Chinese without")
    func joints() {
        #expect(ParagraphJoiner.joined("market", "regulation") == "market regulation")
        #expect(ParagraphJoiner.joined("共138.", "79万元") == "共138.79万元")
        #expect(ParagraphJoiner.joined("预算", "执行") == "预算执行")
        #expect(ParagraphJoiner.joined("example.cn/", "abc") == "example.cn/abc")
    }

    @Test("a raised mark and a small unit stay in their line")
    func superscript() throws {
        var page = LayoutFixture()
        page.text("面积二百m", x: 90, y: 100)
        page.text("2", x: 144, y: 98, size: 6)
        page.text("左右", x: 148, y: 100)
        let document = try LayoutFixture.document([page])
        #expect(document.paragraphs == ["面积二百m2左右"])
    }

    @Test("running text in two columns is read column by column")
    func columns() throws {
        var page = LayoutFixture()
        page.text("绩效评价工作简报", x: 220, y: 60, size: 18)
        let short = String(full.unicodeScalars.prefix(17).map(Character.init))
        for row in 0..<14 {
            page.text(short, x: 70, y: 110 + 20 * Double(row))
            page.text(String(short.reversed()), x: 320, y: 110 + 20 * Double(row))
        }
        let document = try LayoutFixture.document([page])
        let left = String(repeating: short, count: 14)
        let right = String(repeating: String(short.reversed()), count: 14)
        #expect(document.tables.isEmpty)
        #expect(document.paragraphs.dropFirst().joined() == left + right)
    }
}
