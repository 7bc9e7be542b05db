/// Decides the role of a percentage from its words.
///
/// Source: record schema, row `rates`.
enum RateRole {
    private static let share: Words = ["占", "占比", "比重"]
    private static let execution: Words = [
        "完成预算", "完成年初预算", "完成全年预算", "完成调整", "执行率", "执行进度", "预算完成", "支出进度", "执行总体进度", "为预算的", "预算的",
        "预算数的", "支付进度", "支付率", "完成当年预算", "完成本年预算", "完成年度预算", "资金使用率", "完成了预算", "占全年预算", "占年初预算",
        "占调整预算", "占预算", "使用率", "拨付率", "预算支出率", "实际执行率",
    ]
    /// Headings of columns that say it without a noun.
    private static let columns: Words = ["完成率", "支付率", "完成比例", "执行比例"]
    private static let control: Words = ["控制率", "变动率"]

    /// The role of a rate.
    /// - Parameters:
    ///   - own: the words of the clause before the number, or the heading of the column.
    ///   - isChange: whether the words say that something grew or fell.
    /// - Returns: execution, share, growth, control or other.
    static func role(own: Scalars, isChange: Bool) -> String {
        if isChange { return "growth" }
        if control.occur(in: own) { return "control" }
        if execution.begin(own) || columns.contain(own) { return "execution" }
        if isShare(own) { return "share" }
        return execution.occur(in: own) ? "execution" : "other"
    }

    /// Whether the words say that something is part of a whole.
    static func isShare(_ own: Scalars) -> Bool { share.occur(in: own) }

    /// Whether the words begin with the verb of a rate and need a subject.
    static func needsSubject(_ own: Scalars) -> Bool {
        share.begin(own) || verbs.begin(own)
    }

    /// Whether the words name a rate by themselves: 预算执行率.
    static func isNoun(_ own: Scalars) -> Bool { own.last == "率" }

    private static let verbs: Words = ["完成", "为预算", "为年初预算", "是预算", "预算执行率", "执行率", "预算完成率", "比重"]
}
