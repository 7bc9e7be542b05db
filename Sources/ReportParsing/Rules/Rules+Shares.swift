import ReportModel

extension Rules {
    /// A part with its printed share and the totals that it may be a share of.
    private struct Share {
        let rate: Rate
        let printed: CheckNumber
        let part: CheckedAmount
        let total: CheckedAmount
    }

    /// Shares that stand directly behind an amount, with the total before them in the same block.
    private static func sharesByBlock(_ facts: RuleFacts) -> [[Share]] {
        var groups: [[Share]] = []
        for rate in facts.record.rates where rate.role == "share" {
            let block = facts.block(of: rate.place)
            guard let printed = CheckNumber(printed: rate.percent),
                !facts.approximateBlocks.contains(RuleFacts.BlockID(rate.place)),
                let index = block.lastIndex(where: { $0.place.precedes(rate.place) }),
                block[index].measure != .delta, facts.isCurrent(block[index]),
                let total = block[..<index].last(where: { isShareTotal($0) && facts.isCurrent($0) })
            else { continue }
            let share = Share(rate: rate, printed: printed, part: block[index], total: total)
            if let last = groups.last?.last, last.total.place.isSamePosition(as: total.place),
                last.rate.part == rate.part
            {
                groups[groups.count - 1].append(share)
            } else {
                groups.append([share])
            }
        }
        return groups
    }

    private static func isShareTotal(_ fact: CheckedAmount) -> Bool {
        guard fact.measure == .actual || fact.measure == .budget else { return false }
        switch fact.topic {
        case .income, .expenditure, .threePublic, .grandTotal: return true
        default: return fact.isTotal
        }
    }

    /// A share follows from part and total.
    static func shares(_ facts: RuleFacts) -> [FindingDraft] {
        let totals = Dictionary(grouping: facts.amounts.filter(isShareTotal), by: \.amount.part)
        return sharesByBlock(facts).flatMap { $0 }.compactMap { share in
            guard let check = check(share, of: share.total), check.outcome != .passes else {
                return nil
            }
            let others = facts.block(of: share.rate.place) + (totals[share.rate.part] ?? [])
            let fits = others.contains { other in
                !other.place.isSamePosition(as: share.part.place)
                    && self.check(share, of: other)?.outcome == .passes
            }
            guard !fits else { return nil }
            let computed = percentText(check.percent, like: share.printed)
            return FindingDraft(
                severity: check.outcome == .notice ? .info : .medium,
                message: "占比所列\(share.rate.percent)%，按\(share.part.printed)÷\(share.total.printed)"
                    + "计算为\(computed)"
                    + (check.outcome == .notice ? "（相差一个末位单位以内，或为凑足100%所致）" : "")
                    + "。见\(RuleText.located(share.rate.place))、\(share.part.located)。",
                stated: share.rate.percent + "%",
                computed: computed,
                places: [share.rate.place, share.part.place, share.total.place],
                labels: [share.part.amount.label]
            )
        }
    }

    private static func check(_ share: Share, of total: CheckedAmount) -> RatioCheck? {
        RatioCheck(
            share.printed,
            part: share.part.yuan,
            partStep: share.part.step,
            whole: total.yuan,
            wholeStep: total.step
        )
    }

    /// The shares of a list whose amounts add up to its total add up to 100.
    static func shareSums(_ facts: RuleFacts) -> [FindingDraft] {
        sharesByBlock(facts).compactMap { group in
            guard group.count >= 2, let first = group.first, first.total.yuan > 0 else {
                return nil
            }
            let parts = group.map(\.part)
            let sum = parts.reduce(Int128(0)) { $0 + $1.yuan }
            let limit = (Int128(parts.count) + 1) * SumCheck.step(of: parts + [first.total])
            guard 2 * (sum - first.total.yuan).magnitude <= limit.magnitude else { return nil }
            let hundred = CheckNumber(100).scaled
            let total = group.reduce(Int128(0)) { $0 + $1.printed.scaled }
            let nonzero = group.map(\.printed).filter { $0.scaled != 0 }
            let fine = nonzero.filter { $0.places >= 2 }
            let step = fine.map(\.step).max() ?? nonzero.map(\.step).max() ?? 1
            let difference = Int128(clamping: (total - hundred).magnitude)
            let count = Int128(nonzero.count)
            guard 2 * difference > (count + 1) * step else { return nil }
            let isNotice = 2 * difference <= (count + 5) * step
            return FindingDraft(
                severity: isNotice ? .info : .low,
                message: "各项占比相加为\(CheckNumber.text(total))%，应为100%。占比自"
                    + "\(RuleText.located(first.rate.place))起，合计见\(first.total.located)。",
                stated: "100%",
                computed: CheckNumber.text(total) + "%",
                places: group.map(\.rate.place) + [first.total.place],
                labels: [first.total.amount.label]
            )
        }
    }
}
