/// The headings of a table's columns over one or several rows of head.
struct HeadStack {
    /// Texts above each column from top to bottom, each once; empty where no heading stands.
    private(set) var words: [[Scalars]]
    /// The lowest heading cell above each column.
    private(set) var cells: [Int?]
    /// First row of the head.
    let row: Int
    /// Number of rows of the head.
    let depth: Int

    /// Stacks the headings of some rows.
    /// - Parameters:
    ///   - grid: the table.
    ///   - row: first row of the head.
    ///   - depth: number of rows; a cell that runs on below them labels the side, not a column.
    init(_ grid: TableGrid, row: Int, depth: Int) {
        self.row = row
        self.depth = depth
        words = Array(repeating: [], count: grid.columnCount)
        cells = Array(repeating: nil, count: grid.columnCount)
        for line in row..<min(grid.rowCount, row + depth) {
            for index in grid.row(line) {
                let cell = grid.cells[index]
                let text = grid.texts[index]
                guard !text.isEmpty, cell.row + cell.rowSpan <= row + depth || cell.rowSpan < 3
                else { continue }
                for column in grid.columns(of: index) where words[column].last != text {
                    words[column].append(text)
                    cells[column] = index
                }
            }
        }
    }

    /// Runs of neighbouring columns below the same heading.
    var runs: [Range<Int>] {
        var found: [Range<Int>] = []
        var start = 0
        for column in words.indices.dropFirst() where words[column] != words[start] {
            found.append(start..<column)
            start = column
        }
        if !words.isEmpty { found.append(start..<words.count) }
        return found.filter { !words[$0.lowerBound].isEmpty }
    }
}
