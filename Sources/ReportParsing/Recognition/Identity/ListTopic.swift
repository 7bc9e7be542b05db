/// Which list a heading opens: problems, improvements, or both.
enum ListTopic {
    case problems
    case improvements
    case both

    private static let notLists = ["结论", "预设问题", "评价结果", "评价重点", "解决的问题", "工作目标"]

    private static let improvementWords = [
        "改进", "整改措施", "整改情况", "整改意见", "整改方案", "整改建议", "整改计划", "整改方向", "建议", "下一步", "下步", "努力方向",
        "后续工作", "改善措施", "今后工作", "工作打算", "今后打算", "怎么办",
    ]

    /// Reads the title of a heading; nil when it opens no such list.
    static func read(_ title: String) -> ListTopic? {
        let text = title.squeezed
        guard text.unicodeScalars.count <= 40, !text.holds(anyOf: notLists) else { return nil }
        let isProblems =
            text.holds("存在") && text.holds(anyOf: ["问题", "不足", "困难", "短板"])
            || text.holds(anyOf: ["主要问题", "问题及", "问题和", "问题与", "问题分析", "不足之处", "问题、"])
            || ["问题", "不足"].contains(text) || text.ends("的问题")
            || ["哪些问题", "什么问题", "哪些不足", "什么不足", "中的不足"].contains(where: text.ends)
        let isImprovements =
            text.holds(anyOf: improvementWords)
        switch (isProblems, isImprovements) {
        case (true, true): return .both
        case (true, false): return .problems
        case (false, true): return .improvements
        case (false, false): return nil
        }
    }
}
