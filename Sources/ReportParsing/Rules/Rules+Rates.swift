import ReportModel

extension Rules {
    /// Rules about percentages.
    static let rateRules: [Check] = [
        rule("EXEC-RATE", executionRates),
        rule("YOY-PERCENT", growthRates),
        rule("YOY-BASE", priorYear),
        rule("SHARE", shares),
        rule("SHARE-SUM", shareSums),
    ]

    /// A rate of execution follows from executed and budget; any of the budgets may be meant.
    private static func executionRates(_ facts: RuleFacts) -> [FindingDraft] {
        let rates = facts.record.rates
        return rates.indices.compactMap { index in
            let rate = rates[index]
            guard rate.role == "execution", rate.direction == nil,
                !isSecond(rate, after: index > 0 ? rates[index - 1] : nil, facts: facts),
                let printed = CheckNumber(printed: rate.percent), isRate(rate, printed),
                let pair = executionPair(rate, facts: facts)
            else { return nil }
            var best: (check: RatioCheck, budget: CheckedAmount)?
            for budget in pair.budgets {
                guard budget.yuan > 0,
                    let check = RatioCheck(
                        printed,
                        part: pair.executed.yuan,
                        partStep: pair.executed.step,
                        whole: budget.yuan,
                        wholeStep: budget.step
                    )
                else { return nil }
                if check.outcome == .passes { return nil }
                if best == nil || check.outcome == .notice { best = (check, budget) }
            }
            guard let best else { return nil }
            let computed = percentText(best.check.percent, like: printed)
            return FindingDraft(
                severity: best.check.outcome == .notice ? .info : .high,
                message: "执行率所列\(rate.percent)%，按\(pair.executed.printed)÷\(best.budget.printed)"
                    + "计算为\(computed)。见\(RuleText.located(rate.place))、"
                    + "\(pair.executed.located)、\(best.budget.located)。",
                stated: rate.percent + "%",
                computed: computed,
                places: [rate.place, pair.executed.place, best.budget.place],
                labels: [rate.label, pair.executed.amount.label]
            )
        }
    }

    /// Whether another rate stands between a rate and the amounts before it: those are the other's.
    private static func isSecond(_ rate: Rate, after other: Rate?, facts: RuleFacts) -> Bool {
        guard let other, other.place.sharesBlock(with: rate.place) else { return false }
        let amount = facts.block(of: rate.place).last { $0.place.precedes(rate.place) }
        return amount.map { $0.place.precedes(other.place) } ?? false
    }

    /// A cell without a sign above 1000 is an amount in the wrong column.
    private static func isRate(_ rate: Rate, _ printed: CheckNumber) -> Bool {
        printed.scaled <= 1000 * CheckNumber.scale || RuleText.has(rate.place.quote, ["%", "％"])
    }

    /// A computed percentage with two decimals, or as many as were printed.
    static func percentText(_ percent: Int128, like printed: CheckNumber) -> String {
        CheckNumber.text(percent, places: max(2, printed.places)) + "%"
    }

    private static func executionPair(_ rate: Rate, facts: RuleFacts)
        -> (executed: CheckedAmount, budgets: [CheckedAmount])?
    {
        let block = facts.block(of: rate.place).filter(facts.isCurrent)
        // A rate belongs to the amounts of its own sentence.
        let nearest = rate.place.start.subtractingReportingOverflow(RuleLimits.sentenceLength)
        let before = block.filter {
            $0.place.precedes(rate.place) && $0.place.start >= nearest.partialValue
        }
        if facts.approximateBlocks.contains(RuleFacts.BlockID(rate.place)) { return nil }
        if let executed = before.last(where: { $0.measure != .delta }) {
            // Prose: the nearest amount before the rate is executed, or budget after executed.
            let near = before.suffix(3)
            let actual = near.last { $0.measure == .actual }
            let budgets = near.filter { isBudget($0) }
            if let actual, !budgets.isEmpty {
                guard near.filter({ $0.measure == .actual }).count == 1 else { return nil }
                return (actual, budgets)
            }
            guard executed.measure == .actual, let topic = executed.topic else { return nil }
            let same = facts.current(inPart: rate.part).filter {
                isBudget($0) && $0.topic == topic && $0.scope == executed.scope
            }
            return same.isEmpty ? nil : (executed, same)
        }
        return tablePair(rate, facts: facts)
    }

    private static func isBudget(_ fact: CheckedAmount) -> Bool {
        fact.measure == .budget || fact.measure == .initial
    }

    /// Cells of one row: budget, executed and rate with the same words before the measure.
    private static func tablePair(_ rate: Rate, facts: RuleFacts)
        -> (executed: CheckedAmount, budgets: [CheckedAmount])?
    {
        let row = rowName(rate.label)
        guard !row.isEmpty else { return nil }
        let near = facts.current(inPart: rate.part, before: rate.place, blocks: 6)
            .filter { $0.row == row }
        guard let executed = near.last(where: { $0.measure == .actual }) else { return nil }
        let budgets = near.filter { isBudget($0) }
        return budgets.isEmpty ? nil : (executed, budgets)
    }

    /// The label of a cell without the words of its column.
    static func rowName(_ label: String) -> String {
        rowName(normalised: RuleText.normalised(label))
    }

    /// The same for a label that is normalised.
    static func rowName(normalised label: String) -> String {
        RuleText.removing(rowWords, from: label)
    }

    private static let rowWords: [RuleText.Filler] = [
        "全年预算数", "年初预算数", "全年执行数", "调整预算数", "预算执行率", "执行率", "预算数", "执行数",
        "决算数", "全年", "年初", "支出", "预算", "执行", "决算", "AB", "BA", "A", "B",
    ].map { RuleText.Filler($0) }
}
