public import ReportModel

/// The consistency rules: a list of small values, and their application to a record.
///
/// Pure functions of the record; no rule traps on any record.
///
/// Source: domain description, section on check rules; documentation page `docs/rules.md`.
public enum Rules {
    /// Version written into `rules` of every record.
    public static let version = "2"

    /// Every rule; the order decides nothing.
    public static let all: [Rule] = checks.map { check in
        Rule(id: check.id) { check.findings(RuleFacts($0)) }
    }

    private static let checks: [Check] =
        sumRules + rateRules + scoreRules + staffRules + crossRules + formRules + countRules
        + textRules + nameRules + resultRules

    /// Applies every rule.
    /// - Parameter record: any record.
    /// - Returns: findings, the gravest first, then by rule, then by place.
    public static func check(_ record: Record) -> [Finding] {
        let facts = RuleFacts(record)
        return checks.flatMap { $0.findings(facts) }.sorted(by: precedes)
    }

    static func precedes(_ left: Finding, _ right: Finding) -> Bool {
        if left.severity != right.severity { return left.severity > right.severity }
        if left.rule != right.rule { return left.rule < right.rule }
        guard let first = left.places.first, let second = right.places.first else {
            return left.places.count < right.places.count
        }
        if !first.isSamePosition(as: second) { return first.precedes(second) }
        return left.fingerprint < right.fingerprint
    }

    /// A rule over prepared facts.
    struct Check: Sendable {
        /// Identifier.
        let id: String
        /// What contradicts itself.
        let drafts: @Sendable (RuleFacts) -> [FindingDraft]

        /// Applies the rule, bounds the number of findings and gives them fingerprints.
        func findings(_ facts: RuleFacts) -> [Finding] {
            var ordinals: [[String]: Int] = [:]
            return drafts(facts).prefix(RuleLimits.maximumFindingsPerRule).map { draft in
                let labels = draft.labels.map(RuleText.normalised)
                let ordinal = ordinals[labels, default: 0]
                ordinals[labels] = ordinal + 1
                return Finding(
                    rule: id,
                    severity: draft.severity,
                    message: draft.message,
                    stated: draft.stated,
                    computed: draft.computed,
                    places: draft.places,
                    fingerprint: RuleText.fingerprint(rule: id, labels: labels, ordinal: ordinal)
                )
            }
        }
    }

    /// Names a check.
    static func rule(_ id: String, _ drafts: @escaping @Sendable (RuleFacts) -> [FindingDraft])
        -> Check
    {
        Check(id: id, drafts: drafts)
    }
}

extension Place {
    /// Whether both begin at the same scalar of the same block.
    func isSamePosition(as other: Place) -> Bool {
        source == other.source && block == other.block && start == other.start
    }

    /// Whether this one begins earlier in the filing.
    func precedes(_ other: Place) -> Bool {
        (source, block, start) < (other.source, other.block, other.start)
    }

    /// Whether both stand in the same block.
    func sharesBlock(with other: Place) -> Bool {
        source == other.source && block == other.block
    }

    /// Number of blocks between two places of one file; nil across files.
    func blockDistance(to other: Place) -> Int? {
        guard source == other.source else { return nil }
        let (difference, overflow) = other.block.subtractingReportingOverflow(block)
        return overflow ? nil : difference
    }
}
