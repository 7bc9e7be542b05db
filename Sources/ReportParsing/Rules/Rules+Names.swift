import ReportModel

/// Names of the functional classification.
extension Rules {
    static let nameRules: [Check] = [
        rule("CLASS-NAME") {
            classNames($0) + itemNames($0) + codedNames($0) + doubledItems($0)
                + doubledDefinitions($0)
        }
    ]

    private static func name(of amount: Amount) -> String? {
        let label = amount.label
        guard amount.role == "final-expenditure-function", isClassLevel(amount) else { return nil }
        let range = label.range(of: "（类）") ?? label.range(of: "(类)")
        let printed = range.map { label[..<$0.lowerBound] } ?? label[...]
        let name = ClassNames.plain(ClassNames.head(of: printed))
        return name.unicodeScalars.count >= 2 ? name : nil
    }

    /// Names of 类 that the year's list does not have: a notice.
    private static func classNames(_ facts: RuleFacts) -> [FindingDraft] {
        var seen: Set<String> = []
        var result: [FindingDraft] = []
        for fact in facts.amounts {
            guard let name = name(of: fact.amount), seen.insert(name).inserted else { continue }
            let message: String
            let computed: String?
            switch ClassNames.verdict(name, year: facts.record.year) {
            case .known: continue
            case .dated(let right):
                message = "功能分类“\(name)”不是当年的类级科目名称，当年为“\(right)”。"
                computed = right
            case .unknown:
                // Only what is printed as a 类 for certain.
                guard fact.amount.label.holds("（类）") || fact.amount.label.holds("(类)") else {
                    continue
                }
                message = "功能分类“\(name)”不在类级科目名单内，请核对科目名称。"
                computed = nil
            }
            result.append(
                FindingDraft(
                    severity: .info,
                    message: message + "见\(fact.located)。",
                    stated: name,
                    computed: computed,
                    places: [fact.place],
                    labels: [name]
                )
            )
        }
        return result
    }

    /// Names of 项 that a 款 with a short list does not have.
    private static func itemNames(_ facts: RuleFacts) -> [FindingDraft] {
        var seen: Set<String> = []
        return facts.amounts.compactMap { fact in
            guard fact.amount.role == "final-expenditure-item",
                let (group, item) = groupAndItem(fact.amount.label),
                let known = ClassNames.items[group], !known.contains(item),
                !known.contains(where: { $0.hasSuffix(item) && item.count > 4 }),
                seen.insert(group + item).inserted
            else { return nil }
            return FindingDraft(
                severity: .low,
                message: "“\(group)”款下没有名为“\(item)”的项级科目，请核对科目名称。见\(fact.located)。",
                stated: item,
                computed: known.max { left, right in
                    let wanted = Likeness(item)
                    let first = wanted.share(with: Likeness(left))
                    let second = wanted.share(with: Likeness(right))
                    return (first, right) < (second, left)
                },
                places: [fact.place],
                labels: [group, item]
            )
        }
    }

    /// A printed code with the name of another item.
    private static func codedNames(_ facts: RuleFacts) -> [FindingDraft] {
        var seen: Set<String> = []
        return facts.amounts.compactMap { fact in
            let label = fact.amount.label
            guard fact.amount.role == "final-expenditure-item", let code = fact.amount.functionCode,
                let standard = ClassNames.coded[code], RuleText.has(label, [code])
            else { return nil }
            var name = ClassNames.plain(label.replacing("（项）", with: "").replacing("(项)", with: ""))
            if let range = name.firstRange(of: "款") { name = String(name[range.upperBound...]) }
            guard name.unicodeScalars.count >= 3, !name.contains(standard),
                !standard.contains(name), seen.insert(code + name).inserted
            else { return nil }
            return FindingDraft(
                severity: .low,
                message: "科目编码\(code)的名称是“\(standard)”，所写为“\(name)”。见\(fact.located)。",
                stated: name,
                computed: standard,
                places: [fact.place],
                labels: [code, name]
            )
        }
    }

    /// 款 and 项 of a label such as `…（类）…（款）…（项）`, without 支出.
    private static func groupAndItem(_ label: String) -> (String, String)? {
        let isPlain = !label.utf8.contains { $0 == 0x28 || $0 == 0x29 }
        let plain = isPlain ? label : label.replacing("(", with: "（").replacing(")", with: "）")
        guard let item = plain.range(of: "（项）"), let group = plain.range(of: "（款）"),
            group.upperBound <= item.lowerBound
        else { return nil }
        var head = plain[..<group.lowerBound]
        if let kind = head.range(of: "（类）") { head = head[kind.upperBound...] }
        return (
            ClassNames.plain(String(head)),
            ClassNames.plain(String(plain[group.upperBound..<item.lowerBound]))
        )
    }

    /// One full item name with two amounts in one list.
    private static func doubledItems(_ facts: RuleFacts) -> [FindingDraft] {
        var result: [FindingDraft] = []
        for block in facts.blocks where block.count >= 2 {
            var seen: [String: CheckedAmount] = [:]
            for fact in block where fact.amount.role == "final-expenditure-item" {
                let label = fact.amount.label
                guard label.holds("项）") || label.holds("项)"), facts.isCurrent(fact) else {
                    continue
                }
                let name = RuleText.normalised(label)
                guard let before = seen[name] else {
                    seen[name] = fact
                    continue
                }
                guard before.yuan != fact.yuan else { continue }
                result.append(
                    FindingDraft(
                        severity: .low,
                        message: "同一科目名称列了两个不同的金额：\(before.printed)与\(fact.printed)，"
                            + "疑其中一个科目名称有误。见\(before.located)、\(fact.located)。",
                        stated: label,
                        computed: nil,
                        places: [before.place, fact.place],
                        labels: [label]
                    )
                )
            }
        }
        return result
    }

    /// One item name that is defined in two ways.
    private static func doubledDefinitions(_ facts: RuleFacts) -> [FindingDraft] {
        var seen: [String: Remark] = [:]
        var reported: Set<String> = []
        var result: [FindingDraft] = []
        for remark in facts.record.remarks where remark.kind == "item-definition" {
            let name = RuleText.normalised(remark.label)
            guard name.unicodeScalars.count >= 4 else { continue }
            guard let before = seen[name] else {
                seen[name] = remark
                continue
            }
            let isLike = Likeness(before.text).share(with: Likeness(remark.text)) >= 800
            guard !isLike, before.part == remark.part, reported.insert(name).inserted else {
                continue
            }
            result.append(
                FindingDraft(
                    severity: .low,
                    message: "同一科目“\(name.prefix(RuleLimits.maximumQuoteLength))”有两种解释，疑科目名称有误。"
                        + "见\(RuleText.located(before.place))、\(RuleText.located(remark.place))。",
                    stated: before.text,
                    computed: remark.text,
                    places: [before.place, remark.place],
                    labels: [name]
                )
            )
        }
        return result
    }
}
