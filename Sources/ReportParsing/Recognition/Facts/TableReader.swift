import ReportModel

/// Reads the tables of a document one after the other: funds, staff, indicators, totals, grades.
struct TableReader {
    private let context: FactContext
    /// Head and levels of the indicators that the table before ended with.
    private var open:
        (head: IndicatorHead, levels: [Scalars], lastBlock: Int, part: Int, project: String?)?

    /// The project that the latest form of a part names.
    private var form: (part: Int, project: String)?

    init(_ context: FactContext) { self.context = context }

    /// Reads one table.
    mutating func read(_ index: Int, into facts: inout FoundFacts) {
        let table = context.document.tables[index]
        guard let grid = TableGrid(table, context.texts), let first = table.cells.first
        else { return }
        let part = context.part(ofBlock: first.block)
        let kind = context.partKind(ofBlock: first.block)
        let named = ProjectCells.projects(
            in: grid,
            context: context,
            explained: &facts.explained
        )
        var project: String?
        if kind == .projectSelfEvaluationTable {
            project = form?.part == part ? form?.project : nil
        }
        var rows = Rows(
            grid: grid,
            funds: FundReader(
                grid,
                context: context,
                unit: UnitOfMoney.ofTable(grid, context.texts),
                project: project
            ),
            indicators: IndicatorReader(grid, context: context, project: project),
            named: named[...],
            amounts: facts.amounts.count,
            totals: facts.totals.count
        )
        let owner = goOn(&rows, first.block)
        let indicatorCount = facts.indicators.count
        var start = 0
        if rows.inIndicators, let last = facts.indicators.indices.last,
            rows.indicators.join(0, to: &facts.indicators[last])
        {
            explain(0, grid, &facts)
            start = 1
        }
        readRows(&rows, from: start, &facts)
        if let owner {
            for index in facts.indicators.indices.dropFirst(indicatorCount) {
                facts.indicators[index].part = owner
            }
            for index in facts.totals.indices.dropFirst(rows.totals) {
                facts.totals[index].part = owner
            }
        }
        finish(&rows, &facts)
        if let last = named.last { form = (part, last.project.name) }
        if rows.inIndicators, let head = rows.indicators.head,
            let last = grid.cells.map(\.block).max()
        {
            open = (
                head, rows.indicators.openLevels, last, owner ?? part, rows.indicators.project
            )
        }
    }

    /// What is read of one table: its readers and what the rows so far have opened.
    private struct Rows {
        let grid: TableGrid
        var funds: FundReader
        var indicators: IndicatorReader
        /// Projects that rows to come will name.
        var named: ArraySlice<(row: Int, project: Project)>
        /// Number of amounts before the present project.
        var amounts: Int
        /// Number of totals before the present form.
        var totals: Int
        /// Index of the present project among those found.
        var slot: Int?
        var inIndicators = false
        var grade: (grade: String, block: Int)?
    }

    /// Takes over the head of the table before.
    /// - Returns: the part of that table: a title repeated on the page begins no other.
    private mutating func goOn(_ rows: inout Rows, _ firstBlock: Int) -> Int? {
        defer { open = nil }
        if let open, firstBlock - open.lastBlock <= FactLimits.continuationDistance,
            rows.named.isEmpty, IndicatorHead.first(in: rows.grid, rows: 40) == nil
        {
            rows.inIndicators = rows.indicators.goesOn(from: open.head, levels: open.levels)
            guard rows.inIndicators else { return nil }
            rows.indicators.project = open.project
            return open.part
        }
        return nil
    }

    private func readRows(_ rows: inout Rows, from start: Int, _ facts: inout FoundFacts) {
        let grid = rows.grid
        var row = start
        while row < grid.rowCount {
            if let next = rows.named.first, next.row == row {
                finish(&rows, &facts)
                rows.named.removeFirst()
                rows.slot = facts.projects.count
                facts.projects.append(next.project)
                rows.funds.project = next.project.name
                rows.indicators.project = next.project.name
                rows.inIndicators = false
            }
            if let found = GradeCell.find(grid, row) {
                rows.grade = rows.grade ?? (found.grade, grid.cells[found.cell].block)
            }
            let head = rows.indicators.readHead(row)
            if head > 0 {
                rows.inIndicators = true
                for offset in 0..<head { explain(row + offset, grid, &facts) }
                row += head
                continue
            }
            if rows.inIndicators {
                rows.inIndicators = readRow(row, &rows.indicators, grid, &facts)
            }
            if !rows.inIndicators { rows.funds.read(row, into: &facts) }
            row += 1
        }
    }

    /// Ends a form: its project gets its money, its total the grade.
    private func finish(_ rows: inout Rows, _ facts: inout FoundFacts) {
        if let slot = rows.slot {
            ProjectCells.fill(&facts.projects[slot], from: facts.amounts[rows.amounts...])
        }
        if let grade = rows.grade { give(grade, totals: rows.totals, &facts) }
        rows.slot = nil
        rows.grade = nil
        rows.amounts = facts.amounts.count
        rows.totals = facts.totals.count
    }

    /// Reads a row below a head of indicators.
    /// - Returns: false when the indicators end before this row.
    private func readRow(
        _ row: Int,
        _ indicators: inout IndicatorReader,
        _ grid: TableGrid,
        _ facts: inout FoundFacts
    ) -> Bool {
        switch indicators.kind(row) {
        case .end: return false
        case .blank, .subtotal: break
        case .level: indicators.openLevel(row)
        case .total:
            if let total = indicators.total(row) { facts.totals.append(total) }
            indicators.close()
        case .indicator:
            guard facts.indicators.count < FactLimits.factsPerKind,
                let indicator = indicators.indicator(row)
            else { break }
            facts.indicators.append(indicator)
            readRate(of: indicator, &facts)
        }
        explain(row, grid, &facts)
        return true
    }

    /// Joins the grade of a table to its total score; alone it stands for itself.
    private func give(
        _ grade: (grade: String, block: Int),
        totals: Int,
        _ facts: inout FoundFacts
    ) {
        if facts.totals.count > totals {
            let last = facts.totals.count - 1
            if facts.totals[last].grade == nil { facts.totals[last].grade = grade.grade }
        }
        facts.scores.append((grade.block, StatedScore(grade: grade.grade, start: 0, end: 0)))
    }

    private static let execution: Words = ["预算执行率", "资金执行率", "预算完成率", "预算执行进度", "支出执行率"]

    /// The result of an indicator that is itself the rate of execution.
    private func readRate(of indicator: Indicator, _ facts: inout FoundFacts) {
        guard let name = indicator.level3, let actual = indicator.actual,
            Self.execution.occur(in: name.scalarArray)
        else { return }
        let marks = NumberScanner.marks(in: actual.scalarArray)
        guard let mark = marks.first(where: { $0.kind == .percent(points: false) }) else { return }
        facts.rates.append(
            Rate(
                label: name,
                role: "execution",
                percent: mark.value,
                part: indicator.part,
                place: indicator.place
            )
        )
    }

    private func explain(_ row: Int, _ grid: TableGrid, _ facts: inout FoundFacts) {
        for index in grid.row(row) { facts.explained.insert(grid.cells[index].block) }
    }
}
