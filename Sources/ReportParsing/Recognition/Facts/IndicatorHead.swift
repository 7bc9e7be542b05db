/// Which columns of a table of indicators hold what.
struct IndicatorHead: Sendable {
    /// Columns of every meaning; a merged heading covers several.
    var columns = HeadColumns()
    /// Number of rows of the head.
    var depth: Int
    /// Number of columns of the table.
    var width: Int

    private static let annual: Words = ["年度", "全年", "当年", "本年"]
    private static let longTerm: Words = ["实施期", "中期", "长期", "三年", "周期", "总体"]
    private static let own: Words = ["自评", "单位"]
    private static let foreign: Words = ["复核", "审核", "财政", "主管", "抽查", "复评", "最终"]
    private static let reasons: Words = ["原因"]
    private static let third: Words = ["三级"]
    private static let named: Words = ["名称"]
    private static let both: Words = ["完成情况", "实际完成"]

    /// Reads a row as the first row of a head; nil when it heads no indicators.
    /// - Parameters:
    ///   - grid: the table.
    ///   - row: index of the row.
    init?(_ grid: TableGrid, row: Int) {
        guard row < grid.rowCount, Self.isHead(grid, row, isFirst: true) else { return nil }
        var depth = 1
        while depth < 3, Self.isHead(grid, row + depth, isFirst: false) { depth += 1 }
        let stack = HeadStack(grid, row: row, depth: depth)
        self.depth = depth
        width = grid.columnCount
        var ranks = [Int?](repeating: nil, count: ColumnHeading.allCases.count)
        let runs = stack.runs
        let levels = runs.first { run in
            let words = stack.words[run.lowerBound]
            return words.last.map(ColumnHeading.isLevel) ?? false
        }
        var weights: [Range<Int>] = []
        for run in runs {
            let words = stack.words[run.lowerBound]
            guard var meaning = ColumnHeading.ofIndicators(stack: words) else { continue }
            if meaning == .level1, columns[.level1] != nil, ColumnHeading.isClass(words.last ?? [])
            {
                meaning = .level2
            }
            // What stands left of the levels labels the side of the table.
            if let levels, run.lowerBound < levels.lowerBound, meaning != .level1 { continue }
            if meaning == .weight { weights.append(run) }
            let rank = Self.rank(meaning, words)
            if let old = ranks[meaning.rawValue], old <= rank { continue }
            ranks[meaning.rawValue] = rank
            columns[meaning] = run
        }
        dropSideLabel()
        splitName()
        // Each level may have points of its own: those of the rows follow the names.
        if let name = columns[.level3],
            let own = weights.first(where: { $0.lowerBound > name.lowerBound })
        {
            columns[.weight] = own
        }
        if columns[.actual] == nil { takeCombined(stack) }
        guard isIndicators else { return nil }
    }

    /// The first head within the first rows of a table.
    static func first(in grid: TableGrid, rows: Int) -> IndicatorHead? {
        for row in 0..<min(rows, grid.rowCount) {
            if let head = grid.indicatorHead(row) { return head }
        }
        return nil
    }

    /// Whether the meanings found make a table of indicators.
    private var isIndicators: Bool {
        let hasLevel = columns[.level1] != nil || columns[.level2] != nil
        let values = [ColumnHeading.target, .adjustedTarget, .actual, .weight, .score]
        let count = values.filter { columns[$0] != nil }.count
        guard columns[.level3] != nil else { return false }
        return hasLevel ? count > 0 : count > 1
    }

    /// A lower rank is the better column for a meaning.
    private static func rank(_ meaning: ColumnHeading, _ words: [Scalars]) -> Int {
        let all = words.count == 1 ? words[0] : words.flatMap { $0 }
        let lowest = words.last ?? []
        switch meaning {
        case .level3:
            return third.occur(in: lowest) ? 0 : named.occur(in: lowest) ? 1 : 2
        case .target, .adjustedTarget, .actual:
            return longTerm.occur(in: all) ? 2 : annual.occur(in: all) ? 0 : 1
        case .score: return foreign.occur(in: all) ? 2 : own.occur(in: all) ? 0 : 1
        case .note: return reasons.occur(in: all) ? 0 : 1
        default: return 0
        }
    }

    /// 绩效指标 down the side of the table, left of the levels, names nothing.
    private mutating func dropSideLabel() {
        guard let name = columns[.level3] else {
            columns[.level3] = columns[.level2]
            columns[.level2] = nil
            if columns[.level3] == nil {
                columns[.level3] = columns[.level1]
                columns[.level1] = nil
            }
            return
        }
        for level in [ColumnHeading.level2, .level1] {
            if let found = columns[level], name.lowerBound < found.lowerBound {
                columns[.level3] = nil
                dropSideLabel()
                return
            }
        }
    }

    /// 绩效指标 over three columns without headings of their own: the three levels.
    private mutating func splitName() {
        guard let name = columns[.level3], name.count > 1, columns[.level1] == nil,
            columns[.level2] == nil
        else { return }
        columns[.level1] = name.lowerBound..<name.lowerBound + 1
        if name.count > 2 { columns[.level2] = name.lowerBound + 1..<name.lowerBound + 2 }
        columns[.level3] = name.lowerBound + min(2, name.count - 1)..<name.upperBound
    }

    /// 完成情况及未完成原因: one column for the result and the reason holds the result.
    private mutating func takeCombined(_ stack: HeadStack) {
        guard let note = columns[.note], let words = stack.words[note.lowerBound].last,
            Self.both.occur(in: words)
        else { return }
        columns[.actual] = note
        columns[.note] = nil
    }

    /// Whether a row holds headings and no values.
    private static func isHead(_ grid: TableGrid, _ row: Int, isFirst: Bool) -> Bool {
        guard row < grid.rowCount else { return false }
        let own = grid.own(row)
        guard own.count > 1, !own.contains(where: { grid.values[$0] != nil }) else { return false }
        // Most rows have no two known headings, which is seen without telling repeated ones apart.
        let headings = own.count { grid.heading($0) != nil || ColumnHeading.isPart(grid.texts[$0]) }
        guard headings > 1 else { return false }
        var known = 0
        var unknown = 0
        var texts: Set<Scalars> = []
        for index in own where texts.insert(grid.texts[index]).inserted {
            let text = grid.texts[index]
            if grid.cells[index].rowSpan > 3 { continue }
            let above = row > 0 ? grid.text(row - 1, grid.cells[index].column) : []
            if !isFirst, text == above { continue }
            let isKnown =
                grid.heading(index) != nil || !isFirst && ColumnHeading.isPart(text)
            if isKnown { known += 1 } else { unknown += 1 }
        }
        return isFirst ? known >= 2 && unknown <= known : known >= 2 && unknown == 0
    }
}
