/// A table found on a page, with empty cells; later joined with its continuation.
struct LayoutTable: Hashable, Sendable {
    /// A cell on the grid.
    struct Cell: Hashable, Sendable {
        /// Text; empty for an empty cell.
        var text: String
        /// First row.
        var row: Int
        /// First column.
        var column: Int
        /// Rows covered.
        var rowSpan: Int
        /// Columns covered.
        var columnSpan: Int
        /// Number of the page from 0.
        var page: Int
    }

    /// Place on its first page.
    var box: Box
    /// x of the edges of the columns from left to right.
    var edges: [Double]
    /// Number of rows.
    var rowCount: Int
    /// Cells in reading order.
    var cells: [Cell]

    /// Whether enough of it is filled to be a table of words.
    var isFilled: Bool {
        let filled = cells.filter { !$0.text.isEmpty }.count
        return filled >= 2 && edges.count > 2 && filled * 12 >= cells.count
    }

    /// The cells that begin in a row.
    func row(_ row: Int) -> [Cell] { cells.filter { $0.row == row } }

    /// Puts the text of a page into a grid of rulings.
    /// - Parameters:
    ///   - grid: the grid.
    ///   - texts: the pieces of the page.
    ///   - page: number of the page.
    /// - Returns: the table, and which pieces it took.
    static func fill(
        _ grid: RuledGrid,
        with texts: [PositionedText],
        page: Int
    ) -> (table: LayoutTable, taken: [Bool]) {
        let grid = grid.joiningCrossed(by: texts)
        let owners = grid.owners()
        var pieces = [[PositionedText]](repeating: [], count: grid.cells.count)
        var taken = [Bool](repeating: false, count: texts.count)
        for (index, text) in texts.enumerated()
        where grid.box.holds(text.box.centreX, text.box.centreY, slack: 0.5) {
            guard let owner = grid.owner(of: text, owners) else { continue }
            pieces[owner].append(text)
            taken[index] = true
        }
        let cells = grid.cells.enumerated().map { index, cell in
            Cell(
                text: CellLines.text(pieces[index], in: cell.box),
                row: cell.row,
                column: cell.column,
                rowSpan: cell.rowSpan,
                columnSpan: cell.columnSpan,
                page: page
            )
        }
        let table = LayoutTable(
            box: grid.box,
            edges: grid.columns,
            rowCount: grid.rows.count - 1,
            cells: cells
        )
        return (table, taken)
    }
}
