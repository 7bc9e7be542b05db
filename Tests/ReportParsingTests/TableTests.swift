import ReportParsing
import Testing

@Suite("Tables in text")
struct TableTests {
    /// A table as lines of `row,column+spans:text`.
    static func layout(_ text: String) throws -> [[String]] {
        let document = try Extractors.extract(Array(text.utf8)).document
        return document.tables.map { table in
            table.cells.map { cell in
                let spans =
                    (cell.rowSpan > 1 ? "v\(cell.rowSpan)" : "")
                    + (cell.columnSpan > 1 ? "h\(cell.columnSpan)" : "")
                return "\(cell.row),\(cell.column)\(spans):" + document.blocks[cell.block].text
            }
        }
    }

    @Test("a cell per line: rows end at empty lines, empty cells continue the cell above")
    func cellPerLine() throws {
        let text = """
            自评表
            \t资金

            （万元）
            \t项目
            \t预算数
            \t得分

            \t
            \t来源
            \t合计
            \t20.5
            \t10

            \t
            \t
            \t其他
            \t\u{3000}
            \t－

            \t总分
            \t10


            后面的正文是一个完整的句子。
            """
        let tables = try Self.layout(text)
        #expect(
            tables == [
                [
                    "0,0v3:资金\n（万元）", "0,1h2:项目", "0,3:预算数", "0,4:得分", "1,1v2:来源", "1,2:合计",
                    "1,3:20.5", "1,4:10", "2,2:其他", "2,4:－", "3,0h4:总分", "3,4:10",
                ]
            ]
        )
    }

    @Test("a row that an empty last line of a cell cut in two is whole again")
    func cutRow() throws {
        let text = """
            \t整体
            \t结构
            \t合计
            \t1
            \t2

            \t
            \t来源

            \t小计
            \t3
            \t4

            \t
            \t
            \t其他
            \t5
            \t6
            """
        let tables = try Self.layout(text)
        #expect(tables.count == 1)
        #expect(tables.first?.contains("1,2:小计") == true)
        #expect(tables.first?.contains("1,1v2:来源") == true)
        #expect(tables.first?.contains("2,4:6") == true)
    }

    @Test("paragraphs indented with a tab are no table")
    func indented() throws {
        let text = """
            \t一、基本情况
            \t本单位内设股室三个，年末在职人员九人。
            \t二、收支情况
            \t全年收入合计一百万元，支出合计一百万元，收支平衡。
            """
        #expect(try Self.layout(text).isEmpty)
    }

    @Test("tabs divide the cells of a line")
    func tabs() throws {
        #expect(
            try Self.layout("项目\t预算\t执行\n合计\t10\t9\n其中\t\t3\n")
                == [["0,0:项目", "0,1:预算", "0,2:执行", "1,0:合计", "1,1:10", "1,2:9", "2,0:其中", "2,2:3"]]
        )
    }

    @Test("Markdown tables lose their rule, keep escaped bars and line breaks")
    func pipes() throws {
        let text = """
            | 一级指标 | 二级指标 | 值 |
            |:---|:--:|---:|
            | 产出指标 | 数量\\|质量 | ≥5 |
            |  | 时效<br>指标 | 12月 |
            """
        #expect(
            try Self.layout(text) == [
                [
                    "0,0:一级指标", "0,1:二级指标", "0,2:值", "1,0v2:产出指标", "1,1:数量|质量", "1,2:≥5",
                    "2,1:时效\n指标", "2,2:12月",
                ]
            ]
        )
    }

    @Test("drawn tables: a rule between all rows joins lines, a rule below the head does not")
    func boxes() throws {
        let ruled = """
            ┌────┬────┬────┐
            │ 项目 │ 预算 │ 执行 │
            ├────┼────┼────┤
            │ 人员 │ 10 │ 10 │
            │ 支出 │    │    │
            ├────┼────┼────┤
            │ 公用 │ 3  │ 2  │
            └────┴────┴────┘
            """
        #expect(
            try Self.layout(ruled) == [
                [
                    "0,0:项目", "0,1:预算", "0,2:执行", "1,0:人员\n支出", "1,1:10", "1,2:10", "2,0:公用",
                    "2,1:3", "2,2:2",
                ]
            ]
        )
        let plain = """
            +------+----+
            | 项目 | 数 |
            +------+----+
            | 甲   | 1  |
            | 乙   | 2  |
            +------+----+
            """
        #expect(
            try Self.layout(plain)
                == [["0,0:项目", "0,1:数", "1,0:甲", "1,1:1", "2,0:乙", "2,1:2"]]
        )
    }

    @Test("blanks divide columns only when every line agrees")
    func aligned() throws {
        let table = """
            项目          预算数    执行数
            基本支出        12.5      12.1
            项目支出         8.0       7.9
            """
        #expect(try Self.layout(table).first?.count == 9)
        let prose = """
            单位名称    示例区示例局
            一段正文里  偶尔有  两处空格
            另一段正文没有
            """
        #expect(try Self.layout(prose).isEmpty)
    }

    @Test("nothing of a text is lost", arguments: IdentityFixture.all)
    func nothingLost(_ fixture: IdentityFixture) throws {
        let document = try Extractors.extract(Array(fixture.text.utf8)).document
        let marks = Set("|-+#:*│┌─ ".unicodeScalars)
        func letters(_ text: String) -> String {
            String(
                String.UnicodeScalarView(
                    text.unicodeScalars.filter {
                        !$0.properties.isWhitespace && !marks.contains($0)
                    }
                )
            )
        }
        #expect(letters(document.blocks.map(\.text).joined()) == letters(fixture.text))
        #expect(
            letters(String(decoding: document.plainText, as: UTF8.self)) == letters(fixture.text)
        )
    }

    @Test("a line that a page end broke becomes one paragraph again, a heading does not join")
    func brokenLines() throws {
        let text = """
            单位按照年初下达的预算指标和绩效目标开展工作，各项任务均按计划推进并

            在年底前完成，资金使用符合规定。

            二、存在的问题

            无
            """
        let document = try Extractors.extract(Array(text.utf8)).document
        #expect(document.blocks.count == 3)
        #expect(document.blocks.first?.text.hasSuffix("并在年底前完成，资金使用符合规定。") == true)
        #expect(document.blocks[1].kind == .heading(level: nil))
    }
}
