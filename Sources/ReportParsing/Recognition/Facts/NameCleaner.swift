/// Direction of a change.
enum ChangeDirection: String, Sendable {
    case up, down
}

/// The words before a number, cleaned into the name of the number.
struct CleanName: Hashable, Sendable {
    /// The name without enumerators, years, verbs and linking words; may be empty.
    var name: Scalars
    /// The words that say that the number is a change, as printed; empty when it is none.
    var change: Scalars = []
    /// Direction of the change; nil when it is none or both are printed.
    var direction: ChangeDirection?
}

/// Cleans clauses into names.
struct NameCleaner: Sendable {
    /// Names of the unit, longest first.
    let unitNames: Words

    private static let accounts: Words = ["账户", "帐户"]
    private static let comparisons: Words = ["比", "较", "与", "同", "相比", "相较", "对比"]
    private static let yearsBefore: Words = [
        "上年", "上一年", "去年", "年初", "预算", "同期", "上期", "往年", "前年", "全年预算", "调整预算", "以前年度", "于上年",
        "于去年", "于年初", "于预算", "于上一年",
    ]
    private static let links: Words = [
        "为", "是", "共", "约", "近", "达", "达到", "计", "均", "均为", "各", "各为", "分别为", "累计", "总共", "共计", "：",
        ":",
        "人民币", "￥", "¥", "为人民币", "了", "合计为", "=", "＝", "(", "（", "“", "约为", "大约", "将近", "接近", "已",
        "已达", "的",
        "仅", "仅为", "有", "共有", "等", "就", "、", "在", "到", "—", "-", "－", "\"", "使用", "支付", "花费", "投入",
        "合共", "各是",
        "超过", "已完成", "用了", "用于", "列支", "开支", "发放", "约计", "至", "和", "含", "有：", "由", "从", "自",
    ]
    private static let linkKeeps: Words = [
        "总计", "合计", "共计", "小计", "自由", "缘由", "理由", "服从", "各自", "国有", "实有", "现有", "当年列支", "全年列支",
        "实际列支", "所有", "自有", "支付", "基金和", "审计",
        "统计", "会计", "设计", "累计", "实际使用",
        "实际支付", "累计支付", "累计使用", "实际投入",
    ]
    private static let upWords: Words = [
        "增加", "增长", "上升", "提高", "同比增", "上涨", "增支", "增收", "年增", "增幅", "多了", "增多了",
    ]
    private static let downWords: Words = [
        "减少", "下降", "降低", "同比减", "压减", "缩减", "减支", "年减", "削减", "降幅", "减幅", "压缩", "核减",
    ]
    private static let changeTails: Words = [
        "）", ")",
        "了", "额", "数", "各", "约", "为", "率", "幅度", "幅", "(", "（", "近",
    ]
    private static let alternatives: Words = ["/", "／", "（", "(", "、", "或", "）", ")"]

    /// The name of a number from the clause before it.
    /// - Parameter raw: scalars of the clause, up to the number.
    /// - Returns: the name, empty when the clause says nothing of its own.
    func clean(_ raw: Scalars) -> CleanName {
        var text = Self.withoutMarks(raw)
        var result = CleanName(name: [])
        stripLevel(&text)
        takeChange(&text, into: &result)
        stripTail(&text)
        stripHead(&text)
        if text.count > FactLimits.cutLength { cut(&text) }
        if text.count > FactLimits.labelLength {
            text = Array(text.suffix(FactLimits.labelLength))
        }
        result.name = Self.balanced(text)
        return result
    }

    /// Leaves out blanks, line feeds and bookmark tokens.
    /// - Parameters:
    ///   - text: any text.
    ///   - limit: how many of its scalars are looked at.
    /// - Returns: what is left; nothing is copied when that is all.
    static func withoutMarks(_ text: Scalars, upTo limit: Int = .max) -> Scalars {
        let raw = text.count > limit ? Array(text[..<limit]) : text
        guard raw.contains(where: { $0 == "[" || $0 == "\n" || $0.isBlank }) else { return raw }
        var text: Scalars = []
        text.reserveCapacity(raw.count)
        var index = 0
        while index < raw.count {
            let scalar = raw[index]
            if scalar == "[", bookmark.length(in: raw, at: index) != nil,
                let end = raw[index...].firstIndex(of: "]")
            {
                index = end
            } else if !scalar.isBlank, scalar != "\n" {
                text.append(scalar)
            }
            index += 1
        }
        return text
    }

    private static let bookmark: Words = ["[bookmark:"]

    private static let levelWords: Words = [
        "增加到", "增加至", "增至", "增长到", "增长至", "上升到", "上升至", "提高到", "提高至", "减少到", "减少至", "减至", "下降到",
        "下降至",
        "降低到", "降低至", "降到", "降至", "压缩到", "压缩至", "压减到", "压减至", "调整为", "调整到", "调整至", "调增为", "调增至",
        "调减为",
        "调减至", "追加到", "追加至", "变更为", "核减为", "核减至", "核增至", "核增为",
    ]

