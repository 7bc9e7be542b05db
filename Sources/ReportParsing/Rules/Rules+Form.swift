import ReportModel

extension Rules {
    /// Rules about years, names, numbers of headings and empty totals.
    static let formRules: [Check] = [
        rule("YEAR-CONFLICT", yearConflict),
        rule("YEAR-NOTICE", yearNotice),
        rule("UNIT-NAME", unitName),
        rule("TITLE-REGION", titleRegion),
        rule("NUMBERING", numbering),
        rule("TOTAL-EMPTY", emptyTotals),
    ]

    /// Titles with their places.
    private static func titles(_ record: Record) -> [(text: String, place: Place?)] {
        var result = record.parts.compactMap { part in
            part.title.map { (text: $0, place: Optional(part.place)) }
        }
        if let title = record.title, !result.contains(where: { $0.text == title }) {
            result.insert((title, nil), at: 0)
        }
        return result
    }

    /// Titles name the evaluated year; the report is dated in one of the next two years.
    private static func yearConflict(_ facts: RuleFacts) -> [FindingDraft] {
        guard let year = facts.record.year, year > 1900, year < 3000 else { return [] }
        var result: [FindingDraft] = []
        for title in titles(facts.record) {
            let years = RuleText.years(in: title.text)
            guard let other = years.first, !years.contains(year), !isNotice(title.text) else {
                continue
            }
            result.append(
                FindingDraft(
                    severity: .medium,
                    message: "标题“\(title.text.prefix(RuleLimits.maximumQuoteLength))”写\(other)年，"
                        + "评价年度为\(year)年。",
                    stated: String(other),
                    computed: String(year),
                    places: title.place.map { [$0] } ?? [],
                    labels: [title.text]
                )
            )
        }
        if let date = facts.record.reportDate, let written = Int(date.prefix(4)),
            let draft = dateFinding(date, written, year: year)
        {
            result.append(draft)
        }
        return result
    }

    private static func dateFinding(_ date: String, _ written: Int, year: Int) -> FindingDraft? {
        guard written > 1900, written < 3000 else { return nil }
        let month = Int(date.dropFirst(5).prefix(2)) ?? 12
        let severity: Severity
        if written < year || (written == year && month <= 9) {
            severity = .medium
        } else if written > year + 2 {
            severity = .low
        } else {
            return nil
        }
        return FindingDraft(
            severity: severity,
            message: "报告日期\(date)与评价年度\(year)年不符，一般在次年或再下一年。",
            stated: date,
            computed: String(year + 1),
            places: [],
            labels: ["报告日期"]
        )
    }

    private static func isNotice(_ text: String) -> Bool {
        RuleText.has(text, ["通知", "〔", "[20", "（20"])
    }

    /// A notice is quoted whose year is not the evaluated one: no error, but asked about.
    private static func yearNotice(_ facts: RuleFacts) -> [FindingDraft] {
        guard let year = facts.record.year else { return [] }
        let texts =
            facts.record.parts.map { ($0.title ?? $0.place.quote, $0.place) }
            + facts.record.sections.map { ($0.title, $0.place) }
            + (facts.record.problems + facts.record.improvements).map { ($0.text, $0.place) }
        let hit = texts.first { text, _ in
            guard text.holds("通知"), let named = RuleText.years(in: text).first else {
                return false
            }
            return named != year
        }
        guard let hit, let named = RuleText.years(in: hit.0).first else { return [] }
        return [
            FindingDraft(
                severity: .info,
                message: "所引通知写\(named)年，评价年度为\(year)年，多为通知下发年份。"
                    + "见\(RuleText.located(hit.1))。",
                stated: String(named),
                computed: String(year),
                places: [hit.1],
                labels: ["通知"]
            )
        ]
    }

    /// One unit named in two ways that differ by more than a prefix.
    private static func unitName(_ facts: RuleFacts) -> [FindingDraft] {
        guard let name = facts.record.unit.name, !facts.record.unit.aliases.isEmpty else {
            return []
        }
        let plain = stripped(name)
        return facts.record.unit.aliases.prefix(20).compactMap { alias in
            let other = stripped(alias)
            guard other.count >= 4, plain.count >= 4, plain != other, !plain.hasSuffix(other),
                !other.hasSuffix(plain), isVariant(other, of: plain)
            else { return nil }
            return FindingDraft(
                severity: .low,
                message: "同一单位写法不一：“\(name)”与“\(alias)”。",
                stated: alias,
                computed: name,
                places: facts.record.parts.first { $0.place.quote.holds(alias) }.map {
                    [$0.place]
                } ?? [],
                labels: [name, alias]
            )
        }
    }

