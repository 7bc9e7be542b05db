import ReportModel

/// Reads the indicator rows of one table.
struct IndicatorReader {
    let grid: TableGrid
    let context: FactContext
    /// Which column holds what; nil before the first head.
    private(set) var head: IndicatorHead?
    private var levels: [Scalars] = [[], []]
    /// Project that the table belongs to.
    var project: String?

    init(_ grid: TableGrid, context: FactContext, project: String?) {
        self.grid = grid
        self.context = context
        self.project = project
    }

    private static let signs: Words = [
        "≥", "≤", ">", "<", "=", ">=", "<=", "＝", "大于", "小于", "等于", "大于等于", "小于等于", "≧", "≦", "不低于",
        "不超过", "不少于", "不高于", "＞", "＜", "≠", "=>", "=<", "不大于", "不小于",
    ]
    /// Tries to read a row as the head of indicators.
    /// - Parameter row: index of the row.
    /// - Returns: number of rows of the head, 0 when the row is none.
    mutating func readHead(_ row: Int) -> Int {
        guard let found = grid.indicatorHead(row) else { return 0 }
        // A head that is printed again on the next page goes on with the same levels.
        if head?.columns != found.columns { levels = [[], []] }
        head = found
        isClosed = false
        return found.depth
    }

    /// Takes over the head of the table before, when this one goes on without a head of its own.
    /// - Parameters:
    ///   - earlier: the head of the table before.
    ///   - levels: the levels that were open at its end.
    /// - Returns: whether the first rows are rows of indicators below that head.
    mutating func goesOn(from earlier: IndicatorHead, levels: [Scalars]) -> Bool {
        // A column that is empty on the page is not there.
        guard grid.columnCount == earlier.width || grid.columnCount == earlier.width - 1 else {
            return false
        }
        head = earlier
        self.levels = levels
        let isWhole = grid.columnCount == earlier.width
        let hasRow = (0..<min(3, grid.rowCount)).contains { row in
            let weight = number(.weight, row) != nil
            let score = number(.score, row) != nil
            if kind(row) == .total { return weight || score }
            guard kind(row) == .indicator, !text(.level3, row).isEmpty else { return false }
            return isWhole
                ? weight || score || earlier.columns[.weight] == nil && !text(.target, row).isEmpty
                : weight && score
        }
        if !hasRow { head = nil }
        return hasRow
    }

    /// Adds the rest of a row that the end of a page cut to the row's first half.
    /// - Returns: whether the row was such a rest.
    func join(_ row: Int, to indicator: inout Indicator) -> Bool {
        let points = [ColumnHeading.weight, .score].map { text($0, row) }
        guard text(.level3, row).isEmpty, points.allSatisfy({ $0.isEmpty }) else { return false }
        if let rest = printed(.target, row) { indicator.target = (indicator.target ?? "") + rest }
        if let rest = printed(.actual, row) { indicator.actual = (indicator.actual ?? "") + rest }
        if let rest = printed(.note, row) { indicator.note = (indicator.note ?? "") + rest }
        return true
    }

    /// Ends the table: what comes below its total belongs to it no more.
    mutating func close() { isClosed = true }

    private(set) var isClosed = false

    /// The levels that an indicator below would belong to.
    var openLevels: [Scalars] { levels }

    private func cell(_ heading: ColumnHeading, _ row: Int) -> Int? {
        guard let columns = head?.columns[heading] else { return nil }
        var first: Int?
        for column in columns {
            guard let index = grid.cell(row, column) else { continue }
            if !grid.texts[index].isEmpty { return index }
            first = first ?? index
        }
        return first
    }

    func text(_ heading: ColumnHeading, _ row: Int) -> Scalars {
        cell(heading, row).map { grid.texts[$0] } ?? []
    }

    /// The number in a column of a row.
    func number(_ heading: ColumnHeading, _ row: Int) -> CellValue? {
        cell(heading, row).flatMap { grid.values[$0] }
    }

    /// The cell of a value; one that begins left of its column belongs to the name.
    func valueCell(_ heading: ColumnHeading, _ row: Int) -> Int? {
        guard let columns = head?.columns[heading], let index = cell(heading, row),
            grid.cells[index].column >= columns.lowerBound
        else { return nil }
        return index
    }

    /// The total score of a total row.
    func total(_ row: Int) -> TotalScore? {
        TotalRow(grid, row: row, weight: head?.columns[.weight], score: head?.columns[.score])?
            .score(context)
    }

    /// Takes the level that a row of its own names: 产出指标（50分）.
    mutating func openLevel(_ row: Int) {
        guard let index = grid.own(row).first else { return }
        let name = TableLabel.name(grid.texts[index])
        // 数量指标 below 产出指标 is a level of its own.
        if Self.kindNames.contain(ColumnHeading.withoutBrackets(name)), !levels[0].isEmpty,
            Self.indicatorWord.end(ColumnHeading.withoutBrackets(name))
        {
            levels[1] = name
        } else {
            levels = [name, []]
        }
    }

