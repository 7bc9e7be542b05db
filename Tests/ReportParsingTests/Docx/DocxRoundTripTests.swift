import ReportModel
import Testing

@testable import ReportParsing

@Suite("Word: the same report as in a text file")
struct DocxRoundTripTests {
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing("\t", with: "</w:t><w:tab/><w:t>")
    }

    /// Writes a document as Word would: paragraphs, and tables with merged cells.
    static func docx(_ document: Document) -> [UInt8] {
        var body = ""
        var written: Set<Int> = []
        for block in document.blocks {
            if case .cell(let table) = block.kind {
                if written.insert(table).inserted { body += Self.table(table, document) }
            } else {
                body += DocxMaker.p(escaped(block.text))
            }
        }
        return DocxMaker(body).bytes
    }

    private static func table(_ index: Int, _ document: Document) -> String {
        let table = document.tables[index]
        var grid: [[Int?]] = Array(
            repeating: Array(repeating: nil, count: table.columnCount),
            count: table.rowCount
        )
        for (number, cell) in table.cells.enumerated() {
            for row in cell.row..<(cell.row + cell.rowSpan) {
                for column in cell.column..<(cell.column + cell.columnSpan) {
                    grid[row][column] = number
                }
            }
        }
        var rows: [[(String, String)]] = []
        for (row, numbers) in grid.enumerated() {
            var cells: [(String, String)] = []
            var column = 0
            while column < numbers.count {
                guard let number = numbers[column] else {
                    cells.append(("", "<w:p/>"))
                    column += 1
                    continue
                }
                let cell = table.cells[number]
                var properties = "<w:gridSpan w:val=\"\(cell.columnSpan)\"/>"
                if cell.rowSpan > 1 {
                    properties += cell.row == row ? "<w:vMerge w:val=\"restart\"/>" : "<w:vMerge/>"
                }
                let lines = document.blocks[cell.block].text.split(separator: "\n")
                let text = lines.map { DocxMaker.p(escaped(String($0))) }.joined()
                cells.append((properties, cell.row == row ? text : "<w:p/>"))
                column += cell.columnSpan
            }
            rows.append(cells)
        }
        return DocxMaker.table(rows)
    }

    private static func json(_ record: Record) -> JSONValue {
        var record = record
        record.sources = []
        return record.json
    }

    @Test("a report gives the same record as Word file and as text", arguments: IdentityFixture.all)
    func fixtures(_ fixture: IdentityFixture) throws {
        let bytes = Array(fixture.text.utf8)
        let text = try Parser.parse(ParsingInput(name: "x", bytes: bytes)).record
        let word = Self.docx(try Extractors.extract(bytes).document)
        let docx = try Parser.parse(ParsingInput(name: "x", bytes: word)).record
        #expect(docx.sources.map(\.format) == ["docx"])
        #expect(Self.json(docx) == Self.json(text))
    }

    @Test(
        "the samples give the same record as Word files",
        .enabled(if: Samples.areThere, "the samples are not beside the repository"),
        arguments: SampleTests.keys.map(\.0)
    )
    func samples(_ name: String) throws {
        let bytes = try #require(Samples.read("samples/" + name))
        let document = try Extractors.extract(bytes).document
        let text = try Parser.parse(ParsingInput(name: "x", bytes: bytes)).record
        let docx = try Parser.parse(ParsingInput(name: "x", bytes: Self.docx(document))).record
        #expect(Self.json(docx) == Self.json(text))
    }
}
