/// Markdown tables: cells divided by `|`, a row of dashes below the header.
///
/// Source: GitHub Flavored Markdown, section Tables.
struct PipeTableScanner: TableScanner {
    func scan(_ text: TextLines, from start: Int, limits: ParsingLimits) -> ScannedTable? {
        let first = text.lines[start]
        guard isRow(text, first) else { return nil }
        let isOpen = text.bytes[first.contentStart] != 0x7C
        if isOpen {
            guard start + 1 < text.lines.count, isRule(text, text.lines[start + 1]) else {
                return nil
            }
        }
        var rows: [[String]] = []
        var index = start
        while index < text.lines.count, isRow(text, text.lines[index]) {
            let line = text.lines[index]
            if !isOpen, text.bytes[line.contentStart] != 0x7C { break }
            if !isRule(text, line) { rows.append(cells(text, line)) }
            index += 1
        }
        guard index - start > 1, !rows.isEmpty else { return nil }
        return ScannedTable(rows: rows, nextLine: index)
    }

    private func isRow(_ text: TextLines, _ line: TextLines.Line) -> Bool {
        guard line.length > 2 else { return false }
        var index = line.contentStart
        var bars = 0
        while index < line.contentEnd {
            if text.bytes[index] == 0x7C { bars += 1 }
            index += 1
        }
        return bars > (text.bytes[line.contentStart] == 0x7C ? 1 : 0)
    }

    private func isRule(_ text: TextLines, _ line: TextLines.Line) -> Bool {
        var dashes = 0
        for byte in text.bytes[line.contentStart..<line.contentEnd] {
            switch byte {
            case 0x2D: dashes += 1
            case 0x7C, 0x3A, 0x20, 0x2B: break
            default: return false
            }
        }
        return dashes > 0
    }

    private func cells(_ text: TextLines, _ line: TextLines.Line) -> [String] {
        var start = line.contentStart
        var end = line.contentEnd
        if text.bytes[start] == 0x7C { start += 1 }
        if end > start, text.bytes[end - 1] == 0x7C, text.bytes[end - 2] != 0x5C { end -= 1 }
        var cells: [String] = []
        // Bytes of a cell that holds marks; other cells are taken from the line as they stand.
        var marked: [UInt8] = []
        var from = start
        var index = start
        while index < end {
            let byte = text.bytes[index]
            if byte == 0x5C, index + 1 < end, text.bytes[index + 1] == 0x7C {
                marked += text.bytes[from..<index]
                index += 1
                from = index
            } else if byte == 0x7C {
                cells.append(cell(text, from, index, marked))
                marked = []
                from = index + 1
            } else if byte == 0x3C, let width = lineBreak(text, at: index, end) {
                marked += text.bytes[from..<index]
                marked.append(0x0A)
                index += width - 1
                from = index + 1
            }
            index += 1
        }
        cells.append(cell(text, from, max(from, end), marked))
        return cells
    }

    private func cell(_ text: TextLines, _ from: Int, _ end: Int, _ marked: [UInt8]) -> String {
        marked.isEmpty ? text.trimmed(from, end) : decoded(marked + text.bytes[from..<end])
    }

    /// Width of `<br>`, `<br/>` or `<br />` at an offset.
    private func lineBreak(_ text: TextLines, at index: Int, _ end: Int) -> Int? {
        for form in ["<br>", "<br/>", "<br />"] {
            let bytes = Array(form.utf8)
            if index + bytes.count <= end,
                text.bytes[index..<(index + bytes.count)].elementsEqual(bytes)
            {
                return bytes.count
            }
        }
        return nil
    }

    private func decoded(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes.contains(0x0A) else { return CellText.trimmed(text) }
        return text.split(separator: "\n").map { CellText.trimmed(String($0)) }
            .reduce("", CellText.joined)
    }
}
