import ReportModel

/// Finds printed names and telephone numbers, which are kept apart from the record.
///
/// Labels are read at the beginning of lines and cells, and anywhere in running text; numbers
/// that are telephone numbers by their form need none.
///
/// Source: record schema, `people`; domain description, section 8.
struct PeopleRecogniser: Recogniser {
    static let roles: Set<String> = [
        "填表人", "填报人", "联系人", "负责人", "审核人", "经办人", "单位负责人", "财务负责人", "项目负责人", "编制人", "制表人", "主要负责人",
        "复核人", "填报人员", "填表人员", "部门负责人", "单位负责人签字", "联系人员", "制表", "审核", "报告人", "法定代表人", "财务主管", "组长",
        "副组长", "成员", "评价人", "评价人员", "组员", "主任", "会计", "出纳", "分管领导", "撰写人", "项目联系人", "姓名", "经手人",
        "承办人",
        "责任人", "联络人", "联络员", "法人代表", "业务负责人", "科室负责人", "填报单位负责人", "单位领导", "复核", "校对", "校对人", "审批人",
        "批准人", "校核人", "制单人", "申报人", "报送人", "分管负责人", "主管领导", "起草人", "执笔人", "直接责任人",
    ]
    static let phones: Set<String> = [
        "联系电话", "电话", "手机", "联系方式", "手机号码", "电话号码", "办公电话", "填表人电话", "联系人电话", "移动电话", "手机号", "联络电话",
        "固定电话", "座机", "值班电话", "咨询电话", "监督电话", "传真", "传真号码", "负责人电话", "单位电话", "联系手机", "电话及传真",
        "联系人手机",
    ]
    /// Most names and numbers that are kept; all that are found are masked.
    static let maximumCount = 5_000

    /// Scalars of a value that is nothing but names.
    private static let shortValue = 40

    func recognise(_ draft: inout Draft) {
        var people: [Person] = []
        for value in draft.labelledValues {
            let isRole = PeopleRecogniser.roles.contains(value.label)
            if isRole { people += names(in: value, draft) }
            if isRole || PeopleRecogniser.phones.contains(value.label) {
                people += numbers(in: value, draft)
            }
        }
        var facts: FactRanges?
        for (index, signs) in draft.texts.signs.enumerated() {
            guard !signs.isDisjoint(with: [.people, .peopleLabel, .manyDigits]) else { continue }
            let scalars = draft.texts.scalars[index]
            func add(_ range: Range<Int>, _ role: String?) {
                let place = draft.place(
                    block: index,
                    start: range.lowerBound,
                    end: range.upperBound
                )
                people.append(Person(name: scalars[range].string, role: role, place: place))
            }
            if signs.contains(.people) {
                for name in PersonName.inSentence(scalars) { add(name.range, name.role) }
            }
            if signs.contains(.peopleLabel) {
                for found in PeopleLabels.values(in: scalars) { add(found.range, found.role) }
            }
            guard signs.contains(.manyDigits) else { continue }
            for range in PhoneNumber.all(in: scalars) {
                let known = facts ?? FactRanges(draft.record)
                facts = known
                if known.overlaps(range, ofBlock: index) { continue }
                add(range, "联系电话")
                if let name = PeopleLabels.name(in: scalars, before: range.lowerBound) {
                    add(name, nil)
                }
            }
        }
        draft.people += PeopleRecogniser.withoutRepeats(people)
    }

    /// In reading order, without what stands within another.
    private static func withoutRepeats(_ people: [Person]) -> [Person] {
        // Of two at one place the first has the role of its label.
        let order = people.indices.sorted { one, other in
            let (left, right) = (people[one].place, people[other].place)
            return (left.block, left.start, -left.end, one)
                < (right.block, right.start, -right.end, other)
        }
        var result: [Person] = []
        for index in order {
            let place = people[index].place
            if let last = result.last?.place, last.block == place.block, last.end >= place.end {
                continue
            }
            result.append(people[index])
        }
        return result
    }

    private func names(in value: LabelledValue, _ draft: Draft) -> [Person] {
        let scalars = draft.texts.scalars[value.block]
        var people: [Person] = []
        var index = value.start
        while index < value.end {
            let end = PersonName.wholeEnd(
                scalars,
                at: index,
                to: value.end,
                isLabelled: value.end - value.start <= PeopleRecogniser.shortValue
            )
            if let end {
                people.append(
                    Person(
                        name: scalars[index..<end].string,
                        role: value.label,
                        place: draft.place(block: value.block, start: index, end: end)
                    )
                )
            }
            index = max(end ?? PersonName.runEnd(scalars, index, to: value.end), index + 1)
        }
        return people
    }

    private func numbers(in value: LabelledValue, _ draft: Draft) -> [Person] {
        let scalars = draft.texts.scalars[value.block]
        var people: [Person] = []
        var index = value.start
        while index < value.end {
            var end = index
            var digits = 0
            while end < value.end,
                LineShape.digit(scalars[end]) != nil || PhoneNumber.isDash(scalars[end])
            {
                if LineShape.digit(scalars[end]) != nil { digits += 1 }
                end += 1
            }
            if digits >= 7, digits <= 13, PhoneNumber.isClosed(scalars, end) {
                people.append(
                    Person(
                        name: scalars[index..<end].string,
                        role: "联系电话",
                        place: draft.place(block: value.block, start: index, end: end)
                    )
                )
            }
            index = max(end, index + 1)
        }
        return people
    }
}

/// Where a record's numbers stand: what was read as a fact is no telephone number.
private struct FactRanges {
    private var ranges: [Int: [Range<Int>]] = [:]

    init(_ record: Record) {
        for amount in record.amounts { add(amount.place) }
        for rate in record.rates { add(rate.place) }
        for number in record.staffing { add(number.place) }
    }

    private mutating func add(_ place: Place) {
        // A quotation of a whole clause says nothing about the numbers in it.
        guard place.start < place.end, place.end - place.start <= 24 else { return }
        ranges[place.block, default: []].append(place.start..<place.end)
    }

    func overlaps(_ range: Range<Int>, ofBlock block: Int) -> Bool {
        ranges[block]?.contains { $0.overlaps(range) } ?? false
    }
}
