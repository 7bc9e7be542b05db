import ReportModel

/// Reads the tables of a page.
///
/// Source: WHATWG HTML, 4.9.12.1 (forming a table).
enum HtmlTable {
    /// Columns and rows that one cell may claim, as browsers limit them.
    private static let maximumColumnSpan = 1000
    private static let maximumRowSpan = 65_534
    /// Columns of the grid before those without text are left out.
    private static let maximumGridColumns = 16_384
    /// Characters of a cell that holds prose rather than a value, in a table of few cells.
    private static let proseLength = 1500
    private static let fewCells = 6
    /// Characters of an element that are counted.
    private static let countCeiling = 20_000

    /// Whether a table only lays out the page: it has one cell or column, holds other tables, or
    /// has few cells with long prose of several paragraphs.
    static func isLayout(_ table: XMLNode, limits: ParsingLimits) -> Bool {
        if table.attribute("role")?.lowercased() == "presentation" { return true }
        let rows = ownRows(table)
        var filled = 0
        var widest = 0
        var longest: XMLNode?
        var longestCount = 0
        for row in rows {
            var inRow = 0
            for cell in cells(row) {
                let count = visibleCount(cell)
                guard count > 0 else { continue }
                inRow += 1
                if count > longestCount { (longest, longestCount) = (cell, count) }
            }
            filled += inRow
            widest = max(widest, inRow)
        }
        if widest <= 1 { return true }
        let nested = table.descendants("table")
        if !nested.isEmpty {
            let total = visibleCount(table)
            let outermost = nested.filter { !isWithin($0, other: "table", below: table) }
            let inside = outermost.reduce(0) { $0 + visibleCount($1) }
            if inside * 2 > total { return true }
        }
        guard filled <= fewCells, longestCount >= proseLength, let longest else { return false }
        return longest.descendants("p").count + longest.descendants("br").count
            + longest.descendants("div").count >= 5
    }

    /// The cells of a table that have text, by rows, with the positions they cover.
    /// - Throws: ``ReportError`` `.tooLarge`.
    static func rows(
        _ table: XMLNode,
        limits: ParsingLimits
    ) throws(ReportError) -> [[SheetLayout.Placed]] {
        var result: [[SheetLayout.Placed]] = []
        if let caption = table.child("caption"), !HtmlElement.isHidden(caption) {
            let text = CellText.trimmed(HtmlFlow.text(caption, limits: limits))
            if !text.isEmpty {
                let all = 0...(maximumGridColumns - 1)
                result.append([.init(text: text, rows: 0...0, columns: all, isBordered: false)])
            }
        }
        // Last row that a cell above covers, for each column.
        var covered: [Int] = []
        var count = 0
        var row = 1
        for node in ownRows(table) {
            var placed: [SheetLayout.Placed] = []
            var column = 0
            for cell in cells(node) {
                while column < covered.count, covered[column] >= row { column += 1 }
                let width = span(cell.attribute("colspan"), maximumColumnSpan)
                let height = span(cell.attribute("rowspan"), maximumRowSpan)
                var end = column
                while end < column + width, end >= covered.count || covered[end] < row {
                    guard end < maximumGridColumns else {
                        throw ReportError(.tooLarge, "表格的列数超过上限 \(maximumGridColumns)")
                    }
                    if end >= covered.count { covered.append(-1) }
                    covered[end] = row + height - 1
                    end += 1
                }
                let text = CellText.trimmed(HtmlFlow.text(cell, limits: limits))
                if !text.isEmpty {
                    count += 1
                    placed.append(
                        SheetLayout.Placed(
                            text: text,
                            rows: row...(row + height - 1),
                            columns: column...max(column, end - 1),
                            isBordered: false
                        )
                    )
                }
                column = max(end, column + 1)
            }
            guard count <= limits.maximumCellCount else {
                throw ReportError(.tooLarge, "表格的单元格数超过上限 \(limits.maximumCellCount)")
            }
            if !placed.isEmpty { result.append(placed) }
            row += 1
        }
        return result
    }

    /// The rows of a table, those of the tables within it left out.
    private static func ownRows(_ table: XMLNode) -> [XMLNode] {
        var rows: [XMLNode] = []
        for child in table.children where !HtmlElement.isHidden(child) {
            if child.isNamed("tr") {
                rows.append(child)
            } else if child.isNamed("tbody") || child.isNamed("thead") || child.isNamed("tfoot") {
                rows += child.children("tr").filter { !HtmlElement.isHidden($0) }
            }
        }
        return rows
    }

    private static func cells(_ row: XMLNode) -> [XMLNode] {
        row.children.filter {
            ($0.isNamed("td") || $0.isNamed("th")) && !HtmlElement.isHidden($0)
        }
    }

    /// Rows or columns that a cell claims; 0 means all that are left.
    private static func span(_ text: String?, _ ceiling: Int) -> Int {
        guard let text else { return 1 }
        let digits = CellText.trimmed(text).prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { return 1 }
        guard let value = Int(digits.prefix(9)) else { return 1 }
        return value == 0 ? (ceiling == maximumRowSpan ? ceiling : 1) : min(value, ceiling)
    }

    /// Visible characters within an element, counted to a ceiling: tables may hold tables, and the
    /// text of the innermost must not be counted in full once for each of them.
    private static func visibleCount(_ node: XMLNode) -> Int {
        var count = 0
        var stack = [node.nodes]
        while !stack.isEmpty {
            guard let next = stack[stack.count - 1].next() else {
                stack.removeLast()
                continue
            }
            if next.isText {
                for scalar in next.text.unicodeScalars where !LineShape.isBlank(scalar) {
                    count += 1
                }
                if count >= countCeiling { return count }
            } else if next.isElement {
                stack.append(next.nodes)
            }
        }
        return count
    }

    /// Whether an element stands within another of a name, itself within a given one.
    private static func isWithin(_ node: XMLNode, other: StaticString, below: XMLNode) -> Bool {
        var parent = node.parent
        while let current = parent {
            if current.isNamed(other) { return !current.isSame(as: below) }
            parent = current.parent
        }
        return false
    }
}
