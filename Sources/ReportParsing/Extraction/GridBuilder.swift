/// Lays rows of unequal length out on one grid.
///
/// Text loses the spans of merged cells. A row that is shorter than the widest gets the rest as
/// column span of one cell: the first of a total row, the label cell of a header row whose body
/// rows are one or two longer, else the last. An empty cell at the beginning of a row continues
/// the cell above.
struct GridBuilder {
    /// A cell on the grid with its text.
    struct Placed: Equatable {
        /// Text; never empty.
        var text: String
        /// First row.
        var row: Int
        /// First column.
        var column: Int
        /// Rows covered.
        var rowSpan: Int
        /// Columns covered.
        var columnSpan: Int
    }

    private static let totals: Set<String> = [
        "总分", "合计", "总计", "小计", "总得分", "得分合计", "分值合计", "自评总分",
    ]
    private static let labels: Set<String> = [
        "项目", "资金来源", "内容", "名称", "支出内容", "项目名称", "资金构成", "预算项目", "科目", "指标", "类别", "支出项目",
        "预算执行情况", "经费来源",
    ]

    /// Lays out rows.
    /// - Parameter source: rows of cell texts; an empty text is an empty or merged cell.
    /// - Returns: the cells that have text, in reading order.
    static func layOut(_ source: [[String]]) -> [Placed] {
        let rows = source.filter { row in row.contains { !$0.isEmpty } }
        let width = rows.map(\.count).max() ?? 0
        var placed: [Placed] = []
        var owners = [Int?](repeating: nil, count: width)
        for (row, cells) in rows.enumerated() {
            let spans = spans(of: cells, next: row + 1 < rows.count ? rows[row + 1] : nil, width)
            var column = 0
            var isLeading = true
            for (index, text) in cells.enumerated() {
                let span = spans[index]
                defer { column += span }
                guard text.isEmpty else {
                    isLeading = false
                    for covered in column..<(column + span) { owners[covered] = placed.count }
                    placed.append(
                        Placed(text: text, row: row, column: column, rowSpan: 1, columnSpan: span)
                    )
                    continue
                }
                if isLeading, extend(&placed, owner: owners[column], at: row, column, span) {
                    continue
                }
                for covered in column..<(column + span) { owners[covered] = nil }
            }
        }
        return placed
    }

    private static func extend(
        _ placed: inout [Placed],
        owner: Int?,
        at row: Int,
        _ column: Int,
        _ span: Int
    ) -> Bool {
        guard let owner else { return false }
        let above = placed[owner]
        guard above.column == column, above.columnSpan == span, above.row + above.rowSpan == row,
            !totals.contains(squeezed(above.text))
        else { return false }
        placed[owner].rowSpan += 1
        return true
    }

    private static func spans(of cells: [String], next: [String]?, _ width: Int) -> [Int] {
        var spans = [Int](repeating: 1, count: cells.count)
        guard cells.count < width else { return spans }
        var rest = width - cells.count
        if let first = cells.first(where: { !$0.isEmpty }), totals.contains(squeezed(first)) {
            spans[0] += rest
            return spans
        }
        if let next, next.count > cells.count, next.count - cells.count <= 2, cells.count > 2,
            next.first?.isEmpty == true
        {
            let missing = next.count - cells.count
            let label = cells.firstIndex { labels.contains(squeezed($0)) }
            let last = cells.count - 1
            spans[label ?? (cells[0].isEmpty ? 0 : min(1, last))] += missing
            rest -= missing
        }
        spans[cells.count - 1] += rest
        return spans
    }

    /// A text without any white space, for comparing labels.
    static func squeezed(_ text: String) -> String {
        let scalars = text.scalarArray
        guard scalars.contains(where: \.isWhiteSpace) else { return text }
        return scalars.filter { !$0.isWhiteSpace }.string
    }
}
