/// Decides roles in the tables of a final account by row and column together.
///
/// Source: record schema, roles of amounts; the open tables 01 to 09 of a final account.
enum FinalTableRole {
    private static let income: Words = ["收入", "拨款收入", "上缴收入"]
    private static let opening: Words = ["年初结转", "上年结转", "年初财政拨款结转", "期初结转"]
    private static let closing: Words = ["年末结转", "结转下年", "年末财政拨款结转", "期末结转", "年末结余"]
    private static let distribution: Words = ["结余分配", "使用非财政拨款结余", "使用专用结余"]
    private static let sums: Words = ["合计", "总计", "本年支出", "本年支出合计", "支出合计", "小计"]
    private static let whole: Words = [
        "合计", "小计", "本年支出", "本年支出合计", "本年支出小计", "支出合计", "金额", "决算数", "决算金额", "本年收入", "本年收入合计",
        "收入合计",
        "总计", "支出决算数", "本年决算数", "支出决算", "本年收入小计", "本年发生数",
    ]
    private static let grand: Words = ["总计", "收入总计", "支出总计", "收支总计", "收入总计合计"]

    /// The role of a number below a heading of a final account.
    /// - Parameters:
    ///   - row: name of the row.
    ///   - column: lowest heading of the column, without brackets.
    ///   - code: functional code of the row.
    /// - Returns: nil when row and column leave it to the words.
    static func role(row: Scalars, column: Scalars, code: String?) -> String? {
        let isTotal = sums.contain(row)
        if opening.begin(column) { return "opening-carry-over" }
        if closing.begin(column) { return "closing-carry-over" }
        if grand.contain(row) { return "final-grand-total" }
        let isWhole = whole.contain(column)
        if income.occur(in: column) {
            return isTotal && isWhole ? "final-income-total" : "final-income-part"
        }
        if isTotal { return isWhole ? "final-expenditure-total" : "final-expenditure-part" }
        guard let code else { return nil }
        guard isWhole else { return "final-expenditure-part" }
        return code.utf8.count == 7 ? "final-expenditure-item" : "final-expenditure-function"
    }
}
