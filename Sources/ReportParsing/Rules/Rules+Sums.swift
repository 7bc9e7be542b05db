import ReportModel

extension Rules {
    /// Rules about totals and their parts.
    static let sumRules: [Check] = [
        rule("BALANCE", balance),
        rule("DOUBLE-TOTAL", doubleTotal),
        rule("PARTS-SUM") { topicSums($0) + projectLists($0) },
        rule("INCOME-SUM") { facts in
            lists(in: facts, of: .income, role: "final-income-part").compactMap {
                sumFinding($0, facts: facts, name: "各项收入")
            }
        },
        rule("FUNC-SUM") { facts in
            lists(in: facts, of: .expenditure, role: "final-expenditure-function").compactMap {
                sumFinding($0, facts: facts, name: "各类功能支出")
            }
        },
        rule("FUNC-ITEM-SUM", functionItems),
        rule("THREE-PUBLIC-SUM", threePublic),
    ]

    /// A total with the parts that follow it in the same block.
    struct SumList {
        /// The total.
        let total: CheckedAmount
        /// Its parts in reading order.
        var parts: [CheckedAmount]
        /// Amounts that may belong to the parts, such as an opening carry-over.
        var optional: [CheckedAmount]
        /// Whether parts stand in other blocks than the total, where one may be missed.
        var isSpread = false
    }

    /// Lists of a total of a topic and the parts of a given role behind it, up to the next total.
    ///
    /// A list that falls short goes on in the next block when that begins with such a part.
    static func lists(in facts: RuleFacts, of topic: Topic, role: String) -> [SumList] {
        var result: [SumList] = []
        var open: SumList?
        var last: Place?
        func close() {
            if let list = open, !list.parts.isEmpty { result.append(list) }
            open = nil
        }
        for block in facts.blocks {
            guard let first = block.first,
                !facts.approximateBlocks.contains(RuleFacts.BlockID(first.place))
            else {
                open = nil
                continue
            }
            let isNext = last?.blockDistance(to: first.place) == 1
            last = first.place
            if let list = open {
                if isNext, isListed(first, role), fallsShort(list) {
                    open?.isSpread = true
                } else {
                    close()
                }
            }
            for fact in block where facts.isCurrent(fact) && fact.measure != .delta {
                if fact.topic == topic && fact.measure == .actual
                    && fact.amount.role != role
                {
                    close()
                    open = SumList(total: fact, parts: [], optional: [])
                } else if fact.isTotal {
                    close()
                } else if isListed(fact, role) {
                    // In a paragraph of its own the same name again is last year's value.
                    let spread = open?.isSpread == true ? open?.parts.last : nil
                    let isAgain = spread.map {
                        $0.place.sharesBlock(with: fact.place)
                            && $0.amount.label == fact.amount.label
                    }
                    if isClassLevel(fact.amount), isAgain != true { open?.parts.append(fact) }
                } else if fact.topic == .openingCarryOver {
                    open?.optional.append(fact)
                }
            }
        }
        close()
        return result
    }

    private static func isListed(_ fact: CheckedAmount, _ role: String) -> Bool {
        fact.amount.role == role
            || role == "final-expenditure-function" && isNamedClass(fact.amount)
    }

    private static func fallsShort(_ list: SumList) -> Bool {
        let check = SumCheck(total: list.total, parts: list.parts, optional: list.optional)
        return check.outcome == .contradicts && check.sum < list.total.yuan
    }

    /// Whether an amount of another role has the name of a 类 in a list of them, as
    /// 医疗卫生与计划生育, whose 计划 looks like a budget.
    private static func isNamedClass(_ amount: Amount) -> Bool {
        amount.label.holds("计划生育")
            && ClassNames.code(of: ClassNames.plain(amount.label)) != nil
    }

    /// Whether a functional amount is of the highest level, 类; true for other amounts.
    static func isClassLevel(_ amount: Amount) -> Bool {
        guard amount.role == "final-expenditure-function" else { return true }
        if let code = amount.functionCode { return code.utf8.count <= 3 }
        return !RuleText.has(amount.label, ["款）", "项）"])
    }

    /// Whether a list may be taken as complete, so that a missing rest contradicts.
    ///
    /// A final-account explanation has to name every item; elsewhere a list that falls short by
    /// more than a tenth only picks some items.
    static func isComplete(_ list: SumList, sum: Int128, facts: RuleFacts) -> Bool {
        if sum > list.total.yuan { return true }
        if list.isSpread { return false }
        let kind = facts.kind(ofPart: list.total.amount.part)
        if kind == .finalAccountExplanation { return list.parts.count >= 2 }
        return list.parts.count >= 2 && sum * 10 >= list.total.yuan * 9
    }

    /// The finding of a list that does not add up; `isWhole` when nothing can be missing from it.
    static func sumFinding(
        _ list: SumList,
        facts: RuleFacts,
        name: String,
        severity: Severity = .high,
        isWhole: Bool = false
    ) -> FindingDraft? {
        let check = SumCheck(total: list.total, parts: list.parts, optional: list.optional)
        guard check.outcome != .passes,
            isWhole || isComplete(list, sum: check.sum, facts: facts),
            unitSlip(list) == nil
        else { return nil }
        let total = list.total
        let difference = Int128(clamping: (check.sum - total.yuan).magnitude)
        let message =
            "\(name)相加为\(total.printed(check.sum))，与所列合计\(total.printed)不符，相差"
            + "\(total.printed(difference))"
            + (check.outcome == .notice ? "（接近四舍五入误差，请核对）" : "")
            + "。合计见\(total.located)"
            + (list.parts.first.map { "；分项自\($0.located)起" } ?? "") + "。"
        return FindingDraft(
            severity: check.outcome == .notice ? .info : severity,
            message: message,
            stated: total.printed,
            computed: total.printed(check.sum),
            places: [total.place] + list.parts.map(\.place),
            labels: [total.amount.label]
        )
    }

