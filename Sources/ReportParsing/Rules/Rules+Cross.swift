import ReportModel

extension Rules {
    /// Rules about one fact in several places.
    static let crossRules: [Check] = [
        rule("CROSS-AMOUNT") { crossAmounts($0, measures: [.actual]) },
        rule("CROSS-BUDGET") { crossAmounts($0, measures: [.budget, .initial]) },
        rule("CROSS-SCORE", crossScores),
        rule("UNIT-SLIP", unitSlips),
        rule("UNIT-MIX", unitMix),
        rule("OPERATING", operating),
    ]

    /// What makes two amounts the same fact.
    private struct FactKey: Hashable {
        let topic: Topic
        let measure: Measure
        let scope: String
    }

    /// Whether two printed values are the same within the rounding of the coarser one.
    private static func isSame(_ left: CheckedAmount, _ right: CheckedAmount) -> Bool {
        let step = max(left.step, right.step)
        return 2 * (left.yuan - right.yuan).magnitude <= step.magnitude
    }

    /// Whether one value is ten thousand times the other within rounding, as by 元 for 万元.
    private static func isSlip(_ left: CheckedAmount, _ right: CheckedAmount) -> Bool {
        let large = left.yuan > right.yuan ? left : right
        let small = left.yuan > right.yuan ? right : left
        guard small.yuan > 0 else { return false }
        let step = max(large.step, small.step * 10_000)
        return large.yuan / 10_000 > 0
            && 2 * (large.yuan - small.yuan * 10_000).magnitude <= step.magnitude
    }

    static func isAboutProject(_ kind: PartKind) -> Bool {
        kind == .projectSelfEvaluationTable || kind == .projectSelfEvaluationReport
    }

