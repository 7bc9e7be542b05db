/// A table as a grid of texts in which a merged cell stands at all its positions.
struct TableGrid {
    let rowCount: Int
    let columnCount: Int
    /// The cells of the table.
    let cells: [Table.Cell]
    /// Text of every cell without blanks, in half-width ASCII.
    let texts: [Scalars]
    private let positions: [Int]

    /// Most positions of a grid: a larger sheet is no report.
    static let maximumPositions = 2_000_000

    /// Lays out a table; nil when it is empty or too large.
    init?(_ table: Table, in document: Document) {
        var rows = 0
        var columns = 0
        for cell in table.cells {
            guard cell.row >= 0, cell.column >= 0, cell.row <= Self.maximumPositions,
                cell.column <= Self.maximumPositions, cell.rowSpan <= Self.maximumPositions,
                cell.columnSpan <= Self.maximumPositions,
                document.blocks.indices.contains(cell.block)
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
        cells = table.cells
        texts = table.cells.map { Array(document.blocks[$0.block].text.unicodeScalars).compact }
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
    func row(_ row: Int) -> [Int] {
        var found: [Int] = []
        for column in 0..<columnCount {
            if let cell = cell(row, column), found.last != cell { found.append(cell) }
        }
        return found
    }

    /// The cells with text that begin in a row, from left to right.
    func own(_ row: Int) -> [Int] {
        self.row(row).filter { cells[$0].row == row && !texts[$0].isEmpty }
    }
}
