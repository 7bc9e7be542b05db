/// Which list a heading opens: problems, improvements, or both.
enum ListTopic {
    case problems
    case improvements
    case both

    private static let notLists = Needles(["结论", "预设问题", "评价结果", "评价重点", "解决的问题", "工作目标"])
    private static let lacks = Needles(["问题", "不足", "困难", "短板"])
    private static let problemWords = Needles([
        "主要问题", "问题及", "问题和", "问题与", "问题分析", "不足之处", "问题、",
    ])
    private static let problemEnds = ["的问题", "哪些问题", "什么问题", "哪些不足", "什么不足", "中的不足"]

    private static let improvementWords = Needles([
        "改进", "整改措施", "整改情况", "整改意见", "整改方案", "整改建议", "整改计划", "整改方向", "建议", "下一步", "下步", "努力方向",
        "后续工作", "改善措施", "今后工作", "工作打算", "今后打算", "怎么办",
    ])

    /// Reads the title of a heading; nil when it opens no such list.
    static func read(_ title: String) -> ListTopic? {
        let text = title.squeezed
        guard text.unicodeScalars.count <= 40, !notLists.occur(in: text) else { return nil }
        let isProblems =
            text.holds("存在") && lacks.occur(in: text) || problemWords.occur(in: text)
            || problemEnds.contains(where: text.ends) || text == "问题" || text == "不足"
        let isImprovements = improvementWords.occur(in: text)
        switch (isProblems, isImprovements) {
        case (true, true): return .both
        case (true, false): return .problems
        case (false, true): return .improvements
        case (false, false): return nil
        }
    }
}
