import ReportModel

extension Rules {
    /// Rules about points and grades.
    static let scoreRules: [Check] = [
        rule("WEIGHT-SUM") { facts in tables(facts).compactMap { weightSum($0, facts: facts) } },
        rule("SCORE-SUM") { facts in
            tables(facts).compactMap {
                scoreSum($0, facts: facts) ?? valueColumnScore($0, facts: facts)
            }
        },
        rule("SCORE-RANGE", scoreRange),
        rule("EXEC-SCORE") { facts in tables(facts).compactMap { executionScore($0, facts: facts) }
        },
        rule("GRADE-BAND", gradeBand),
        rule("GRADE-MISSING", gradeMissing),
        rule("TARGET-SCORE", targetScores),
        rule("DEDUCTION-REASON") { facts in tables(facts).compactMap(deductionReasons) },
        rule("INDICATOR-COLUMN") { facts in tables(facts).compactMap(indicatorColumn) },
        rule("WEIGHT-SPLIT") { facts in tables(facts).compactMap(weightSplit) },
    ]

    /// The indicator tables.
    static func tables(_ facts: RuleFacts) -> [IndicatorTable] {
        facts.tables
    }

    /// Words that name a table in a fingerprint.
    static func labels(_ table: IndicatorTable, _ facts: RuleFacts? = nil) -> [String] {
        [table.rows.first?.indicator.project ?? "", table.rows.first?.name ?? ""]
    }

    /// Weights with the execution line make full marks.
    ///
    /// Without a readable execution line, 90 or 80 pass where a stated execution rate or the total
    /// score show that the line stands elsewhere.
    private static func weightSum(_ table: IndicatorTable, facts: RuleFacts) -> FindingDraft? {
        let full = table.full.scaled
        let rows = table.weights
        guard rows > 0, table.rows.count >= 3 else { return nil }
        let execution = table.execution?.weight?.scaled
        let sum = rows + (execution ?? 0)
        guard sum != full else { return nil }
        let isRounding = (sum - full).magnitude <= (CheckNumber.scale / 20).magnitude
        guard !isRounding, sum > full || !table.lacksWeights else { return nil }
        let rest = full - rows
        let tenth = full / 10
        if execution == nil {
            // The points of the execution line were not read: the rest is theirs.
            guard rest != tenth && rest != 2 * tenth || !hasExecution(table, facts: facts) else {
                return nil
            }
        }
        // Where rows are found by their position some may be lost, and their points with them.
        if sum < full, hasLostRows(table, missing: full - sum, facts: facts) { return nil }
        // Several tables without project names and total rows look like one.
        if table.total == nil, rows >= 2 * (full - 2 * tenth) { return nil }
        guard let place = table.place else { return nil }
        let computed = CheckNumber.text(sum)
        var message = "指标分值相加为\(computed)分"
        if let execution {
            message += "（指标\(CheckNumber.text(rows))分，预算执行\(CheckNumber.text(execution))分）"
        }
        message += "，应为\(CheckNumber.text(full))分"
        if execution != nil, rows == full { message += "；总分未计入预算执行的分值" }
        message += "。表自\(RuleText.located(place))起"
        message += table.total.map { "，总分见\(RuleText.located($0.place))" } ?? ""
        return FindingDraft(
            severity: .high,
            message: message + "。",
            stated: CheckNumber.text(full),
            computed: computed,
            places: [table.execution?.indicator.place, place, table.total?.place].compactMap { $0 },
            labels: labels(table)
        )
    }

    /// Whether rows of a table may not have been read: a fifth of its points is missing, or, in a
    /// file of placed text, the scores fall as short of their total as the weights.
    private static func hasLostRows(
        _ table: IndicatorTable,
        missing: Int128,
        facts: RuleFacts
    ) -> Bool {
        if missing > table.full.scaled / 5 { return true }
        let source = table.place?.source ?? 0
        let sources = facts.record.sources
        let format = sources.indices.contains(source) ? sources[source].format : ""
        guard ["pdf", "ofd"].contains(format),
            let total = table.total.flatMap({ CheckNumber(printed: $0.total) })
        else { return false }
        let scores = table.scores + (table.execution?.score?.scaled ?? 0)
        return total.scaled - scores > 0 && total.scaled - scores <= missing
    }

    /// Whether a line of budget execution stands outside the table's rows.
    private static func hasExecution(_ table: IndicatorTable, facts: RuleFacts) -> Bool {
        let rated = facts.record.rates.contains { $0.part == table.part && $0.role == "execution" }
        guard !rated, let total = table.total.flatMap({ CheckNumber(printed: $0.total) }) else {
            return rated
        }
        let rest = total.scaled - table.scores
        return rest > 0 && rest <= table.full.scaled - table.weights
    }

