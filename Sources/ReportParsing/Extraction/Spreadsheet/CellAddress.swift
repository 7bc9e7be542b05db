/// The address of a cell, such as `B7`, as row and column from 0.
struct CellAddress: Hashable, Sendable {
    /// Row from 0.
    var row: Int
    /// Column from 0.
    var column: Int

    /// Rows of a sheet.
    static let rowCount = 1 << 20
    /// Columns of a sheet.
    static let columnCount = 1 << 14

    /// Makes an address.
    init(row: Int, column: Int) {
        self.row = row
        self.column = column
    }

    /// Reads an address; nil for anything outside of a sheet.
    /// - Parameter text: letters and digits, dollar signs allowed.
    init?(_ text: some StringProtocol) {
        var row = 0
        var column = 0
        for byte in text.utf8 {
            switch byte {
            case 0x41...0x5A, 0x61...0x7A:
                guard row == 0, column <= Self.columnCount else { return nil }
                column = column * 26 + Int(byte & 0x1F)
            case 0x30...0x39:
                guard column > 0, row <= Self.rowCount else { return nil }
                row = row * 10 + Int(byte - 0x30)
            case 0x24: continue
            default: return nil
            }
        }
        guard row > 0, row <= Self.rowCount, column > 0, column <= Self.columnCount else {
            return nil
        }
        self.init(row: row - 1, column: column - 1)
    }

    /// The address as people write it.
    var text: String {
        var letters: [UInt8] = []
        var rest = column + 1
        while rest > 0 {
            letters.append(0x41 + UInt8((rest - 1) % 26))
            rest = (rest - 1) / 26
        }
        return String(decoding: letters.reversed(), as: UTF8.self) + String(row + 1)
    }
}

/// A rectangle of cells, such as `A1:F1`.
struct CellRange: Hashable, Sendable {
    /// Rows from 0.
    var rows: ClosedRange<Int>
    /// Columns from 0.
    var columns: ClosedRange<Int>

    /// Makes a range.
    init(rows: ClosedRange<Int>, columns: ClosedRange<Int>) {
        self.rows = rows
        self.columns = columns
    }

    /// Reads a range or a single address; nil for anything outside of a sheet.
    init?(_ text: String) {
        let ends = text.split(separator: ":", omittingEmptySubsequences: false)
        guard ends.count <= 2, let first = ends.first.flatMap({ CellAddress($0) }),
            let last = ends.last.flatMap({ CellAddress($0) })
        else { return nil }
        rows = min(first.row, last.row)...max(first.row, last.row)
        columns = min(first.column, last.column)...max(first.column, last.column)
    }
}
