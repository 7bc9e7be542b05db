/// A heading as text shows it: an enumerator with a short title, alone or before a sentence.
struct HeadingShape: Equatable {
    /// The enumerator as printed, such as `（一）`; nil for a heading without number.
    var number: String?
    /// How the enumerator is written; nil without one.
    var style: LineShape.Style?
    /// Value of the enumerator; nil without one.
    var value: Int?
    /// The title as printed, without a closing full stop or colon.
    var title: String
    /// First scalar of the heading in its block.
    var start: Int
    /// One past the last scalar of the title.
    var end: Int
    /// Whether nothing but punctuation follows.
    var isWholeLine: Bool
    /// First scalar of what follows.
    var contentStart: Int

    private static let longestTitle = 32
    /// Bytes of a line that may be a heading without number, blanks included.
    private static let longestUnnumbered = 120
    private static let longestInlineTitle = 16
    /// Words that make a short line without number a heading.
    private static let headingWords = Needles([
        "存在的问题", "存在问题", "存在的主要问题", "主要问题", "改进措施", "改进建议", "整改措施", "有关建议", "意见建议", "工作建议",
        "下一步", "评价结论", "自评结论", "名词解释", "基本情况", "部门概况", "单位概况", "项目概况", "绩效分析", "主要成效", "其他需要说明",
    ])

    /// Reads the heading at the beginning of a block.
    /// - Parameter text: text of a heading or paragraph.
    /// - Returns: nil when the block begins with running text or with an item of a list.
    static func read(_ text: String) -> HeadingShape? {
        guard text.utf8.count <= longestUnnumbered || LineShape.mayBeNumbered(text) else {
            return nil
        }
        let scalars = text.scalarArray(upTo: longestTitle + 26)
        if let found = LineShape.enumerator(scalars) {
            return numbered(scalars, found, isLong: text.utf8.count > 4 * scalars.count)
        }
        return unnumbered(scalars)
    }

    private static func numbered(
        _ scalars: [Unicode.Scalar],
        _ found: LineShape.Enumerator,
        isLong: Bool
    ) -> HeadingShape? {
        let begin = found.contentStart
        var end = begin
        while end < scalars.count, !isStop(scalars[end]) { end += 1 }
        var last = end
        while last > begin, LineShape.isBlank(scalars[last - 1]) { last -= 1 }
        guard last > begin, last - begin <= longestTitle else { return nil }
        guard !scalars[begin..<last].allSatisfy({ LineShape.digit($0) != nil }) else { return nil }
        var after = end
        while after < scalars.count, isStop(scalars[after]) || LineShape.isBlank(scalars[after]) {
            after += 1
        }
        let isWhole = after >= scalars.count && !isLong
        let stop = end < scalars.count ? scalars[end] : nil
        guard isHeading(stop, found, length: last - begin, isWhole) else { return nil }
        if isSentence(scalars[begin..<last]) { return nil }
        return HeadingShape(
            number: string(scalars[found.start..<found.end]),
            style: found.style,
            value: found.value,
            title: string(scalars[begin..<last]),
            start: found.start,
            end: last,
            isWholeLine: isWhole,
            contentStart: after
        )
    }

    /// Whether what ends the title leaves it a heading: an item of a list ends in `；` or goes on
    /// after a comma or colon.
    private static func isHeading(
        _ stop: Unicode.Scalar?,
        _ found: LineShape.Enumerator,
        length: Int,
        _ isWhole: Bool
    ) -> Bool {
        guard let stop else { return true }
        switch stop {
        case "。", ".": return isWhole ? length <= 24 : length <= longestInlineTitle
        case "：", ":": return isWhole
        default: return false
        }
    }

    /// Words that end in a verb's result or hold an amount are a statement, not a title.
    private static func isSentence(_ title: ArraySlice<Unicode.Scalar>) -> Bool {
        let end = Array(title.suffix(3))
        return statementEnds.end(end) || title.count > 8 && matters.end(end)
    }

    private static let statementEnds: Words = [
        "已完成", "元", "%", "和", "与", "及", "的", "并", "、", "为",
    ]
    private static let matters: Words = ["事项"]

    private static func unnumbered(_ scalars: [Unicode.Scalar]) -> HeadingShape? {
        var end = scalars.count
        while end > 0,
            LineShape.isBlank(scalars[end - 1]) || scalars[end - 1] == "："
                || scalars[end - 1] == ":"
        {
            end -= 1
        }
        guard end >= 4, end <= 20, !scalars[..<end].contains(where: { isStop($0) || $0 == "、" })
        else { return nil }
        guard !scalars[..<end].contains(where: { LineShape.digit($0) != nil }) else { return nil }
        let text = string(scalars[..<end])
        guard headingWords.occur(in: text) else { return nil }
        return HeadingShape(
            number: nil,
            style: nil,
            value: nil,
            title: text,
            start: 0,
            end: end,
            isWholeLine: true,
            contentStart: scalars.count
        )
    }

    private static func isStop(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "。", "；", "：", "，", ";", ":", ",", "！", "？", "\n", "\t": true
        default: false
        }
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        scalars.string
    }
}
