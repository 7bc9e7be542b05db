import ReportModel

extension Rules {
    /// Income with what was carried in equals expenditure with what is carried out.
    ///
    /// Without stated carry-overs only an exact doubling contradicts: everything else may be
    /// explained by money carried over.
    static func balance(_ facts: RuleFacts) -> [FindingDraft] {
        let told = facts.blocks.compactMap { balanceOfSentence($0, facts: facts) }
        let all = facts.current.filter { $0.measure == .actual }
        let anyOpening = only(.openingCarryOver, in: all)
        let anyClosing = only(.closingCarryOver, in: all)
        let parts = Set(told.map(\.part))
        return told.map(\.draft)
            + facts.partIndices.compactMap { part in
                guard !parts.contains(part) else { return nil }
                let group = facts.current(inPart: part).filter { $0.measure == .actual }
                guard let income = only(.income, in: group),
                    let expenditure = only(.expenditure, in: group),
                    income.scope == expenditure.scope
                else { return nil }
                let opening = only(.openingCarryOver, in: group) ?? anyOpening
                let closing = only(.closingCarryOver, in: group) ?? anyClosing
                let special = group.contains { fact in
                    fact.yuan != 0
                        && RuleText.has(fact.amount.label, ["结余分配", "使用非财政拨款结余", "专用结余"])
                }
                guard !special else { return nil }
                let left = income.yuan
                let right = expenditure.yuan + (closing?.yuan ?? 0)
                let limit = 5 * SumCheck.step(of: [income, expenditure]) / 2
                let carried = opening?.yuan ?? 0
                let surplus = left - right
                let doubled = left == 2 * expenditure.yuan && left > 0
                let contradicts: Bool
                if let opening, closing != nil {
                    contradicts =
                        surplus.magnitude > limit.magnitude
                        && (surplus + opening.yuan).magnitude > limit.magnitude
                } else if closing != nil {
                    contradicts = surplus > limit
                } else if opening != nil {
                    contradicts = surplus + carried < -limit
                } else {
                    contradicts = doubled
                }
                guard contradicts else { return nil }
                return balanceFinding(income, expenditure, opening, closing, doubled: doubled)
            }
    }

    /// A sentence or row that names all four sides.
    private static func balanceOfSentence(_ block: [CheckedAmount], facts: RuleFacts)
        -> (part: Int, draft: FindingDraft)?
    {
        guard block.count >= 4 else { return nil }
        let group = block.filter { $0.measure == .actual && facts.isCurrent($0) }
        func single(_ topic: Topic) -> CheckedAmount? {
            let values = group.filter { $0.topic == topic }
            return Set(values.map(\.yuan)).count == 1 ? values.first : nil
        }
        guard let income = single(.income), let expenditure = single(.expenditure),
            let opening = single(.openingCarryOver), let closing = single(.closingCarryOver),
            !group.contains(where: { RuleText.has($0.amount.label, ["结余分配", "使用非财政拨款结余", "专用结余"]) }
            ),
            !facts.approximateBlocks.contains(RuleFacts.BlockID(income.place))
        else { return nil }
        let limit = 5 * SumCheck.step(of: [income, expenditure, opening, closing])
        let surplus = income.yuan - expenditure.yuan - closing.yuan
        // 收入总额 may hold what was carried in, 本年收入 does not.
        let isThisYear = income.amount.label.holds("本年")
        let fits =
            2 * (surplus + opening.yuan).magnitude <= limit.magnitude
            || !isThisYear && 2 * surplus.magnitude <= limit.magnitude
        guard !fits else { return nil }
        return (
            income.amount.part,
            balanceFinding(income, expenditure, opening, closing, doubled: false)
        )
    }

    private static func balanceFinding(
        _ income: CheckedAmount,
        _ expenditure: CheckedAmount,
        _ opening: CheckedAmount?,
        _ closing: CheckedAmount?,
        doubled: Bool
    ) -> FindingDraft {
        let carried = [opening.map { "年初结转\($0.printed)" }, closing.map { "年末结转\($0.printed)" }]
            .compactMap { $0 }
        let message =
            "收支不平：收入\(income.printed)，支出\(expenditure.printed)"
            + (carried.isEmpty ? "，未列结转结余" : "，" + carried.joined(separator: "，"))
            + (doubled ? "；收入恰为支出的两倍，疑将收、支相加后当作收入" : "")
            + "。见\(income.located)、\(expenditure.located)。"
        return FindingDraft(
            severity: .high,
            message: message,
            stated: income.printed,
            computed: income.printed(
                expenditure.yuan + (closing?.yuan ?? 0) - (opening?.yuan ?? 0)
            ),
            places: [income, expenditure, opening, closing].compactMap { $0?.place },
            labels: [income.amount.label, expenditure.amount.label]
        )
    }

    /// The only value of a topic among facts; nil when none or several.
    static func only(_ topic: Topic, in group: [CheckedAmount]) -> CheckedAmount? {
        let values = group.filter { $0.topic == topic }
        guard Set(values.map(\.yuan)).count == 1 else {
            // Totals of one kind of money, or of a part, beside the total of all money.
            let whole = values.filter { $0.scope.isEmpty }
            if Set(whole.map(\.yuan)).count == 1 { return whole.first }
            let named = whole.filter { RuleText.has($0.amount.label, ["合计", "总计", "总额", "本年"]) }
            return Set(named.map(\.yuan)).count == 1 ? named.first : nil
        }
        return values.first { $0.scope.isEmpty } ?? values.first
    }

    /// Whether a total is twice an amount within the rounding of both.
    private static func isDouble(_ total: CheckedAmount, of amount: CheckedAmount) -> Bool {
        let step = max(total.step, amount.step)
        return (total.yuan - 2 * amount.yuan).magnitude <= step.magnitude
    }

    /// A grand total that is exactly twice the expenditure, as if both sides had been added.
    static func doubleTotal(_ facts: RuleFacts) -> [FindingDraft] {
        var result: [FindingDraft] = []
        for part in facts.partIndices {
            let group = facts.current(inPart: part).filter { $0.measure == .actual }
            guard let expenditure = only(.expenditure, in: group), expenditure.yuan > 0 else {
                continue
            }
            // Money carried over as large as the expenditure explains a double total.
            let carried = group.filter {
                $0.topic == .openingCarryOver || $0.topic == .closingCarryOver
            }
            guard !carried.contains(where: { 2 * $0.yuan >= expenditure.yuan }) else { continue }
            for total in group
            where total.topic == .grandTotal && isDouble(total, of: expenditure) {
                result.append(
                    FindingDraft(
                        severity: .high,
                        message: "收支总计\(total.printed)恰为支出\(expenditure.printed)的两倍，"
                            + "疑将收入与支出相加。见\(total.located)、"
                            + "\(expenditure.located)。",
                        stated: total.printed,
                        computed: expenditure.printed,
                        places: [total.place, expenditure.place],
                        labels: [total.amount.label, expenditure.amount.label]
                    )
                )
            }
        }
        return result
    }
}
