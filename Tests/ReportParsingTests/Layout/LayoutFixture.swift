@testable import ReportParsing

/// Builds pages of placed text for tests.
struct LayoutFixture {
    var page: PositionedPage

    init(index: Int = 0, width: Double = 595, height: Double = 842) {
        page = PositionedPage(index: index, width: width, height: height, texts: [])
    }

    /// Adds text, a piece a character: Chinese ones take a square, others half; blanks take half.
    mutating func text(_ text: String, x: Double, y: Double, size: Double = 12) {
        var left = x
        for scalar in text.unicodeScalars {
            let width = CharacterClass.isWide(scalar) || scalar == "\u{3000}" ? size : size / 2
            if !LineShape.isBlank(scalar) {
                page.texts.append(
                    PositionedText(
                        String(Character(scalar)),
                        Box(left: left, top: y, right: left + width, bottom: y + size),
                        size: size
                    )
                )
            }
            left += width
        }
    }

    /// Adds lines of running text from y on, each at its left edge.
    mutating func lines(_ lines: [(x: Double, text: String)], y: Double, pitch: Double = 20) {
        for (index, line) in lines.enumerated() {
            text(line.text, x: line.x, y: y + pitch * Double(index))
        }
    }

    /// Adds the rulings of a grid.
    mutating func grid(columns: [Double], rows: [Double]) {
        for x in columns { ruling(x, rows[0], x, rows[rows.count - 1]) }
        for y in rows { ruling(columns[0], y, columns[columns.count - 1], y) }
    }

    /// Adds a ruling.
    mutating func ruling(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) {
        let isLevel = y0 == y1
        page.rulings.append(
            Ruling(
                isLevel: isLevel,
                position: isLevel ? y0 : x0,
                start: isLevel ? x0 : y0,
                end: isLevel ? x1 : y1
            )
        )
    }

    /// The document of pages.
    static func document(_ pages: [LayoutFixture]) throws -> Document {
        try LayoutBuilder.document(pages.map(\.page), limits: .standard)
    }
}

extension Document {
    /// Rows of a table as text, merged cells at their first place.
    func rows(_ table: Int) -> [[String]] {
        guard tables.indices.contains(table) else { return [] }
        var rows = [[String]](
            repeating: [String](repeating: "", count: tables[table].columnCount),
            count: tables[table].rowCount
        )
        for cell in tables[table].cells { rows[cell.row][cell.column] = blocks[cell.block].text }
        return rows
    }

    /// Texts of the blocks outside tables.
    var paragraphs: [String] {
        blocks.compactMap { block in
            if case .cell = block.kind { return nil }
            return block.text
        }
    }
}
