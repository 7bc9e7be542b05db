import ReportModel

/// Recognises amounts, rates, staff, scores, indicators and the projects of tables.
struct FactRecogniser: Recogniser {
    func recognise(_ draft: inout Draft) {
        var context = FactContext(draft)
        if needsUsualUnit(draft.document) {
            context.usualUnit = UnitOfMoney.usual(in: draft.document)
        }
        var facts = FoundFacts()
        let document = draft.document
        for index in document.tables.indices { readTable(index, context, &facts) }
        for (index, block) in document.blocks.enumerated()
        where !context.zones.isLeftOut[index] && !facts.explained.contains(index) {
            guard block.text.utf8.contains(where: Self.mayHoldFact) else { continue }
            let text = block.text.scalarArray
            var reader = ProseReader(context, block: index, text: text)
            reader.read(into: &facts)
            if case .cell = block.kind { continue }
            if text.contains("\t") { readChart(text, block: index, context, &facts) }
        }
        finish(facts, context, &draft)
    }

    /// Digits, full-width digits (EF BC 9x) and the words of grades begin with such bytes.
    private static func mayHoldFact(_ byte: UInt8) -> Bool {
        byte >= 0x30 && byte <= 0x39 || byte >= 0xE7
    }

    private func needsUsualUnit(_ document: Document) -> Bool {
        !document.tables.isEmpty || document.blocks.contains { $0.text.utf8.contains(0x09) }
    }

    private func readTable(_ index: Int, _ context: FactContext, _ facts: inout FoundFacts) {
        let table = context.document.tables[index]
        guard let grid = TableGrid(table, in: context.document), let first = table.cells.first
        else {
            return
        }
        var project = ProjectCells.project(in: grid, context: context, explained: &facts.explained)
        let part = context.part(ofBlock: first.block)
        let kind = context.partKind(ofBlock: first.block)
        if project == nil, kind == .projectSelfEvaluationTable {
            project = facts.projects.last { $0.part == part }
        } else if let project {
            facts.projects.append(project)
        }
        let unit = UnitOfMoney.ofTable(grid, in: context.document)
        let amountCount = facts.amounts.count
        readRows(grid, index, context, unit: unit, project: project?.name, &facts)
        if let project, let last = facts.projects.indices.last,
            facts.projects[last].name == project.name
        {
            ProjectCells.fill(&facts.projects[last], from: facts.amounts[amountCount...])
        }
    }

    private func readRows(
        _ grid: TableGrid,
        _ table: Int,
        _ context: FactContext,
        unit: String?,
        project: String?,
        _ facts: inout FoundFacts
    ) {
        var funds = FundReader(grid, context: context, unit: unit, project: project)
        var indicators = IndicatorReader(grid, table: table, context: context, project: project)
        var inIndicators = false
        var row = 0
        while row < grid.rowCount {
            readGrade(row, grid, &facts)
            let head = indicators.readHead(row)
            if head > 0 {
                inIndicators = true
                for offset in 0..<head { explain(row + offset, grid, &facts) }
                row += head
                continue
            }
            if inIndicators, indicators.isTotal(row) {
                if let total = indicators.total(row) { facts.totals.append(total) }
                explain(row, grid, &facts)
                inIndicators = indicators.continues(row + 1)
            } else if inIndicators {
                if facts.indicators.count < FactLimits.factsPerKind,
                    let indicator = indicators.indicator(row)
                {
                    facts.indicators.append(indicator)
                    readRate(of: indicator, &facts)
                }
                explain(row, grid, &facts)
            } else {
                funds.read(row, into: &facts)
            }
            row += 1
        }
    }

    private static let gradeLabels: Words = [
        "评价等级", "自评等级", "等级", "评价等次", "评定等级", "绩效等级", "自评结果等级", "评级", "绩效评价等级", "自评等次", "评价结论",
        "自评结论", "等次",
    ]
    private static let gradeWords: Words = [
        "优秀", "优良", "良好", "合格", "不合格", "较差", "一般", "优", "良", "中", "差",
    ]
    private static let checks: Words = ["☑", "√", "■", "\u{2714}", "\u{2611}", "☒"]

    /// A grade in the cell right of its label, alone or behind a check mark.
    private func readGrade(_ row: Int, _ grid: TableGrid, _ facts: inout FoundFacts) {
        let cells = grid.row(row)
        for (index, cell) in cells.enumerated() where index + 1 < cells.count {
            guard Self.gradeLabels.contain(ColumnHeading.withoutBrackets(grid.texts[cell])) else {
                continue
            }
            let text = grid.texts[cells[index + 1]]
            var grade: Scalars?
            if Self.gradeWords.contain(text) {
                grade = text
            } else if let check = Self.checks.lastStart(in: text, from: 0, to: text.count) {
                let length = Self.gradeWords.length(in: text, at: check + 1)
                grade = length.map { Array(text[(check + 1)..<(check + 1 + $0)]) }
            }
            if let grade {
                let block = grid.cells[cells[index + 1]].block
                facts.scores.append((block, StatedScore(grade: grade.string, start: 0, end: 0)))
            }
        }
    }

    private static let execution: Words = ["预算执行率", "资金执行率", "预算完成率", "预算执行进度"]

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

    private func readChart(
        _ text: Scalars,
        block: Int,
        _ context: FactContext,
        _ facts: inout FoundFacts
    ) {
        guard let unit = context.usualUnit else { return }
        for point in ChartReader.points(in: text) {
            guard let money = Money(printed: point.value.value, unit: unit) else { continue }
            facts.amounts.append(
                Amount(
                    label: point.name.string,
                    role: "other",
                    value: money.value,
                    unit: unit,
                    yuan: money.yuan,
                    approximate: false,
                    year: NumberScanner.marks(in: point.name)
                        .first { $0.kind == .year }.flatMap { Int($0.value) },
                    part: context.part(ofBlock: block),
                    place: context.place(block, point.start, point.end)
                )
            )
        }
    }

    private func finish(_ facts: FoundFacts, _ context: FactContext, _ draft: inout Draft) {
        func before(_ left: Place, _ right: Place) -> Bool {
            (left.block, left.start) < (right.block, right.start)
        }
        var scores = facts.totals
        for (block, score) in facts.scores {
            guard let total = score.total else { continue }
            scores.append(
                TotalScore(
                    total: total,
                    full: score.full,
                    grade: score.grade,
                    part: context.part(ofBlock: block),
                    place: context.place(block, score.start, score.end)
                )
            )
        }
        scores.sort { before($0.place, $1.place) }
        draft.record.amounts += facts.amounts.sorted { before($0.place, $1.place) }
        draft.record.rates += facts.rates.sorted { before($0.place, $1.place) }
        draft.record.staffing += facts.staffing.sorted { before($0.place, $1.place) }
        draft.record.indicators += facts.indicators
        draft.record.scores += scores
        draft.record.projects += facts.projects
        ProseProjects.add(to: &draft, context)
        let grades = facts.scores.filter { $0.score.total == nil }.compactMap { found in
            found.score.grade.map { (context.part(ofBlock: found.block), $0) }
        }
        Headline.fill(&draft, tableScores: facts.totals, looseGrades: grades)
    }
}