    /// Takes off 减少到2023年的: the number is a new level and no change.
    private func stripLevel(_ text: inout Scalars) {
        var end = text.count
        while end > 0, text[end - 1] == "的" || text[end - 1] == "约" { end -= 1 }
        let start = max(0, end - 7)
        for from in start..<max(start, end)
        where Self.mayBePeriod(text[from]) && Self.period(Array(text[from..<end])) == end - from {
            end = from
            break
        }
        guard let length = Self.levelWords.length(in: text, endingAt: end) else { return }
        text.removeSubrange((end - length)...)
    }

    /// Splits off the words of a change at the end: 比上年减少, 增加/减少.
    private func takeChange(_ text: inout Scalars, into result: inout CleanName) {
        var end = text.count
        while Self.upWords.length(in: text, endingAt: end) == nil,
            Self.downWords.length(in: text, endingAt: end) == nil,
            let length = Self.changeTails.length(in: text, endingAt: end)
        {
            end -= length
        }
        let start: Int
        if let length = Self.upWords.length(in: text, endingAt: end) {
            result.direction = .up
            start = end - length
        } else if let length = Self.downWords.length(in: text, endingAt: end) {
            result.direction = .down
            start = end - length
        } else {
            return
        }
        var from = start
        while let length = Self.alternatives.length(in: text, endingAt: from) { from -= length }
        if from < start,
            let length = Self.upWords.length(in: text, endingAt: from)
                ?? Self.downWords.length(in: text, endingAt: from)
        {
            result.direction = nil
            from -= length
        } else {
            from = start
        }
        let window = max(0, from - 18)..<from
        if let start = window.first(where: { start in
            Self.comparisons.length(in: text, at: start).map { length in
                start + length < from
                    && (Self.yearsBefore.length(in: text, at: start + length) != nil
                        || text[start + length].digit != nil)
            } ?? false
        }) {
            from = start
        } else if let start = Self.comparisons.lastStart(
            in: text,
            from: max(0, from - 14),
            to: from
        ),
            start == 0 || from - start > 1
        {
            from = start
        }
        if end < text.count, text[end] == "）" || text[end] == ")", Self.depth(text[from..<end]) > 0
        {
            end += 1
        }
        result.change = Array(text[from..<end])
        text.removeSubrange(from...)
        while text.last == "各" { text.removeLast() }
    }

    private func stripTail(_ text: inout Scalars) {
        while !text.isEmpty {
            if Self.linkKeeps.end(text) { break }
            guard let length = Self.links.length(in: text, endingAt: text.count) else { break }
            if length == text.count { text = []; return }
            text.removeLast(length)
        }
        // 「在零余额账户使用」 says how, not what.
        if Self.accounts.end(text),
            let start = Self.inside.lastStart(in: text, from: 2, to: text.count)
        {
            text.removeSubrange(start...)
        }
        // A year that stands after its noun: 「三公」经费2022年总共使用.
        if text.last == "年" || text.last == "度", let start = Self.trailingYear(text), start > 1 {
            text.removeSubrange(start...)
        }
    }

    private static let inside: Words = ["在"]

    private static func trailingYear(_ text: Scalars) -> Int? {
        var end = text.count
        if text[end - 1] == "度" { end -= 1 }
        guard end > 5, text[end - 1] == "年" else { return nil }
        let start = end - 5
        return text[start..<end - 1].allSatisfy { $0.digit != nil } ? start : nil
    }

    /// Cuts a long clause down to its last noun.
    private func cut(_ text: inout Scalars) {
        if text.last == "）" || text.last == ")" || Self.classes.occur(in: text) { return }
        for mark in ["”", "的", "，"] as [Unicode.Scalar] {
            guard let position = text.lastIndex(of: mark), text.count - position > 3,
                Self.depth(text[..<position]) == 0
            else { continue }
            text.removeSubrange(...position)
            return
        }
    }

    private static let classes: Words = ["（类）", "（款）", "(类)", "(款)"]

    private static func depth(_ text: ArraySlice<Unicode.Scalar>) -> Int {
        text.reduce(0) { depth, scalar in
            switch scalar {
            case "（", "(": depth + 1
            case "）", ")": max(0, depth - 1)
            default: depth
            }
        }
    }

    /// Leaves out quotation marks and brackets that lost their partner at the edges.
    private static func balanced(_ text: Scalars) -> Scalars {
        var text = text
        while let last = text.last, lostEnds.contains(last) {
            if last == "\"", text.dropLast().contains("\"") { break }
            text.removeLast()
        }
        while let first = text.first, lostStarts.contains(first) { text.removeFirst() }
        return text
    }

    private static let lostEnds: ScalarSet = "（(“\"，,、"
    private static let lostStarts: ScalarSet = "）)”，,、"
}
