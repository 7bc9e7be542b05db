import ReportModel

extension Rules {
    /// A change with the amount that it leads to.
    struct Change {
        /// Value of the evaluated year.
        let current: CheckedAmount
        /// Values before the change that may be meant, the nearest last.
        let candidates: [CheckedAmount]
        /// The change.
        let delta: CheckedAmount
        /// Whether the value rose.
        let isUp: Bool

        /// Value of the year before.
        var prior: Int128 { isUp ? current.yuan - delta.yuan : current.yuan + delta.yuan }
    }

    /// Changes of a block whose direction is known, each with the nearest amounts before it.
    static func changes(in block: [CheckedAmount], facts: RuleFacts) -> [Change] {
        block.indices.compactMap { index in
            let delta = block[index]
            guard delta.measure == .delta, let direction = delta.amount.direction,
                direction == "up" || direction == "down",
                !facts.approximateBlocks.contains(RuleFacts.BlockID(delta.place))
            else { return nil }
            let before = block[..<index].filter {
                $0.measure == .actual && facts.isCurrent($0)
            }
            // An amount whose name was not read may be last year's.
            guard let current = before.last,
                RuleText.normalised(current.amount.label).unicodeScalars.count >= 2
            else { return nil }
            return Change(
                current: current,
                candidates: Array(block[..<index].filter { $0.measure != .delta }.suffix(3)),
                delta: delta,
                isUp: direction == "up"
            )
        }
    }

    /// A growth rate follows from the change and the value.
    static func growthRates(_ facts: RuleFacts) -> [FindingDraft] {
        facts.record.rates.compactMap { rate in
            guard rate.role == "growth", let printed = CheckNumber(printed: rate.percent) else {
                return nil
            }
            let block = facts.block(of: rate.place)
            let change = changes(in: block, facts: facts).last {
                $0.delta.place.precedes(rate.place)
            }
            guard let change, change.delta.yuan > 0, isNearest(change.delta, to: rate, in: block)
            else { return nil }
            if let direction = rate.direction, direction != change.delta.amount.direction {
                return nil
            }
            return growthFinding(rate, printed: printed, change: change, facts: facts)
        }
    }

    /// Whether no amount stands between a change and its rate.
    private static func isNearest(_ delta: CheckedAmount, to rate: Rate, in block: [CheckedAmount])
        -> Bool
    {
        !block.contains { delta.place.precedes($0.place) && $0.place.precedes(rate.place) }
    }

    private static func growthFinding(
        _ rate: Rate,
        printed: CheckNumber,
        change: Change,
        facts: RuleFacts
    ) -> FindingDraft? {
        let delta = change.delta
        func check(_ prior: Int128, _ step: Int128) -> RatioCheck? {
            RatioCheck(
                printed,
                part: delta.yuan,
                partStep: delta.step,
                whole: prior,
                wholeStep: step
            )
        }
        guard let main = check(change.prior, change.current.step) else { return nil }
        if main.outcome == .passes || isRoundedApart(printed, change) { return nil }
        for other in change.candidates {
            let moved = change.isUp ? other.yuan - delta.yuan : other.yuan + delta.yuan
            if let fits = check(moved, other.step)?.outcome, fits != .contradicts { return nil }
            // Only a value of the year before may be the base itself.
            guard other.measure == .prior || !facts.isCurrent(other) else { continue }
            let base = RatioCheck(
                printed,
                part: delta.yuan,
                partStep: delta.step,
                whole: other.yuan,
                wholeStep: other.step
            )
            if base?.outcome == .passes || base?.outcome == .notice { return nil }
        }
        let computed = percentText(main.percent, like: printed)
        let word = change.isUp ? "增加" : "减少"
        let severity: Severity =
            main.outcome == .notice ? .info : (isSlipped(printed, main.percent) ? .high : .medium)
        return FindingDraft(
            severity: severity,
            message: "\(change.current.printed)比上年\(word)\(delta.printed)，变动率应为\(computed)，"
                + "所列为\(rate.percent)%。见\(change.current.located)、"
                + "\(RuleText.located(rate.place))。",
            stated: rate.percent + "%",
            computed: computed,
            places: [rate.place, delta.place, change.current.place],
            labels: [rate.label, change.current.amount.label]
        )
    }

    /// Whether the rate follows when value, change and last year's value were rounded one by one, so
    /// that the change differs by one unit in its last place.
    private static func isRoundedApart(_ printed: CheckNumber, _ change: Change) -> Bool {
        [-change.delta.step, change.delta.step].contains { shift in
            let delta = change.delta.yuan + shift
            let prior = change.isUp ? change.current.yuan - delta : change.current.yuan + delta
            let check = RatioCheck(printed, part: delta, partStep: 0, whole: prior, wholeStep: 0)
            return check?.outcome == .passes
        }
    }

    /// Whether a number is five times too large or too small, as by a slipped decimal point.
    private static func isSlipped(_ printed: CheckNumber, _ percent: Int128) -> Bool {
        guard percent > 0 else { return true }
        return printed.scaled >= 5 * percent || 5 * printed.scaled <= percent
    }

    /// This year's value less the change is last year's value wherever that is stated.
    static func priorYear(_ facts: RuleFacts) -> [FindingDraft] {
        guard let year = facts.record.year, (1900...3000).contains(year) else { return [] }
        let earlier = facts.amounts.filter { fact in
            guard fact.measure != .delta else { return false }
            if fact.measure == .prior { return true }
            if let named = fact.amount.year { return named == year - 1 }
            return RuleText.years(in: fact.amount.label) == [year - 1]
        }
        guard !earlier.isEmpty else { return [] }
        var seen: Set<[String]> = []
        var result: [FindingDraft] = []
        for change in facts.blocks.flatMap({ changes(in: $0, facts: facts) }) {
            guard let topic = change.current.topic else { continue }
            let scope = change.current.scope
            let same = earlier.filter { $0.topic == topic && $0.scope == scope }
            guard let stated = same.first, seen.insert([topic.name, scope]).inserted else {
                continue
            }
            let step = SumCheck.step(of: [change.current, change.delta, stated])
            let fits = same.contains {
                2 * ($0.yuan - change.prior).magnitude <= (3 * step).magnitude
            }
            guard !fits else { continue }
            let computed = change.current.printed(change.prior)
            result.append(
                FindingDraft(
                    severity: .medium,
                    message: "上年数前后不一：由\(change.current.printed)与变动\(change.delta.printed)"
                        + "推得上年\(computed)，另一处所列为\(stated.printed)。见"
                        + "\(change.delta.located)、\(stated.located)。",
                    stated: stated.printed,
                    computed: computed,
                    places: [stated.place, change.delta.place, change.current.place],
                    labels: [topic.name]
                )
            )
        }
        return result
    }
}
