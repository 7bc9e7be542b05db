import ReportModel

/// Sums over fixed classifications: functional classes and the three public expenses.
extension Rules {
    /// 项 within a 类.
    static func functionItems(_ facts: RuleFacts) -> [FindingDraft] {
        var result: [FindingDraft] = []
        for part in facts.partIndices {
            let group = facts.current(inPart: part).filter { $0.measure == .actual }
            let classes = group.filter {
                $0.amount.role == "final-expenditure-function" && isClassLevel($0.amount)
            }
            let items = group.filter {
                $0.amount.role == "final-expenditure-item" || leadingCode($0.amount.label) != nil
            }
            guard !items.isEmpty else { continue }
            let keysOfClasses = classes.map { self.classKeys(of: $0.amount) }
            let keysOfItems = items.map { self.classKeys(of: $0.amount) }
            let classKeys = Set(keysOfClasses.joined())
            // An item of no known class may belong to any of them.
            let hasStray = keysOfItems.contains { classKeys.isDisjoint(with: $0) }
            var done: Set<String> = []
            for (total, keys) in zip(classes, keysOfClasses) {
                guard done.isDisjoint(with: keys) else { continue }
                done.formUnion(keys)
                let same = zip(classes, keysOfClasses).filter { !keys.isDisjoint(with: $0.1) }
                var seen: Set<String> = []
                let parts = zip(items, keysOfItems).filter { item, own in
                    !keys.isDisjoint(with: own)
                        && seen.insert("\(RuleText.normalised(item.amount.label))/\(item.yuan)")
                            .inserted
                }.map(\.0)
                let sum = parts.reduce(Int128(0)) { $0 + $1.yuan }
                guard !parts.isEmpty, Set(same.map(\.0.yuan)).count == 1,
                    !(hasStray || hasNameless(among: parts, of: group)
                        || hasUnread(beside: parts, facts: facts)) || sum > total.yuan
                else { continue }
                let list = SumList(total: total, parts: parts, optional: [])
                if let draft = sumFinding(list, facts: facts, name: "该类下各项支出") {
                    result.append(draft)
                }
            }
        }
        return result.sorted { left, right in
            guard let first = left.places.first, let second = right.places.first else {
                return false
            }
            return first.precedes(second)
        }
    }

    /// Whether amounts without a name of their own stand around the items: items not read in full.
    private static func hasNameless(among items: [CheckedAmount], of group: [CheckedAmount]) -> Bool
    {
        guard let first = items.first, let last = items.last else { return false }
        return group.contains { fact in
            guard let before = fact.place.blockDistance(to: last.place), before >= -6,
                let behind = first.place.blockDistance(to: fact.place), behind >= -6
            else { return false }
            return LabelReader.isBare(fact.amount)
        }
    }

    /// Whether amounts that belong to no topic stand in the sentences of the items: items whose
    /// codes or names were not read.
    private static func hasUnread(beside items: [CheckedAmount], facts: RuleFacts) -> Bool {
        var seen: Set<RuleFacts.BlockID> = []
        return items.contains { item in
            guard seen.insert(RuleFacts.BlockID(item.place)).inserted else { return false }
            return facts.block(of: item.place).contains { fact in
                fact.measure == .actual && fact.topic == nil && classKeys(of: fact.amount).isEmpty
                    && fact.yuan != 0
            }
        }
    }

    /// The code of seven digits that a label begins with, as in `2050203初中教育`.
    private static func leadingCode(_ label: String) -> String? {
        let digits = label.utf8.prefix(8).prefix { (0x30...0x39).contains($0) }
        guard digits.count == 7, digits.first == 0x32 else { return nil }
        return String(label.prefix(7))
    }

    /// What names the 类 of a functional amount: its three-digit code, given or known by name, else
    /// the name before （类）.
    private static func classKeys(of amount: Amount) -> Set<String> {
        var keys: Set<String> = []
        if let code = amount.functionCode, code.utf8.count >= 3 {
            keys.insert(String(code.prefix(3)))
        } else if let code = leadingCode(amount.label) {
            keys.insert(String(code.prefix(3)))
        }
        let label = amount.label
        let range = label.range(of: "（类）") ?? label.range(of: "(类)")
        guard range != nil || amount.role == "final-expenditure-function" else { return keys }
        let printed = range.map { label[..<$0.lowerBound] } ?? label[...]
        let name = ClassNames.plain(ClassNames.head(of: printed))
        if let code = ClassNames.code(of: name) {
            keys.insert(code)
        } else if !name.isEmpty {
            keys.insert(name)
        }
        return keys
    }

    /// The three parts of 三公经费, and 购置 + 运行.
    static func threePublic(_ facts: RuleFacts) -> [FindingDraft] {
        var result: [FindingDraft] = []
        for part in facts.partIndices {
            for role in ["final", "budget"] {
                let group = facts.current(inPart: part).filter {
                    ($0.measure == .actual) == (role == "final")
                        && $0.measure != .delta && $0.measure != .prior && $0.measure != .other
                }
                let sums: [(Topic, [Topic])] = [
                    (.threePublic, [.abroad, .vehicles, .reception]),
                    (.vehicles, [.vehiclePurchase, .vehicleOperation]),
                ]
                for (whole, parts) in sums {
                    if let list = uniqueList(group, whole: whole, parts: parts),
                        let draft = sumFinding(
                            list,
                            facts: facts,
                            name: parts.map(\.name).joined(separator: "、"),
                            severity: .medium,
                            isWhole: true
                        )
                    {
                        result.append(draft)
                    }
                }
            }
        }
        return result
    }

    private static func uniqueList(_ group: [CheckedAmount], whole: Topic, parts: [Topic])
        -> SumList?
    {
        func unique(_ topic: Topic) -> CheckedAmount? {
            let values = group.filter { $0.topic == topic }
            return Set(values.map(\.yuan)).count == 1 ? values.first : nil
        }
        guard let total = unique(whole) else { return nil }
        let found = parts.compactMap(unique)
        return found.count == parts.count ? SumList(total: total, parts: found, optional: []) : nil
    }
}