    /// A part in 元 that makes the sum right when it is read in 万元, or the reverse.
    static func unitSlip(_ list: SumList) -> CheckedAmount? {
        let values = list.parts.prefix(RuleLimits.maximumPartsPerSum)
        let sum = values.reduce(Int128(0)) { $0 + $1.yuan }
        let tolerance = (Int128(values.count) + 1) * SumCheck.step(of: [list.total])
        return values.first { part in
            guard part.yuan != 0 else { return false }
            let larger = sum + part.yuan * 9999 - list.total.yuan
            let smaller = sum - part.yuan + part.yuan / 10_000 - list.total.yuan
            let slippedDown = part.factor < list.total.factor && 2 * larger.magnitude <= tolerance
            let slippedUp = part.factor > list.total.factor && 2 * smaller.magnitude <= tolerance
            return slippedDown || slippedUp
        }
    }

    /// 项目支出总额 followed by single projects in the same block; a list told twice counts once.
    private static func projectLists(_ facts: RuleFacts) -> [FindingDraft] {
        let roles: Set<String> = [
            "executed-project", "executed-project-part", "executed-project-item", "executed-item",
            "executed-part", "final-expenditure-item",
        ]
        var seen: Set<[String?]> = []
        return facts.blocks.compactMap { block in
            let block = block.filter { facts.isCurrent($0) && $0.measure == .actual }
            guard
                let start = block.firstIndex(where: { fact in
                    (fact.topic == .project || fact.amount.role == "executed-project-total")
                        && fact.amount.functionCode == nil
                }),
                !facts.approximateBlocks.contains(RuleFacts.BlockID(block[start].place))
            else { return nil }
            let rest = block[(start + 1)...].prefix { !$0.isTotal && $0.topic == nil }
            let parts = rest.filter { roles.contains($0.amount.role) }
            guard parts.count >= 2, parts.count == rest.count else { return nil }
            return sumFinding(
                SumList(total: block[start], parts: parts, optional: []),
                facts: facts,
                name: "各项目支出",
                severity: .medium
            )
        }.filter { seen.insert([$0.stated, $0.computed]).inserted }
    }

    /// 基本 + 项目 = 支出, 人员 + 公用 = 基本, within one part and one measure.
    private static func topicSums(_ facts: RuleFacts) -> [FindingDraft] {
        let triples: [(Topic, [Topic])] = [
            (.expenditure, [.basic, .project]), (.basic, [.personnel, .publicFunds]),
        ]
        var result: [FindingDraft] = []
        for part in facts.partIndices {
            for measure in [Measure.initial, .budget, .actual] {
                let group = facts.current(inPart: part).filter { $0.measure == measure }
                guard !group.isEmpty else { continue }
                for (whole, parts) in triples {
                    if let draft = topicSum(group, whole: whole, parts: parts, facts: facts) {
                        result.append(draft)
                    }
                }
            }
        }
        // A sentence that names the whole and both parts, whatever others say.
        for block in facts.blocks where block.count >= 3 {
            let group = block.filter { $0.measure == .actual && facts.isCurrent($0) }
            for (whole, parts) in triples
            where group.filter({ $0.topic == whole }).count == 1
                && parts.allSatisfy({ part in group.filter { $0.topic == part }.count == 1 })
            {
                guard let draft = topicSum(group, whole: whole, parts: parts, facts: facts) else {
                    continue
                }
                let isKnown = result.contains {
                    $0.stated == draft.stated && $0.computed == draft.computed
                }
                if !isKnown { result.append(draft) }
            }
        }
        return result
    }

    private static func topicSum(
        _ group: [CheckedAmount],
        whole: Topic,
        parts topics: [Topic],
        facts: RuleFacts
    ) -> FindingDraft? {
        let wholes = group.filter { $0.topic == whole }
        var parts: [CheckedAmount] = []
        for topic in topics {
            let values = group.filter { $0.topic == topic }
            guard let first = values.first, Set(values.map(\.yuan)).count == 1 else { return nil }
            parts.append(first)
        }
        guard !wholes.isEmpty, !parts.allSatisfy({ $0.yuan == 0 }) else { return nil }
        // Other kinds of expenditure beside 基本 and 项目 belong to the same total.
        let others = group.filter { fact in
            whole == .expenditure && fact.yuan != 0 && fact.topic == nil
                && RuleText.has(fact.amount.label, ["经营支出", "上缴上级", "附属单位"])
        }
        let near = wholes.filter { total in
            parts.allSatisfy { part in
                total.place.blockDistance(to: part.place).map { $0.magnitude <= 60 } ?? false
            }
        }
        let fits = wholes.contains {
            SumCheck(total: $0, parts: parts, optional: others).outcome == .passes
        }
        guard !fits, others.isEmpty,
            let total = near.last(where: { $0.place.precedes(parts[0].place) })
                ?? near.first,
            Set(near.map(\.yuan)).count == 1 || total.place.sharesBlock(with: parts[0].place)
        else { return nil }
        let scopes = Set(([total] + parts).map(\.scope)).subtracting([""])
        guard scopes.count <= 1 else { return nil }
        return sumFinding(
            SumList(total: total, parts: parts, optional: []),
            facts: facts,
            name: topics.map(\.name).joined(separator: "与"),
            isWhole: parts.allSatisfy { $0.place.sharesBlock(with: total.place) }
        )
    }
}
