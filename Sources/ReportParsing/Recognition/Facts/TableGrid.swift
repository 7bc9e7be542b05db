/// A table as a grid of texts in which a merged cell stands at all its positions.
///
/// What every reader asks of a cell again and again is found once: its text, the number it holds,
/// its meaning as a heading of indicators, and the cells of each row.
final class TableGrid {
    let rowCount: Int
    let columnCount: Int
    /// The cells of the table.
    let cells: [Table.Cell]
    /// Text of every cell without blanks, in half-width ASCII.
    let texts: [Scalars]
    /// The number that is all a cell holds, of every cell.
    let values: [CellValue?]
    private let positions: [Int]
    private let rows: [[Int]]
    private let ownCells: [[Int]]
    /// Meanings of cells as headings of indicators, as far as they were asked for.
    private var headings: [Heading]

    /// Heads of indicators by their first rows, as far as they were asked for.
    private var heads: [Int: IndicatorHead] = [:]

    /// What is known of a cell as a heading.
    private enum Heading {
        case unread
        case read(ColumnHeading?)
    }

    /// Most positions of a grid: a larger sheet is no report.
    static let maximumPositions = 2_000_000

    /// Lays out a table; nil when it is empty or too large.
    init?(_ table: Table, _ blocks: BlockTexts) {
        var rows = 0
        var columns = 0
        for cell in table.cells {
            guard cell.row >= 0, cell.column >= 0, cell.row <= Self.maximumPositions,
                cell.column <= Self.maximumPositions, cell.rowSpan <= Self.maximumPositions,
                cell.columnSpan <= Self.maximumPositions,
                blocks.scalars.indices.contains(cell.block)
            else { return nil }
            rows = max(rows, cell.row + max(1, cell.rowSpan))
            columns = max(columns, cell.column + max(1, cell.columnSpan))
        }
        guard rows > 0, columns > 0, columns <= Self.maximumPositions / rows else { return nil }
        var positions = [Int](repeating: -1, count: rows * columns)
        for (index, cell) in table.cells.enumerated() {
            for row in cell.row..<cell.row + max(1, cell.rowSpan) {
                for column in cell.column..<cell.column + max(1, cell.columnSpan)
                where positions[row * columns + column] < 0 {
                    positions[row * columns + column] = index
                }
            }
        }
        rowCount = rows
        columnCount = columns
        self.positions = positions
        let texts = table.cells.map { blocks.scalars[$0.block].compact }
        cells = table.cells
        self.texts = texts
        values = texts.map { CellValue($0) }
        headings = Array(repeating: .unread, count: texts.count)
        self.rows = Self.rows(positions, count: rows, width: columns)
        ownCells = self.rows.enumerated().map { row, found in
            found.filter { table.cells[$0].row == row && !texts[$0].isEmpty }
        }
    }

    private static func rows(_ positions: [Int], count: Int, width: Int) -> [[Int]] {
        (0..<count).map { row in
            var found: [Int] = []
            for cell in positions[row * width..<(row + 1) * width]
            where cell >= 0 && found.last != cell {
                if found.isEmpty { found.reserveCapacity(min(width, 16)) }
                found.append(cell)
            }
            return found
        }
    }

    /// The meaning of a cell as a heading in a table of indicators; nil for other texts.
    func heading(_ cell: Int) -> ColumnHeading? {
        if case .read(let meaning) = headings[cell] { return meaning }
        let meaning = ColumnHeading.ofIndicators(texts[cell])
        headings[cell] = .read(meaning)
        return meaning
    }

    /// The head of indicators that begins in a row; nil when the row is none.
    func indicatorHead(_ row: Int) -> IndicatorHead? {
        if let known = heads[row] { return known }
        let head = IndicatorHead(self, row: row)
        if let head { heads[row] = head }
        return head
    }

    /// Index of the cell at a position; nil when there is none.
    func cell(_ row: Int, _ column: Int) -> Int? {
        guard row >= 0, row < rowCount, column >= 0, column < columnCount else { return nil }
        let index = positions[row * columnCount + column]
        return index < 0 ? nil : index
    }

    /// Text at a position, empty when there is no cell.
    func text(_ row: Int, _ column: Int) -> Scalars { cell(row, column).map { texts[$0] } ?? [] }

    /// The columns that a cell covers.
    func columns(of index: Int) -> Range<Int> {
        let cell = cells[index]
        return cell.column..<min(columnCount, cell.column + max(1, cell.columnSpan))
    }

    /// The cells of a row from left to right, each once.
    func row(_ row: Int) -> [Int] { rows.indices.contains(row) ? rows[row] : [] }

    /// The cells with text that begin in a row, from left to right.
    func own(_ row: Int) -> [Int] { ownCells.indices.contains(row) ? ownCells[row] : [] }
}
