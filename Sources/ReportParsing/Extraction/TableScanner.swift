/// Rows of a table that was found in text, and where the text goes on.
struct ScannedTable {
    /// Cell texts row by row; an empty text is an empty or merged cell.
    var rows: [[String]]
    /// First line after the table.
    var nextLine: Int
}

/// One form in which text shows a table; one small value in ``TableScanners/all``.
protocol TableScanner: Sendable {
    /// Reads the table that begins at a line.
    /// - Parameters:
    ///   - text: the lines.
    ///   - start: index of a line that is not blank.
    ///   - limits: ceilings of parsing.
    /// - Returns: the table with `nextLine` beyond `start`; nil when none of this form begins here.
    func scan(_ text: TextLines, from start: Int, limits: ParsingLimits) -> ScannedTable?
}

/// The forms of tables that text is searched for.
enum TableScanners {
    /// All forms; the first that finds a table takes its lines.
    static let all: [any TableScanner] = [
        CellPerLineScanner(), BoxTableScanner(), PipeTableScanner(), TabTableScanner(),
        AlignedTableScanner(),
    ]
}