    /// Reads one row below the head; nil when it is no indicator.
    mutating func indicator(_ row: Int) -> Indicator? {
        for (index, heading) in [ColumnHeading.level1, .level2].enumerated() {
            let text = text(heading, row)
            // A line broken within its brackets leaves a piece without a word.
            guard text.contains(where: { $0.isHan }) else { continue }
            if text != levels[index] {
                levels[index] = text
                if index == 0, head?.columns[.level2] != nil { levels[1] = [] }
            }
        }
        let third = cell(.level3, row)
        guard let nameCell = third ?? grid.own(row).first else { return nil }
        let values = [ColumnHeading.target, .adjustedTarget, .actual, .weight, .score]
            .map { valueCell($0, row).map { grid.texts[$0] } ?? [] }
        let printed = third.map { self.name(row, $0) } ?? []
        let isBlank = values.allSatisfy { CellValue.isEmpty($0) }
        guard !printed.isEmpty || !isBlank else { return nil }
        let isSame =
            third != nil && grid.cells[nameCell].row < row && values.allSatisfy { $0.isEmpty }
        guard !isSame else { return nil }
        let name = IndicatorName(printed)
        let isNotApplicable = name.isEmptyFirst && values.contains { !$0.isEmpty }
        guard !(name.isPlaceholder && isBlank) || isNotApplicable else { return nil }
        let block = grid.cells[nameCell].block
        var indicator = Indicator(
            part: context.part(ofBlock: block),
            place: context.place(ofBlock: block)
        )
        indicator.level1 = Self.level(levels[0])
        indicator.level2 = Self.level(levels[1])
        indicator.level3 = CellValue.isEmpty(name.name.compact) ? nil : name.name.string
        indicator.target = target(row)
        indicator.actual = self.printed(.actual, row)
        indicator.unit = self.printed(.measure, row)
        indicator.weight =
            printedNumber(.weight, row) ?? (head?.columns[.weight] == nil ? name.points : nil)
        indicator.score = printedNumber(.score, row)
        indicator.note = self.printed(.note, row)
        indicator.project = project
        return indicator
    }

    /// The name with what stands beside 指标1： in a cell of its own.
    private func name(_ row: Int, _ cell: Int) -> Scalars {
        let text = printed(cell)
        guard let columns = head?.columns[.level3], columns.count > 1,
            IndicatorName(text).name.isEmpty
        else { return text }
        for column in columns {
            if let other = grid.cell(row, column), other != cell, !grid.texts[other].isEmpty {
                return text + printed(other)
            }
        }
        return text
    }

    private func target(_ row: Int) -> String? {
        let value = printed(.adjustedTarget, row) ?? printed(.target, row)
        guard let value else { return nil }
        let nature = text(.nature, row)
        let begins =
            value.unicodeScalars.first.map { "≥≤><=＞＜＝≧≦".unicodeScalars.contains($0) } ?? false
        let sign = Self.signs.contain(nature) && !begins ? nature.string : ""
        let measure = text(.measure, row)
        let bare = Array(value.unicodeScalars.drop { "≥≤><=＞＜＝≧≦".unicodeScalars.contains($0) })
        let isNumber = CellValue(bare.compact)?.kind == .plain
        let unit = isNumber && !CellValue.isEmpty(measure) ? measure.string : ""
        return sign + value + unit
    }

    /// The points of a row; a cell merged over several rows counts for the first of them.
    private func printedNumber(_ heading: ColumnHeading, _ row: Int) -> String? {
        guard let cell = valueCell(heading, row), grid.cells[cell].row == row else { return nil }
        let text = grid.texts[cell]
        if CellValue.isEmpty(text) { return nil }
        return grid.values[cell]?.value ?? text.string
    }

    private func printed(_ heading: ColumnHeading, _ row: Int) -> String? {
        guard let cell = valueCell(heading, row), !CellValue.isEmpty(grid.texts[cell]) else {
            return nil
        }
        return printed(cell).string
    }

    /// The text of a cell as printed, on one line, without blanks at its edges.
    private func printed(_ cell: Int) -> Scalars {
        var text = context.texts.scalars[grid.cells[cell].block]
        guard text.contains(where: { $0.isBlank || $0 == "\n" || $0 == "\r" }) else { return text }
        text.removeAll { $0 == "\n" || $0 == "\r" }
        while text.last?.isBlank == true { text.removeLast() }
        return Array(text.drop { $0.isBlank })
    }

    private static func level(_ text: Scalars) -> String? {
        let name = IndicatorName(text, isLevel: true).name
        return CellValue.isEmpty(name) ? nil : name.string
    }
}