    /// The total score is the sum of the scores with the execution line.
    private static func scoreSum(_ table: IndicatorTable, facts: RuleFacts) -> FindingDraft? {
        guard let total = table.total, let printed = CheckNumber(printed: total.total),
            table.scores > 0
        else { return nil }
        let execution = table.execution?.score?.scaled
        let sum = table.scores + (execution ?? 0)
        let step = ([printed] + table.rows.compactMap(\.score)).map(\.step).min() ?? 1
        let difference = printed.scaled - sum
        guard 2 * difference.magnitude > step.magnitude,
            2 * difference.magnitude > printed.step.magnitude
        else { return nil }
        if difference > 0 {
            if table.lacksScores { return nil }
            let weights = table.weights + (table.execution?.weight?.scaled ?? 0)
            let missing = table.full.scaled - weights
            if weights > 0, missing > 0, hasLostRows(table, missing: missing, facts: facts) {
                return nil
            }
            // Points of an execution line that was not read, within what the weights leave.
            let isWeighted = table.rows.contains { $0.weight != nil }
            let rest = isWeighted ? table.full.scaled - table.weights : table.full.scaled / 5
            if execution == nil, difference <= rest { return nil }
        }
        guard let place = table.place else { return nil }
        let computed = CheckNumber.text(sum)
        var message = "各项得分相加为\(computed)分"
        if let execution { message += "（其中预算执行\(CheckNumber.text(execution))分）" }
        message += "，所列总分为\(total.total)分"
        if execution != nil, table.scores == printed.scaled { message += "；总分未计入预算执行的得分" }
        message += "。总分见\(RuleText.located(total.place))，表自\(RuleText.located(place))起。"
        return FindingDraft(
            severity: .high,
            message: message,
            stated: total.total,
            computed: computed,
            places: [total.place, place],
            labels: labels(table)
        )
    }

    /// A stated score that equals the weights somebody entered in the value columns.
    private static func valueColumnScore(_ table: IndicatorTable, facts: RuleFacts) -> FindingDraft?
    {
        guard let sum = valueColumnSum(table), sum != CheckNumber(100).scaled,
            let place = table.place,
            let score = facts.record.scores.first(where: {
                CheckNumber(printed: $0.total)?.scaled == sum
            })
        else { return nil }
        let computed = CheckNumber.text(sum)
        return FindingDraft(
            severity: .medium,
            message: "自评得分\(score.total)分恰等于指标表所填分值之和\(computed)分，该表分值不足100分，"
                + "疑漏计预算执行的分值。见\(RuleText.located(score.place))、\(RuleText.located(place))。",
            stated: score.total,
            computed: computed,
            places: [score.place, place],
            labels: labels(table)
        )
    }

    /// No score is above its weight, no total above full marks.
    private static func scoreRange(_ facts: RuleFacts) -> [FindingDraft] {
        var result: [FindingDraft] = []
        for table in tables(facts) {
            for row in table.rows + [table.execution].compactMap({ $0 }) {
                guard let weight = row.weight, let score = row.score, weight.scaled > 0,
                    score > weight
                else { continue }
                let place = row.indicator.place
                result.append(
                    FindingDraft(
                        severity: .high,
                        message: "指标“\(row.name)”得分\(score.text)分，超过分值\(weight.text)分。"
                            + "见\(RuleText.located(place))。",
                        stated: score.text,
                        computed: weight.text,
                        places: [place],
                        labels: [row.name]
                    )
                )
            }
        }
        for score in facts.record.scores {
            let full = score.full.flatMap(CheckNumber.init(printed:)) ?? CheckNumber(100)
            guard let total = CheckNumber(printed: score.total), total > full, full.scaled > 0
            else { continue }
            result.append(
                FindingDraft(
                    severity: .high,
                    message: "总分\(total.text)分，超过满分\(full.text)分。"
                        + "见\(RuleText.located(score.place))。",
                    stated: total.text,
                    computed: full.text,
                    places: [score.place],
                    labels: []
                )
            )
        }
        return result
    }

    /// Points of the execution line are its weight times the rate.
    private static func executionScore(_ table: IndicatorTable, facts: RuleFacts) -> FindingDraft? {
        guard let row = table.execution, let weight = row.weight, let score = row.score,
            weight.scaled > 0
        else { return nil }
        let rates = facts.record.rates.filter { $0.part == table.part && $0.role == "execution" }
        let own = rates.filter { $0.place.sharesBlock(with: row.indicator.place) }
        let whole = rates.filter { RuleText.has($0.label, ["合计", "总额", "总体", "整体"]) }
        let chosen = [own, whole, rates].first { !$0.isEmpty } ?? []
        guard Set(chosen.map(\.percent)).count == 1, let rate = chosen.first,
            let percent = CheckNumber(printed: rate.percent)
        else { return nil }
        let capped = min(percent.scaled, CheckNumber(100).scaled)
        let (product, overflow) = weight.scaled.multipliedReportingOverflow(by: capped)
        guard !overflow else { return nil }
        let expected = product / (100 * CheckNumber.scale)
        let difference = score.scaled - expected
        // Many forms round to whole points or give full points from 95 % on.
        let isFullFromBand =
            score.scaled == weight.scaled && percent.scaled >= CheckNumber(95).scaled
        guard 2 * difference.magnitude > CheckNumber.scale.magnitude, !isFullFromBand else {
            return nil
        }
        let computed = CheckNumber.text(expected, places: 2)
        return FindingDraft(
            severity: difference > 0 ? .medium : .low,
            message: "预算执行得分\(score.text)分，按分值\(weight.text)分×执行率\(rate.percent)%应为"
                + "\(computed)分。见\(RuleText.located(row.indicator.place))、"
                + "\(RuleText.located(rate.place))。",
            stated: score.text,
            computed: computed,
            places: [row.indicator.place, rate.place],
            labels: labels(table)
        )
    }
}
