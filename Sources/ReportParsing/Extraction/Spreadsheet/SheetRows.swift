/// Follows the rows of a sheet while it is read, so that rows without text cost no memory.
struct SheetRows {
    private var row = -1
    private var isHidden = false
    private var hasText = false
    private var hasBorder = false
    private var lastEmptyBordered = -1
    /// Last row with text, and how many rows behind it are bordered or hidden.
    private var lastTextRow = -1
    private var coveredRows = 0

    /// Begins a row.
    mutating func begin(_ row: Int, isHidden: Bool) {
        self.row = row
        self.isHidden = isHidden
        hasText = false
        hasBorder = false
        lastEmptyBordered = -1
    }

    /// Notes a cell of the row.
    mutating func note(column: Int, isEmpty: Bool, isBordered: Bool) {
        if isBordered { hasBorder = true }
        if !isEmpty {
            hasText = true
        } else if isBordered {
            lastEmptyBordered = max(lastEmptyBordered, column)
        }
    }

    /// Ends the row.
    mutating func end(_ sheet: inout Sheet) {
        if hasText, !isHidden {
            let gap = row - lastTextRow - 1
            if gap > 0, lastTextRow >= 0, coveredRows >= gap { sheet.joinedRows.insert(row) }
            if lastEmptyBordered >= 0 { sheet.lastEmptyBordered[row] = lastEmptyBordered }
            lastTextRow = row
            coveredRows = 0
        } else if hasBorder || isHidden {
            coveredRows += 1
        }
    }
}
