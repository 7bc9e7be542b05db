/// The name of a number in running text, with what its role is judged by.
struct NumberName: Sendable {
    /// The words that name it.
    var label: Scalars
    /// Words of a change, empty when the number is none.
    var change: Scalars = []
    /// Direction of the change.
    var direction: ChangeDirection?
    /// The bare word of the clause, such as 支出决算 or 执行数; equal to the label when that says all.
    var own: Scalars
    /// Whether the name follows the number: 15万上缴市总.
    var isFollowing = false
    /// Whether the number is last year's, with which this year's is compared.
    var isPrior = false
    /// The words of the clause as printed.
    var clause: Scalars = []
    /// The words before the number within its sentence.
    var sentence: Scalars = []
}

/// Finds the names of the numbers of one block.
struct NumberNamer {
    let text: Scalars
    private let marks: [NumberMark]
    let cleaner: NameCleaner
    /// Index of the mark that is being named.
    private var current = 0
    /// Name of the latest number, the subject of a following 比上年增加 or 占.
    private(set) var subject: Scalars = []

    /// Name of the latest amount that is no change, the subject of the rates behind it.
    private(set) var latest: Scalars = []

    init(_ text: Scalars, marks: [NumberMark], cleaner: NameCleaner) {
        self.text = text
        self.marks = marks
        self.cleaner = cleaner
    }

    /// Words that alone name nothing: they take the subject of an earlier clause.
    static let generic: Words = [
        "年初", "全年", "本年", "当年", "调整", "调整后", "预算", "决算", "执行", "支出", "金额", "数", "额", "总", "合计",
        "共计",
        "总计", "实际", "使用", "经费", "资金", "完成", "为", "的", "其中", "共", "累计", "安排", "下达", "支付", "批复", "较",
        "比", "上年", "年度", "上年度", "同期", "同比", "数的", "指标", "财政", "预", "费用", "开支", "总额", "投入", "数额",
        "计划", "核定", "报表", "已", "去年", "度", "年末", "均", "收支", "小计", "情况", "：", ":", "项目", "该", "发生",
        "全部",
        "用", "费", "和", "及", "达", "率", "进度",
    ]
    private static let selfSufficient: Words = [
        "本年支出", "支出合计", "支出总计", "支出总额", "总支出", "报表支出", "预算支出", "决算支出", "总额为", "全年支出", "收支预算",
        "收支决算", "收支总计", "财政支出", "项目支出", "项目经费", "项目资金", "项目费", "项目总", "项目预算", "总经费", "财政资金",
        "预算总", "资金总额", "年度资金", "收支总额", "预算支",
    ]
    private static let pairs: Words = [
        "预算数", "预算", "决算数", "决算", "执行数", "全年预算数", "年初预算数", "调整预算数", "调整后预算数", "全年预算", "年初预算",
        "预算总额",
        "预算金额", "预算安排", "总投资", "批复预算", "预算批复数", "年初预算安排", "到位",
    ]
    private static let actualWords: Words = ["实际", "累计"]
    private static let sums: Words = ["合计", "总计", "共计", "小计"]
    private static let incomeWord: Words = ["收入"]
    private static let spendingWord: Words = ["支出"]
    private static let resultWords: Words = ["决算", "执行", "实际", "支付", "完成"]
    private static let budgetWords: Words = ["预算", "执行数", "执行金额", "决算数"]
    static let comparisons: Words = [
        "与", "比", "较", "同", "占", "完成", "是", "主要原因", "其中", "上年", "减少", "增加", "下降", "增长", "（", "(",
    ]

    static func isGeneric(_ name: Scalars) -> Bool {
        name.isEmpty || (generic.compose(name) && !selfSufficient.occur(in: name))
    }

