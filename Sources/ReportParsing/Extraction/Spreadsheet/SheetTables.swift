/// Makes tables of rows of a sheet: columns without text left out, tables side by side divided.
enum SheetTables {
    private typealias Placed = SheetLayout.Placed

    /// Tables and lines of rows that stand together.
    static func items(_ rows: ArraySlice<[SheetLayout.Placed]>) -> [SheetLayout.Item] {
        guard !rows.isEmpty else { return [] }
        var items: [SheetLayout.Item] = []
        for group in sideBySide(rows) {
            let cells = group.joined()
            let columns = Set(cells.map(\.columns.lowerBound))
            if columns.count <= 1 || cells.count <= 1 {
                for cell in cells { items += lines(cell) }
            } else {
                items.append(.table(compacted(group)))
            }
        }
        return items
    }

    /// The lines of a cell outside of tables.
    static func lines(_ cell: SheetLayout.Placed) -> [SheetLayout.Item] {
        cell.text.split(whereSeparator: { $0.isNewline }).map {
            .line(String($0), cell.address)
        }
    }

    /// Divides rows at columns that no cell touches, when both sides are tables of their own.
    private static func sideBySide(
        _ rows: ArraySlice<[SheetLayout.Placed]>
    ) -> [[[SheetLayout.Placed]]] {
        let ranges = rows.joined().map(\.columns).sorted { $0.lowerBound < $1.lowerBound }
        var groups: [ClosedRange<Int>] = []
        for range in ranges {
            if let last = groups.last, range.lowerBound <= last.upperBound + 1 {
                groups[groups.count - 1] =
                    last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                groups.append(range)
            }
        }
        guard groups.count > 1, groups.count <= 8 else { return [Array(rows)] }
        let parts = groups.map { group in
            rows.map { row in row.filter { group.contains($0.columns.lowerBound) } }
                .filter { !$0.isEmpty }
        }
        let isTable = parts.allSatisfy { part in
            part.count >= 2 && Set(part.joined().map(\.columns.lowerBound)).count >= 2
                && (part.first?.count ?? 0) >= 2
        }
        return isTable ? parts : [Array(rows)]
    }

    /// Cells on a grid that has only rows and columns in which a cell with text begins.
    private static func compacted(_ rows: [[SheetLayout.Placed]]) -> [BlockCollector.Cell] {
        let rowStarts = rows.compactMap { $0.first?.rows.lowerBound }
        let columnStarts = Set(rows.joined().map(\.columns.lowerBound)).sorted()
        var cells: [BlockCollector.Cell] = []
        for row in rows {
            for cell in row {
                let (top, height) = span(cell.rows, rowStarts)
                let (left, width) = span(cell.columns, columnStarts)
                cells.append(
                    BlockCollector.Cell(
                        text: cell.text,
                        row: top,
                        column: left,
                        rowSpan: height,
                        columnSpan: width,
                        address: cell.address.text
                    )
                )
            }
        }
        return cells
    }

    /// First index and number of the starts within a range.
    private static func span(_ range: ClosedRange<Int>, _ starts: [Int]) -> (Int, Int) {
        func position(_ value: Int) -> Int {
            var low = 0
            var high = starts.count
            while low < high {
                let middle = (low + high) / 2
                if starts[middle] < value { low = middle + 1 } else { high = middle }
            }
            return low
        }
        let first = position(range.lowerBound)
        return (first, max(1, position(range.upperBound + 1) - first))
    }
}
