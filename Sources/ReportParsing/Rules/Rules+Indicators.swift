import ReportModel

extension Rules {
    /// A missed target with full score.
    static func targetScores(_ facts: RuleFacts) -> [FindingDraft] {
        tables(facts).flatMap(\.rows).compactMap { row in
            if let draft = generousScore(row) { return draft }
            guard let weight = row.weight, let score = row.score, weight.scaled > 0,
                score.scaled == weight.scaled,
                let target = row.target, let actual = row.actual,
                target.isMissed(by: actual, wantsMore: wantsMore(row)) == true
            else { return nil }
            let place = row.indicator.place
            let printed = (row.indicator.target ?? "", row.indicator.actual ?? "")
            return FindingDraft(
                severity: .medium,
                message: "指标“\(row.name)”目标\(printed.0)，实际完成\(printed.1)，未达目标却得满分"
                    + "\(score.text)分。见\(RuleText.located(place))。",
                stated: printed.1,
                computed: printed.0,
                places: [place],
                labels: [row.name]
            )
        }
    }

    /// A missed target with more points than its share of the weight, though not all of them: low,
    /// for points may be given by judgement.
    private static func generousScore(_ row: IndicatorTable.Row) -> FindingDraft? {
        guard let weight = row.weight, let score = row.score, score.scaled > 0, score < weight,
            let target = row.target, let actual = row.actual,
            target.isMissed(by: actual, wantsMore: wantsMore(row)) == true
        else { return nil }
        let isReverse = actual.number > target.number
        let (part, whole) = isReverse ? (target, actual) : (actual, target)
        guard let percent = RatioCheck.percent(part.number.scaled, of: whole.number.scaled) else {
            return nil
        }
        let (product, overflow) = weight.scaled.multipliedReportingOverflow(by: percent)
        guard !overflow else { return nil }
        let expected = product / (100 * CheckNumber.scale)
        let margin = max(CheckNumber.scale / 2, weight.scaled / 10)
        guard score.scaled > expected + margin else { return nil }
        let computed = CheckNumber.text(expected, places: 2)
        return FindingDraft(
            severity: .low,
            message: "指标“\(row.name)”未达目标（目标\(row.indicator.target ?? "")，实际"
                + "\(row.indicator.actual ?? "")），按完成比例应得约\(computed)分，所列\(score.text)分。"
                + "见\(RuleText.located(row.indicator.place))。",
            stated: score.text,
            computed: computed,
            places: [row.indicator.place],
            labels: [row.name]
        )
    }

    /// Whether more is better for a bare number: counts, quality and satisfaction.
    private static func wantsMore(_ row: IndicatorTable.Row) -> Bool? {
        let level = (row.indicator.level1 ?? "") + (row.indicator.level2 ?? "")
        guard !lessIsBetter.occur(in: level + row.name) else { return nil }
        return moreIsBetter.occur(in: level) ? true : nil
    }

    private static let lessIsBetter = Needles([
        "成本", "时效", "投诉", "事故", "差错", "违规", "违纪", "变动", "控制", "超", "下降", "降低", "减少",
        "上访", "发案", "死亡", "不", "误差", "费用", "支出", "时间",
    ])
    private static let moreIsBetter = Needles(["数量", "满意"])

    /// Lost points want a reason.
    static func deductionReasons(_ table: IndicatorTable) -> FindingDraft? {
        let rows = table.rows.filter { row in
            guard let weight = row.weight, let score = row.score, score < weight else {
                return false
            }
            return (row.indicator.note ?? "").allSatisfy { !$0.isLetter && !$0.isNumber }
        }
        guard let first = rows.first else { return nil }
        let pairs = rows.prefix(10).map { "\($0.score?.text ?? "")/\($0.weight?.text ?? "")" }
            .joined(separator: "、")
        return FindingDraft(
            severity: .low,
            message: "\(rows.count)项指标扣分（\(pairs)）未说明偏差原因，自"
                + "\(RuleText.located(first.indicator.place))起。",
            stated: pairs,
            computed: nil,
            places: rows.prefix(10).map(\.indicator.place),
            labels: labels(table)
        )
    }

    /// Sum of the values of a table whose target and result columns hold weights, else nil.
    static func valueColumnSum(_ table: IndicatorTable) -> Int128? {
        guard table.rows.count >= 3 else { return nil }
        var sum: Int128 = 0
        for row in table.rows {
            let indicator = row.indicator
            guard indicator.weight == nil, indicator.score == nil, indicator.unit == nil,
                let text = indicator.target, text == indicator.actual,
                text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }),
                let value = CheckNumber(printed: text)
            else { return nil }
            sum += value.scaled
        }
        let whole: Set<Int128> = [
            CheckNumber(80).scaled, CheckNumber(90).scaled, CheckNumber(100).scaled,
        ]
        return whole.contains(sum) ? sum : nil
    }

    /// Weights entered where targets and results belong.
    static func indicatorColumn(_ table: IndicatorTable) -> FindingDraft? {
        guard let sum = valueColumnSum(table), let place = table.place,
            let last = table.rows.last?.indicator.place
        else { return nil }
        let values = table.rows.prefix(10).map { $0.indicator.target ?? "" }.joined(separator: "、")
        return FindingDraft(
            severity: .medium,
            message: "指标值与完成值两列均为相同的纯数字（\(values)），相加为\(CheckNumber.text(sum))，"
                + "疑将分值填入指标值列，没有真正的目标和结果。表自\(RuleText.located(place))起。",
            stated: values,
            computed: CheckNumber.text(sum),
            places: [place, last],
            labels: labels(table)
        )
    }

    /// Weights of 产出, 效益 and 满意度 unlike 50, 30 and 10.
    static func weightSplit(_ table: IndicatorTable) -> FindingDraft? {
        let names = ["产出", "效益", "满意"]
        let usual = [50, 30, 10].map { CheckNumber($0).scaled }
        var sums: [Int128] = [0, 0, 0]
        for row in table.rows {
            guard let weight = row.weight else { continue }
            guard let level = row.indicator.level1,
                let index = names.firstIndex(where: level.holds)
            else { return nil }
            sums[index] += weight.scaled
        }
        guard !table.lacksWeights, sums.allSatisfy({ $0 > 0 }), sums != usual,
            let place = table.place, table.full.scaled == CheckNumber(100).scaled
        else { return nil }
        let stated = sums.map { CheckNumber.text($0) }.joined(separator: "/")
        return FindingDraft(
            severity: .info,
            message: "产出、效益、满意度分值为\(stated)，一般为50/30/10（另有预算执行10分）；有理由可以调整。"
                + "表自\(RuleText.located(place))起。",
            stated: stated,
            computed: "50/30/10",
            places: [place],
            labels: labels(table)
        )
    }
}
