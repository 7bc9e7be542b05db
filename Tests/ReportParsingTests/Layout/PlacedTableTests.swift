import Testing

@testable import ReportParsing

@Suite("Tables rebuilt from places")
struct PlacedTableTests {
    private func form(_ index: Int = 0, rows count: Int = 3, head: Bool = true) -> LayoutFixture {
        var page = LayoutFixture(index: index)
        let rows = (0...count).map { 60 + 30 * Double($0) }
        page.grid(columns: [60, 120, 300, 380], rows: rows)
        if head {
            page.text("指标", x: 66, y: 68)
            page.text("名称", x: 126, y: 68)
            page.text("得分", x: 306, y: 68)
        }
        return page
    }

    @Test("cells are what rulings enclose; missing pieces of rulings merge them")
    func merged() throws {
        var page = LayoutFixture()
        for y in [100.0, 130, 190] { page.ruling(60, y, 380, y) }
        page.ruling(120, 160, 380, 160)
        for x in [60.0, 120, 380] { page.ruling(x, 100, x, 190) }
        page.ruling(300, 130, 300, 190)
        page.text("项目", x: 66, y: 108)
        page.text("跨两列的名称", x: 126, y: 108)
        page.text("产出", x: 66, y: 154)
        page.text("数量", x: 126, y: 138)
        page.text("10", x: 306, y: 138)
        page.text("质量", x: 126, y: 168)
        page.text("20", x: 306, y: 168)
        let document = try LayoutFixture.document([page])
        let spans = document.tables[0].cells.map { [$0.row, $0.column, $0.rowSpan, $0.columnSpan] }
        #expect(
            spans == [
                [0, 0, 1, 1], [0, 1, 1, 2], [1, 0, 2, 1], [1, 1, 1, 1], [1, 2, 1, 1], [2, 1, 1, 1],
                [2, 2, 1, 1],
            ]
        )
    }

    @Test("text that a narrow cell wraps is joined, lines that end by themselves are not")
    func wrapped() throws {
        var page = form()
        page.text("产出指", x: 66, y: 92, size: 12)
        page.text("标", x: 66, y: 106, size: 12)
        page.text("目标1：完成。", x: 126, y: 92, size: 10)
        page.text("目标2：完成。", x: 126, y: 105, size: 10)
        page.text("9.5", x: 306, y: 98)
        let rows = try LayoutFixture.document([page]).rows(0)
        #expect(rows[1] == ["产出指标", "目标1：完成。\n目标2：完成。", "9.5"])
    }

    @Test("a table goes on on the next page without its repeated head")
    func continued() throws {
        var first = form()
        first.text("产出", x: 66, y: 98)
        first.text("维修数量", x: 126, y: 98)
        first.text("10", x: 306, y: 98)
        first.text("合格率", x: 126, y: 128)
        first.text("20", x: 306, y: 128)
        var second = form(1)
        second.text("及时率", x: 126, y: 98)
        second.text("5", x: 306, y: 98)
        second.text("效益", x: 66, y: 128)
        second.text("受益人口", x: 126, y: 128)
        second.text("15", x: 306, y: 128)
        let document = try LayoutFixture.document([first, second])
        #expect(document.tables.count == 1)
        #expect(
            document.rows(0) == [
                ["指标", "名称", "得分"], ["产出", "维修数量", "10"], ["", "合格率", "20"], ["", "及时率", "5"],
                ["效益", "受益人口", "15"],
            ]
        )
        #expect(document.blocks.last?.page == 1)
    }

    @Test("a row that the page end cut is one row")
    func cutRow() throws {
        var first = form(rows: 2)
        first.text("产出", x: 66, y: 98)
        first.text("单处工程平均维修养护成本", x: 126, y: 98)
        first.text("10", x: 306, y: 98)
        var second = form(1, rows: 2, head: false)
        second.text("控制在预算范围以内", x: 126, y: 68)
        second.text("效益", x: 66, y: 98)
        second.text("受益人口", x: 126, y: 98)
        second.text("15", x: 306, y: 98)
        let rows = try LayoutFixture.document([first, second]).rows(0)
        #expect(rows[1] == ["产出", "单处工程平均维修养护成本控制在预算范围以内", "10"])
        #expect(rows[2] == ["效益", "受益人口", "15"])
    }

    @Test("a small running head above a continued table does not divide it")
    func headAbove() throws {
        var pages: [LayoutFixture] = []
        for index in 0..<3 {
            var page = form(index)
            page.text("项目支出绩效自评表（2022年度）", x: 200, y: 42, size: 9)
            page.text("指标\(index)", x: 126, y: 98)
            page.text("10", x: 306, y: 98)
            page.text("指标外\(index)", x: 126, y: 128)
            page.text("20", x: 306, y: 128)
            pages.append(page)
        }
        let document = try LayoutFixture.document(pages)
        #expect(document.tables.count == 1)
        #expect(document.rows(0).count == 7)
    }

    @Test("text that runs over a ruling makes its cells one")
    func crossed() throws {
        var page = form()
        page.text("一个很长的名称越过了线", x: 66, y: 98)
        page.text("10", x: 306, y: 98)
        page.text("产出", x: 66, y: 128)
        page.text("数量", x: 126, y: 128)
        page.text("20", x: 306, y: 128)
        let document = try LayoutFixture.document([page])
        #expect(document.rows(0)[1] == ["一个很长的名称越过了线", "", "10"])
        #expect(document.rows(0)[2] == ["产出", "数量", "20"])
    }

    @Test("tables of other columns on the next page stay tables of their own")
    func otherTable() throws {
        var first = form()
        first.text("10", x: 306, y: 98)
        var second = LayoutFixture(index: 1)
        second.grid(columns: [60, 200, 250, 380], rows: [60, 90, 120])
        second.text("科目", x: 66, y: 68)
        second.text("支出", x: 206, y: 68)
        #expect(try LayoutFixture.document([first, second]).tables.count == 2)
    }

    @Test("columns that many lines share are a table without rulings")
    func aligned() throws {
        var page = LayoutFixture()
        let rows = [
            ["项目", "年初预算", "决算数", "完成率"], ["人员经费", "86.20", "87.95", "99.83%"],
            ["公用经费", "10.50", "10.35", "98.57%"], ["困难职工帮扶", "", "18.90", "94.50%"],
            ["合计", "96.70", "117.20", "98.83%"],
        ]
        for (row, cells) in rows.enumerated() {
            for (column, cell) in cells.enumerated() {
                page.text(cell, x: 80 + 110 * Double(column), y: 100 + 22 * Double(row))
            }
        }
        let document = try LayoutFixture.document([page])
        #expect(document.rows(0) == rows)
        #expect(document.paragraphs.isEmpty)
    }

    @Test("prose with wide blanks, labels with values and a frame are no tables")
    func noTables() throws {
        var page = LayoutFixture()
        page.lines(
            [
                (90, "单位名称：    青石县水利局"), (90, "联系电话：    07161234567"),
                (90, "填报日期：    2024年4月8日"), (90, "负责人：      李某某"),
            ],
            y: 100
        )
        page.grid(columns: [80, 500], rows: [300, 360])
        page.text("框内的一段说明文字。", x: 90, y: 320)
        let document = try LayoutFixture.document([page])
        #expect(document.tables.isEmpty)
        #expect(document.paragraphs.count == 5)
    }

    @Test("strokes of characters and shades of cells are no rulings")
    func raster() {
        let width = 200
        let height = 120
        var pixels = [UInt8](repeating: 255, count: width * height)
        func fill(_ columns: Range<Int>, _ rows: Range<Int>, _ shade: UInt8) {
            for y in rows { for x in columns { pixels[y * width + x] = shade } }
        }
        fill(10..<190, 20..<21, 0)
        fill(10..<190, 60..<62, 100)
        fill(10..<11, 20..<61, 0)
        fill(20..<100, 70..<110, 200)
        fill(120..<130, 90..<91, 0)
        let found = pixels.withUnsafeBufferPointer {
            RulingScanner.rulings(
                .init(pixels: $0, width: width, height: height, bytesPerRow: width, scale: 1)
            )
        }
        let merged = RulingMerger.merge(found, texts: [])
        #expect(merged.map(\.isLevel) == [true, true, false])
        #expect(merged.map { $0.position.rounded() } == [21, 61, 11])
    }

    @Test("many random pieces and lines are put together within bounds")
    func noise() throws {
        var seed: UInt64 = 20_261_121
        func next(_ limit: Double) -> Double {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(seed >> 40) / Double(1 << 24) * limit
        }
        var page = LayoutFixture()
        for _ in 0..<3_000 {
            page.text("字", x: next(700) - 50, y: next(900) - 50, size: next(30) + 1)
        }
        for _ in 0..<400 {
            let (x, y) = (next(595), next(842))
            page.ruling(x, y, x + next(300) + 1, y)
            page.ruling(x, y, x, y + next(300) + 1)
        }
        let document = try LayoutFixture.document([page])
        let count = document.blocks.reduce(0) { $0 + $1.text.filter { $0 == "字" }.count }
        #expect(count > 2_000)
        let valid = document.tables.allSatisfy {
            $0.cells.allSatisfy { $0.rowSpan > 0 && $0.column >= 0 }
        }
        #expect(valid)
    }
}
