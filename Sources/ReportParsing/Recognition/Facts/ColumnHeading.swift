/// What the heading of a column says about the cells below it.
enum ColumnHeading: Hashable, Sendable {
    case level1, level2, level3
    case target, adjustedTarget, actual
    case measure, nature
    case weight, score, note
    case money, rate
    case ignored

    private static let level1Words: Words = ["一级指标", "一级目标"]
    private static let level2Words: Words = ["二级指标", "二级目标"]
    private static let level3Words: Words = ["三级指标", "四级指标"]
    private static let nameWords: Words = ["指标名称", "绩效指标名称", "指标内容", "具体指标", "评价指标", "绩效指标", "指标"]
    private static let ignoredWords: Words = [
        "评分标准", "得分系数", "指标解释", "指标说明", "评价要点", "序号", "数据来源", "核心指标", "评分细则", "计分", "评价标准", "行次",
        "栏次", "佐证", "计算公式", "评分办法", "科目", "编码", "完成比例", "完成率", "责任",
    ]
    private static let noteWords: Words = ["原因", "措施", "备注", "说明"]
    private static let scoreWords: Words = ["得分", "自评分", "评分", "评价分", "实得分"]
    private static let weightWords: Words = ["分值", "权重", "标准分", "满分", "分数"]
    private static let actualWords: Words = [
        "实际完成", "完成值", "实际值", "完成情况", "完成指标值", "实现值", "实际完成情况", "实际指标值", "全年实际", "实际情况", "业绩值",
    ]
    private static let targetWords: Words = [
        "指标值", "目标值", "预期值", "计划值", "预期目标", "绩效目标", "年度目标", "年初目标", "预期指标", "计划目标", "目标",
    ]
    private static let measureWords: Words = ["计量单位", "度量单位", "单位"]
    private static let natureWords: Words = ["指标性质", "指标方向", "运算符号", "计算符号", "符号", "指标属性"]
    private static let adjusted: Words = ["调整"]

    /// The meaning of a heading in a table of indicators; nil for other headings.
    static func ofIndicators(_ heading: Scalars) -> ColumnHeading? {
        guard !heading.isEmpty, heading.count <= FactLimits.headingLength else { return nil }
        if level1Words.occur(in: heading) { return .level1 }
        if level2Words.occur(in: heading) { return .level2 }
        if level3Words.occur(in: heading) || nameWords.contain(heading) { return .level3 }
        if natureWords.occur(in: heading) { return .nature }
        if ignoredWords.occur(in: heading) { return .ignored }
        if noteWords.occur(in: heading) { return .note }
        if scoreWords.occur(in: heading) { return .score }
        if weightWords.occur(in: heading) { return .weight }
        if measureWords.contain(heading) { return .measure }
        if actualWords.occur(in: heading) { return .actual }
        guard targetWords.occur(in: heading) else { return nil }
        return adjusted.occur(in: heading) ? .adjustedTarget : .target
    }

    private static let rateWords: Words = ["率", "占比", "比重", "比例", "%", "幅度"]
    private static let strongMoney: Words = [
        "预算数", "执行数", "决算数", "预算金额", "执行金额", "全年预算", "年初预算", "调整预算", "实际支出", "支出数", "到位数", "本年收入合计",
        "本年支出合计", "财政拨款收入", "预算安排", "全年执行", "实际使用", "到位资金", "资金总额", "支出金额", "年度预算", "预算批复", "决算金额",
        "实际到位", "实际执行", "支付数", "调整后预算", "下达资金",
    ]
    private static let plainMoney: Words = [
        "金额", "合计", "基本支出", "项目支出", "小计", "人员经费", "公用经费", "上级补助收入", "事业收入", "经营收入", "其他收入", "支出合计",
        "收入合计", "年初结转和结余", "年末结转和结余", "上缴上级支出", "经营支出", "附属单位上缴收入", "一般公共预算财政拨款", "政府性基金预算财政拨款",
        "国有资本经营预算财政拨款", "本年收入", "本年支出", "预算", "决算", "数额", "总计", "对附属单位补助支出",
    ]
    private static let notMoney: Words = ["情况", "目标", "科目", "原因", "项目名称", "说明", "单位名称", "内容", "用途"]

    /// The meaning of a heading in a table of money; nil for other headings.
    static func ofMoney(_ heading: Scalars) -> ColumnHeading? {
        guard !heading.isEmpty, heading.count <= FactLimits.headingLength,
            heading.last != ":", !notMoney.occur(in: heading)
        else { return nil }
        let bare = withoutBrackets(heading)
        if ignoredWords.occur(in: heading), !rateWords.occur(in: heading) { return .ignored }
        if strongMoney.occur(in: bare), !rateWords.occur(in: bare) { return .money }
        if rateWords.occur(in: bare) { return .rate }
        if scoreWords.end(bare) { return .score }
        if weightWords.end(bare) { return .weight }
        return plainMoney.contain(bare) ? .money : nil
    }

    /// Whether a heading alone shows that its row is the head of a table of money.
    static func isStrongMoney(_ heading: Scalars) -> Bool {
        ofMoney(heading) == .money && strongMoney.occur(in: withoutBrackets(heading))
    }

    /// The heading without what stands in brackets: 预算数(A), 金额（万元）.
    static func withoutBrackets(_ heading: Scalars) -> Scalars {
        var result: Scalars = []
        var depth = 0
        for scalar in heading {
            switch scalar {
            case "(", "（": depth += 1
            case ")", "）": depth = max(0, depth - 1)
            default: if depth == 0 { result.append(scalar) }
            }
        }
        return result.isEmpty ? heading : result
    }
}
