import ReportExport
import ReportModel
import Testing

@Suite struct TableTests {
    private func line(_ cells: [TableCell]) -> String {
        String(decoding: CSVWriter().line(cells), as: UTF8.self)
    }

    private func cell(_ column: String, of table: ExportTable, row: Int = 0) throws -> TableCell {
        let rows = table.rows(of: try RichRecord.exported())
        let index = try #require(table.columns.firstIndex { $0.name == column })
        return rows[row][index]
    }

    @Test("names of columns never change: they are only added at the end")
    func columns() {
        for (table, names) in StableColumns.names {
            #expect(Array(table.columns.map(\.name).prefix(names.count)) == names, "\(table)")
        }
        #expect(StableColumns.names.count == ExportTable.allCases.count)
    }

    @Test(
        "every row has a cell for each column, and names are unique",
        arguments: ExportTable.allCases
    )
    func widths(table: ExportTable) throws {
        let rows = table.rows(of: try RichRecord.exported())
        #expect(!rows.isEmpty)
        #expect(rows.allSatisfy { $0.count == table.columns.count })
        #expect(Set(table.columns.map(\.name)).count == table.columns.count)
        #expect(Set(table.columns.map(\.title)).count == table.columns.count)
    }

    @Test("the wide row takes the amount of the part that gave the kind and names what has several")
    func wideAmounts() throws {
        #expect(try cell("yuan.budget", of: .records) == .yuan("1000000"))
        #expect(try cell("yuan.yoy-delta", of: .records) == .yuan("-0.5"))
        #expect(try cell("yuan.executed", of: .records) == .empty)
        #expect(try cell("yuan.executed-expenditure-total", of: .records) == .yuan("2"))
        #expect(try cell("several", of: .records) == .text("budget"))
        #expect(try cell("staffing.serving", of: .records) == .number("12"))
        #expect(try cell("project", of: .records) == .text("慰问经费"))
        #expect(try cell("reportDate", of: .records) == .day("2024-03-05"))
    }

    @Test("the file begins with a byte order mark and lines end with CRLF")
    func form() {
        let header = CSVWriter().header(of: .sections)
        #expect(Array(header.prefix(3)) == [0xEF, 0xBB, 0xBF])
        let text = String(decoding: header.dropFirst(3), as: UTF8.self)
        #expect(text == "key,id,year,unit,number,title,level\r\n")
        let titles = CSVWriter().header(of: .sections, titles: true)
        #expect(String(decoding: titles, as: UTF8.self).contains("编号,版本号,年度"))
    }

    @Test("separators, quotation marks and line feeds are quoted, control characters dropped")
    func quoting() {
        #expect(line([.text("甲,乙"), .text("说\"好\""), .empty]) == "\"甲,乙\",\"说\"\"好\"\"\",\r\n")
        #expect(line([.text("一\n二"), .text("a\u{0}b"), .integer(7)]) == "\"一\n二\",ab,7\r\n")
        #expect(line([.text(" 空 "), .text("")]) == "\" 空 \",\r\n")
    }

    @Test(
        "text that a spreadsheet would take for a formula is defused, numbers are not",
        arguments: ["=1+1", "+86", "-5", "@SUM(A1)", "＝1", "－1", "＋1", "＠a"]
    )
    func injection(text: String) {
        #expect(line([.text(text)]) == "'\(text)\r\n")
        #expect(line([.yuan("-5.20"), .number("-1")]) == "-5.20,-1\r\n")
    }

    @Test("a formula behind a tab is defused as well")
    func tabs() {
        #expect(line([.text("\t=1+1")]) == "\"'\t=1+1\"\r\n")
    }

    @Test(
        "codes that a spreadsheet would change end with a tab, others stay",
        arguments: [
            ("440811230000000012345", true), ("012345", true), ("1-2", true), ("2023/1", true),
            ("12e4567812345678", true), ("440811", false), ("20101", false), ("甲001", false),
            ("abcdef0123456789", false), ("", false),
        ]
    )
    func codes(code: String, needsTab: Bool) {
        #expect(line([.code(code)]) == (needsTab ? "\"\(code)\t\"\r\n" : code + "\r\n"))
    }

