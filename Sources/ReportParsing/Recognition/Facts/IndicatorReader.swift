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

    /// What a row below the head is.
    enum RowKind { case indicator, total, subtotal, level, blank, end }

    private static let signs: Words = [
        "≥", "≤", ">", "<", "=", ">=", "<=", "＝", "大于", "小于", "等于", "大于等于", "小于等于", "≧", "≦", "不低于",
        "不超过", "不少于", "不高于", "＞", "＜", "≠", "=>", "=<", "不大于", "不小于",
    ]
    private static let totals: Words = [
        "总分", "合计", "总计", "总得分", "合计得分", "自评总分", "总评分", "自评得分", "总分值", "综合得分", "总分合计", "自评总得分",
        "得分合计",
        "评价总分", "分值合计", "自评合计", "绩效自评总分", "自评分合计", "总分数", "评价得分", "自评分数合计", "绩效评价总分", "自评价总分",
        "综合评分", "自评价得分", "总体得分", "评价总得分", "指标合计", "绩效自评得分",
    ]
    private static let sums: Words = ["合计", "总计", "总分", "总得分", "得分合计"]
    private static let subtotals: Words = ["小计", "小计得分"]
    private static let ends: Words = [
        "备注", "注:", "注：", "说明:", "填表人", "填报人", "联系人", "自评结论", "评价结论", "其他需要说明", "其他说明", "年度目标",
        "年度总体目标",
        "年度绩效目标", "预期目标", "总体目标", "项目资金", "资金情况", "预算执行情况", "填表说明", "存在问题", "存在的问题", "单位负责人", "负责人",
        "改进措施", "下一步", "评价等级", "自评等级", "等级", "评价等次", "项目名称", "绩效目标", "填报单位", "审核意见", "主要成效", "自评结果",
        "经办人", "项目支出绩效", "转移支付", "主管部门", "中央主管部门", "地方主管部门", "实施单位", "预算单位", "专项名称", "附件", "附表",
        "审核人", "年度主要任务", "年度总目标", "项目总体", "联系电话", "填报日期", "需要说明",
    ]
    private static let notes: Words = ["说明", "注", "其他", "问题", "建议", "结论", "附注", "备注说明"]
    private static let classNames: Words = [
        "产出", "效益", "满意度", "成本", "投入", "过程", "决策", "管理", "履职", "效果",
    ]

    /// Tries to read a row as the head of indicators.
    /// - Parameter row: index of the row.
    /// - Returns: number of rows of the head, 0 when the row is none.
    mutating func readHead(_ row: Int) -> Int {
        guard let found = IndicatorHead(grid, row: row) else { return 0 }
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
            let weight = CellValue(text(.weight, row)) != nil
            let score = CellValue(text(.score, row)) != nil
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

    private var isClosed = false

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

    /// The cell of a value; one that begins left of its column belongs to the name.
    private func valueCell(_ heading: ColumnHeading, _ row: Int) -> Int? {
        guard let columns = head?.columns[heading], let index = cell(heading, row),
            grid.cells[index].column >= columns.lowerBound
        else { return nil }
        return index
    }

    /// What a row is.
    func kind(_ row: Int) -> RowKind {
        let all = grid.own(row)
        guard !all.isEmpty else { return .blank }
        let first = head?.columns.values.map(\.lowerBound).min() ?? 0
        // A label down the side, repeated in every row, is not the row's own.
        let own = all.filter { index in
            grid.columns(of: index).upperBound > first
                || row > 0 && grid.text(row - 1, grid.cells[index].column) != grid.texts[index]
        }
        guard let leading = own.first else { return .blank }
        let label = Self.label(grid.texts[leading])
        if Self.subtotals.end(label) { return .subtotal }
        let isWide =
            grid.columns(of: leading).count > 1 && text(.level3, row) == grid.texts[leading]
        if Self.isTotal(label) || isWide && label.count <= 14 && Self.sums.end(label) {
            return continues(row + 1) ? .subtotal : .total
        }
        if isClosed { return .end }
        let points = [ColumnHeading.weight, .score].compactMap { valueCell($0, row) }
        let hasPoints = points.contains { CellValue(grid.texts[$0]) != nil }
        if hasPoints, valueCell(.level3, row) != nil { return .indicator }
        if Self.ends.begin(label) || Self.notes.contain(label),
            grid.cells[leading].column <= first + 1
        {
            return .end
        }
        if own.allSatisfy({ grid.texts[$0] == grid.texts[leading] }), label.count > 3,
            grid.columns(of: leading).count * 2 > grid.columnCount || own.count > 2
        {
            return Self.classNames.begin(label) && label.count <= 12 ? .level : .end
        }
        if own.count == 1, text(.level3, row).isEmpty, !hasPoints {
            if isLevelCell(leading), label.count <= 12 { return .indicator }
            return Self.classNames.begin(label) && label.count <= 12 ? .level : .end
        }
        let money = own.filter { ColumnHeading.isStrongMoney(grid.texts[$0]) }
        if money.count >= 2 { return .end }
        return .indicator
    }

    /// Whether a cell stands in a column of levels and in no other.
    private func isLevelCell(_ index: Int) -> Bool {
        let columns = grid.columns(of: index)
        return [ColumnHeading.level1, .level2].contains { level in
            head?.columns[level].map {
                $0.contains(columns.lowerBound) && columns.count <= $0.count
            }
                ?? false
        }
    }

    private static func label(_ text: Scalars) -> Scalars {
        var label = ColumnHeading.withoutBrackets(text)
        while let last = label.last, ":：".unicodeScalars.contains(last) { label.removeLast() }
        return label
    }

    /// 总分, also with its number in the same cell: 总分：95分.
    private static func isTotal(_ label: Scalars) -> Bool {
        if totals.contain(label) { return true }
        guard let length = totals.length(in: label, at: 0), label.count <= 40 else { return false }
        let rest = label[length...]
        return rest.first.map { ":：为".unicodeScalars.contains($0) || $0.digit != nil } ?? false
    }

    /// Whether rows of indicators go on below a total row.
    private func continues(_ start: Int) -> Bool {
        var row = start
        while row < min(grid.rowCount, start + 4) {
            if IndicatorHead(grid, row: row) != nil { return false }
            let own = grid.own(row)
            let first = own.first.map { Self.label(grid.texts[$0]) } ?? []
            if !own.isEmpty, Self.isTotal(first) || Self.subtotals.end(first) {
                row += 1
                continue
            }
            if !own.isEmpty {
                let name = text(.level3, row)
                return own.count > 2 && !name.isEmpty && CellValue(name) == nil
                    && valueCell(.level3, row) != nil
                    && (CellValue(text(.weight, row)) != nil || CellValue(text(.score, row)) != nil)
            }
            row += 1
        }
        return false
    }

    /// The total score of a total row.
    func total(_ row: Int) -> TotalScore? {
        TotalRow(grid, row: row, weight: head?.columns[.weight], score: head?.columns[.score])?
            .score(context)
    }

    /// Takes the level that a row of its own names: 产出指标（50分）.
    mutating func openLevel(_ row: Int) {
        guard let index = grid.own(row).first else { return }
        levels = [grid.texts[index], []]
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
            number(.weight, row) ?? (head?.columns[.weight] == nil ? name.points : nil)
        indicator.score = number(.score, row)
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
    private func number(_ heading: ColumnHeading, _ row: Int) -> String? {
        guard let cell = valueCell(heading, row), grid.cells[cell].row == row else { return nil }
        let text = grid.texts[cell]
        if CellValue.isEmpty(text) { return nil }
        return CellValue(text)?.value ?? text.string
    }

    private func printed(_ heading: ColumnHeading, _ row: Int) -> String? {
        guard let cell = valueCell(heading, row), !CellValue.isEmpty(grid.texts[cell]) else {
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
        let name = IndicatorName(text, isLevel: true).name
        return CellValue.isEmpty(name) ? nil : name.string
    }
}
