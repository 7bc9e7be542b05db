import ReportModel

/// Reads the facts of one block of running text.
struct ProseReader {
    private let context: FactContext
    private let block: Int
    private let text: Scalars
    private let marks: [NumberMark]
    private var namer: NumberNamer
    private let isChart: Bool
    private lazy var projectLists = ProjectItems.lists(in: text)
    /// End of the words behind a count that name it: 7名在职人员.
    private var namedEnd = 0

    init(_ context: FactContext, block: Int) {
        self.context = context
        self.block = block
        text = context.texts.scalars[block]
        marks = context.marks(ofBlock: block)
        isChart = context.texts.signs[block].contains(.tab) && ChartReader.isCache(text)
        namer = NumberNamer(text, marks: marks, cleaner: context.cleaner)
    }

    /// Adds the facts of the block.
    mutating func read(into facts: inout FoundFacts) {
        guard marks.contains(where: { $0.kind != .year && $0.kind != .other }) || mayHoldGrade
        else {
            return
        }
        var staffRole: String?
        var staffSentence = -1
        for index in marks.indices {
            let mark = marks[index]
            switch mark.kind {
            case .money(let unit): readAmount(index, unit: unit, into: &facts)
            case .percent: readRate(index, into: &facts)
            case .people(let unit):
                let sentence = namer.sentenceStart(mark.start)
                if sentence != staffSentence {
                    staffRole = nil
                    staffSentence = sentence
                }
                staffRole =
                    readStaff(index, unit: unit, after: staffRole, into: &facts) ?? staffRole
            default: break
            }
        }
        for score in ScoreReader.read(text, marks: marks) {
            facts.scores.append((block, score))
        }
    }

    private static let staff: Words = [
        "在职人员", "在职职工", "退休人员", "离退休人员", "行政编制", "事业编制", "在编人员", "编制", "在职", "临聘人员", "聘用人员", "编外人员",
        "劳务派遣人员", "合同制人员",
    ]
    /// Words one of which stands near every grade.
    static let gradeHints = ["等级", "等次", "评定", "评为", "结论", "结果为", "得分", "总分"]

    private var mayHoldGrade: Bool { context.texts.signs[block].contains(.grade) }

    private mutating func readAmount(_ index: Int, unit: String, into facts: inout FoundFacts) {
        let mark = marks[index]
        let value = heading(mark) ?? mark.value
        guard !mark.isBound, facts.amounts.count < FactLimits.factsPerKind,
            let money = Money(printed: value, unit: unit)
        else { return }
        var name = namer.name(of: index)
        let isInProjectList =
            context.partKind(ofBlock: block) != .finalAccountExplanation
            && projectLists.contains { $0.contains(mark.start) }
        let adjustment = adjustment(before: mark.start)
        if isInProjectList,
            let length = Self.spent.length(in: name.label, endingAt: name.label.count),
            name.label.count - length >= 2
        {
            name.label.removeLast(length)
        }
        let year = year(before: index)
        let part = context.partKind(ofBlock: block)
        let code = printedCode(name.label) ?? FunctionCodes.code(of: name.label)
        let evidence = AmountRole.Evidence(
            label: name.label,
            own: name.own,
            clause: name.clause,
            context: name.sentence,
            isChange: !name.change.isEmpty,
            isPrior: name.isPrior,
            isFollowing: name.isFollowing,
            part: part,
            functionCode: code,
            isInProjectList: isInProjectList,
            year: year,
            recordYear: context.recordYear
        )
        facts.amounts.append(
            Amount(
                label: name.label.string,
                role: isChart || adjustment != nil ? "other" : AmountRole.role(evidence),
                value: money.value,
                unit: unit,
                yuan: money.yuan,
                direction: (adjustment ?? direction(name, mark))?.rawValue,
                approximate: mark.approximate,
                year: year,
                functionCode: code,
                part: context.part(ofBlock: block),
                place: context.place(block, mark.start, mark.end, of: text)
            )
        )
    }

    /// The code in brackets behind a function's name: 住房公积金（2210201）.
    private func printedCode(_ label: Scalars) -> String? {
        let head = label.prefix { $0.digit != nil }
        if [3, 5, 7].contains(head.count), head.first == "2", label.count > head.count + 1,
            label[head.count].isHan
        {
            return Array(head).string
        }
        guard let last = label.last, "）)".unicodeScalars.contains(last),
            let open = label.lastIndex(where: { "（(".unicodeScalars.contains($0) })
        else { return nil }
        let digits = label[(open + 1)..<(label.count - 1)]
        guard [3, 5, 7].contains(digits.count), digits.allSatisfy({ $0.digit != nil }) else {
            return nil
        }
        return digits.string
    }

    private static let pieceEnds: ScalarSet = "，,、：:（(；;）)"
    private static let raised: Words = ["追加", "调增", "核增", "追加了", "调增了", "增拨"]
    private static let lowered: Words = ["调减", "核减", "追减", "调减了"]

    /// The direction in which a budget was changed in the year: 年中追加289万元.
    private func adjustment(before start: Int) -> ChangeDirection? {
        var end = start
        while end > 0, text[end - 1].isBlank { end -= 1 }
        if Self.raised.length(in: text, endingAt: end) != nil { return .up }
        return Self.lowered.length(in: text, endingAt: end) != nil ? .down : nil
    }

    private static let spent: Words = ["使用资金", "实际支出", "支出", "投入资金", "使用", "资金支出"]
    /// The direction that the words give; a minus sign turns it, and alone means down.
    private func direction(_ name: NumberName, _ mark: NumberMark) -> ChangeDirection? {
        guard mark.isNegative else { return name.direction }
        return name.direction == .down ? .up : .down
    }

