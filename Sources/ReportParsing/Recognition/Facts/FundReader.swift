import ReportModel

/// Reads the money, the rates and the staff of one table outside its indicators.
struct FundReader {
    let grid: TableGrid
    let context: FactContext
    let unit: String?
    /// The latest head.
    var head: FundHead?
    /// Project that the table belongs to.
    var project: String?

    /// Where the rows of a base data table stand to its list of projects.
    enum ProjectRows { case none, after, inside }
    var projectRows = ProjectRows.none

    /// A name left of a number.
    typealias Left = (text: Scalars, column: Int, cell: Int)

    init(_ grid: TableGrid, context: FactContext, unit: String?, project: String?) {
        self.grid = grid
        self.context = context
        self.unit = unit
        self.project = project
    }

    private static let letters: Words = [
        "(A)", "(B)", "(C)", "(B/A)", "(a)", "(b)", "(A/B)", "(1)", "(2)", "(3)", "①", "②", "③",
    ]
    private static let goals: Words = [
        "年初设定目标", "预期目标", "年度总体目标", "目标实际完成情况", "全年完成情况", "实际完成情况", "总体目标", "年度目标", "年度绩效目标",
        "年初预期目标", "目标完成情况",
    ]
    private static let lineNumbers: Words = ["栏次", "列次"]

    /// Reads one row; marks the blocks it explains.
    mutating func read(_ row: Int, into facts: inout FoundFacts) {
        let cells = grid.row(row)
        let own = grid.own(row)
        if let head, row < head.row + head.depth {
            for index in cells { facts.explained.insert(grid.cells[index].block) }
            return
        }
        if cells.contains(where: { Self.goals.contain(grid.texts[$0]) }),
            !own.contains(where: { grid.values[$0] != nil })
        {
            head = nil
            return
        }
        if let found = FundHead(grid, row: row) {
            head = found
            for index in cells { facts.explained.insert(grid.cells[index].block) }
            return
        }
        if isNumbering(own) {
            for index in own { facts.explained.insert(grid.cells[index].block) }
            return
        }
        if context.partKind(ofBlock: grid.cells[cells.first ?? 0].block) == .baseDataTable {
            followProjects(own)
        }
        let rateCount = facts.rates.count
        let amountCount = facts.amounts.count
        for index in own {
            guard facts.amounts.count < FactLimits.factsPerKind else { return }
            if let value = grid.values[index] {
                read(index, value, row: row, into: &facts)
            } else {
                readInline(index, row: row, into: &facts)
            }
        }
        readLine(row, rates: rateCount, into: &facts)
        readProject(row, amounts: amountCount, into: &facts)
    }

    /// Whether a row only numbers the columns: 1 2 3 4.
    private func isNumbering(_ own: [Int]) -> Bool {
        guard head != nil else { return false }
        let isNamed = own.contains { Self.lineNumbers.contain(grid.texts[$0]) }
        var expected: Int?
        var count = 0
        for index in own {
            let text = grid.texts[index]
            guard text.count <= 2, let number = Int(text.string) else {
                guard grid.values[index] == nil, isNamed else { return false }
                continue
            }
            if let expected, number != expected, !isNamed { return false }
            expected = number + 1
            count += 1
        }
        return isNamed ? count > 0 : count > 2
    }

    private func read(_ index: Int, _ value: CellValue, row: Int, into facts: inout FoundFacts) {
        let cell = grid.cells[index]
        let left = leftText(row, before: cell.column)
        let column = head?.columns[cell.column]
        if case .people(let word) = value.kind {
            readStaff(index, value, left: left, word: word, into: &facts)
            return
        }
        if let column, let role = column.staff {
            readStaff(index, value, column: column, role, left: left, into: &facts)
            return
        }
        switch column?.meaning {
        case .rate?: readRate(index, value, left: left, words: column?.words ?? [], into: &facts)
        case .weight?, .score?, .ignored?: facts.explained.insert(cell.block)
        case .money?:
            readAmount(index, value, row: row, left: left, column: column, into: &facts)
        default: readLoose(index, value, row: row, left: left, into: &facts)
        }
    }

