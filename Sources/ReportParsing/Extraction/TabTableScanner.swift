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
        if !mayHaveBlankEnds(text) { return text }
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !LineShape.isBlank($0) }),
            let last = scalars.lastIndex(where: { !LineShape.isBlank($0) })
        else { return "" }
        return String(scalars[first...last])
    }

    /// Whether the first and last bytes may be of white space; a quick test.
    private static func mayHaveBlankEnds(_ text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { bytes in
            guard let first = bytes.first, let last = bytes.last else { return true }
            let isPlainStart = first > 0x20 && first < 0x7F || (0xE4...0xE9).contains(first)
            let isPlainEnd =
                last > 0x20 && last < 0x7F
                || bytes.count > 2 && (0xE4...0xE9).contains(bytes[bytes.count - 3])
            return !isPlainStart || !isPlainEnd
        } ?? true
    }

    /// Joins two lines of one cell.
    static func joined(_ first: String, _ second: String) -> String {
        if first.isEmpty { return second }
        return second.isEmpty ? first : first + "\n" + second
    }
}