    /// The number without an enumerator that runs into it: 2.100万 under a list is 100万.
    private func heading(_ mark: NumberMark) -> String? {
        guard mark.start < 4, text[..<mark.start].allSatisfy({ $0.isBlank || $0 == "-" }),
            let point = mark.value.firstIndex(of: "."), let number = Int(mark.value[..<point]),
            context.isNumbered(number, block: block)
        else { return nil }
        return String(mark.value[mark.value.index(after: point)...])
    }

    /// The year printed before the number, unless it is what the number is compared with.
    private func year(before index: Int) -> Int? {
        let floor = namer.sentenceStart(marks[index].start)
        var current = index - 1
        while current >= 0, marks[current].start >= floor {
            if marks[current].kind == .year {
                let before = marks[current].start - 1
                let isBase = before >= 0 && "比较与从于同".unicodeScalars.contains(text[before])
                return isBase ? nil : Int(marks[current].value)
            }
            current -= 1
        }
        return nil
    }

    private mutating func readRate(_ index: Int, into facts: inout FoundFacts) {
        let mark = marks[index]
        guard !mark.isBound, !isFactor(mark), facts.rates.count < FactLimits.factsPerKind else {
            return
        }
        var name = namer.name(of: index, isSubject: false)
        var label = name.label
        if let formula = formula(before: mark.start) {
            label = formula
            name.own = formula
        } else if let base = base(of: index) {
            // 占全年预算 411.58 万元的94.48%: the words stand before the amount.
            label = name.label + base
            name.own = base
        }
        if RateRole.needsSubject(name.own), !namer.latest.isEmpty, name.change.isEmpty,
            !NumberNamer.isGeneric(namer.latest) || !RateRole.isNoun(name.own)
        {
            label = namer.latest + name.own
        }
        guard !label.isEmpty else { return }
        facts.rates.append(
            Rate(
                label: label.string,
                role: RateRole.role(own: name.own + name.change, isChange: !name.change.isEmpty),
                percent: mark.value,
                direction: direction(name, mark)?.rawValue,
                part: context.part(ofBlock: block),
                place: context.place(block, mark.start, mark.end, of: text)
            )
        )
    }

    private static let products: Words = ["×", "*", "✕", "x", "X"]

    /// Whether a percentage is the factor of a formula: ×100%.
    private func isFactor(_ mark: NumberMark) -> Bool {
        mark.value == "100" && Self.products.length(in: text, endingAt: mark.start) != nil
    }

    /// The name in front of a formula: 预算完成率＝支出决算÷全年预算×100%＝94.83%.
    private func formula(before start: Int) -> Scalars? {
        var end = start
        while end > 0, text[end - 1].isBlank { end -= 1 }
        guard end > 0, text[end - 1] == "=" || text[end - 1] == "＝" else { return nil }
        var first = end - 1
        while first > 0, start - first < FactLimits.lookBack,
            !"，。；;：:\n".unicodeScalars.contains(text[first - 1]),
            text[first - 1] != "," || text[first].digit != nil
        {
            first -= 1
        }
        let head = text[first..<end].prefix { $0 != "=" && $0 != "＝" }
        let name = context.cleaner.clean(Array(head)).name
        return name.count > 1 ? name : nil
    }

    private static let of: Words = ["的"]
    private static let bases: Words = ["占", "完成"]

    /// The words before the amount that a percentage is of: 占全年预算, 完成年初预算.
    private func base(of index: Int) -> Scalars? {
        guard index > 0, case .money = marks[index - 1].kind else { return nil }
        let between = NameCleaner.withoutMarks(
            Array(text[marks[index - 1].end..<marks[index].start])
        )
        guard Self.of.contain(between) else { return nil }
        let end = marks[index - 1].start
        var start = end
        while start > 0, end - start < 24, !"，,：:；;。（(".unicodeScalars.contains(text[start - 1]) {
            start -= 1
        }
        guard let word = Self.bases.lastStart(in: text, from: start, to: end) else { return nil }
        return NameCleaner.withoutMarks(Array(text[word..<end]))
    }

    /// Reads a count of people and returns its role.
    private mutating func readStaff(
        _ index: Int,
        unit: String,
        after previous: String?,
        into facts: inout FoundFacts
    ) -> String? {
        let mark = marks[index]
        guard !mark.isBound, facts.staffing.count < FactLimits.factsPerKind else { return nil }
        var start = mark.start
        let floor = max(
            namer.sentenceStart(mark.start),
            index > 0 ? marks[index - 1].end : 0,
            namedEnd
        )
        // 编制人数：90人 names the number before the colon.
        while start > floor,
            text[start - 1].isBlank || "：:".unicodeScalars.contains(text[start - 1])
        {
            start -= 1
        }
        while start > floor, !Self.pieceEnds.contains(text[start - 1]) { start -= 1 }
        var label = context.cleaner.clean(Array(text[start..<mark.start])).name
        if label.isEmpty || StaffingRole.role(label, after: previous) == nil,
            let words = following(mark)
        {
            label = words
            namedEnd = mark.end + words.count
        }
        guard let role = StaffingRole.role(label, after: previous) else { return nil }
        if unit == "个", !role.hasPrefix("authorised") { return nil }
        facts.staffing.append(
            Staffing(
                role: role,
                count: mark.value,
                label: label.string,
                unit: unit,
                part: context.part(ofBlock: block),
                place: context.place(block, mark.start, mark.end, of: text)
            )
        )
        return role
    }

    /// The words after a count, for 7名在职人员.
    private func following(_ mark: NumberMark) -> Scalars? {
        var end = mark.end
        while end < text.count, end - mark.end < 10, text[end].isHan { end += 1 }
        return Self.staff.length(in: text, at: mark.end).map {
            Array(text[mark.end..<mark.end + $0])
        }
    }
}
