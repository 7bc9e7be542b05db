import ReportModel

/// Rules about numbers of things.
extension Rules {
    static let countRules: [Check] = [
        rule("CROSS-COUNT", crossCounts),
        rule("PROJECT-COUNT", projectCounts),
        rule("VEHICLE", vehicles),
    ]

    /// A count whose number can be compared.
    struct CheckedCount {
        let count: StatedCount
        let number: CheckNumber
        var place: Place { count.place }
        /// Number and counting word.
        var printed: String { count.count + count.unit }
        var located: String { RuleText.located(count.place) }

        /// Nil for a plan, an approximate number or none.
        init?(_ count: StatedCount) {
            guard count.stage == nil, !count.approximate,
                let number = CheckNumber(printed: count.count)
            else { return nil }
            self.count = count
            self.number = number
        }
    }

    static func counts(_ facts: RuleFacts) -> [CheckedCount] {
        facts.record.counts.compactMap(CheckedCount.init)
    }

    private static let earlier = ["上年", "去年", "往年", "以前年度", "上一年"]
    /// Words of what a unit is in charge of or owns: the same number wherever it is stated.
    private static let standing = [
        "所辖", "下辖", "下属", "管辖", "所属", "内设", "下设", "现有", "共有", "设有", "隶属", "代管",
    ]

    /// The same number of the same things in two parts.
    private static func crossCounts(_ facts: RuleFacts) -> [FindingDraft] {
        guard facts.record.unit.scope != "汇总", facts.record.parts.count > 1 else { return [] }
        let all = counts(facts).filter { count in
            !isVehicle(count.count.label) && !RuleText.has(count.count.label, earlier)
                && !["人", "名"].contains(count.count.unit)
        }
        let byUnit = Dictionary(
            grouping: all.prefix(RuleLimits.maximumScoreCount),
            by: \.count.unit
        )
        var result: [FindingDraft] = []
        for unit in byUnit.keys.sorted() {
            let counts = byUnit[unit] ?? []
            guard let first = counts.first,
                counts.contains(where: { $0.count.part != first.count.part })
            else { continue }
            let group = counts.map { ($0, Likeness($0.count.label)) }
            var isUsed = Set<Int>()
            for (index, left) in group.enumerated() where !isUsed.contains(index) {
                // Everything that is said about the same things.
                let same = group.indices.filter { other in
                    other != index && isSameThing(left, group[other], facts: facts)
                }
                guard let first = same.first(where: { group[$0].0.number != left.0.number }) else {
                    continue
                }
                let other = group[first].0
                let ownPart =
                    [index]
                    + same.filter {
                        group[$0].0.count.part == left.0.count.part
                    }
                let values = Set(ownPart.map { group[$0].0.number })
                isUsed.formUnion([index] + same)
                guard other.count.part != left.0.count.part, !values.contains(other.number) else {
                    continue
                }
                result.append(crossCount(left.0, other))
            }
        }
        return result
    }

    private static func isSameThing(
        _ left: (CheckedCount, Likeness),
        _ right: (CheckedCount, Likeness),
        facts: RuleFacts
    ) -> Bool {
        let (a, b) = (left.0.count.label, right.0.count.label)
        let isStanding = RuleText.has(a, standing) && RuleText.has(b, standing)
        guard left.1.size >= 4, right.1.size >= 4,
            left.1.share(with: right.1) >= (isStanding ? 700 : 850)
        else { return false }
        // What one project did is not what the department did.
        let kinds = [left, right].map { isAboutProject(facts.kind(ofPart: $0.0.count.part)) }
        return isStanding || kinds[0] == kinds[1] && !kinds[0]
    }

    private static func crossCount(_ left: CheckedCount, _ right: CheckedCount) -> FindingDraft {
        let isStanding = RuleText.has(left.count.label, standing)
        return FindingDraft(
            severity: isStanding ? .medium : .low,
            message: "同一数量前后不一：\(left.located)为\(left.printed)，"
                + "\(right.located)为\(right.printed)。",
            stated: left.printed,
            computed: right.printed,
            places: [left.place, right.place],
            labels: [left.count.label]
        )
    }

