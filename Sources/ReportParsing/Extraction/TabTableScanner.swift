/// Tables whose cells are divided by tabs, one line to a row.
struct TabTableScanner: TableScanner {
    func scan(_ text: TextLines, from start: Int, limits: ParsingLimits) -> ScannedTable? {
        guard isRow(text.lines[start]) else { return nil }
        var index = start
        var rows: [[String]] = []
        while index < text.lines.count, isRow(text.lines[index]) {
            let line = text.lines[index]
            rows.append(cells(text, line))
            index += 1
        }
        guard rows.count > 1 else { return nil }
        return ScannedTable(rows: padded(rows), nextLine: index)
    }

    private func isRow(_ line: TextLines.Line) -> Bool { line.innerTabs > 0 }

    private func cells(_ text: TextLines, _ line: TextLines.Line) -> [String] {
        var cells: [String] = []
        var index = line.start
        var cell = line.start
        while index <= line.end {
            if index == line.end || text.bytes[index] == 0x09 {
                cells.append(CellText.trimmed(text.string(cell, index)))
                cell = index + 1
            }
            index += 1
        }
        return cells
    }

    /// Gives short rows their missing last cells: tabs at the end of a line are often lost.
    private func padded(_ rows: [[String]]) -> [[String]] {
        let width = rows.map(\.count).max() ?? 0
        return rows.map { row in
            row.count < width && row.count > 1
                ? row + [String](repeating: "", count: width - row.count) : row
        }
    }
}

/// Texts of cells as scanners hand them over.
enum CellText {
    /// A text without white space at its ends.
    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !LineShape.isBlank($0) }),
            let last = scalars.lastIndex(where: { !LineShape.isBlank($0) })
        else { return "" }
        return String(scalars[first...last])
    }

    /// Joins two lines of one cell.
    static func joined(_ first: String, _ second: String) -> String {
        if first.isEmpty { return second }
        return second.isEmpty ? first : first + "\n" + second
    }
}