    /// Facts that several parts state, with one representative value for each part.
    private static func statedTwice(_ facts: RuleFacts, measures: Set<Measure>)
        -> [(key: FactKey, left: CheckedAmount, right: CheckedAmount)]
    {
        // What all stands in one part is stated once.
        guard let first = facts.current.first?.amount.part,
            facts.current.contains(where: { $0.amount.part != first })
        else { return [] }
        var order: [FactKey] = []
        var groups: [FactKey: [Int: [CheckedAmount]]] = [:]
        for fact in facts.current where measures.contains(fact.measure) {
            // 项目支出 of a part about one project is that project's, not the department's.
            guard let topic = fact.topic, fact.amount.project == nil,
                !isAboutProject(facts.kind(ofPart: fact.amount.part))
            else { continue }
            let key = FactKey(topic: topic, measure: fact.measure, scope: fact.scope)
            if groups[key] == nil { order.append(key) }
            groups[key, default: [:]][fact.amount.part, default: []].append(fact)
        }
        return statedOfProjects(facts, measures: measures)
            + order.compactMap { key in
                let parts = (groups[key] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
                for (index, left) in parts.enumerated() {
                    for right in parts.dropFirst(index + 1) {
                        let agrees = left.contains { a in right.contains { isSame(a, $0) } }
                        if !agrees, let a = left.first, let b = right.first { return (key, a, b) }
                    }
                }
                return nil
            }
    }

    /// Facts that the table and the report of one project state.
    private static func statedOfProjects(_ facts: RuleFacts, measures: Set<Measure>)
        -> [(key: FactKey, left: CheckedAmount, right: CheckedAmount)]
    {
        let isBudget = measures.contains(.budget)
        let roles: Set<String> = isBudget ? ["budget-project", "budget-initial-project"] : []
        let wanted = measures.contains(.actual) ? roles.union(["executed-project"]) : roles
        var order: [[String]] = []
        var groups: [[String]: [Int: [CheckedAmount]]] = [:]
        for fact in facts.current {
            guard let project = fact.amount.project, wanted.contains(fact.amount.role),
                isAboutProject(facts.kind(ofPart: fact.amount.part))
            else { continue }
            let name = RuleText.normalised(project)
            let key = [name, fact.measure == .actual ? "actual" : "budget"]
            if groups[key] == nil { order.append(key) }
            groups[key, default: [:]][fact.amount.part, default: []].append(fact)
        }
        return order.compactMap { key in
            let parts = (groups[key] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
            let kinds = parts.compactMap { $0.first.map { facts.kind(ofPart: $0.amount.part) } }
            guard parts.count == 2, Set(kinds).count == 2,
                !parts[0].contains(where: { a in parts[1].contains { isSame(a, $0) } }),
                let left = parts[0].first, let right = parts[1].first
            else { return nil }
            let measure: Measure = key[1] == "actual" ? .actual : .budget
            return (FactKey(topic: .project, measure: measure, scope: ""), left, right)
        }
    }

    /// The same amount in two parts.
    private static func crossAmounts(_ facts: RuleFacts, measures: Set<Measure>) -> [FindingDraft] {
        guard facts.record.unit.scope != "汇总" else { return [] }
        return statedTwice(facts, measures: measures).compactMap { key, left, right in
            guard !isSlip(left, right) else { return nil }
            let difference = (left.yuan - right.yuan).magnitude
            let isClose = difference <= 2 * max(left.step, right.step).magnitude
            let isTotal = [.income, .expenditure, .grandTotal].contains(key.topic)
            let severity: Severity = isTotal && !isClose && key.measure == .actual ? .high : .medium
            return FindingDraft(
                severity: severity,
                message: "\(key.scope)\(key.topic.name)\(key.measure.name)数前后不一："
                    + "\(left.located)为\(left.printed)，"
                    + "\(right.located)为\(right.printed)，相差"
                    + "\(left.printed(Int128(clamping: difference)))。",
                stated: left.printed,
                computed: right.printed,
                places: [left.place, right.place],
                labels: [key.topic.name, key.measure.name, key.scope]
            )
        }
    }

    /// The same total score in two parts about the department, or about the only project.
    private static func crossScores(_ facts: RuleFacts) -> [FindingDraft] {
        func scores(_ isWanted: (PartKind) -> Bool) -> [[TotalScore]] {
            let scores = facts.record.scores.filter { isWanted(facts.kind(ofPart: $0.part)) }
            return Dictionary(grouping: scores, by: \.part).sorted { $0.key < $1.key }.map(\.value)
        }
        var groups = [scores(\.isAboutDepartment)]
        let names = Set(facts.record.projects.map(\.name))
        let kinds: [PartKind] = [.projectSelfEvaluationTable, .projectSelfEvaluationReport]
        let single = kinds.allSatisfy { kind in
            facts.record.parts.filter { $0.kind == kind }.count == 1
        }
        if single, names.count == 1 { groups.append(scores { kinds.contains($0) }) }
        return groups.compactMap { parts in
            for (index, left) in parts.enumerated() {
                for right in parts.dropFirst(index + 1) {
                    let values = Set(left.compactMap { CheckNumber(printed: $0.total) })
                    let agrees = right.contains {
                        CheckNumber(printed: $0.total).map(values.contains) ?? true
                    }
                    guard !agrees, !values.isEmpty, let a = left.first, let b = right.first else {
                        continue
                    }
                    return FindingDraft(
                        severity: .high,
                        message: "自评总分前后不一：\(RuleText.located(a.place))为\(a.total)分，"
                            + "\(RuleText.located(b.place))为\(b.total)分。",
                        stated: a.total,
                        computed: b.total,
                        places: [a.place, b.place],
                        labels: []
                    )
                }
            }
            return nil
        }
    }

    /// 元 printed for 万元, or the reverse: beside the same fact, or inside a sum.
    private static func unitSlips(_ facts: RuleFacts) -> [FindingDraft] {
        var result = statedTwice(facts, measures: [.actual, .budget, .initial]).compactMap {
            isSlip($0.left, $0.right) ? slipFinding($0.left, $0.right) : nil
        }
        let sums =
            lists(in: facts, of: .income, role: "final-income-part")
            + lists(in: facts, of: .expenditure, role: "final-expenditure-function")
        for list in sums
        where SumCheck(total: list.total, parts: list.parts, optional: list.optional)
            .outcome == .contradicts
        {
            if let part = unitSlip(list) { result.append(slipFinding(part, list.total)) }
        }
        return result
    }

    private static func slipFinding(_ left: CheckedAmount, _ right: CheckedAmount) -> FindingDraft {
        FindingDraft(
            severity: .high,
            message: "疑将元与万元混淆：\(left.printed)与\(right.printed)按同一单位才相符。"
                + "见\(left.located)、\(right.located)。",
            stated: left.printed,
            computed: right.printed,
            places: [left.place, right.place],
            labels: [left.amount.label]
        )
    }

    /// Zero items in 元 inside a sentence in 万元.
    private static func unitMix(_ facts: RuleFacts) -> [FindingDraft] {
        facts.blocks.compactMap { block in
            let zeros = block.filter { $0.factor == 1 && $0.yuan == 0 }
            guard let zero = zeros.first, let other = block.first(where: { $0.factor == 10_000 })
            else { return nil }
            return FindingDraft(
                severity: .info,
                message: "同一句中多数金额以万元计，\(zeros.count)处为零的金额以元计。"
                    + "见\(zero.located)、\(other.located)。",
                stated: zero.printed,
                computed: "0万元",
                places: [zero.place, other.place],
                labels: [other.amount.label]
            )
        }
    }

    /// 机关运行经费 of an administrative unit is its 公用经费.
    private static func operating(_ facts: RuleFacts) -> [FindingDraft] {
        func has(_ suffix: String) -> Bool {
            facts.record.staffing.contains {
                $0.role.hasSuffix(suffix) && CheckNumber(printed: $0.count)?.scaled != 0
            }
        }
        guard !has("-institution") || has("-administrative"), facts.record.unit.scope != "汇总" else {
            return []
        }
        return facts.partIndices.compactMap { part in
            guard facts.kind(ofPart: part) == .finalAccountExplanation else { return nil }
            let group = facts.current(inPart: part).filter { $0.measure == .actual }
            guard let operating = only(.operating, in: group),
                let other = only(.publicFunds, in: group),
                operating.yuan > 0, !isSame(operating, other)
            else { return nil }
            return FindingDraft(
                severity: .low,
                message: "机关运行经费\(operating.printed)与公用经费\(other.printed)不同，行政单位两者一般相等。"
                    + "见\(operating.located)、\(other.located)。",
                stated: operating.printed,
                computed: other.printed,
                places: [operating.place, other.place],
                labels: ["机关运行经费"]
            )
        }
    }
}