    static func isVehicle(_ label: String) -> Bool {
        RuleText.has(label, ["车辆", "用车", "公车", "轿车", "越野车", "客车"])
    }

    /// A stated number of projects below the number of those that the filing names.
    private static func projectCounts(_ facts: RuleFacts) -> [FindingDraft] {
        var names: [String] = []
        var places: [Place] = []
        for project in facts.record.projects {
            let name = RuleText.normalised(project.name)
            let isKnown = names.contains { $0.holds(name) || name.holds($0) }
            if !name.isEmpty, !isKnown {
                names.append(name)
                places.append(project.place)
            }
            if names.count >= RuleLimits.maximumPartsPerSum { break }
        }
        guard names.count >= 2 else { return [] }
        let stated = counts(facts).filter { count in
            let label = count.count.label
            return count.count.unit == "个" && label.holds("项目") && count.number.scaled > 0
                && RuleText.has(label, ["总数", "共", "组织", "开展", "涉及", "安排", "实施"])
                && !RuleText.has(
                    label,
                    [
                        "重点", "抽", "选取", "选择", "万元以上", "监控", "事前", "新增", "部分", "其中", "其他", "部门评价",
                        "财政评价",
                        "建设项目", "单位", "阶段", "以上项目", "大于", "小于",
                    ]
                )
        }
        guard let most = stated.max(by: { $0.number < $1.number }),
            most.number.scaled < Int128(names.count) * CheckNumber.scale
        else { return [] }
        return [
            FindingDraft(
                severity: .low,
                message: "所述项目数为\(most.printed)，文中列有\(names.count)个项目。"
                    + "见\(most.located)、"
                    + places.prefix(3).map { RuleText.located($0) }.joined(separator: "、") + "。",
                stated: most.printed,
                computed: "\(names.count)个",
                places: [most.place] + places.prefix(10),
                labels: ["项目数"]
            )
        ]
    }

    /// Vehicles held without running cost, or the reverse.
    private static func vehicles(_ facts: RuleFacts) -> [FindingDraft] {
        let all = counts(facts).filter { $0.count.unit == "辆" && isVehicle($0.count.label) }
        let held = all.filter { count in
            let label = count.count.label
            return RuleText.has(label, ["保有", "共有", "现有", "实有", "拥有", "保留"])
                && !RuleText.has(label, ["购置", "其中", "报废"])
        }
        var result: [FindingDraft] = []
        for part in facts.partIndices {
            let group = facts.current(inPart: part).filter { $0.measure == .actual }
            let own = held.filter { $0.count.part == part }
            let kept = own.first { $0.count.label.holds("保有") } ?? own.first
            let cost =
                group.first { $0.topic == .vehicleOperation }
                ?? group.first { $0.topic == .vehicles && $0.yuan == 0 }
            guard let kept, let cost else { continue }
            let isOdd = kept.number.scaled > 0 && cost.yuan == 0
            let isReverse =
                kept.number.scaled == 0 && cost.yuan > 0 && cost.topic == .vehicleOperation
            guard isOdd || isReverse else { continue }
            result.append(
                FindingDraft(
                    severity: .info,
                    message: isOdd
                        ? "保有公务用车\(kept.printed)，运行维护费为\(cost.printed)，请说明费用由何处承担。"
                            + "见\(kept.located)、\(cost.located)。"
                        : "没有公务用车（\(kept.printed)），运行维护费却为\(cost.printed)。"
                            + "见\(kept.located)、\(cost.located)。",
                    stated: kept.printed,
                    computed: cost.printed,
                    places: [kept.place, cost.place],
                    labels: ["公务用车"]
                )
            )
        }
        return result
    }
}
