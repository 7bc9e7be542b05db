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
        let rows = table.rowCount
        let columns = table.columnCount
        guard rows > 0, columns > 0, rows <= Self.maximumPositions,
            columns <= Self.maximumPositions / rows
        else { return nil }
        var positions = [Int](repeating: -1, count: rows * columns)
        for (index, cell) in table.cells.enumerated() {
            guard cell.row >= 0, cell.column >= 0, document.blocks.indices.contains(cell.block)
            else { return nil }
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
        guard (0..<rowCount).contains(row), (0..<columnCount).contains(column) else { return nil }
        let index = positions[row * columnCount + column]
        return index < 0 ? nil : index
    }

    /// Text at a position, empty when there is no cell.
    func text(_ row: Int, _ column: Int) -> Scalars { cell(row, column).map { texts[$0] } ?? [] }

    /// The cells of a row from left to right, each once.
    func row(_ row: Int) -> [Int] {
        var found: [Int] = []
        for column in 0..<columnCount {
            if let cell = cell(row, column), found.last != cell { found.append(cell) }
        }
        return found
    }
}
