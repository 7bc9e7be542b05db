import ReportModel

/// Rules about passages of running text.
extension Rules {
    static let textRules: [Check] = [
        rule("SCOPE", scope),
        rule("TEMPLATE-RESIDUE", residue),
        rule("NARRATIVE-MISMATCH", narratives),
    ]

    private static func remarks(_ kind: String, _ facts: RuleFacts) -> [Remark] {
        facts.record.remarks.filter { $0.kind == kind }
    }

    /// The report says that it covers subordinate units, and that there are none.
    private static func scope(_ facts: RuleFacts) -> [FindingDraft] {
        let all = remarks("scope", facts)
        guard let none = all.first(where: { $0.label == "no-subordinates" }) else { return [] }
        let with = all.first { $0.label == "with-subordinates" }
        let counted = facts.record.counts.first { count in
            ["个", "家"].contains(count.unit) && count.stage == nil
                && RuleText.has(count.label, ["下属", "所属", "二级预算单位"])
                && RuleText.has(count.label, ["单位", "机构"]) && count.part == none.part
                && (CheckNumber(printed: count.count)?.scaled ?? 0) > CheckNumber.scale
        }
        guard let place = with?.place ?? counted?.place else { return [] }
        return [
            FindingDraft(
                severity: .low,
                message: "报告范围前后不一：\(RuleText.located(place))包括下属单位，"
                    + "\(RuleText.located(none.place))又写没有下属单位。",
                stated: with?.text ?? counted.map { $0.count + $0.unit },
                computed: none.text,
                places: [place, none.place],
                labels: ["报告范围"]
            )
        ]
    }

    /// Leftovers of a template, one finding for each sort.
    private static func residue(_ facts: RuleFacts) -> [FindingDraft] {
        var order: [String] = []
        var groups: [String: [Remark]] = [:]
        for remark in remarks("template-residue", facts) {
            if groups[remark.label] == nil { order.append(remark.label) }
            groups[remark.label, default: []].append(remark)
        }
        return order.compactMap { label in
            guard let group = groups[label], let first = group.first else { return nil }
            let quotes = group.prefix(5).map { RuleText.located($0.place) }.joined(separator: "、")
            let more = group.count > 5 ? "等\(group.count)处" : ""
            return FindingDraft(
                severity: .low,
                message: "模板文字未清理（\(label)）：\(quotes)\(more)。",
                stated: first.text,
                computed: nil,
                places: group.prefix(10).map(\.place),
                labels: [label]
            )
        }
    }

    /// One change with different reasons.
    private static func narratives(_ facts: RuleFacts) -> [FindingDraft] {
        struct Told {
            let reason: Remark
            let change: Change
            let text: String
        }
        var told: [Told] = []
        for reason in remarks("reason", facts).prefix(RuleLimits.maximumPartsPerSum) {
            let text = RuleText.normalised(reason.text)
            guard text.unicodeScalars.count >= 2,
                let change = changes(in: facts.block(of: reason.place), facts: facts).last(where: {
                    $0.delta.place.precedes(reason.place)
                }), change.delta.yuan > 0
            else { continue }
            told.append(Told(reason: reason, change: change, text: text))
        }
        var result: [FindingDraft] = []
        var seen: Set<Int> = []
        for (index, left) in told.enumerated() where !seen.contains(index) {
            for other in told.indices.dropFirst(index + 1) {
                let right = told[other]
                guard left.change.delta.yuan == right.change.delta.yuan,
                    left.change.isUp == right.change.isUp,
                    left.reason.part == right.reason.part, left.text != right.text
                else { continue }
                seen.insert(other)
                let isLike =
                    left.text.holds(right.text) || right.text.holds(left.text)
                    || Likeness(left.text).share(with: Likeness(right.text)) >= 500
                guard !isLike else { continue }
                result.append(narrative(left.reason, right.reason, left.change))
                break
            }
        }
        return result
    }

    private static func narrative(_ left: Remark, _ right: Remark, _ change: Change) -> FindingDraft
    {
        FindingDraft(
            severity: .info,
            message: "同一变动（\(change.isUp ? "增加" : "减少")\(change.delta.printed)）所述原因不一："
                + "\(RuleText.located(left.place))、\(RuleText.located(right.place))。",
            stated: left.text,
            computed: right.text,
            places: [left.place, right.place],
            labels: [change.current.amount.label]
        )
    }
}
