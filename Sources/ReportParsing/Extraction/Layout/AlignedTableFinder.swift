/// Finds tables without rulings by columns that many lines share.
///
/// Conservative: columns must stay clear of text in nearly all lines, cells must be short and no
/// sentences. Lines that are no table stay paragraphs.
enum AlignedTableFinder {
    /// Fewest lines with cells side by side.
    private static let fewestRows = 3
    /// Fewest for a table of two columns, which prose with blanks resembles.
    private static let fewestRowsOfTwo = 4
    /// Mean of characters of a cell, at most.
    private static let longestMean = 14

    /// Takes aligned tables out of the lines of a page.
    /// - Parameters:
    ///   - lines: lines from top to bottom.
    ///   - blockers: places of tables that are known already.
    /// - Returns: the tables and the lines that are left.
    static func find(
        _ lines: [LayoutLine],
        blockers: [Box]
    ) -> (tables: [LayoutTable], rest: [LayoutLine]) {
        var tables: [LayoutTable] = []
        var rest: [LayoutLine] = []
        var index = 0
        while index < lines.count {
            let end = runEnd(lines, from: index, blockers)
            if end - index >= fewestRows, let table = table(Array(lines[index..<end])) {
                tables.append(table)
                index = end
            } else {
                let stop = max(index + 1, end)
                rest += lines[index..<stop]
                index = stop
            }
        }
        return (tables, rest)
    }

    /// One past the last line of a run that may be a table.
    private static func runEnd(_ lines: [LayoutLine], from start: Int, _ blockers: [Box]) -> Int {
        guard lines[start].segments.count > 1, isCells(lines[start]) else { return start + 1 }
        var end = start + 1
        var lastFull = start
        while end < lines.count {
            let line = lines[end]
            let before = lines[end - 1]
            guard line.box.top - before.box.bottom < 2.4 * line.size, isCells(line),
                !blockers.contains(where: {
                    $0.centreY > before.box.centreY && $0.centreY < line.box.centreY
                })
            else { break }
            if line.segments.count > 1 { lastFull = end } else if end - lastFull > 3 { break }
            end += 1
        }
        // Lines after the last row with cells are what follows the table.
        return lastFull + 1
    }

    /// Whether a line can be cells: short pieces that are no sentences.
    private static func isCells(_ line: LayoutLine) -> Bool {
        guard !ParagraphJoiner.hasLeader(line.text) else { return false }
        return line.segments.allSatisfy { segment in
            let text = segment.text
            return text.unicodeScalars.count <= 40 && !text.contains("。") && !text.contains("；")
                && !(text.hasSuffix("，") && text.unicodeScalars.count > 15)
        }
    }

    private static func table(_ lines: [LayoutLine]) -> LayoutTable? {
        let full = lines.filter { $0.segments.count > 1 }
        guard full.count * 2 >= lines.count, let size = full.map(\.size).sorted().middle else {
            return nil
        }
        let edges = edges(lines, size: size)
        let columns = edges.count - 1
        guard columns >= 2, columns <= LayoutLimits.maximumColumnCount,
            full.count >= (columns == 2 ? fewestRowsOfTwo : fewestRows)
        else { return nil }
        var rows: [[LayoutTable.Cell]] = []
        for line in lines {
            guard let cells = cells(line, edges, row: rows.count) else { return nil }
            rows.append(cells)
        }
        guard isTable(rows, columns: columns) else { return nil }
        rows = merged(rows, lines, columns: columns)
        guard var box = lines.first?.box else { return nil }
        for line in lines { box = box.union(line.box) }
        return LayoutTable(
            box: box,
            edges: edges,
            rowCount: rows.count,
            cells: rows.flatMap { $0 }
        )
    }

    /// The edges of columns: stretches that hardly any line crosses.
    private static func edges(_ lines: [LayoutLine], size: Double) -> [Double] {
        let left = lines.map(\.box.left).min() ?? 0
        let right = lines.map(\.box.right).max() ?? 0
        let step = 2.0
        let count = Int(min(4_000, max(1, ((right - left) / step).rounded(.up))))
        var crossed = [Int](repeating: 0, count: count)
        for line in lines {
            for segment in line.segments {
                let first = Int(max(0, (segment.box.left - left) / step))
                let last = Int(max(0, (segment.box.right - left) / step))
                for place in max(0, first)...max(first, min(last, count - 1)) where place < count {
                    crossed[place] += 1
                }
            }
        }
        let allowed = lines.count / 6
        var edges = [left - 1]
        var start: Int?
        for place in 0...count {
            if place < count, crossed[place] <= allowed {
                if start == nil { start = place }
            } else if let first = start {
                start = nil
                let width = Double(place - first) * step
                if first > 0, place < count, width >= 0.7 * size {
                    edges.append(left + (Double(first) + Double(place)) / 2 * step)
                }
            }
        }
        return edges + [right + 1]
    }

