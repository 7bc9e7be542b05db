import ReportModel

extension Rules {
    /// Rules about numbers of people.
    static let staffRules: [Check] = [
        rule("STAFF-CAP", staffCap),
        rule("STAFF-SUM", staffSum),
        rule("CROSS-STAFF", crossStaff),
    ]

    private static func count(_ staffing: Staffing) -> CheckNumber? {
        CheckNumber(printed: staffing.count)
    }

    /// Numbers of one role in one part.
    private static func numbers(_ role: String, part: Int, in facts: RuleFacts) -> [Staffing] {
        facts.record.staffing.filter {
            $0.part == part && $0.role == role && count($0) != nil
                && !RuleText.has($0.label, ["范围", "单位数", "内设机构"])
        }
    }

    /// Serving staff within the authorised number; 控制率 follows from both.
    private static func staffCap(_ facts: RuleFacts) -> [FindingDraft] {
        var over: [(authorised: Staffing, serving: Staffing)] = []
        var result: [FindingDraft] = []
        for part in facts.partIndices {
            let authorised = numbers("authorised", part: part, in: facts)
            let serving = numbers("serving", part: part, in: facts)
            guard let most = authorised.max(by: isLess), let least = serving.min(by: isLess) else {
                continue
            }
            if isLess(most, least) { over.append((most, least)) }
            if Set(authorised.map(\.count)).count == 1, Set(serving.map(\.count)).count == 1 {
                result += controlRates(most, least, part: part, facts: facts)
            }
        }
        let named = over.first { $0.serving.label.holds("在职") } ?? over.first
        guard let named, let authorised = count(named.authorised),
            let serving = count(named.serving)
        else { return result }
        let percent =
            RatioCheck.percent(serving.scaled, of: authorised.scaled)
            .map { "，控制率" + CheckNumber.text($0, places: 2) + "%" } ?? ""
        let places = over.flatMap { [$0.authorised.place, $0.serving.place] }
        result.append(
            FindingDraft(
                severity: .medium,
                message: "在职人数\(serving.text)超过编制数\(authorised.text)\(percent)。"
                    + "见\(RuleText.located(named.authorised.place))、"
                    + "\(RuleText.located(named.serving.place))。",
                stated: serving.text,
                computed: authorised.text,
                places: [named.authorised.place, named.serving.place]
                    + places.filter { $0 != named.authorised.place && $0 != named.serving.place },
                labels: ["在职", "编制"]
            )
        )
        return result
    }

    private static func isLess(_ left: Staffing, _ right: Staffing) -> Bool {
        guard let first = count(left), let second = count(right) else { return false }
        return first < second
    }

    private static func controlRates(
        _ authorised: Staffing,
        _ serving: Staffing,
        part: Int,
        facts: RuleFacts
    ) -> [FindingDraft] {
        guard let whole = count(authorised), let people = count(serving), whole.scaled > 0 else {
            return []
        }
        return facts.record.rates.compactMap { rate in
            guard rate.role == "control", rate.part == part,
                RuleText.has(rate.label, ["在职", "人员控制", "编制"]),
                let printed = CheckNumber(printed: rate.percent),
                let check = RatioCheck(
                    printed,
                    part: people.scaled,
                    partStep: 0,
                    whole: whole.scaled,
                    wholeStep: 0
                ), check.outcome != .passes
            else { return nil }
            let computed = percentText(check.percent, like: printed)
            return FindingDraft(
                severity: check.outcome == .notice ? .info : .medium,
                message: "在职人员控制率所列\(rate.percent)%，按\(people.text)÷\(whole.text)计算为\(computed)。"
                    + "见\(RuleText.located(rate.place))、\(RuleText.located(serving.place))。",
                stated: rate.percent + "%",
                computed: computed,
                places: [rate.place, serving.place, authorised.place],
                labels: [rate.label]
            )
        }
    }

