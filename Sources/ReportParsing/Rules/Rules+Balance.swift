import ReportModel

extension Rules {
    /// Income with what was carried in equals expenditure with what is carried out.
    ///
    /// Without stated carry-overs only an exact doubling contradicts: everything else may be
    /// explained by money carried over.
    static func balance(_ facts: RuleFacts) -> [FindingDraft] {
        let all = facts.current.filter { $0.measure == .actual }
        let anyOpening = only(.openingCarryOver, in: all)
        let anyClosing = only(.closingCarryOver, in: all)
        return facts.partIndices.compactMap { part in
            let group = facts.current(inPart: part).filter { $0.measure == .actual }
            guard let income = only(.income, in: group),
                let expenditure = only(.expenditure, in: group),
                income.scope == expenditure.scope
            else { return nil }
            let opening = only(.openingCarryOver, in: group) ?? anyOpening
            let closing = only(.closingCarryOver, in: group) ?? anyClosing
            let special = group.contains { fact in
                fact.yuan != 0 && RuleText.has(fact.amount.label, ["结余分配", "使用非财政拨款结余", "专用结余"])
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
            // Totals of one kind of money beside the total of all money.
            let whole = values.filter { $0.scope.isEmpty }
            return Set(whole.map(\.yuan)).count == 1 ? whole.first : nil
        }
        return values.first { $0.scope.isEmpty } ?? values.first
    }

    /// A grand total that is exactly twice the expenditure, as if both sides had been added.
    static func doubleTotal(_ facts: RuleFacts) -> [FindingDraft] {
        var result: [FindingDraft] = []
        for part in facts.partIndices {
            let group = facts.current(inPart: part).filter { $0.measure == .actual }
            guard let expenditure = only(.expenditure, in: group), expenditure.yuan > 0 else {
                continue
            }
            let carried = group.contains {
                ($0.topic == .openingCarryOver || $0.topic == .closingCarryOver) && $0.yuan != 0
            }
            guard !carried else { continue }
            for total in group
            where total.topic == .grandTotal && total.yuan == 2 * expenditure.yuan {
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
