import ReportModel

/// Reads the indicator rows of one table.
struct IndicatorReader {
    private let grid: TableGrid
    private let context: FactContext
    private let table: Int
    /// Column of every meaning.
    private var columns: [ColumnHeading: Int] = [:]
    private var levels: [Scalars] = [[], []]
    /// Project that the table belongs to.
    let project: String?

    init(_ grid: TableGrid, table: Int, context: FactContext, project: String?) {
        self.grid = grid
        self.table = table
        self.context = context
        self.project = project
    }

    private static let signs: Words = [
        "≥", "≤", ">", "<", "=", ">=", "<=", "＝", "大于", "小于", "等于", "大于等于", "小于等于", "≧", "≦", "不低于",
        "不超过", "不少于", "不高于", "＞", "＜",
    ]
    private static let totals: Words = [
        "总分", "合计", "总计", "总得分", "合计得分", "自评总分", "总评分", "自评得分", "总分值", "总分:", "合计:", "综合得分", "总分合计",
        "自评总得分",
        "得分合计", "评价总分", "分值合计",
    ]
    private static let thirdLevel: Words = ["三级指标"]
    private static let itemPrefix: Words = ["指标"]

    /// Tries to read a row as the head of indicators.
    /// - Parameter row: index of the row.
    /// - Returns: number of rows of the head, 0 when the row is none.
    mutating func readHead(_ row: Int) -> Int {
        var found = headings(row)
        let hasName = found.keys.contains(.level3)
        let hasLevel = found[.level1] != nil || found[.level2] != nil
        let hasValue = [ColumnHeading.target, .adjustedTarget, .actual, .weight, .score]
            .contains { found[$0] != nil }
        guard hasName || hasLevel, hasLevel || hasValue, hasLevel || found[.level3] != nil else {
            return 0
        }
        var count = 1
        for (column, other) in headingsByColumn(row + 1) where isHead(row + 1) {
            let shadow = found.first { $0.value == column }
            if other != .level3 || shadow?.key == .level3 || shadow == nil {
                if let shadow, shadow.key != other { found[shadow.key] = nil }
                if found[other] == nil { found[other] = column }
                count = 2
            }
        }
        if row > 0, isHead(row - 1) {
            for (column, other) in headingsByColumn(row - 1)
            where found[other] == nil && !found.values.contains(column) {
                found[other] = column
            }
        }
        guard
            found[.target] != nil || found[.actual] != nil || found[.weight] != nil
                || found[.score] != nil || found[.adjustedTarget] != nil
        else { return 0 }
        if found[.level3] == nil { found[.level3] = found[.level2] }
        guard found[.level3] != nil else { return 0 }
        if found[.level2] == found[.level3] { found[.level2] = nil }
        columns = found
        levels = [[], []]
        return count
    }

    private func headings(_ row: Int) -> [ColumnHeading: Int] {
        var found: [ColumnHeading: Int] = [:]
        for (column, heading) in headingsByColumn(row) {
            let isExplicit = heading == .level3 && Self.thirdLevel.occur(in: grid.text(row, column))
            if found[heading] == nil || isExplicit { found[heading] = column }
        }
        return found
    }

    private func headingsByColumn(_ row: Int) -> [(Int, ColumnHeading)] {
        grid.row(row).compactMap { index in
            let cell = grid.cells[index]
            // A label that runs down the side of the table heads no column.
            guard cell.rowSpan < 3 else { return nil }
            return ColumnHeading.ofIndicators(grid.texts[index]).map { (cell.column, $0) }
        }
    }

    /// Whether a row holds headings and no values.
    private func isHead(_ row: Int) -> Bool {
        guard row >= 0, row < grid.rowCount else { return false }
        let cells = grid.row(row)
        let known = cells.filter { ColumnHeading.ofIndicators(grid.texts[$0]) != nil }.count
        let values = cells.filter { CellValue(grid.texts[$0]) != nil }.count
        return values == 0 && known >= 2
    }

    private func cell(_ heading: ColumnHeading, _ row: Int) -> Int? {
        guard let column = columns[heading] else { return nil }
        return grid.cell(row, column)
    }

    private func text(_ heading: ColumnHeading, _ row: Int) -> Scalars {
        cell(heading, row).map { grid.texts[$0] } ?? []
    }

    /// Whether a row is the total of the table; its numbers are total and full marks.
    func isTotal(_ row: Int) -> Bool {
        let own = grid.row(row).first { grid.cells[$0].row == row && !grid.texts[$0].isEmpty }
        guard let first = own else { return false }
        return Self.totals.contain(ColumnHeading.withoutBrackets(grid.texts[first]))
    }

    /// Whether rows of indicators go on below a total row.
    func continues(_ row: Int) -> Bool {
        guard row < grid.rowCount else { return false }
        let name = text(.level3, row)
        return !name.isEmpty && CellValue(text(.weight, row)) != nil
    }

