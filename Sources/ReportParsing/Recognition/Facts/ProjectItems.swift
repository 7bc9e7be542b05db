/// Passages in which amounts are what single projects cost.
enum ProjectItems {
    private static let projectHeads: Words = [
        "项目支出", "专项支出", "项目经费", "专项经费", "专项资金", "项目资金", "专项工作经费",
    ]
    private static let listHeads: Words = [
        "其中", "主要用于", "用于", "包括", "分别是", "分别为", "具体为", "具体如下", "主要是", "主要有", "如下",
    ]
    private static let otherHeads: Words = ["基本支出", "整体支出", "支出合计", "支出总额"]

    /// Ranges of 项目支出…万元，其中：…。, in which amounts are what single projects cost.
    static func lists(in text: Scalars) -> [Range<Int>] {
        if let item = item(text) { return [item] }
        guard projectHeads.occur(in: text) else { return [] }
        var lists: [Range<Int>] = []
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: "。") ?? text.count
            if let list = opened(in: text, from: start, to: end) {
                let other = (list..<end).first {
                    otherHeads.length(in: text, at: $0) != nil
                        || nested.length(in: text, at: $0) != nil
                }
                lists.append(list..<(other ?? end))
            } else if let head = projectHeads.lastStart(in: text, from: start, to: end),
                let list = (head..<end).first(where: { listHeads.length(in: text, at: $0) != nil }),
                text[head..<list].contains(where: { $0.digit != nil }),
                otherHeads.lastStart(in: text, from: head, to: list) == nil
            {
                let other = (list..<end).first { otherHeads.length(in: text, at: $0) != nil }
                lists.append(list..<(other ?? end))
            }
            start = end + 1
        }
        return lists
    }

    private static let spendingHeads: Words = ["项目支出", "专项支出"]
    private static let among: Words = ["中", "中，", "中,", "中主要", "部分"]
    private static let plans: Words = ["预算", "年初", "计划", "批复", "下达"]
    private static let sources: Words = [
        "财政拨款", "一般公共预算", "政府性基金", "上级", "本级", "中央资金", "省级资金", "市级资金", "县级资金", "区级资金", "其他资金",
    ]

    private static let nested: Words = ["其中"]

    /// The colon of 项目支出主要有：… or 项目支出中：…, a list whose head states no amount.
    /// - Returns: nil for plans and for lists of where the money came from.
    private static func opened(in text: Scalars, from start: Int, to end: Int) -> Int? {
        guard let head = spendingHeads.lastStart(in: text, from: start, to: end),
            let length = spendingHeads.length(in: text, at: head),
            !plans.occur(in: Array(text[start..<head]))
        else { return nil }
        func afterBlanks(_ position: Int) -> Int {
            text[position..<end].firstIndex { !$0.isBlank } ?? end
        }
        let list = afterBlanks(head + length)
        var next = list
        if let length = among.length(in: text, at: next) { next = afterBlanks(next + length) }
        if let length = listHeads.length(in: text, at: next) { next = afterBlanks(next + length) }
        guard next > list, next < end, "：:".unicodeScalars.contains(text[next]),
            !sources.begin(Array(text[afterBlanks(next + 1)..<end].prefix(8)))
        else { return nil }
        return next
    }

    private static let budgets: Words = ["预算", "年初预算", "全年预算", "安排预算", "预算数", "安排"]
    private static let totals: Words = [
        "基本支出", "项目支出", "人员经费", "公用经费", "合计", "总计", "支出", "整体支出", "部门整体支出", "人员支出", "公用支出", "三公经费",
    ]
    private static let rate: Words = ["执行率", "完成率", "支出", "执行"]

    /// The whole of a block that states budget and expenditure of one project behind its name.
    private static func item(_ text: Scalars) -> Range<Int>? {
        guard let length = NameCleaner.enumerator(Array(text.prefix(12).drop { $0.isBlank })),
            rate.occur(in: text)
        else { return nil }
        let start = text.prefix { $0.isBlank }.count + length
        let stops = "：:（(，,。；;".unicodeScalars
        guard let stop = text[start...].prefix(40).firstIndex(where: { stops.contains($0) }),
            "：:（(".unicodeScalars.contains(text[stop]), stop - start >= 2
        else { return nil }
        let name = NameCleaner.withoutMarks(Array(text[start..<stop]))
        guard !totals.contain(name),
            !name.drop(while: { $0.digit != nil }).contains(where: { $0.digit != nil })
        else { return nil }
        var next = stop + 1
        while next < text.count, text[next].isBlank { next += 1 }
        return budgets.length(in: text, at: next) == nil ? nil : stop..<text.count
    }
}
