/// Joins a table with its continuation on the next page.
enum TableContinuation {
    private static let slack = 4.5

    /// Joins two tables when the second has the outer edges and most columns of the first.
    /// - Parameters:
    ///   - first: the last thing of a page.
    ///   - second: the first thing of the next.
    /// - Returns: one table on the columns of both; nil when the second is another table.
    static func join(_ first: LayoutTable, _ second: LayoutTable) -> LayoutTable? {
        guard let edges = commonEdges(first.edges, second.edges),
            let upper = first.moved(to: edges, slack), let lower = second.moved(to: edges, slack)
        else { return nil }
        let repeated = repeatedRows(upper, lower)
        guard repeated < lower.rowCount else { return upper }
        var result = upper
        var rest = lower.without(first: repeated)
        if let merged = mergedSplitRow(upper, rest) {
            result = merged
            rest = rest.without(first: 1)
        }
        extend(&result, over: &rest)
        let offset = result.rowCount
        result.cells += rest.cells.map { cell in
            var moved = cell
            moved.row += offset
            return moved
        }
        result.rowCount += rest.rowCount
        return result
    }

    /// The columns of both tables; nil when too few are the same.
    private static func commonEdges(_ first: [Double], _ second: [Double]) -> [Double]? {
        guard let left = first.first, let right = first.last, let otherLeft = second.first,
            let otherRight = second.last, abs(left - otherLeft) <= slack,
            abs(right - otherRight) <= slack
        else { return nil }
        var result = first
        var common = 0
        for edge in second {
            if first.contains(where: { abs($0 - edge) <= slack }) {
                common += 1
            } else {
                result.append(edge)
            }
        }
        let fewer = min(first.count, second.count)
        guard common >= 3 || fewer == 2, Double(common) >= 0.6 * Double(fewer),
            result.count - 1 <= LayoutLimits.maximumColumnCount
        else { return nil }
        return result.sorted()
    }

    /// Number of rows at the head of both that read the same: the header is printed again.
    private static func repeatedRows(_ upper: LayoutTable, _ lower: LayoutTable) -> Int {
        var count = 0
        while count < min(lower.rowCount, upper.rowCount, 8) {
            let left = upper.row(count)
            let right = lower.row(count)
            guard !left.isEmpty, left.map(\.text) == right.map(\.text),
                left.map(\.column) == right.map(\.column),
                left.contains(where: { !$0.text.isEmpty })
            else { break }
            count += 1
        }
        // A header of merged cells ends where its cells end.
        while count > 0,
            upper.cells.contains(where: { $0.row < count && $0.row + $0.rowSpan > count })
        {
            count -= 1
        }
        return count
    }

    /// The first table with the text of a row that the page end cut in two; nil when the first row
    /// of the second table is a row of its own.
    private static func mergedSplitRow(
        _ upper: LayoutTable,
        _ lower: LayoutTable
    ) -> LayoutTable? {
        let begun = upper.cells.indices.filter {
            upper.cells[$0].row + upper.cells[$0].rowSpan == upper.rowCount
        }
        let rest = lower.row(0).filter { !$0.text.isEmpty }
        guard lower.rowCount > 0, !rest.isEmpty,
            lower.row(0).allSatisfy({ $0.rowSpan == 1 || $0.text.isEmpty })
        else { return nil }
        var result = upper
        for cell in rest {
            guard
                let index = begun.first(where: {
                    upper.cells[$0].column == cell.column
                        && upper.cells[$0].columnSpan == cell.columnSpan
                }), isUnfinished(upper.cells[index].text)
            else { return nil }
            result.cells[index].text += cell.text
        }
        let filled = begun.filter { !upper.cells[$0].text.isEmpty }.count
        guard rest.count < filled else { return nil }
        return result
    }

    private static func isUnfinished(_ text: String) -> Bool {
        guard text.unicodeScalars.count >= 2, !LineShape.endsSentence(text) else { return false }
        return text.unicodeScalars.contains { $0.value >= 0x3400 && $0.value <= 0x9FFF }
    }

    /// Lets merged cells at the left go on over the page end: they are printed once only.
    private static func extend(_ upper: inout LayoutTable, over lower: inout LayoutTable) {
        var column = 0
        for cell in lower.row(0).sorted(by: { $0.column < $1.column }) {
            guard cell.column == column, cell.text.isEmpty, cell.rowSpan < lower.rowCount + 1,
                let index = upper.cells.firstIndex(where: {
                    $0.row + $0.rowSpan == upper.rowCount && $0.column == cell.column
                        && $0.columnSpan == cell.columnSpan && !$0.text.isEmpty
                }), let place = lower.cells.firstIndex(of: cell)
            else { return }
            upper.cells[index].rowSpan += cell.rowSpan
            lower.cells.remove(at: place)
            column += cell.columnSpan
        }
    }
}

extension LayoutTable {
    /// The same table on a finer set of columns; nil when its own are not among them.
    func moved(to columns: [Double], _ slack: Double) -> LayoutTable? {
        var map: [Int] = []
        for edge in edges {
            let nearest = columns.indices.min { abs(columns[$0] - edge) < abs(columns[$1] - edge) }
            guard let nearest, abs(columns[nearest] - edge) <= slack, nearest > map.last ?? -1
            else { return nil }
            map.append(nearest)
        }
        var result = self
        result.edges = columns
        for index in result.cells.indices {
            let cell = cells[index]
            guard cell.column >= 0, cell.column + cell.columnSpan < map.count else { return nil }
            result.cells[index].column = map[cell.column]
            result.cells[index].columnSpan = map[cell.column + cell.columnSpan] - map[cell.column]
        }
        return result
    }

    /// The table without its first rows.
    func without(first count: Int) -> LayoutTable {
        guard count > 0 else { return self }
        var result = self
        result.rowCount = max(0, rowCount - count)
        result.cells = cells.compactMap { cell in
            var moved = cell
            moved.row -= count
            guard moved.row < 0 else { return moved }
            moved.rowSpan += moved.row
            moved.row = 0
            return moved.rowSpan > 0 ? moved : nil
        }
        return result
    }
}
