/// What a clause of its own names.
extension NumberNamer {
    /// Whether a digit belongs to a code in brackets: 住房公积金（2210201）.
    private static func isInCode(_ text: Scalars, _ index: Int) -> Bool {
        var start = index
        while start > 0, text[start - 1].digit != nil { start -= 1 }
        var end = index
        while end < text.count, text[end].digit != nil { end += 1 }
        return start > 0 && end < text.count && (3...7).contains(end - start)
            && "（(".unicodeScalars.contains(text[start - 1])
            && "）)".unicodeScalars.contains(text[end])
    }

    private static let counted: Words = [
        "年", "月", "日", "个", "人", "名", "次", "家", "项", "万", "亿", "元", "批", "辆", "台", "户", "件", "场",
    ]

    /// Whether a digit belongs to the number that a name begins with: 12309检察服务中心.
    private static func isInName(_ text: Scalars, _ index: Int) -> Bool {
        var start = index
        while start > 0, text[start - 1].digit != nil { start -= 1 }
        var end = index
        while end < text.count, text[end].digit != nil { end += 1 }
        return start == 0 && end - start >= 3 && end + 1 < text.count && text[end].isHan
            && counted.length(in: text, at: end) == nil
    }

    /// Whether a full stop ends the name of an item, such as one with （项） or a code, and no sentence.
    func endsItem(_ stop: Int) -> Bool {
        if Self.items.length(in: text, endingAt: stop) != nil { return true }
        return stop > 4 && "）)".unicodeScalars.contains(text[stop - 1])
            && Self.isInCode(Array(text[max(0, stop - 9)..<stop]), min(stop, 9) - 2)
    }

    /// Clauses that say that nothing was spent and name nothing: 没有安排，支出0万元.
    private static let none: Words = [
        "没有安排", "未安排", "没有发生", "未发生", "没有开支", "未开支", "没有支出", "未支出", "无支出", "无安排", "本年", "本年度", "当年",
        "年内",
    ]
    private static let bullets: ScalarSet = "-—–*•●■◆·"
    private static let items: Words = ["（项）", "(项)"]
    private static let classItem: Words = ["（项）", "(项)", "（款）", "(款)"]

    /// The name that an earlier clause gives; nil when it names nothing.
    func usable(_ start: Int, _ end: Int) -> Scalars? {
        var clause = NameCleaner.withoutMarks(Array(text[start..<end]))
        while let first = clause.first, Self.bullets.contains(first) { clause.removeFirst() }
        while let length = NameCleaner.enumerator(clause) ?? NameCleaner.period(clause) {
            clause.removeFirst(length)
        }
        if Self.comparisons.begin(clause) { return nil }
        while let digit = clause.indices.first(where: {
            clause[$0].digit != nil && !Self.isInCode(clause, $0) && !Self.isInName(clause, $0)
        }) {
            let rest = Array(clause[digit...])
            if let length = NameCleaner.period(rest), length < rest.count {
                clause = Array(rest[length...])
            } else {
                clause.removeSubrange(digit...)
            }
        }
        if clause.last == "率" { return nil }
        guard clause.count <= 40 || Self.classItem.occur(in: clause) else { return nil }
        let clean = cleaner.clean(clause)
        guard clean.name.count >= 2, !Self.isGeneric(clean.name), !Self.none.compose(clean.name)
        else { return nil }
        return clean.name
    }
}
