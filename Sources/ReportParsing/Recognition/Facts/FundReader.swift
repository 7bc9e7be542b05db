import ReportModel

/// Reads the money, the rates and the staff of one table outside its indicators.
struct FundReader {
    let grid: TableGrid
    let context: FactContext
    private let unit: String?
    /// Heading of every column below the latest head: its meaning and words.
    private var heads: [Int: (meaning: ColumnHeading, words: Scalars)] = [:]
    /// Project that the table belongs to.
    let project: String?

    init(_ grid: TableGrid, context: FactContext, unit: String?, project: String?) {
        self.grid = grid
        self.context = context
        self.unit = unit
        self.project = project
    }

    private static let letters: Words = ["(A)", "(B)", "(C)", "(B/A)", "(a)", "(b)"]
    private static let goals: Words = [
        "年初设定目标", "预期目标", "年度总体目标", "目标实际完成情况", "全年完成情况", "实际完成情况", "总体目标", "年度目标",
    ]

    /// Reads one row; marks the blocks it explains.
    mutating func read(_ row: Int, into facts: inout FoundFacts) {
        let cells = grid.row(row)
        let hasValue = cells.contains { CellValue(grid.texts[$0]) != nil }
        if !hasValue {
            if cells.contains(where: { Self.goals.contain(grid.texts[$0]) }) {
                heads = [:]
                return
            }
            if readHead(cells, row: row, into: &facts) { return }
        }
        for index in cells where grid.cells[index].row == row {
            guard facts.amounts.count < FactLimits.factsPerKind else { return }
            if let value = CellValue(grid.texts[index]) {
                read(index, value, row: row, into: &facts)
            }
        }
    }

    /// Reads a row of headings; stacks it on the head above.
    private mutating func readHead(_ cells: [Int], row: Int, into facts: inout FoundFacts) -> Bool {
        let known = cells.filter { ColumnHeading.ofMoney(grid.texts[$0]) != nil }
        let isHead =
            known.contains { ColumnHeading.isStrongMoney(grid.texts[$0]) } && cells.count > 1
            || known.count >= 2
        guard isHead else { return false }
        var stacked: [Int: (meaning: ColumnHeading, words: Scalars)] = [:]
        for index in cells {
            let cell = grid.cells[index]
            let text = grid.texts[index]
            facts.explained.insert(cell.block)
            for column in cell.column..<cell.column + max(1, cell.columnSpan) {
                if let meaning = ColumnHeading.ofMoney(text) {
                    let above = prefix(row, column, own: index)
                    stacked[column] = (meaning, above + text)
                } else if text.isEmpty, let old = heads[column] {
                    stacked[column] = old
                }
            }
        }
        heads = stacked
        return true
    }

    /// The heading above a heading, such as 2022年 above 决算数.
    private func prefix(_ row: Int, _ column: Int, own: Int) -> Scalars {
        guard row > 0, let above = grid.cell(row - 1, column), above != own else { return [] }
        let cell = grid.cells[above]
        let text = grid.texts[above]
        guard text.count <= 16, cell.columnSpan < grid.columnCount, CellValue(text) == nil,
            Self.periods.occur(in: text) || Self.year(text) != nil
        else { return [] }
        return text
    }

    private func read(_ index: Int, _ value: CellValue, row: Int, into facts: inout FoundFacts) {
        let cell = grid.cells[index]
        let left = leftText(row, before: cell.column)
        let head = heads[cell.column]
        if case .people(let word) = value.kind {
            readStaff(index, value, left: left, word: word, into: &facts)
            return
        }
        switch head?.meaning {
        case .rate?: readRate(index, value, left: left, words: head?.words ?? [], into: &facts)
        case .weight?, .score?, .ignored?: facts.explained.insert(cell.block)
        case .money?:
            readAmount(index, value, row: row, left: left, words: head?.words ?? [], into: &facts)
        default: readLoose(index, value, row: row, left: left, into: &facts)
        }
    }

    private static let rateWord: Words = ["率"]
    private static let periods: Words = ["上年", "本年", "当年", "预算", "决算", "年初", "全年", "调整"]
    private static let loose: Words = ["金额", "资金", "经费", "拨款", "预算", "决算", "执行数", "支出", "收入", "投资"]
    private static let notLoose: Words = [
        "率", "比", "得分", "分值", "人", "编码", "代码", "数量", "电话", "年度", "时间",
    ]
    private static let bases: Words = ["预算数", "执行数", "决算数", "预算金额", "执行金额", "预算", "执行", "支出数"]

    /// A number without a head: named by the cell to its left and the label above that.
    private func readLoose(
        _ index: Int,
        _ value: CellValue,
        row: Int,
        left: (text: Scalars, column: Int, cell: Int)?,
        into facts: inout FoundFacts
    ) {
        if value.kind == .plain, readStaffBelow(index, value, row: row, into: &facts) { return }
        let above = row > 0 ? grid.text(row - 1, grid.cells[index].column) : []
        if value.kind == .percent, Self.rateWord.end(above), above.count <= 20 {
            readRate(index, value, left: nil, words: above, into: &facts)
            return
        }
        guard let left, !left.text.isEmpty else { return }
        if value.kind == .percent {
            readRate(index, value, left: nil, words: left.text, into: &facts)
            return
        }
        if value.kind == .plain, StaffingRole.role(left.text, after: nil) != nil {
            readStaff(index, value, left: left, word: nil, into: &facts)
            return
        }
        if value.kind == .plain || value.kind == .points,
            readScore(index, value, left.text, into: &facts)
        {
            return
        }
        guard value.kind != .points, Self.loose.occur(in: left.text), left.text.count <= 24,
            !Self.notLoose.occur(in: left.text)
        else { return }
        var words: Scalars = []
        if !Self.bases.occur(in: left.text) {
            for above in stride(from: row - 1, through: max(0, row - 8), by: -1) {
                let text = grid.text(above, left.column)
                if Self.bases.occur(in: text), text.count <= 16 {
                    words = text
                    break
                }
            }
        }
        readAmount(index, value, row: row, left: left, words: words, into: &facts)
    }

