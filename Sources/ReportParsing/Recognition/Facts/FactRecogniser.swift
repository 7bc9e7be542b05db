import ReportModel

/// Recognises amounts, rates, staff, scores, indicators and the projects of tables.
struct FactRecogniser: Recogniser {
    func recognise(_ draft: inout Draft) {
        let document = draft.document
        let context = FactContext(draft)
        var facts = FoundFacts(blockCount: document.blocks.count)
        var tables = TableReader(context)
        for index in document.tables.indices { tables.read(index, into: &facts) }
        for (index, block) in document.blocks.enumerated()
        where !context.zones.isLeftOut[index] && !facts.explained.contains(index) {
            let signs = context.texts.signs[index]
            guard !signs.isDisjoint(with: [.digit, .grade]) else { continue }
            var reader = ProseReader(context, block: index)
            reader.read(into: &facts)
            if case .cell = block.kind { continue }
            if signs.contains(.tab) {
                readChart(context.texts.scalars[index], block: index, context, &facts)
            }
        }
        finish(facts, context, &draft)
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
                    year: Self.year(in: point.name) ?? Self.year(in: point.series),
                    part: context.part(ofBlock: block),
                    place: context.place(block, point.start, point.end)
                )
            )
        }
    }

    private static func year(in name: Scalars) -> Int? {
        NumberScanner.marks(in: name).first { $0.kind == .year }.flatMap { Int($0.value) }
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
        draft.record.executionLines += facts.lines
        draft.record.scores += scores
        draft.record.projects += facts.projects
        ProseProjects.add(to: &draft, context)
        let grades = facts.scores.filter { $0.score.total == nil }.compactMap { found in
            found.score.grade.map { (context.part(ofBlock: found.block), $0) }
        }
        Headline.fill(&draft, tableScores: facts.totals, looseGrades: grades)
    }
}
