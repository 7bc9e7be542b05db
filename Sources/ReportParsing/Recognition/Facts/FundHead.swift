/// The head of a table of money: what stands in which column.
struct FundHead {
    /// One column below the head.
    struct Column {
        /// What it holds.
        var meaning: ColumnHeading
        /// Its headings from top to bottom.
        var stack: [Scalars]
        /// The headings that name its numbers, joined.
        var words: Scalars
        /// Role of the counts of a column of staff.
        var staff: String?
    }

    /// Columns that hold something known.
    private(set) var columns: [Int: Column] = [:]
    /// First row of the head.
    let row: Int
    /// Number of rows of the head.
    private(set) var depth: Int
    /// Column of the names of projects, when the rows list projects.
    private(set) var projects: Int?
    /// Whether the head divides the “三公” expenses into columns.
    private(set) var isThreePublic = false
    /// Whether no column measures anything but the final account.
    private(set) var isFinal = false
    /// Whether the points of an execution line were already read below it.
    var hasLine = false

    private static let periods: Words = [
        "上年", "本年", "当年", "预算", "决算", "年初", "全年", "调整", "执行", "去年", "年度",
    ]
    private static let generic: Words = [
        "合计", "小计", "金额", "总计", "数额", "金额合计",
    ]
    private static let sources: Words = [
        "财政拨款", "其他资金", "上年结转", "当年财政拨款", "上年结转资金", "中央资金", "省级资金", "市级资金", "县级资金", "区级资金", "基本支出",
        "项目支出",
        "人员经费", "公用经费", "合计", "小计", "年初结转", "年末结转",
    ]
    private static let projectNames: Words = [
        "项目名称", "项目支出名称", "专项名称", "专项资金名称", "具体项目", "项目(政策)名称", "专项(项目)名称",
    ]

    /// Reads a row as the first row of a head of money or staff; nil when it is none.
    /// - Parameters:
    ///   - grid: the table.
    ///   - row: index of the row.
    init?(_ grid: TableGrid, row: Int) {
        let cells = grid.row(row).filter { !grid.texts[$0].isEmpty }
        guard !cells.contains(where: { grid.values[$0] != nil }) else { return nil }
        // What runs down the side labels rows and heads no column.
        let known = cells.filter { index in
            let cell = grid.cells[index]
            return cell.row == row && cell.rowSpan < 4 && Self.isHeading(grid.texts[index])
        }
        let isStrong = known.contains { ColumnHeading.isStrongMoney(grid.texts[$0]) }
        let names = Set(known.map { grid.texts[$0] })
        let isWeak = names.allSatisfy { Self.sources.contain($0) }
        guard isStrong && cells.count > 1 || names.count >= (isWeak ? 3 : 2),
            cells.contains(where: { grid.cells[$0].row == row })
        else { return nil }
        self.row = row
        depth = 1
        while depth < 3, isLowerRow(grid, row + depth) { depth += 1 }
        fill(grid)
        guard !columns.isEmpty else { return nil }
        judge()
    }

    static func isHeading(_ text: Scalars) -> Bool {
        if ColumnHeading.ofMoney(text) != nil { return true }
        return staffRole(text) != nil
    }

    private static func staffRole(_ text: Scalars) -> String? {
        guard text.count <= 20, !text.contains(":") else { return nil }
        return StaffingRole.role(withoutYear(ColumnHeading.withoutBrackets(text)), after: nil)
    }

    private static let everyone: Words = ["小计", "合计", "总计", "人数", "总数"]

    /// The role of a column of staff: 编制人数 over 小计, 行政 and 事业.
    private static func staffRole(of stack: [Scalars]) -> String? {
        guard let lowest = stack.last else { return nil }
        if let own = staffRole(lowest) { return own }
        guard let upper = stack.dropLast().reversed().lazy.compactMap({ staffRole($0) }).first
        else { return nil }
        return everyone.contain(lowest) ? upper : StaffingRole.role(lowest, after: upper)
    }

    private static func withoutYear(_ text: Scalars) -> Scalars {
        let rest = text.drop { $0.digit != nil }
        guard rest.count < text.count, rest.first == "年" else { return text }
        return Array(rest.dropFirst().drop { $0 == "度" })
    }

