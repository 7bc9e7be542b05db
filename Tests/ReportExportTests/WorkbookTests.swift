import ReportArchives
import ReportExport
import ReportModel
import ReportTestKit
import Testing

@Suite struct WorkbookTests {
    private func sheets(_ tables: [ExportTable]) throws -> [String: String] {
        let folder = TemporaryFolder()
        let path = folder.path("报告.xlsx")
        let workbook = try WorkbookWriter(path: path, tables: tables)
        try workbook.append(try RichRecord.exported())
        try workbook.append(try RichRecord.exported())
        try workbook.close()
        return try members(of: path).mapValues { String(decoding: $0, as: UTF8.self) }
    }

    /// The element of a cell in the XML of a sheet.
    private func cell(
        _ column: String,
        of table: ExportTable,
        row: Int,
        in sheet: String
    ) throws -> String {
        let index = try #require(table.columns.firstIndex { $0.name == column })
        let letters =
            index < 26
            ? String(Self.letter(index))
            : String(Self.letter(index / 26 - 1)) + String(Self.letter(index % 26))
        let start = try #require(sheet.firstRange(of: "<c r=\"\(letters)\(row)\""))
        let rest = sheet[start.lowerBound...]
        let end = try #require(rest.firstRange(of: "</c>"))
        return String(rest[..<end.lowerBound])
    }

    private static func letter(_ index: Int) -> Character {
        Character(Unicode.Scalar(UInt8(0x41 + index)))
    }

    @Test("a workbook has one named sheet for each table, with a frozen header that filters")
    func structure() throws {
        let tables = ExportTable.allCases
        let files = try sheets(tables)
        let workbook = try #require(files["xl/workbook.xml"])
        for table in tables { #expect(workbook.contains("name=\"\(table.title)\"")) }
        for index in tables.indices {
            let sheet = try #require(files["xl/worksheets/sheet\(index + 1).xml"])
            #expect(sheet.contains("state=\"frozen\""))
            #expect(sheet.contains("ySplit=\"1\""))
            #expect(sheet.contains("<autoFilter ref=\"A1:"))
            #expect(sheet.contains("<t>\(tables[index].columns[0].title)</t>"))
        }
    }

    @Test("numbers are numbers, dates are dates at +08:00, codes and long numbers are text")
    func values() throws {
        let tables: [ExportTable] = [.records, .amounts, .projects]
        let files = try sheets(tables)
        let records = try #require(files["xl/worksheets/sheet1.xml"])
        let budget = try cell("yuan.budget", of: .records, row: 2, in: records)
        #expect(budget.hasSuffix("<v>1000000</v>"), "\(budget)")
        // 2024-03-06 00:30:00.5 at +08:00.
        let time = try cell("recordedAt", of: .records, row: 3, in: records)
        #expect(time.contains("<v>45357.020839"), "\(time)")
        let day = try cell("reportDate", of: .records, row: 2, in: records)
        #expect(day.hasSuffix("<v>45356</v>"), "\(day)")
        let title = try cell("title", of: .records, row: 2, in: records)
        #expect(title.contains("t=\"inlineStr\"") && title.contains("=cmd|"), "\(title)")
        #expect(!title.contains("<f>"))
        let status = try cell("status", of: .records, row: 2, in: records)
        #expect(status.contains("已提交"), "words of the schema are for programs: \(status)")
        let amounts = try #require(files["xl/worksheets/sheet2.xml"])
        let role = try cell("role", of: .amounts, row: 3, in: amounts)
        #expect(role.contains("预算") && !role.contains("budget"), "\(role)")
        let exact = try cell("yuan", of: .amounts, row: 5, in: amounts)
        #expect(exact.contains("<t>12345678901234567.89</t>"), "\(exact)")
        let projects = try #require(files["xl/worksheets/sheet3.xml"])
        let code = try cell("code", of: .projects, row: 2, in: projects)
        #expect(code.contains("<t>440811230000000012345</t>"), "\(code)")
        let styles = try #require(files["xl/styles.xml"])
        #expect(styles.contains("formatCode=\"#,##0.00####\""))
        #expect(styles.contains("formatCode=\"yyyy-mm-dd hh:mm:ss\""))
    }

    @Test("text that no cell takes is cut or cleaned, and the workbook still opens")
    func hostileText() throws {
        let folder = TemporaryFolder()
        let path = folder.path("a.xlsx")
        let workbook = try WorkbookWriter(path: path, tables: [.records])
        var record = try RichRecord.exported()
        record.record.title = String(repeating: "字", count: 40_000) + "\u{0}"
        record.record.grade = "\u{1}\u{FFFF}优<&>"
        try workbook.append(record)
        try workbook.close()
        let sheet = String(
            decoding: try #require(try members(of: path)["xl/worksheets/sheet1.xml"]),
            as: UTF8.self
        )
        let grade = try cell("grade", of: .records, row: 2, in: sheet)
        #expect(grade.contains("<t>优&lt;&amp;&gt;</t>"), "\(grade)")
        #expect(sheet.contains(String(repeating: "字", count: 32_000) + "<"))
    }
}
