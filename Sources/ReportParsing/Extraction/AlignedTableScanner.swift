/// Tables whose columns are set with runs of blanks; taken only when every line agrees.
///
/// At least three lines follow each other with the same number of three or more fields, and the
/// fields begin in the same columns, a Chinese character being two columns wide.
struct AlignedTableScanner: TableScanner {
    private struct Field {
        var text: String
        var column: Int
        var end: Int
    }

    func scan(_ text: TextLines, from start: Int, limits: ParsingLimits) -> ScannedTable? {
        let first = fields(text, text.lines[start])
        guard first.count >= 3 else { return nil }
        var bounds = first
        var rows = [first.map(\.text)]
        var index = start + 1
        while index < text.lines.count, !text.lines[index].isBlank {
            let row = fields(text, text.lines[index])
            guard row.count == first.count else { break }
            // Left-aligned fields share their beginning, right-aligned ones overlap.
            let isAligned = zip(row, bounds).allSatisfy { field, bound in
                field.column < bound.end && bound.column < field.end
            }
            guard isAligned else { break }
            for column in row.indices {
                bounds[column].column = min(bounds[column].column, row[column].column)
                bounds[column].end = max(bounds[column].end, row[column].end)
            }
            rows.append(row.map(\.text))
            index += 1
        }
        guard rows.count >= 3 else { return nil }
        return ScannedTable(rows: rows, nextLine: index)
    }

    private func fields(_ text: TextLines, _ line: TextLines.Line) -> [Field] {
        guard line.length >= 5, line.length <= 600, line.innerTabs == 0 else { return [] }
        guard holdsGap(text, line) else { return [] }
        var fields: [Field] = []
        var current = String.UnicodeScalarView()
        var column = 0
        var begin = 0
        var blanks = 0
        for scalar in text.string(line.start, line.end).unicodeScalars {
            let width = scalar.value >= 0x1100 ? 2 : 1
            if LineShape.isBlank(scalar) {
                blanks += width
            } else {
                if blanks >= 2, !current.isEmpty {
                    fields.append(
                        Field(text: String(current), column: begin, end: column - blanks)
                    )
                    current = String.UnicodeScalarView()
                } else if blanks == 1, !current.isEmpty {
                    current.append(" ")
                }
                if current.isEmpty { begin = column }
                current.append(scalar)
                blanks = 0
            }
            column += width
        }
        if !current.isEmpty {
            fields.append(Field(text: String(current), column: begin, end: column))
        }
        return fields
    }

    private func holdsGap(_ text: TextLines, _ line: TextLines.Line) -> Bool {
        var index = line.contentStart
        while index + 1 < line.contentEnd {
            let byte = text.bytes[index]
            if byte == 0x20, text.bytes[index + 1] == 0x20 { return true }
            if byte == 0xE3, text.bytes[index + 1] == 0x80, text.bytes[index + 2] == 0x80 {
                return true
            }
            index += 1
        }
        return false
    }
}
