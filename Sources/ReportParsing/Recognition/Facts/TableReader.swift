import ReportModel

/// Reads the tables of a document one after the other: funds, staff, indicators, totals, grades.
struct TableReader {
    private let context: FactContext
    /// Head and levels of the indicators that the table before ended with.
    private var open: (head: IndicatorHead, levels: [Scalars], lastBlock: Int, project: String?)?

    init(_ context: FactContext) { self.context = context }

    /// Reads one table.
    mutating func read(_ index: Int, into facts: inout FoundFacts) {
        let table = context.document.tables[index]
        guard let grid = TableGrid(table, in: context.document), let first = table.cells.first
        else { return }
        let part = context.part(ofBlock: first.block)
        let kind = context.partKind(ofBlock: first.block)
        let own = ProjectCells.project(in: grid, context: context, explained: &facts.explained)
        var slot: Int?
        if let own {
            slot = facts.projects.count
            facts.projects.append(own)
        }
        var project = own?.name
        if project == nil, kind == .projectSelfEvaluationTable {
            project = facts.projects.last { $0.part == part }?.name
        }
        let unit = UnitOfMoney.ofTable(grid, in: context.document)
        let amountCount = facts.amounts.count
        readRows(grid, first.block, unit: unit, project: project, &facts)
        if let slot {
            ProjectCells.fill(&facts.projects[slot], from: facts.amounts[amountCount...])
        }
    }

    private mutating func readRows(
        _ grid: TableGrid,
        _ firstBlock: Int,
        unit: String?,
        project: String?,
        _ facts: inout FoundFacts
    ) {
        var funds = FundReader(grid, context: context, unit: unit, project: project)
        var indicators = IndicatorReader(grid, context: context, project: project)
        var inIndicators = false
        if let open, firstBlock - open.lastBlock <= FactLimits.continuationDistance,
            IndicatorHead.first(in: grid, rows: 3) == nil
        {
            inIndicators = indicators.goesOn(from: open.head, levels: open.levels)
        }
        open = nil
        var grade: (grade: String, block: Int)?
        let totalCount = facts.totals.count
        var row = 0
        while row < grid.rowCount {
            if let found = GradeCell.find(grid, row) {
                grade = grade ?? (found.grade, grid.cells[found.cell].block)
            }
            let head = indicators.readHead(row)
            if head > 0 {
                inIndicators = true
                for offset in 0..<head { explain(row + offset, grid, &facts) }
                row += head
                continue
            }
            if inIndicators { inIndicators = readRow(row, &indicators, grid, &facts) }
            if !inIndicators { funds.read(row, into: &facts) }
            row += 1
        }
        if inIndicators, let head = indicators.head, let last = grid.cells.map(\.block).max() {
            open = (head, indicators.openLevels, last, project)
        }
        if let grade { give(grade, totals: totalCount, &facts) }
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
            Self.execution.occur(in: Array(name.unicodeScalars))
        else { return }
        let marks = NumberScanner.marks(in: Array(actual.unicodeScalars))
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
