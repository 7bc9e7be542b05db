/// The cells of one sheet that show text.
struct Sheet {
    /// A cell that shows text.
    struct Cell {
        var address: CellAddress
        var text: String
        /// Whether a line is drawn at one of its edges.
        var isBordered: Bool
    }

    /// Name on the sheet's tab.
    var name: String
    /// Cells in the order of the file, hidden ones left out.
    var cells: [Cell] = []
    /// Merged ranges.
    var merges: [CellRange] = []
    /// Rows that bordered or hidden rows without text join to the row with text above.
    var joinedRows: Set<Int> = []
    /// Last column of each row with a line drawn around an empty cell.
    var lastEmptyBordered: [Int: Int] = [:]
    /// Texts of shapes, with the row they are anchored at.
    var shapes: [(row: Int, text: String)] = []
    /// What was left out, for the record's `unread`.
    var notes: [(what: String, reason: String)] = []
}