    @Test("long tables carry exact values and where they stand")
    func longRows() throws {
        let amounts = ExportTable.amounts.rows(of: try RichRecord.exported())
        #expect(
            line(amounts[1])
                == "\(RichRecord.key),3-0123abcd,2023,总工会,项目预算,budget,100,万元,1000000,,0,,2010101,,"
                + "project-self-evaluation-table,\"自评,报告\"\"一\"\".txt\",附表!B7,表中\r\n"
        )
        #expect(try cell("yuan", of: .amounts, row: 3) == .yuan("12345678901234567.89"))
        #expect(try cell("budgetYuan", of: .projects) == .yuan("10005000"))
        #expect(try cell("code", of: .projects) == .code("440811230000000012345"))
        #expect(try cell("type", of: .items) == .word("problem", title: "问题"))
        #expect(try cell("type", of: .items, row: 1) == .word("improvement", title: "改进措施"))
    }
}

/// What programs outside rely on.
enum StableColumns {
    static let names: [(ExportTable, [String])] = [
        (
            .records,
            split(
                """
                key year province city district unit kind project version id status recordedAt score \
                grade executionRate staffing.authorised staffing.authorised-administrative \
                staffing.authorised-institution staffing.serving staffing.serving-administrative \
                staffing.serving-institution staffing.retired staffing.contract staffing.other \
                yuan.budget-initial yuan.budget-initial-total yuan.budget-initial-income \
                yuan.budget-initial-expenditure yuan.budget-initial-project yuan.budget-initial-part \
                yuan.budget-initial-item yuan.budget yuan.budget-total yuan.budget-income \
                yuan.budget-expenditure yuan.budget-project yuan.budget-part yuan.budget-item \
                yuan.executed yuan.executed-total yuan.executed-income yuan.executed-expenditure \
                yuan.executed-project yuan.executed-part yuan.executed-item yuan.final-grand-total \
                yuan.final-income-total yuan.final-income-part yuan.final-expenditure-total \
                yuan.final-expenditure-part yuan.final-expenditure-function \
                yuan.final-expenditure-item yuan.opening-carry-over yuan.closing-carry-over \
                yuan.prior-final yuan.yoy-delta yuan.three-public-total yuan.three-public-part \
                yuan.three-public-budget yuan.operating-funds yuan.procurement yuan.assets \
                yuan.funds-received yuan.other several findings.high findings.medium findings.low \
                findings.info title sources unitName regionCode reportDate node conflict \
                yuan.budget-initial-income-total yuan.budget-initial-income-part \
                yuan.budget-initial-income-item yuan.budget-initial-expenditure-total \
                yuan.budget-initial-expenditure-part yuan.budget-initial-expenditure-item \
                yuan.budget-initial-project-total yuan.budget-initial-project-part \
                yuan.budget-initial-project-item yuan.budget-income-total yuan.budget-income-part \
                yuan.budget-income-item yuan.budget-expenditure-total yuan.budget-expenditure-part \
                yuan.budget-expenditure-item yuan.budget-project-total yuan.budget-project-part \
                yuan.budget-project-item yuan.executed-income-total yuan.executed-income-part \
                yuan.executed-income-item yuan.executed-expenditure-total \
                yuan.executed-expenditure-part yuan.executed-expenditure-item \
                yuan.executed-project-total yuan.executed-project-part yuan.executed-project-item
                """
            )
        ),
        (
            .amounts,
            split(
                """
                key id year unit label role value valueUnit yuan direction approximate amountYear \
                functionCode project part source place quote
                """
            )
        ),
        (.rates, split("key id year unit label role percent direction part source place quote")),
        (
            .indicators,
            split(
                """
                key id year unit level1 level2 level3 target actual indicatorUnit weight score note \
                project part source place quote
                """
            )
        ),
        (.items, split("key id year unit type text part source place quote")),
        (
            .findings,
            split("key id year unit rule severity message stated computed fingerprint quotes")
        ),
        (
            .projects,
            split(
                """
                key id year unit name code budget executed valueUnit budgetYuan executedYuan part \
                source place quote
                """
            )
        ),
        (.sections, split("key id year unit number title level")),
        (.people, split("key id year unit name role")),
    ]

    private static func split(_ text: String) -> [String] {
        text.split(separator: " ").map { String($0) }
    }
}
