/// A table for people: columns line up whatever the script.
struct TextTable {
    private let header: [String]
    private var rows: [[String]] = []

    init(_ header: [String]) { self.header = header }

    mutating func append(_ row: [String]) {
        rows.append(row.map { cell in String(cell.map { $0.isNewline ? " " : $0 }) })
    }

    /// Lines of the table, the last column unpadded, cut to `width` columns when it is given.
    func lines(width: Int?) -> [String] {
        let all = [header] + rows
        let widths = header.indices.map { column in
            all.map { column < $0.count ? DisplayWidth.columns(of: $0[column]) : 0 }.max() ?? 0
        }
        return all.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let isLast = column == row.count - 1
                line += isLast ? cell : DisplayWidth.padded(cell, to: widths[column]) + "  "
            }
            return width.map { DisplayWidth.truncated(line, to: $0) } ?? line
        }
    }
}
