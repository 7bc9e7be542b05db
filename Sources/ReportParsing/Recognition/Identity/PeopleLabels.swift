import ReportModel

/// Reads names and telephone numbers behind labels that stand anywhere in running text.
enum PeopleLabels {
    /// A name or number with what it is.
    struct Found: Equatable {
        /// Scalars of the name or number.
        var range: Range<Int>
        /// The label.
        var role: String
    }

    /// Words and marks by which a text with labels is known.
    static let hints =
        [
            "联系人", "经办人", "填报人", "负责人", "填表人", "审核人", "复核人", "制表人", "编制人", "报告人", "代表人", "撰写人",
            "经手人", "承办人",
            "评价人", "责任人", "联络", "校对人", "审批人", "批准人", "校核人", "制单人", "申报人", "报送人", "起草人", "执笔人",
            "法人代表", "电话", "手机", "联系方式",
            "座机", "传真",
        ]
        + ["成员", "主任", "会计", "出纳", "制表", "审核", "复核", "校对", "姓名", "领导", "主管"].flatMap {
            [$0 + "：", $0 + ":"]
        }

    private static let labels = Words(
        Array(PeopleRecogniser.roles.union(PeopleRecogniser.phones))
    )
    /// Labels that name a person also without a colon.
    private static let plain: Set<String> = PeopleRecogniser.roles.filter {
        $0.hasSuffix("人") || $0.hasSuffix("联络员")
    }
    private static let phoneWords = Words(Array(PeopleRecogniser.phones))
    /// Ends of labels that have a number behind them.
    private static let labelEnds: Words = [
        "日期", "时间", "年度", "单位", "编码", "代码", "编号", "金额", "电话", "号码", "邮编", "部门", "地址", "人数", "账号",
        "科室",
    ]
    /// What may stand before a name that a telephone number follows.
    static let leads: Words = [
        "联系", "由", "人", "长", "员", "师", "找", "主任", "书记", "经理", "会计", "出纳", "干事", "专干", "主管", "同志",
    ]

    /// The names and numbers behind labels.
    /// - Parameter text: the scalars of a block.
    /// - Returns: ranges, ascending for each kind.
    static func values(in text: Scalars) -> [Found] {
        var found: [Found] = []
        var index = 0
        while index < text.count {
            guard let length = labels.length(in: text, at: index) else {
                index += 1
                continue
            }
            let label = text[index..<(index + length)].string
            index += length
            if PeopleRecogniser.phones.contains(label) {
                for range in PhoneNumber.labelled(in: text, from: index, to: text.count) {
                    found.append(Found(range: range, role: "联系电话"))
                    index = range.upperBound
                }
            } else if let start = valueStart(in: text, from: index, plain.contains(label)) {
                for range in names(in: text, from: start.index, hasColon: start.hasColon) {
                    found.append(Found(range: range, role: label))
                    index = range.upperBound
                }
            }
        }
        return found
    }

    /// Where the value of a label begins; nil when the word is no label here.
    private static func valueStart(
        in text: Scalars,
        from end: Int,
        _ isPlain: Bool
    ) -> (index: Int, hasColon: Bool)? {
        var index = end
        skipBlanks(text, &index)
        guard index < text.count else { return nil }
        if text[index] == "（" || text[index] == "(" {
            let begin = index + 1
            let limit = min(text.count, index + 12)
            if let close = text[index..<limit].firstIndex(where: { $0 == "）" || $0 == ")" }) {
                var behind = close + 1
                skipBlanks(text, &behind)
                if behind < text.count, isColon(text[behind]) {
                    return (pastBlanks(text, behind + 1), true)
                }
            }
            return isPlain ? (pastBlanks(text, begin), false) : nil
        }
        if isColon(text[index]) { return (pastBlanks(text, index + 1), true) }
        guard isPlain else { return nil }
        if text[index] == "为" || text[index] == "是" { index += 1 }
        return (pastBlanks(text, index), false)
    }