    /// The cells of a line; nil when two of its pieces lie in one column.
    private static func cells(
        _ line: LayoutLine,
        _ edges: [Double],
        row: Int
    ) -> [LayoutTable.Cell]? {
        var cells: [LayoutTable.Cell] = []
        for segment in line.segments {
            let first = column(segment.box.left + 0.3 * line.size, edges)
            let last = max(first, column(segment.box.right - 0.3 * line.size, edges))
            if let before = cells.last, before.column + before.columnSpan > first {
                return nil
            }
            cells.append(
                LayoutTable.Cell(
                    text: segment.text,
                    row: row,
                    column: first,
                    rowSpan: 1,
                    columnSpan: last - first + 1,
                    page: line.page
                )
            )
        }
        return cells
    }

    private static func column(_ x: Double, _ edges: [Double]) -> Int {
        let index = edges.lastIndex { $0 <= x } ?? 0
        return min(index, edges.count - 2)
    }

    /// Whether the cells read like those of a table.
    private static func isTable(_ rows: [[LayoutTable.Cell]], columns: Int) -> Bool {
        let cells = rows.flatMap { $0 }
        let characters = cells.reduce(0) { $0 + $1.text.unicodeScalars.count }
        guard characters <= longestMean * cells.count else { return false }
        // Labels with their values, one a line, are read as they are.
        let labels = rows.filter { row in
            row.first.map { $0.text.hasSuffix("：") || $0.text.hasSuffix(":") } ?? false
        }
        if labels.count * 2 > rows.count { return false }
        let perColumn = (0..<columns).map { column in
            cells.filter { $0.column == column && $0.columnSpan == 1 }.count
        }
        guard perColumn.allSatisfy({ $0 >= 2 }) else { return false }
        if columns == 2 {
            let numbers = cells.filter { $0.column == 1 && isNumber($0.text) }.count
            return numbers * 2 >= perColumn[1]
        }
        return true
    }

    private static func isNumber(_ text: String) -> Bool {
        let digits = text.unicodeScalars.filter { LineShape.digit($0) != nil }.count
        return digits * 2 >= text.unicodeScalars.count && digits > 0
    }

    /// Rows with the wrapped lines of their cells: a line that holds only words and stands nearer
    /// to the row before than rows do.
    private static func merged(
        _ rows: [[LayoutTable.Cell]],
        _ lines: [LayoutLine],
        columns: Int
    ) -> [[LayoutTable.Cell]] {
        let gaps = zip(lines, lines.dropFirst()).filter {
            $0.segments.count * 2 > columns && $1.segments.count * 2 > columns
        }.map { $1.box.top - $0.box.bottom }.sorted()
        guard let usual = gaps.middle else { return rows }
        var result: [[LayoutTable.Cell]] = []
        for (index, row) in rows.enumerated() {
            if index > 0, row.count * 2 <= columns, row.allSatisfy({ !isNumber($0.text) }),
                lines[index].box.top - lines[index - 1].box.bottom < usual - 0.25
                    * lines[index].size,
                let above = result.last, let joined = join(above, row)
            {
                result[result.count - 1] = joined
                continue
            }
            result.append(row)
        }
        for row in result.indices {
            for cell in result[row].indices { result[row][cell].row = row }
        }
        return result
    }

    private static func join(
        _ above: [LayoutTable.Cell],
        _ below: [LayoutTable.Cell]
    ) -> [LayoutTable.Cell]? {
        var result = above
        for cell in below {
            guard let place = result.firstIndex(where: { $0.column == cell.column }) else {
                return nil
            }
            result[place].text = ParagraphJoiner.joined(result[place].text, cell.text)
        }
        return result
    }
}

extension Array where Element == Double {
    /// The middle one of sorted numbers; nil of none.
    var middle: Double? { isEmpty ? nil : self[count / 2] }
}