    private static func stripped(_ name: String) -> String {
        let plain = RuleText.normalised(name)
        guard plain.holds("本级") || plain.holds("汇总") else { return plain }
        return plain.replacing("本级", with: "").replacing("汇总", with: "")
    }

    /// Whether one name becomes the other by leaving out or changing one character.
    private static func isVariant(_ left: String, of right: String) -> Bool {
        let first = Array(left.prefix(80))
        let second = Array(right.prefix(80))
        let short = first.count <= second.count ? first : second
        let long = first.count <= second.count ? second : first
        guard long.count - short.count <= 1 else { return false }
        var head = 0
        while head < short.count, short[head] == long[head] { head += 1 }
        if short.count == long.count {
            return head < short.count && short[(head + 1)...] == long[(head + 1)...]
        }
        return short[head...] == long[(head + 1)...]
    }

    /// A title with 区总工会 and no district: filed alone its region is unknown.
    private static func titleRegion(_ facts: RuleFacts) -> [FindingDraft] {
        guard let short = facts.record.unit.shortName, !short.isEmpty else { return [] }
        let region = facts.record.region
        let known = [region.district, region.city].compactMap { $0 }.flatMap { name in
            name.count > 2 ? [name, String(name.dropLast())] : [name]
        }
        return titles(facts.record).compactMap { title in
            guard let range = title.text.range(of: short), !RuleText.has(title.text, known),
                let level = title.text[..<range.lowerBound].last, "区县市旗州".contains(level)
            else { return nil }
            let before = title.text[..<range.lowerBound].dropLast().last
            guard before.map({ "年度".contains($0) || !$0.isLetter }) ?? true else { return nil }
            return FindingDraft(
                severity: .info,
                message:
                    "标题“\(title.text.prefix(RuleLimits.maximumQuoteLength))”只写“\(level)\(short)”，"
                    + "未写明所属地区。",
                stated: "\(level)\(short)",
                computed: facts.record.unit.name,
                places: title.place.map { [$0] } ?? [],
                labels: [title.text]
            )
        }
    }

    /// A total row that is zero, or a scored line without figures, beside filled parts.
    private static func emptyTotals(_ facts: RuleFacts) -> [FindingDraft] {
        var result: [FindingDraft] = []
        let words: Set<String> = ["合计", "资金总额", "年度资金总额", "总额", "总计", "资金合计"]
        for (index, total) in facts.amounts.enumerated() where total.yuan == 0 {
            guard words.contains(total.row), total.measure != .delta else {
                continue
            }
            let filled = facts.amounts.dropFirst(index + 1).prefix(12).first { part in
                part.yuan > 0 && part.measure == total.measure
                    && part.amount.part == total.amount.part
                    && (total.place.blockDistance(to: part.place).map { $0 <= 20 } ?? false)
            }
            guard let filled, total.measure != .other else { continue }
            result.append(
                emptyTotal(total.place, stated: total.printed, filled, labels: [total.amount.label])
            )
        }
        for table in tables(facts) {
            guard let line = table.execution, line.score != nil, line.indicator.actual == nil,
                words.contains(RuleText.normalised(line.name))
            else { continue }
            let part = facts.amounts.filter { $0.amount.part == table.part && isFundCell($0) }
            guard !part.contains(where: { words.contains($0.row) }),
                let filled = part.first(where: { $0.yuan > 0 })
            else { continue }
            result.append(
                emptyTotal(line.indicator.place, stated: "空", filled, labels: [line.name])
            )
        }
        return result
    }

    private static func isFundCell(_ fact: CheckedAmount) -> Bool {
        fact.measure == .actual || fact.measure == .budget || fact.measure == .initial
    }

    private static func emptyTotal(
        _ place: Place,
        stated: String,
        _ filled: CheckedAmount,
        labels: [String]
    ) -> FindingDraft {
        FindingDraft(
            severity: .medium,
            message: "合计行为\(stated)，而分项“\(filled.amount.label)”为\(filled.printed)。"
                + "见\(RuleText.located(place))、\(filled.located)。",
            stated: stated,
            computed: filled.printed,
            places: [place, filled.place],
            labels: labels
        )
    }
}
