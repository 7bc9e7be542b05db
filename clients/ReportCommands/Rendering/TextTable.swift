/// A table for people: columns line up whatever the script.
package struct TextTable {
    private let header: [String]
    private let rightAligned: Set<Int>
    private var rows: [[String]] = []

    /// Begins a table.
    /// - Parameters:
    ///   - header: titles of the columns.
    ///   - rightAligned: columns of numbers.
    package init(_ header: [String], rightAligned: Set<Int> = []) {
        self.header = header
        self.rightAligned = rightAligned
    }

    /// Adds a row.
    package mutating func append(_ row: [String]) {
        rows.append(row.map { cell in String(cell.map { $0.isNewline ? " " : $0 }) })
    }

    /// Lines of the table, the last column unpadded, cut to `width` columns when it is given.
    package func lines(width: Int?) -> [String] {
        let all = [header] + rows
        let widths = header.indices.map { column in
            all.map { column < $0.count ? DisplayWidth.columns(of: $0[column]) : 0 }.max() ?? 0
        }
        return all.map { row in
            var line = ""
            for (column, cell) in row.enumerated() where widths.indices.contains(column) {
                let isLast = column == row.count - 1
                if rightAligned.contains(column) {
                    let room = max(0, widths[column] - DisplayWidth.columns(of: cell))
                    line += String(repeating: " ", count: room) + cell + (isLast ? "" : "  ")
                } else {
                    line += isLast ? cell : DisplayWidth.padded(cell, to: widths[column]) + "  "
                }
            }
            return width.map { DisplayWidth.truncated(line, to: $0) } ?? line
        }
    }
}
