/// Divides the cells of a sheet into tables and the lines above, between and below them.
///
/// Rows without text divide tables unless lines are drawn around their cells, or a merged cell
/// reaches over them; so do columns when tables stand side by side. A title, a line such as
/// 填报单位：… 单位：万元, and the notes below a table are lines.
struct SheetLayout {
    /// What a sheet shows, in reading order.
    enum Item {
        /// A line of running text with its address.
        case line(String, CellAddress)
        /// A table.
        case table([BlockCollector.Cell])
    }

    /// A cell with the range it covers.
    struct Placed {
        var text: String
        var rows: ClosedRange<Int>
        var columns: ClosedRange<Int>
        var isBordered: Bool

        var address: CellAddress {
            CellAddress(row: rows.lowerBound, column: columns.lowerBound)
        }
    }

    private let sheet: Sheet

    /// Lays out a sheet.
    init(_ sheet: Sheet) { self.sheet = sheet }

    /// Tables and lines in reading order.
    func items() -> [Item] {
        var items: [Item] = []
        var region: [[Placed]] = []
        var reach = -1
        for row in SheetMerges.placed(sheet) {
            guard let first = row.first else { continue }
            let index = first.rows.lowerBound
            if !region.isEmpty, index > reach + 1, !sheet.joinedRows.contains(index) {
                items += SheetRegion(rows: region, sheet: sheet).items()
                region = []
            }
            region.append(row)
            reach = max(reach, row.map(\.rows.upperBound).max() ?? index)
        }
        if !region.isEmpty { items += SheetRegion(rows: region, sheet: sheet).items() }
        return items
    }
}

/// Applies merged ranges to the cells of a sheet.
enum SheetMerges {
    /// The cells row by row, each with the range it covers; cells under a merged one are left out.
    ///
    /// A merged range that overlaps one above or left of it is not applied.
    static func placed(_ sheet: Sheet) -> [[SheetLayout.Placed]] {
        let merges = sheet.merges.sorted {
            ($0.rows.lowerBound, $0.columns.lowerBound)
                < ($1.rows.lowerBound, $1.columns.lowerBound)
        }
        var next = 0
        // Ranges that reach into the row at hand, by their first column; they never overlap.
        var active: [CellRange] = []
        var result: [[SheetLayout.Placed]] = []
        for row in rows(sheet) {
            guard let index = row.first?.address.row else { continue }
            if active.contains(where: { $0.rows.upperBound < index }) {
                active.removeAll { $0.rows.upperBound < index }
            }
            while next < merges.count, merges[next].rows.lowerBound <= index {
                if merges[next].rows.upperBound >= index { insert(merges[next], into: &active) }
                next += 1
            }
            var placed: [SheetLayout.Placed] = []
            for cell in row {
                let column = cell.address.column
                let range = covering(column, active)
                if let range, range.rows.lowerBound != index || range.columns.lowerBound != column {
                    continue
                }
                placed.append(
                    SheetLayout.Placed(
                        text: cell.text,
                        rows: range?.rows ?? index...index,
                        columns: range?.columns ?? column...column,
                        isBordered: cell.isBordered
                    )
                )
            }
            if !placed.isEmpty { result.append(placed) }
        }
        return result
    }

    /// Cells by rows, each address once: the last cell of an address counts.
    private static func rows(_ sheet: Sheet) -> [[Sheet.Cell]] {
        let order = sheet.cells.indices.sorted {
            let (left, right) = (sheet.cells[$0].address, sheet.cells[$1].address)
            return (left.row, left.column, $0) < (right.row, right.column, $1)
        }
        var rows: [[Sheet.Cell]] = []
        for index in order {
            let cell = sheet.cells[index]
            guard let last = rows.last?.last, last.address.row == cell.address.row else {
                rows.append([cell])
                continue
            }
            if last.address.column == cell.address.column { rows[rows.count - 1].removeLast() }
            rows[rows.count - 1].append(cell)
        }
        return rows
    }

    /// Index of the first range that begins behind a column.
    private static func position(_ column: Int, _ active: [CellRange]) -> Int {
        var low = 0
        var high = active.count
        while low < high {
            let middle = (low + high) / 2
            if active[middle].columns.lowerBound > column {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }

    private static func covering(_ column: Int, _ active: [CellRange]) -> CellRange? {
        let index = position(column, active)
        guard index > 0, active[index - 1].columns.upperBound >= column else { return nil }
        return active[index - 1]
    }

    private static func insert(_ range: CellRange, into active: inout [CellRange]) {
        let index = position(range.columns.lowerBound, active)
        if index > 0, active[index - 1].columns.upperBound >= range.columns.lowerBound { return }
        if index < active.count, active[index].columns.lowerBound <= range.columns.upperBound {
            return
        }
        active.insert(range, at: index)
    }
}
