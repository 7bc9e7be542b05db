/// Tables in which each cell begins on its own line with a tab and an empty line ends the row.
///
/// Word's tables come out of text converters like this. Cells hold several lines and even empty
/// lines; merged cells are cells without text.
struct CellPerLineScanner: TableScanner {
    func scan(_ text: TextLines, from start: Int, limits: ParsingLimits) -> ScannedTable? {
        guard text.lines[start].hasTab, begins(text, at: start, limits) else { return nil }
        var reading = Reading()
        var index = start
        while index < text.lines.count {
            let line = text.lines[index]
            if line.hasTab {
                reading.beginCell(text, line)
                index += 1
            } else if !line.isEmpty {
                reading.addLine(text, line)
                index += 1
            } else {
                guard let next = step(over: index, in: text, &reading, limits) else { break }
                index = next
            }
        }
        reading.endRow()
        return ScannedTable(rows: rejoined(reading.rows), nextLine: index)
    }

    /// Cells read so far.
    private struct Reading {
        var rows: [[String]] = []
        var row: [String] = []

        mutating func beginCell(_ text: TextLines, _ line: TextLines.Line) {
            row.append(text.text(line))
        }

        mutating func addLine(_ text: TextLines, _ line: TextLines.Line) {
            guard !line.isBlank, !row.isEmpty else { return }
            if !row[row.count - 1].isEmpty { row[row.count - 1] += "\n" }
            row[row.count - 1] += text.text(line)
        }

        mutating func endRow() {
            if !row.isEmpty { rows.append(row) }
            row = []
        }
    }

    /// Goes on behind empty lines: to the next row, to more text of the cell, or to the end.
    /// - Returns: index of the next line of the table; nil when the table ends here.
    private func step(
        over index: Int,
        in text: TextLines,
        _ reading: inout Reading,
        _ limits: ParsingLimits
    ) -> Int? {
        var next = index
        while next < text.lines.count, text.lines[next].isEmpty { next += 1 }
        guard next < text.lines.count, next - index <= 3 else { return nil }
        if text.lines[next].hasTab {
            reading.endRow()
            return next
        }
        return goesOn(text, at: next, reading, limits) ? next : nil
    }

    /// Whether text behind an empty line still belongs to the cell.
    private func goesOn(
        _ text: TextLines,
        at index: Int,
        _ reading: Reading,
        _ limits: ParsingLimits
    ) -> Bool {
        guard let tab = nextTab(text, from: index, limits) else { return false }
        let line = text.lines[index]
        if line.isBlank { return true }
        let words = text.text(line)
        let previous = reading.rows.last?.count ?? 0
        let isShort = line.length <= 18 && tab - index <= 12
        if reading.row.count == 1 { return isShort }
        if LineShape.isTitle(words) { return false }
        if reading.row.first?.isEmpty == true, reading.row.count < previous { return true }
        let cell = reading.row.last ?? ""
        if LineShape.enumerator(words) != nil, LineShape.enumerator(cell) != nil { return true }
        return isShort && tab == index + 1
    }

    private func nextTab(_ text: TextLines, from start: Int, _ limits: ParsingLimits) -> Int? {
        var empties = 0
        var index = start
        let end = min(text.lines.count, start + limits.maximumLookahead)
        while index < end {
            let line = text.lines[index]
            if line.hasTab { return index }
            empties = line.isEmpty ? empties + 1 : 0
            if empties > 2 { return nil }
            index += 1
        }
        return nil
    }

    /// Whether the lines from here are cells, not paragraphs or columns set with tabs.
    private func begins(_ text: TextLines, at start: Int, _ limits: ParsingLimits) -> Bool {
        var cells = 0
        var empty = 0
        var short = 0
        var divided = 0
        var others = 0
        var index = start
        let end = min(text.lines.count, start + limits.maximumLookahead)
        while index < end, cells < 24, others < 60 {
            let line = text.lines[index]
            if line.hasTab {
                cells += 1
                if line.isBlank { empty += 1 } else if line.length <= 45 { short += 1 }
                if line.innerTabs > 0 { divided += 1 }
                others = 0
            } else if !line.isBlank {
                others += 1
            }
            index += 1
        }
        return cells > 1 && divided * 2 < cells && (empty > 0 || short * 2 >= cells)
            && !isIndentedProse(text, at: start)
    }

    /// Whether a tab merely indents the first line of each paragraph.
    private func isIndentedProse(_ text: TextLines, at start: Int) -> Bool {
        var index = start
        var prose = 0
        var cells = 0
        while index < text.lines.count, cells < 12 {
            let line = text.lines[index]
            if line.hasTab {
                cells += 1
                if line.isBlank { return false }
                let words = text.text(line)
                if LineShape.endsSentence(words) || LineShape.enumerator(words) != nil {
                    prose += 1
                }
            } else if !line.isEmpty {
                break
            }
            index += 1
        }
        return prose * 2 > cells
    }

    /// Puts together a row that an empty last line of a cell cut in two.
    private func rejoined(_ rows: [[String]]) -> [[String]] {
        var result: [[String]] = []
        for row in rows {
            if result.count > 1, let last = result.last, last.first?.isEmpty == true,
                row.first?.isEmpty == false,
                last.count < result[result.count - 2].count,
                last.count + row.count == result[result.count - 2].count
            {
                result[result.count - 1] += row
            } else {
                result.append(row)
            }
        }
        return result
    }
}