    /// Reads a label with its number in one cell, 基本支出：800; prose reads it where a unit follows.
    private func readInline(_ index: Int, row: Int, into facts: inout FoundFacts) {
        let text = grid.texts[index]
        guard text.count <= 40, let colon = text.lastIndex(of: ":"), colon > 0,
            let value = CellValue(Array(text[(colon + 1)...])), value.kind == .plain
        else { return }
        let label = TableLabel.name(Array(text[..<colon]))
        let left: Left = (label, grid.cells[index].column, index)
        if StaffingRole.role(label, after: nil) != nil {
            readStaff(index, value, left: left, word: nil, into: &facts)
        } else if !readScore(index, value, label, into: &facts), Self.loose.occur(in: label),
            !Self.notLoose.occur(in: label), label.count <= 24
        {
            readAmount(index, value, row: row, left: left, column: nil, into: &facts)
        }
    }

    private static let rateWord: Words = ["率"]
    private static let loose: Words = [
        "金额", "资金", "经费", "拨款", "预算", "决算", "执行数", "支出", "收入", "投资", "费用", "年初数", "结转", "结余",
    ]
    private static let notLoose: Words = [
        "率", "比", "得分", "分值", "人", "编码", "代码", "数量", "电话", "年度", "时间", "权重", "名称", "文号",
    ]
    private static let bases: Words = [
        "预算数", "执行数", "决算数", "预算金额", "执行金额", "预算", "执行", "支出数", "年初预算", "全年预算", "全年执行", "实际支出",
    ]

    /// A number without a head: named by the cell to its left and the label above that.
    private func readLoose(
        _ index: Int,
        _ value: CellValue,
        row: Int,
        left: Left?,
        into facts: inout FoundFacts
    ) {
        if value.kind == .plain, readStaffBelow(index, value, row: row, into: &facts) { return }
        let above = row > 0 ? grid.text(row - 1, grid.cells[index].column) : []
        if value.kind == .percent, Self.rateWord.end(above), above.count <= 20 {
            readRate(index, value, left: nil, words: above, into: &facts)
            return
        }
        guard let left, !left.text.isEmpty else { return }
        let isRate = Self.rateWord.end(Self.heading(ColumnHeading.withoutBrackets(left.text)))
        if value.kind == .percent || value.kind == .plain && isRate && left.text.count <= 12 {
            readRate(index, value, left: nil, words: left.text, into: &facts)
            return
        }
        if value.kind == .plain, StaffingRole.role(left.text, after: nil) != nil {
            readStaff(index, value, left: left, word: nil, into: &facts)
            return
        }
        if value.isPoints, readScore(index, value, left.text, into: &facts) { return }
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
        let column = FundHead.Column(meaning: .money, stack: [words], words: words)
        readAmount(index, value, row: row, left: left, column: column, into: &facts)
    }

    /// The nearest words left of a column.
    func leftText(_ row: Int, before column: Int) -> Left? {
        var current = column - 1
        let first = max(0, column - FactLimits.columnsBack)
        while current >= first {
            if let index = grid.cell(row, current) {
                let text = grid.texts[index]
                let isMoney = head?.columns[current].map { $0.meaning != .ignored } ?? false
                if !CellValue.isEmpty(text), grid.values[index] == nil,
                    !isMoney || text.contains(where: { $0.isHan })
                {
                    return (text, grid.cells[index].column, index)
                }
                current = min(current, grid.cells[index].column)
            }
            current -= 1
        }
        return nil
    }

    /// The words of the whole row before a column, for the role.
    func rowWords(_ row: Int, before column: Int) -> Scalars {
        var words: Scalars = []
        var last = -1
        for current in max(0, column - FactLimits.columnsBack)..<max(0, column) {
            guard let index = grid.cell(row, current), index != last else { continue }
            last = index
            if grid.values[index] == nil, grid.texts[index].count <= 30 {
                words += grid.texts[index]
            }
        }
        return words
    }

    static func year(_ words: Scalars) -> Int? {
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