    /// Names the number of one mark.
    /// - Parameters:
    ///   - index: index of the mark.
    ///   - isSubject: whether a following 比上年增加 or 占 speaks of this number.
    /// - Returns: the name with what its role is judged by.
    mutating func name(of index: Int, isSubject: Bool = true) -> NumberName {
        let mark = marks[index]
        current = index
        let floor = sentenceStart(mark.start)
        let from = clauseStart(mark.start, floor: floor, index: index)
        let listed = RespectiveList.name(of: index, in: text, marks: marks, floor: floor)
        let clean = cleaner.clean(listed ?? splitList(from, mark.start))
        var name = NumberName(label: clean.name, own: clean.name)
        name.change = clean.change
        name.direction = clean.direction
        name.clause = NameCleaner.withoutMarks(Array(text[from..<mark.start]))
        name.sentence = NameCleaner.withoutMarks(Array(text[floor..<mark.start]))
        if clean.change.isEmpty, isBase(name.clause), !(latest.isEmpty && subject.isEmpty) {
            // 较2022年的120.79万元: last year's number of what was spoken of.
            name.label = latest.isEmpty ? subject : latest
            name.isPrior = true
            return name
        }
        if clean.name.isEmpty, clean.change.isEmpty, let following = following(mark) {
            name.label = following
            name.own = following
            name.isFollowing = true
            name.clause = Array(text[mark.end..<min(text.count, mark.end + 12)])
        } else if clean.change.isEmpty, Self.isGeneric(clean.name),
            Self.uses.length(in: text, at: mark.end) != nil,
            let following = following(mark)
        {
            // 安排48万元开展宣传培训: what it was used for names it.
            name.label = following
            name.isFollowing = true
        } else if Self.sums.begin(name.clause), clean.change.isEmpty,
            moneyEnd(before: from + 1) > floor
        {
            name.label = name.clause
        } else if Self.isGeneric(clean.name) {
            let mayCarry =
                clean.name.isEmpty || !clean.change.isEmpty
                || Self.budgetWords.occur(in: clean.name)
            if !clean.change.isEmpty, !latest.isEmpty, moneyEnd(before: from) > floor {
                name.label = latest
            } else {
                let found = subject(before: from, floor: floor) ?? (mayCarry ? subject : [])
                let own = clean.name.isEmpty ? Self.resultVerb(name.clause) : clean.name
                name.label = Self.join(found, own)
            }
        }
        if clean.change.isEmpty {
            if isSubject {
                latest = name.label
                if !Self.isGeneric(name.label) { subject = name.label }
            }
        } else {
            if isSubject, !name.label.isEmpty { latest = name.label }
            name.label += clean.change
        }
        if name.label.isEmpty { name.label = name.own }
        // 全年共花费 is made of words that say nothing alone; it is all that is printed.
        if name.label.isEmpty, !Self.comparisons.begin(name.clause) {
            name.label = Array(name.clause.suffix(FactLimits.cutLength))
        }
        return name
    }

    private static let uses: Words = ["用于", "开展", "购买", "购置", "采购", "发放", "建设", "实施"]
    private static let bases: Words = ["比", "较", "与", "同", "相比", "相较于", "对比"]

    /// Whether a clause says nothing but the year that something is compared with.
    private func isBase(_ clause: Scalars) -> Bool {
        if Self.earlier.contain(clause) { return true }
        guard let length = Self.bases.length(in: clause, at: 0) else { return false }
        let rest = Array(clause[length...])
        guard let period = NameCleaner.period(rest) ?? Self.earlier.length(in: rest, at: 0) else {
            return false
        }
        return Self.isGeneric(Array(rest[period...]))
    }

    private static let earlier: Words = [
        "上年", "上年度", "去年", "上一年", "上一年度", "上年决算", "去年同期", "上年同期", "上年为", "上年度为", "去年为", "上年决算数",
        "上年决算数为",
    ]

    /// The verb of a clause that is nothing but a result: 累计支付.
    private static func resultVerb(_ clause: Scalars) -> Scalars {
        let verb = clause.suffix(4)
        guard verb.count == 4, verb.allSatisfy(\.isHan), resultWords.occur(in: Array(verb)) else {
            return []
        }
        return Array(verb)
    }

    /// Subject and generic word as one name: 工会经费项目 + 执行数.
    private static func join(_ subject: Scalars, _ own: Scalars) -> Scalars {
        guard !subject.isEmpty, own.last != "率" else { return own }
        if incomeWord.occur(in: subject), spendingWord.begin(own) { return own }
        var head = subject
        if actualWords.begin(own), own.count >= 4, !(spendingWord.end(head) && head.count <= 8),
            pairs.length(in: head, endingAt: head.count) == nil
        {
            return own
        }
        if resultWords.occur(in: own) || budgetWords.occur(in: own),
            let length = pairs.length(in: head, endingAt: head.count)
        {
            head.removeLast(length)
            if head.count < 3 { return own }
            if spendingWord.end(head), spendingWord.begin(own) { head.removeLast(2) }
            return head + own
        }
        return budgetWords.occur(in: own) ? head + own : head
    }

