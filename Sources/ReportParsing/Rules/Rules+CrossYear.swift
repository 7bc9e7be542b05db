public import ReportModel

/// This year's filing against last year's.
///
/// Source: domain description, rule CROSS-YEAR; documentation page `docs/rules.md`.
extension Rules {
    /// Compares what a filing says about the year before with that year's own filing.
    ///
    /// Only the same topic of the same kind of money in parts of the same kind is compared; places
    /// are those of the current filing, the other filing is quoted in the message.
    /// - Parameters:
    ///   - current: the filing that is checked.
    ///   - previous: the filing of the same unit for the year before.
    /// - Returns: findings of the rules CROSS-YEAR and UNIT-SLIP, the gravest first; none when the
    ///   years do not follow each other or the scopes differ.
    public static func crossYear(current: Record, previous: Record) -> [Finding] {
        guard let year = current.year, let before = previous.year, (1900...3000).contains(year),
            before == year - 1, current.unit.scope == previous.unit.scope
        else { return [] }
        let pair = YearPair(current: RuleFacts(current), previous: RuleFacts(previous), year: year)
        let checks = [
            rule("CROSS-YEAR") { _ in pair.statedValues() + pair.carriedOver() },
            rule("UNIT-SLIP") { _ in pair.slips() },
        ]
        return checks.flatMap { $0.findings(pair.current) }.sorted(by: precedes)
    }
}

/// The facts of two years side by side.
private struct YearPair: Sendable {
    let current: RuleFacts
    let previous: RuleFacts
    let year: Int

    /// What makes two amounts of two filings the same fact.
    private struct Key: Hashable {
        let topic: Topic
        let scope: String
        let kind: PartKind
    }

    /// A value of the year before as this year's filing has it.
    private struct Stated {
        let key: Key
        let yuan: Int128
        let step: Int128
        let fact: CheckedAmount
        let places: [Place]
        let isDerived: Bool
    }

    private func key(_ fact: CheckedAmount, _ facts: RuleFacts) -> Key? {
        let kind = facts.kind(ofPart: fact.amount.part)
        guard let topic = fact.topic, fact.amount.project == nil, !Rules.isAboutProject(kind) else {
            return nil
        }
        return Key(topic: topic, scope: fact.scope, kind: kind)
    }

    /// Values of the filing's own year, by fact.
    private func own(_ facts: RuleFacts) -> [Key: [CheckedAmount]] {
        var result: [Key: [CheckedAmount]] = [:]
        for fact in facts.current where fact.measure == .actual {
            if let key = key(fact, facts) { result[key, default: []].append(fact) }
        }
        return result
    }

    /// Values of the year before: stated as such, or this year's less the change.
    private func stated() -> [Stated] {
        var result: [Stated] = []
        for fact in current.amounts {
            let isEarlier =
                fact.measure == .prior && (fact.amount.year ?? year - 1) != year
                || fact.measure == .actual && fact.amount.year == year - 1
            guard isEarlier, let key = key(fact, current) else { continue }
            result.append(
                Stated(
                    key: key,
                    yuan: fact.yuan,
                    step: fact.step,
                    fact: fact,
                    places: [fact.place],
                    isDerived: false
                )
            )
        }
        for change in current.blocks.flatMap({ Rules.changes(in: $0, facts: current) }) {
            guard let key = key(change.current, current), change.prior >= 0 else { continue }
            result.append(
                Stated(
                    key: key,
                    yuan: change.prior,
                    step: max(change.current.step, change.delta.step),
                    fact: change.current,
                    places: [change.delta.place, change.current.place],
                    isDerived: true
                )
            )
        }
        return result
    }

    /// Last year's values as stated now and as filed then.
    func statedValues() -> [FindingDraft] {
        let filed = own(previous)
        var seen: Set<Key> = []
        return stated().compactMap { stated in
            guard let values = filed[stated.key], let first = values.first,
                Set(values.map(\.yuan)).count <= 3
            else { return nil }
            let fits = values.contains { value in
                let step = max(value.step, stated.step) * (stated.isDerived ? 3 : 1)
                return 2 * (value.yuan - stated.yuan).magnitude <= step.magnitude
            }
            guard !fits, seen.insert(stated.key).inserted else { return nil }
            let printed = stated.fact.printed(stated.yuan)
            let origin =
                stated.isDerived
                ? "由本年数与增减额推得的上年数为\(printed)" : "本年文件所列上年数为\(printed)"
            return FindingDraft(
                severity: .medium,
                message: "\(stated.key.scope)\(stated.key.topic.name)的上年数与上年所报不一：\(origin)"
                    + "（见\(stated.fact.located)），\(year - 1)年度文件为\(first.located)"
                    + "\(first.printed)。",
                stated: printed,
                computed: first.printed,
                places: stated.places,
                labels: [stated.key.topic.name, stated.key.scope]
            )
        }
    }

    /// What is carried in this year was carried out last year.
    func carriedOver() -> [FindingDraft] {
        func only(_ topic: Topic, _ facts: RuleFacts) -> CheckedAmount? {
            let values = facts.current.filter { $0.topic == topic && $0.scope.isEmpty }
            return Set(values.map(\.yuan)).count == 1 ? values.first : nil
        }
        guard let opening = only(.openingCarryOver, current),
            let closing = only(.closingCarryOver, previous),
            2 * (opening.yuan - closing.yuan).magnitude
                > max(opening.step, closing.step).magnitude
        else { return [] }
        return [
            FindingDraft(
                severity: .medium,
                message: "年初结转和结余\(opening.printed)与\(year - 1)年度文件的年末结转和结余"
                    + "\(closing.printed)不一。见\(opening.located)；\(year - 1)年度为\(closing.located)。",
                stated: opening.printed,
                computed: closing.printed,
                places: [opening.place],
                labels: [Topic.openingCarryOver.name, ""]
            )
        ]
    }

    /// A value about ten thousand times last year's or the reverse: 元 for 万元.
    func slips() -> [FindingDraft] {
        let filed = own(previous)
        var seen: Set<Key> = []
        return current.current.compactMap { fact in
            guard fact.measure == .actual, fact.yuan > 0, let key = key(fact, current),
                let values = filed[key], let first = values.first,
                values.allSatisfy({ value in
                    let large = max(value.yuan, fact.yuan)
                    let small = min(value.yuan, fact.yuan)
                    return small > 0 && (2000...50_000).contains(large / small)
                }), seen.insert(key).inserted
            else { return nil }
            return FindingDraft(
                severity: .high,
                message:
                    "\(key.scope)\(key.topic.name)\(fact.printed)与上年\(first.printed)相差约一万倍，"
                    + "疑将元与万元混淆。见\(fact.located)；\(year - 1)年度为\(first.located)。",
                stated: fact.printed,
                computed: first.printed,
                places: [fact.place],
                labels: ["上年", key.topic.name, key.scope]
            )
        }
    }
}