    /// Names one behind the other, divided by marks or blanks.
    private static func names(in text: Scalars, from start: Int, hasColon: Bool) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = start
        while index < text.count {
            let isRare = hasColon && found.isEmpty
            guard
                let range = name(
                    in: text,
                    at: index,
                    isListed: hasColon || !found.isEmpty,
                    mayBeRare: isRare
                )
            else { break }
            found.append(range)
            index = range.upperBound
            skipBracket(text, &index)
            let before = index
            skipBlanks(text, &index)
            let hasGap = index > before
            guard index < text.count else { break }
            switch text[index] {
            case "、", "/", "／":
                index = pastBlanks(text, index + 1)
                continue
            case "，", ",", "；", ";": index = pastBlanks(text, index + 1)
            default: guard hasGap else { return found }
            }
            // Behind these a new clause may begin as well.
            guard index < text.count, !PersonName.doubtful.contains(text[index]) else { break }
        }
        return found
    }

    private static func name(in text: Scalars, at index: Int, isListed: Bool, mayBeRare: Bool)
        -> Range<Int>?
    {
        if let end = PersonName.end(text, at: index, isLabelled: isListed) {
            let isDoubtful =
                PersonName.doubtful.contains(text[index])
                || Divisions.standard.isStem(text[index..<end].string)
            return isListed || !isDoubtful || numberFollows(text, end) ? index..<end : nil
        }
        // A rare surname is believed when a telephone number stands behind it.
        let end = PersonName.runEnd(text, index, to: min(text.count, index + 5))
        guard mayBeRare, (2...4).contains(end - index), numberFollows(text, end),
            labels.length(in: text, at: index) == nil,
            labelEnds.length(in: text, endingAt: end) == nil
        else { return nil }
        return index..<end
    }

    /// A name right before a telephone number or the label of one.
    /// - Parameters:
    ///   - text: the scalars of a block.
    ///   - start: where the number begins.
    /// - Returns: its range; nil when something else stands there.
    static func name(in text: Scalars, before start: Int) -> Range<Int>? {
        var end = start
        skipBack(text, &end)
        if let length = phoneWords.length(in: text, endingAt: end) {
            end -= length
            skipBack(text, &end)
        }
        for length in [4, 3, 2] where end >= length {
            let begin = end - length
            let name = text[begin..<end]
            let isLed = leads.length(in: text, endingAt: begin) != nil
            // A place has its number as well: 武汉 027-82222222.
            let mayBePlace =
                isMobile(text, start) || isLed && !Divisions.standard.isLargeStem(name.string)
            guard name.allSatisfy(TextSearch.isHan), let first = name.first,
                !PersonName.doubtful.contains(first),
                PersonName.isName(name, mayBePlace: mayBePlace),
                begin == 0 || !TextSearch.isHan(text[begin - 1]) || isLed
            else { continue }
            return begin..<end
        }
        return nil
    }

    /// Whether the number of a mobile telephone begins at a place, which no office has.
    private static func isMobile(_ text: Scalars, _ start: Int) -> Bool {
        start + 11 <= text.count && text[start].digit == 1
            && text[start..<(start + 11)].allSatisfy { $0.digit != nil }
    }

    /// Whether a telephone number stands behind a name, perhaps with its label.
    private static func numberFollows(_ text: Scalars, _ end: Int) -> Bool {
        var index = end
        var digits = 0
        while index < min(text.count, end + 24) {
            if text[index].digit != nil {
                digits += 1
                if digits == 7 { return true }
                index += 1
            } else if let length = phoneWords.length(in: text, at: index), digits == 0 {
                index += length
            } else if isBetween(text[index]) || PhoneNumber.isDash(text[index]) {
                index += 1
            } else {
                return false
            }
        }
        return false
    }

    private static func isBetween(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "：", ":", "（", "(", "）", ")", "，", ",", "；", ";", "、": true
        default: LineShape.isBlank(scalar)
        }
    }

    private static func isColon(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "：" || scalar == ":"
    }

    private static func skipBack(_ text: Scalars, _ end: inout Int) {
        let limit = max(0, end - 6)
        while end > limit, isBetween(text[end - 1]) { end -= 1 }
    }

    private static func skipBlanks(_ text: Scalars, _ index: inout Int) {
        while index < text.count, LineShape.isBlank(text[index]) { index += 1 }
    }

    private static func pastBlanks(_ text: Scalars, _ start: Int) -> Int {
        var index = start
        skipBlanks(text, &index)
        return index
    }

    /// Passes over what a name has in brackets behind it.
    private static func skipBracket(_ text: Scalars, _ index: inout Int) {
        guard index < text.count, text[index] == "（" || text[index] == "(" else { return }
        let limit = min(text.count, index + 40)
        if let close = text[index..<limit].firstIndex(where: { $0 == "）" || $0 == ")" }) {
            index = close + 1
        }
    }
}