    /// The total score of a total row.
    func total(_ row: Int) -> TotalScore? {
        let numbers = grid.row(row).filter { CellValue(grid.texts[$0]) != nil }
        guard let last = numbers.last else { return nil }
        var full: Int?
        var total = last
        if let weight = cell(.weight, row), let score = cell(.score, row), weight != score,
            CellValue(grid.texts[weight]) != nil || CellValue(grid.texts[score]) != nil
        {
            guard CellValue(grid.texts[score]) != nil else { return nil }
            full = CellValue(grid.texts[weight]) == nil ? nil : weight
            total = score
        } else if numbers.count > 1 {
            full = numbers[numbers.count - 2]
        }
        guard let value = CellValue(grid.texts[total]) else { return nil }
        let block = grid.cells[total].block
        return TotalScore(
            total: value.value,
            full: full.flatMap { CellValue(grid.texts[$0])?.value },
            part: context.part(ofBlock: block),
            place: context.place(ofBlock: block)
        )
    }

    /// Reads one row below the head; nil when it is no indicator.
    mutating func indicator(_ row: Int) -> Indicator? {
        for (index, heading) in [ColumnHeading.level1, .level2].enumerated() {
            let text = text(heading, row)
            if !text.isEmpty, text != levels[index] {
                levels[index] = text
                if index == 0, columns[.level2] != nil { levels[1] = [] }
            }
        }
        guard let nameCell = cell(.level3, row) ?? cell(.level2, row) else { return nil }
        let values = [ColumnHeading.target, .adjustedTarget, .actual, .weight, .score]
            .map { text($0, row) }
        let name = grid.texts[nameCell]
        guard !name.isEmpty || values.contains(where: { !$0.isEmpty }) else { return nil }
        let isSame = grid.cells[nameCell].row < row && values.allSatisfy { $0.isEmpty }
        guard !isSame else { return nil }
        let block = grid.cells[nameCell].block
        var indicator = Indicator(
            part: context.part(ofBlock: block),
            place: context.place(ofBlock: block)
        )
        indicator.level1 = Self.level(levels[0])
        indicator.level2 = Self.level(levels[1])
        let stripped = Self.withoutPoints(Self.withoutPrefix(printed(nameCell)))
        indicator.level3 = CellValue.isEmpty(stripped.name) ? nil : stripped.name.string
        indicator.target = target(row)
        indicator.actual = printed(.actual, row)
        indicator.unit = printed(.measure, row)
        indicator.weight = number(.weight, row) ?? (columns[.weight] == nil ? stripped.points : nil)
        indicator.score = number(.score, row)
        indicator.note = printed(.note, row)
        indicator.project = project
        return indicator
    }

    private func target(_ row: Int) -> String? {
        let value = printed(.adjustedTarget, row) ?? printed(.target, row)
        guard let value else { return nil }
        let nature = text(.nature, row)
        let begins = value.unicodeScalars.first.map { "≥≤><=".unicodeScalars.contains($0) } ?? false
        let sign = Self.signs.contain(nature) && !begins ? nature.string : ""
        let measure = text(.measure, row)
        let isNumber = CellValue(Array(value.unicodeScalars).compact)?.kind == .plain
        let unit = isNumber && !CellValue.isEmpty(measure) ? measure.string : ""
        return sign + value + unit
    }

    private func number(_ heading: ColumnHeading, _ row: Int) -> String? {
        let text = text(heading, row)
        if CellValue.isEmpty(text) { return nil }
        return CellValue(text)?.value ?? text.string
    }

    private func printed(_ heading: ColumnHeading, _ row: Int) -> String? {
        guard let cell = cell(heading, row), !CellValue.isEmpty(grid.texts[cell]) else {
            return nil
        }
        return printed(cell).string
    }

    /// The text of a cell as printed, on one line, without blanks at its edges.
    private func printed(_ cell: Int) -> Scalars {
        var text: Scalars = []
        for scalar in context.document.blocks[grid.cells[cell].block].text.unicodeScalars
        where scalar != "\n" && scalar != "\r" {
            text.append(scalar)
        }
        while text.last?.isBlank == true { text.removeLast() }
        return Array(text.drop { $0.isBlank })
    }

    private static func level(_ text: Scalars) -> String? {
        let name = withoutPoints(text).name
        return CellValue.isEmpty(name) ? nil : name.string
    }

    /// Leaves out 指标1： at the head of a name.
    private static func withoutPrefix(_ text: Scalars) -> Scalars {
        guard itemPrefix.begin(text) else { return text }
        var index = 2
        while index < text.count, text[index].digit != nil || text[index].isBlank { index += 1 }
        guard index > 2, index < text.count else { return index == text.count ? [] : text }
        guard ":：、.．".unicodeScalars.contains(text[index]) else { return text }
        return Array(text[(index + 1)...].drop { $0.isBlank })
    }

    /// Splits （50分） or （10） off the end of a name.
    private static func withoutPoints(_ text: Scalars) -> (name: Scalars, points: String?) {
        guard let last = text.last, last == ")" || last == "）",
            let open = text.lastIndex(where: { $0 == "(" || $0 == "（" }), open > 0
        else { return (text, nil) }
        guard let value = CellValue(Array(text[(open + 1)..<(text.count - 1)]).compact),
            value.kind == .points
        else { return (text, nil) }
        return (Array(text[..<open]), value.value)
    }
}