    /// A clause such as 轿车0辆、金额: the last piece, with the noun of the piece before.
    private func splitList(_ from: Int, _ end: Int) -> Scalars {
        let clause = text[from..<end]
        guard let comma = clause.lastIndex(of: "、"), comma > from, comma + 1 < end,
            let digit = clause[..<comma].firstIndex(where: { $0.digit != nil }), digit > from,
            Self.isGeneric(Array(text[comma + 1..<end]))
        else { return Array(clause) }
        return Array(text[from..<digit]) + Array(text[comma + 1..<end])
    }

    private static let stops: ScalarSet = "，。；;、,！!？?）)\n\t（(：:"
    private static let clauseEnds: ScalarSet = "，,：:。（("

    /// The words after a number that stands at the head of its clause: 15万上缴市总.
    private func following(_ mark: NumberMark) -> Scalars? {
        var end = mark.end
        while end < text.count, end - mark.end < 16, !Self.stops.contains(text[end]),
            text[end].digit == nil
        {
            end += 1
        }
        let words = cleaner.clean(Array(text[mark.end..<end]))
        return words.name.count >= 2 ? words.name : nil
    }

    /// First scalar of the sentence that holds a position, not farther than the look-back.
    func sentenceStart(_ position: Int) -> Int {
        let lowest = max(0, position - FactLimits.lookBack)
        var index = position
        while index > lowest {
            switch text[index - 1] {
            case "。" where endsItem(index - 1): index -= 1
            case "。", "；", ";", "！", "？", "\n", "\t": return index
            case "." where index >= 2 && text[index - 2].isHan: return index
            default: index -= 1
            }
        }
        return lowest
    }

    /// First scalar of the clause that ends before a number.
    private func clauseStart(_ position: Int, floor: Int, index: Int) -> Int {
        var floor = floor
        var last = index - 1
        while last >= 0, marks[last].kind == .year { last -= 1 }
        if last >= 0 {
            switch marks[last].kind {
            case .money, .percent: floor = max(floor, min(marks[last].end, position))
            default: break
            }
        }
        return boundary(before: position, floor: floor)
    }

    private func boundary(before position: Int, floor: Int) -> Int {
        var current = position
        while current > floor {
            switch text[current - 1] {
            case "，", ",", "：", ":", "…", "。": return current
            case "）", ")":
                guard let open = opening(before: current - 1, floor: floor) else { return current }
                if NameCleaner.enumerator(Array(text[open..<current])) != nil { return current }
                current = open
            case "（", "(": return current
            default: current -= 1
            }
        }
        return floor
    }

    private func opening(before close: Int, floor: Int) -> Int? {
        var current = close - 1
        var depth = 1
        while current >= floor {
            switch text[current] {
            case "）", ")": depth += 1
            case "（", "(":
                depth -= 1
                if depth == 0 { return current }
            default: break
            }
            current -= 1
        }
        return nil
    }

    /// The subject that an earlier clause of the sentence gives.
    private func subject(before clause: Int, floor: Int) -> Scalars? {
        var end = clause
        for _ in 0..<FactLimits.subjectClauses {
            while end > floor, Self.clauseEnds.contains(text[end - 1]) || text[end - 1].isBlank {
                end -= 1
            }
            guard end > floor else { return nil }
            let start = boundary(before: end, floor: max(floor, moneyEnd(before: end)))
            if let name = usable(start, end) { return name }
            guard start < end else { return nil }
            end = start == floor ? floor : start
            if end > floor, "（(".unicodeScalars.contains(text[end - 1]) { end -= 1 }
        }
        return nil
    }

    /// End of the last amount before a position, where the next clause begins.
    private func moneyEnd(before position: Int) -> Int {
        var index = current - 1
        while index >= 0 {
            if marks[index].end < position, case .money = marks[index].kind {
                return marks[index].end
            }
            index -= 1
        }
        return 0
    }
}