    /// 行政 and 事业 make the whole.
    private static func staffSum(_ facts: RuleFacts) -> [FindingDraft] {
        var result: [FindingDraft] = []
        for part in facts.partIndices {
            for role in ["authorised", "serving"] {
                for whole in numbers(role, part: part, in: facts) {
                    let groups = ["-administrative", "-institution"].compactMap { suffix in
                        numbers(role + suffix, part: part, in: facts).first {
                            $0.place.sharesBlock(with: whole.place)
                        }
                    }
                    guard groups.count == 2, let total = count(whole) else { continue }
                    let sum = groups.compactMap(count).reduce(Int128(0)) { $0 + $1.scaled }
                    let hasOthers = facts.record.staffing.contains {
                        $0.place.sharesBlock(with: whole.place)
                            && ($0.role == "other" || $0.role == "contract")
                    }
                    guard sum > total.scaled || (sum < total.scaled && !hasOthers) else { continue }
                    let several = numbers(role, part: part, in: facts).filter {
                        $0.place.sharesBlock(with: whole.place)
                    }
                    guard Set(several.map(\.count)).count == 1, several.first?.place == whole.place
                    else { continue }
                    let computed = CheckNumber.text(sum)
                    result.append(
                        FindingDraft(
                            severity: .medium,
                            message: "\(role == "serving" ? "在职人数" : "编制数")的行政与事业相加为\(computed)，"
                                + "所列合计为\(total.text)。见\(RuleText.located(whole.place))。",
                            stated: total.text,
                            computed: computed,
                            places: [whole.place] + groups.map(\.place),
                            labels: [role]
                        )
                    )
                }
            }
        }
        return result
    }

    /// 行政 and 事业 of one sentence as a whole that is not stated itself.
    private static func sumOfGroups(_ role: String, part: Int, in facts: RuleFacts) -> Staffing? {
        let administrative = numbers(role + "-administrative", part: part, in: facts)
        let institution = numbers(role + "-institution", part: part, in: facts)
        let groups = administrative + institution
        if let only = groups.first, groups.count == 1, role == "authorised" {
            // A unit of one sort: nothing of the other sort, nor 工勤, anywhere.
            let others = facts.record.staffing.filter { other in
                other.role.hasPrefix(role + "-") && other.role != only.role
                    || RuleText.has(other.label, ["工勤", "参公", "机关"])
            }
            guard others.isEmpty else { return nil }
            var whole = only
            whole.role = role
            return whole
        }
        guard administrative.count == 1, institution.count == 1,
            let first = administrative.first, let second = institution.first,
            first.place.sharesBlock(with: second.place),
            let left = count(first), let right = count(second)
        else { return nil }
        var whole = first
        whole.role = role
        whole.label = "\(first.label)与\(second.label)相加"
        whole.count = CheckNumber.text(left.scaled + right.scaled)
        return whole
    }

    /// The same number of people in two parts.
    private static func crossStaff(_ facts: RuleFacts) -> [FindingDraft] {
        guard facts.record.unit.scope != "汇总" else { return [] }
        var result: [FindingDraft] = []
        for (role, name) in [("authorised", "编制数"), ("serving", "在职（实有）人数"), ("retired", "退休人数")] {
            let parts = facts.partIndices.compactMap { part -> Staffing? in
                let values = numbers(role, part: part, in: facts)
                if values.isEmpty { return sumOfGroups(role, part: part, in: facts) }
                return Set(values.compactMap(count)).count == 1 ? values.first : nil
            }
            guard let first = parts.first,
                let other = parts.first(where: { count($0) != count(first) })
            else { continue }
            result.append(
                FindingDraft(
                    severity: .medium,
                    message:
                        "\(name)前后不一：\(first.label)\(RuleText.located(first.place))为\(first.count)，"
                        + "\(other.label)\(RuleText.located(other.place))为\(other.count)。",
                    stated: first.count,
                    computed: other.count,
                    places: [first.place, other.place],
                    labels: [name]
                )
            )
        }
        return result
    }
}
