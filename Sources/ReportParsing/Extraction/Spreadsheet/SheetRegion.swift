/// Rows of a sheet that stand together: a form or table with the lines around it.
struct SheetRegion {
    private typealias Placed = SheetLayout.Placed
    private typealias Item = SheetLayout.Item

    private let rows: [[SheetLayout.Placed]]
    private let sheet: Sheet
    private let columns: ClosedRange<Int>
    /// Whether lines are drawn around cells, so that a row without them is not of the table.
    private let isDrawn: Bool

    /// Lines that may stand above or below a table.
    private static let maximumLines = 12

    /// Makes a region.
    /// - Parameters:
    ///   - rows: cells by rows, not empty.
    ///   - sheet: the sheet they are of.
    init(rows: [[SheetLayout.Placed]], sheet: Sheet) {
        self.rows = rows
        self.sheet = sheet
        let cells = rows.joined()
        let first = cells.map(\.columns.lowerBound).min() ?? 0
        let last = cells.map { $0.columns.lowerBound }.max() ?? first
        columns = first...max(first, last)
        isDrawn = rows.filter { $0.contains { $0.isBordered } }.count >= 2
    }

    /// Tables and lines in reading order.
    func items() -> [SheetLayout.Item] {
        var items: [Item] = []
        var start = 0
        while start < rows.count {
            var end = start + 1
            while end < rows.count, !beginsTable(end) { end += 1 }
            items += part(start, end)
            start = end
        }
        return items
    }

    /// Whether a title or a line without borders stands in the midst of the region's rows.
    private func beginsTable(_ row: Int) -> Bool {
        guard isAlone(row), let cell = rows[row].first else { return false }
        if SheetTitle.reads(cell.text), isWide(cell) || !cell.isBordered { return true }
        guard isDrawn, !cell.isBordered, row + 1 < rows.count else { return false }
        return rows[row - 1].contains { $0.isBordered }
            && rows[(row + 1)...].contains { $0.contains { $0.isBordered } }
    }

    /// Rows from one title to the next.
    private func part(_ start: Int, _ end: Int) -> [SheetLayout.Item] {
        var first = start
        while first < end, first - start < Self.maximumLines, isLeading(first, end) { first += 1 }
        var last = end
        while last > first, end - last < Self.maximumLines, isTrailing(last - 1, first) {
            last -= 1
        }
        var items: [Item] = []
        for row in start..<first { items += lines(rows[row]) }
        items += SheetTables.items(rows[first..<last])
        for row in last..<end { items += lines(rows[row]) }
        return items
    }

    /// Whether a row has one cell with text, which no other row shares.
    private func isAlone(_ row: Int) -> Bool {
        guard rows[row].count == 1, let cell = rows[row].first else { return false }
        if row > 0, rows[row - 1].contains(where: { $0.rows.upperBound >= cell.rows.lowerBound }) {
            return false
        }
        guard row + 1 < rows.count, let next = rows[row + 1].first else { return true }
        return cell.rows.upperBound < next.rows.lowerBound
    }

    private func isWide(_ cell: SheetLayout.Placed) -> Bool {
        cell.columns.lowerBound <= columns.lowerBound
            && cell.columns.upperBound >= columns.upperBound
    }

    /// Whether a row above a table is a title or a line of particulars.
    private func isLeading(_ row: Int, _ end: Int) -> Bool {
        guard let cell = rows[row].first else { return false }
        if isAlone(row) {
            if isWide(cell) { return true }
            let empty = sheet.lastEmptyBordered[cell.rows.lowerBound] ?? -1
            return empty <= cell.columns.upperBound || !cell.isBordered
        }
        return isParticulars(row, isBelow: false)
    }

    /// Whether a row below a table is a note.
    private func isTrailing(_ row: Int, _ first: Int) -> Bool {
        guard row > first, let cell = rows[row].first else { return false }
        guard isAlone(row) else { return isParticulars(row, isBelow: true) }
        if isDrawn, !cell.isBordered { return true }
        if SheetTitle.isNote(cell.text) { return true }
        return isWide(cell) && cell.columns.count > 1 && row + 1 == rows.count
            && cell.text.utf8.count >= 60
    }

    /// Whether a row holds a few labels with their values, and no lines are drawn around them.
    private func isParticulars(_ row: Int, isBelow: Bool) -> Bool {
        let cells = rows[row]
        guard cells.count <= 8, !cells.contains(where: { $0.isBordered }),
            cells.allSatisfy({ $0.rows.count == 1 })
        else { return false }
        let labels = cells.filter { SheetTitle.isLabel($0.text) }.count
        if isDrawn { return labels > 0 || cells.count <= 4 }
        let first = cells.first.map { SheetTitle.isLabel($0.text) } ?? false
        return first && labels * 2 >= cells.count
    }

    /// The lines of a row; a value stands on the line of its label.
    private func lines(_ cells: [SheetLayout.Placed]) -> [SheetLayout.Item] {
        var items: [Item] = []
        var label: SheetLayout.Placed?
        for cell in cells {
            if let open = label {
                label = nil
                if !SheetTitle.isLabel(cell.text) {
                    items.append(.line(open.text + cell.text, open.address))
                    continue
                }
                items.append(.line(open.text, open.address))
            }
            if cells.count > 1, cell.text.hasSuffix("：") || cell.text.hasSuffix(":") {
                label = cell
            } else {
                items += SheetTables.lines(cell)
            }
        }
        if let open = label { items.append(.line(open.text, open.address)) }
        return items
    }
}

/// What the words of a cell say of its place in a sheet.
enum SheetTitle {
    private static let notes = ["注", "备注", "说明", "填表说明", "填报说明"]
    private static let signatures = [
        "填表人", "填报人", "联系人", "联系电话", "审核人", "负责人", "填报日期", "填表日期", "经办人", "制表",
    ]

    /// Whether a line names a form, a table or a report.
    static func reads(_ text: String) -> Bool {
        let squeezed = GridBuilder.squeezed(text)
        guard squeezed.unicodeScalars.count >= 4, LineShape.enumerator(squeezed) == nil else {
            return false
        }
        return LineShape.isTitle(squeezed)
    }

    /// Whether a text is a label, with or without its value: 单位：万元.
    static func isLabel(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard let colon = scalars.firstIndex(where: { $0 == "：" || $0 == ":" }) else {
            return false
        }
        return scalars[..<colon].count <= 20
    }

    /// Whether a text below a table is a note or a signature.
    static func isNote(_ text: String) -> Bool {
        let head = GridBuilder.squeezed(String(text.prefix(24)))
        for word in notes where head.hasPrefix(word) {
            let next = head.dropFirst(word.count).first
            if next == "：" || next == ":" || next.map({ $0.isNumber }) ?? false { return true }
        }
        return isLabel(head) && signatures.contains { head.contains($0) }
    }
}