    private func leftText(
        _ row: Int,
        before column: Int
    ) -> (text: Scalars, column: Int, cell: Int)? {
        var current = column - 1
        while current >= 0 {
            if let index = grid.cell(row, current) {
                let text = grid.texts[index]
                let isMoney = heads[current].map { $0.meaning != .ignored } ?? false
                if !CellValue.isEmpty(text), CellValue(text) == nil,
                    !isMoney || text.contains(where: { $0.isHan })
                {
                    return (text, grid.cells[index].column, index)
                }
            }
            current -= 1
        }
        return nil
    }

    /// The words of the whole row before a column, for the role.
    private func rowWords(_ row: Int, before column: Int) -> Scalars {
        var words: Scalars = []
        var last = -1
        for current in 0..<max(0, column) {
            guard let index = grid.cell(row, current), index != last else { continue }
            last = index
            if CellValue(grid.texts[index]) == nil, grid.texts[index].count <= 30 {
                words += grid.texts[index]
            }
        }
        return words
    }

    private static let sums: Words = ["合计", "总计", "小计", "年度资金总额", "资金总额", "总额"]

    private func readAmount(
        _ index: Int,
        _ value: CellValue,
        row: Int,
        left: (text: Scalars, column: Int, cell: Int)?,
        words: Scalars,
        into facts: inout FoundFacts
    ) {
        let cell = grid.cells[index]
        var unit = UnitOfMoney.stated(in: words) ?? self.unit ?? context.usualUnit
        switch value.kind {
        case .money(let printed): unit = printed
        case .plain: break
        default: return
        }
        let printed = value.value.hasPrefix("-") ? String(value.value.dropFirst()) : value.value
        guard let unit, let money = Money(printed: printed, unit: unit) else { return }
        facts.explained.insert(cell.block)
        let heading = Self.heading(words)
        let name = left.map { context.cleaner.clean(Self.heading($0.text)).name } ?? []
        let rowName = name.isEmpty ? Self.heading(left?.text ?? []) : name
        let own = heading.isEmpty ? rowName : heading
        let change = context.cleaner.clean(own)
        let year = Self.year(words) ?? Self.year(left?.text ?? [])
        let evidence = AmountRole.Evidence(
            label: roleLabel(rowName, row: row, column: cell.column),
            own: own,
            context: rowWords(row, before: cell.column) + words,
            isTable: true,
            isChange: !change.change.isEmpty || Self.differences.occur(in: own),
            part: context.partKind(ofBlock: cell.block),
            year: year,
            recordYear: context.recordYear
        )
        let label = rowName == own || heading.isEmpty ? rowName : rowName + [" "] + heading
        facts.amounts.append(
            Amount(
                label: label.string,
                role: tableRole(evidence, row: row),
                value: money.value.isEmpty ? value.value : money.value,
                unit: unit,
                yuan: money.yuan,
                direction: value.value.hasPrefix("-") && evidence.isChange ? "down" : nil,
                approximate: false,
                year: year,
                functionCode: functionCode(row, before: cell.column)
                    ?? FunctionCodes.code(of: rowName),
                project: project,
                part: context.part(ofBlock: cell.block),
                place: context.place(ofBlock: cell.block)
            )
        )
    }

    private static let differences: Words = ["增减额", "增减金额", "比上年增减", "差额", "增减变动"]
    private static let sources: Words = ["资金来源", "收入"]
    private static let structures: Words = ["资金结构", "支出"]

    /// The row's name with what the merged cell before it says of income or expenditure.
    private func roleLabel(_ name: Scalars, row: Int, column: Int) -> Scalars {
        name.isEmpty ? rowWords(row, before: column) : name
    }

    private func tableRole(_ evidence: AmountRole.Evidence, row: Int) -> String {
        let role = AmountRole.role(evidence)
        guard !evidence.isChange else { return role }
        let isDepartment =
            evidence.part != .projectSelfEvaluationTable
            && evidence.part != .projectSelfEvaluationReport
        let bases = ["budget-initial", "budget", "executed", "final"]
        guard isDepartment,
            let base = bases.first(where: { role == $0 || role.hasPrefix($0 + "-") })
        else { return role }
        let isSum = Self.sums.contain(evidence.label)
        if role.contains("-project"), !isSum { return base + "-expenditure-part" }
        return isSum && base != "final" ? base + "-total" : role
    }

    private func functionCode(_ row: Int, before column: Int) -> String? {
        for current in 0..<max(0, column) {
            let text = grid.text(row, current)
            if [3, 5, 7].contains(text.count), text.first == "2",
                text.allSatisfy({ $0.digit != nil })
            {
                return text.string
            }
        }
        return nil
    }

    private static func year(_ words: Scalars) -> Int? {
        NumberScanner.marks(in: words).first { $0.kind == .year }.flatMap { Int($0.value) }
    }

    /// A heading without its unit, letters and colon: 预算数(万元): becomes 预算数.
    static func heading(_ words: Scalars) -> Scalars {
        var words =
            UnitOfMoney.stated(in: words) == nil ? words : ColumnHeading.withoutBrackets(words)
        while let last = words.last, ":：".unicodeScalars.contains(last) { words.removeLast() }
        if let length = Self.letters.length(in: words, endingAt: words.count) {
            words.removeLast(length)
        }
        return words
    }
}