    /// Whether a row divides headings above it: all its cells stand below merged headings.
    private func isLowerRow(_ grid: TableGrid, _ line: Int) -> Bool {
        guard line < grid.rowCount else { return false }
        let own = grid.own(line)
        var divided = 0
        for index in own {
            let text = grid.texts[index]
            guard grid.values[index] == nil, text.count <= 30 else { return false }
            guard let above = grid.cell(line - 1, grid.cells[index].column) else { return false }
            if grid.texts[above] == text { continue }
            let upper = grid.columns(of: above)
            let repeats =
                upper.upperBound < grid.columnCount
                && grid.text(line - 1, upper.upperBound) == grid.texts[above]
                || upper.lowerBound > 0
                    && grid.text(line - 1, upper.lowerBound - 1) == grid.texts[above]
            guard grid.columns(of: index).count < upper.count || repeats else { return false }
            divided += 1
        }
        return divided >= 2
    }

    private mutating func fill(_ grid: TableGrid) {
        let stack = HeadStack(grid, row: row, depth: depth)
        let isSideWide = grid.columnCount
        for column in stack.words.indices where !stack.words[column].isEmpty {
            var words = stack.words[column]
            if let above = Self.above(grid, row, column) { words.insert(above, at: 0) }
            if Self.projectNames.contain(words[words.count - 1]) { projects = column }
            let isStaff = words.count > 1 && Self.staffRole(of: words) != nil
            if let meaning = ColumnHeading.ofMoney(stack: words), !isStaff || meaning != .money {
                columns[column] = Column(
                    meaning: meaning,
                    stack: words,
                    words: Self.joined(words, of: meaning)
                )
            } else if isSideWide > 1, let role = Self.staffRole(of: words) {
                let own = words.suffix(2).flatMap { $0 }
                columns[column] = Column(meaning: .ignored, stack: words, words: own, staff: role)
            }
        }
    }

    /// A period above the head that no merged cell joins to it, such as 2022年 above 决算数.
    private static func above(_ grid: TableGrid, _ row: Int, _ column: Int) -> Scalars? {
        guard row > 0, let index = grid.cell(row - 1, column), index != grid.cell(row, column)
        else { return nil }
        let text = grid.texts[index]
        guard text.count <= 16, grid.columns(of: index).count < grid.columnCount,
            grid.values[index] == nil, periods.occur(in: text) || FundReader.year(text) != nil
        else { return nil }
        return text
    }

    /// The headings that name the numbers: the lowest, with the period and measure above it.
    private static func joined(_ stack: [Scalars], of meaning: ColumnHeading) -> Scalars {
        guard let lowest = stack.last else { return [] }
        let isMeasure = ColumnHeading.isStrongMoney(lowest) || meaning != .money
        let isGeneric = generic.contain(ColumnHeading.withoutBrackets(lowest))
        var measure: Scalars = []
        var name: Scalars = []
        for upper in stack.dropLast() where upper.count <= 20 && upper != lowest {
            if isPeriod(upper) {
                measure += upper
            } else if isGeneric || ColumnHeading.ofMoney(lowest) == nil {
                name += upper
            }
        }
        if isMeasure { return name + measure + lowest }
        return measure.isEmpty ? name + lowest : name + lowest + [" "] + measure
    }

    private static let flows: Words = ["收入", "支出"]

    private static func isPeriod(_ text: Scalars) -> Bool {
        text.count <= 16 && !flows.end(text)
            && (periods.occur(in: text) || FundReader.year(text) != nil)
    }

    /// Looks once at all columns for what the readers of every cell ask.
    private mutating func judge() {
        let stacks = columns.values.flatMap(\.stack)
        isThreePublic =
            stacks.contains { Self.abroad.occur(in: $0) }
            && stacks.contains { Self.reception.occur(in: $0) }
        isFinal = columns.values.allSatisfy { column in
            FundReader.measure(column.words).map { $0 == "final" } ?? true
        }
    }

    private static let abroad: Words = ["出国"]
    private static let reception: Words = ["接待"]
}
