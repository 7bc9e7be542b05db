import ReportModel

/// Targets whose result says no number.
extension Rules {
    static let resultRules: [Check] = [
        rule("TARGET-NO-ACTUAL") { facts in
            tables(facts).compactMap(targetsWithoutResult) + plansWithoutResult(facts)
        }
    ]

    private static func hasDigit(_ text: String) -> Bool {
        text.utf8.contains { (0x30...0x39).contains($0) }
            || text.unicodeScalars.contains { $0.properties.numericType == .decimal }
            || text.unicodeScalars.contains { "一二三四五六七八九十百千全均".unicodeScalars.contains($0) }
    }

    /// Rows with a number as target and none as result; one finding for a table.
    private static func targetsWithoutResult(_ table: IndicatorTable) -> FindingDraft? {
        let rows = table.rows.filter { row in
            guard row.target != nil,
                row.indicator.score != nil || row.indicator.actual != nil
            else { return false }
            return !hasDigit(row.indicator.actual ?? "")
        }
        // A table without any result is one that is not filled in yet.
        guard let first = rows.first, table.rows.contains(where: { $0.indicator.actual != nil })
        else {
            return nil
        }
        let names = rows.prefix(5).map(\.name).joined(separator: "、")
        return FindingDraft(
            severity: .low,
            message: "\(rows.count)项指标的目标是具体数值，完成情况没有数值（\(names)）。"
                + "见\(RuleText.located(first.indicator.place))。",
            stated: first.indicator.target,
            computed: first.indicator.actual,
            places: rows.prefix(10).map(\.indicator.place),
            labels: labels(table)
        )
    }

    /// Planned numbers of a report whose results name no number of the same things, while others do.
    private static func plansWithoutResult(_ facts: RuleFacts) -> [FindingDraft] {
        var result: [FindingDraft] = []
        let all = facts.record.counts.prefix(RuleLimits.maximumScoreCount)
        guard all.contains(where: { $0.stage == "planned" }) else { return [] }
        for part in Set(all.map(\.part)).sorted() {
            let own = all.filter { $0.part == part }
            let plans = own.filter {
                $0.stage == "planned" && RuleText.has($0.label, ["至少", "不少于", "不低于", "≥"])
            }
            guard !plans.isEmpty else { continue }
            let results = own.filter { $0.stage == nil }.map { ($0, Likeness($0.label)) }
            let missing = plans.filter { plan in
                let likeness = Likeness(plan.label)
                return !results.contains { result, other in
                    plan.place.precedes(result.place) && result.unit == plan.unit
                        && (likeness.share(with: other) >= 150 || plan.unit == "场")
                }
            }
            // A text without any results is a plan.
            guard let first = missing.first,
                results.contains(where: { first.place.precedes($0.0.place) })
            else { continue }
            let quotes = missing.prefix(3).map { RuleText.located($0.place) }.joined(separator: "、")
            result.append(
                FindingDraft(
                    severity: .low,
                    message: "目标有具体数量，完成情况没有相应数量：\(quotes)。",
                    stated: first.count + first.unit,
                    computed: nil,
                    places: missing.prefix(10).map(\.place),
                    labels: [first.label]
                )
            )
        }
        return result
    }
}
