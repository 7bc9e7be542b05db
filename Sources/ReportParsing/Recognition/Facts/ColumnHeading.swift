/// What the heading of a column says about the cells below it.
enum ColumnHeading: Int, CaseIterable, Sendable {
    case level1, level2, level3
    case target, adjustedTarget, actual
    case measure, nature
    case weight, score, note
    case money, rate
    case ignored

    private static let level1Words: Words = ["一级指标", "一级目标", "一级"]
    private static let level2Words: Words = ["二级指标", "二级目标", "二级"]
    private static let level3Words: Words = ["三级指标", "四级指标", "三级目标", "三级"]
    private static let classWords: Words = ["指标类型", "指标类别", "指标分类", "指标大类", "考核维度", "评价维度"]
    private static let nameWords: Words = [
        "指标名称", "绩效指标名称", "指标内容", "具体指标", "评价指标", "绩效指标", "指标", "考核指标", "指标项", "指标项目", "绩效指标内容",
        "具体指标名称", "评价内容", "考核内容",
    ]
    private static let nameEnds: Words = ["指标名称", "指标内容"]
    private static let ignoredWords: Words = [
        "评分标准", "得分系数", "指标解释", "指标说明", "评价要点", "序号", "数据来源", "核心指标", "评分细则", "计分", "评价标准", "行次",
        "栏次", "佐证", "计算公式", "评分办法", "科目", "编码", "完成比例", "完成率", "责任", "评分规则", "评分方法", "评分依据",
        "取值方式", "得分率", "评分说明", "赋分规则", "扣分标准", "证明材料", "完成程度", "完成度", "实现程度", "偏差率", "指标来源",
        "设定依据", "评价依据", "代码",
    ]
    private static let historyWords: Words = ["上年", "历史", "前三年", "近三年", "以前年度", "行业标准"]
    private static let noteWords: Words = ["原因", "措施", "备注", "说明", "偏差"]
    private static let scoreWords: Words = ["得分", "自评分", "评分", "评价分", "实得分", "打分", "自评分数"]
    private static let weightWords: Words = [
        "分值", "权重", "标准分", "满分", "分数", "应得分", "标准得分", "指标分", "基准分", "设定分", "赋分", "总分", "占分",
    ]
    private static let deductions: Words = ["扣分", "加分", "减分"]
    private static let pointsEnd: Words = ["分值", "权重", "满分"]
    private static let given: Words = ["自评", "得分", "实际", "实得", "评分"]
    private static let fullScoreWords: Words = ["应得分", "标准得分", "标准分", "满分"]
    private static let actualWords: Words = [
        "实际完成", "完成值", "实际值", "完成情况", "完成指标值", "实现值", "实际完成情况", "实际指标值", "全年实际", "实际情况", "业绩值",
        "完成数", "实际数", "完成结果", "实现情况", "执行情况", "实际达到", "实际完成指标", "自评结果", "完成指标",
    ]
    private static let targetWords: Words = [
        "指标值", "目标值", "预期值", "计划值", "预期目标", "绩效目标", "年度目标", "年初目标", "预期指标", "计划目标", "目标", "计划数",
        "指标标准",
        "预期完成值", "设定值", "绩效标准", "标准值", "计划完成值",
    ]
    private static let measureWords: Words = [
        "计量单位", "度量单位", "单位", "指标单位", "指标值单位", "计算单位", "量纲", "指标计量单位", "指标度量单位",
    ]
    private static let natureWords: Words = [
        "指标性质", "指标方向", "运算符号", "计算符号", "符号", "指标属性", "比较符", "指标值性质", "计算方式", "逻辑关系", "关系符",
    ]
    private static let adjusted: Words = ["调整"]

    /// Whether a heading names a level of indicators.
    static func isLevel(_ heading: Scalars) -> Bool {
        [ColumnHeading.level1, .level2, .level3].contains(ofIndicators(heading))
            && !nameWords.contain(heading)
    }

    /// Every word by which a heading of indicators is known.
    private static let indicatorWords = Words(joining: [
        level1Words, level2Words, level3Words, nameWords, nameEnds, natureWords, classWords,
        measureWords, ignoredWords, historyWords, noteWords, deductions, pointsEnd,
        fullScoreWords, scoreWords, weightWords, actualWords, targetWords,
    ])

    /// The meaning of a heading in a table of indicators; nil for other headings.
    static func ofIndicators(_ heading: Scalars) -> ColumnHeading? {
        guard heading.count <= FactLimits.headingLength else { return nil }
        let bare = withoutBrackets(heading)
        guard indicatorWords.occur(in: heading) || indicatorWords.occur(in: bare) else {
            return nil
        }
        if level1Words.begin(heading) || level1Words.end(heading) { return .level1 }
        if level2Words.begin(heading) || level2Words.end(heading) { return .level2 }
        if level3Words.begin(heading) || level3Words.end(heading) || nameWords.contain(heading)
            || nameEnds.end(heading)
        {
            return .level3
        }
        if nameWords.contain(bare) { return .level3 }
        if natureWords.occur(in: heading) { return .nature }
        if classWords.contain(bare) { return .level1 }
        if measureWords.contain(bare) { return .measure }
        if ignoredWords.occur(in: bare) || historyWords.occur(in: bare) { return .ignored }
        if noteWords.occur(in: bare) { return .note }
        if deductions.occur(in: bare) { return .ignored }
        if pointsEnd.end(bare), !given.occur(in: bare) { return .weight }
        if fullScoreWords.occur(in: bare) { return .weight }
        if scoreWords.occur(in: bare) { return .score }
        if weightWords.occur(in: bare) { return .weight }
        if actualWords.occur(in: bare) { return .actual }
        guard targetWords.occur(in: bare) else { return nil }
        return adjusted.occur(in: bare) ? .adjustedTarget : .target
    }

    private static let initialParts: Words = ["年初", "年初值", "年初数", "期初", "年初设定", "年初目标"]
    private static let adjustedParts: Words = ["调整", "调整后", "调整值", "调整数"]
    private static let valueParts: Words = ["值", "数值", "内容", "数量", "指标数"]
    private static let nameParts: Words = ["名称"]

    /// Whether a heading divides the one above it: 年初, 调整, 数值.
    static func isPart(_ heading: Scalars) -> Bool {
        initialParts.contain(heading) || adjustedParts.contain(heading)
            || valueParts.contain(heading) || nameParts.contain(heading)
    }

    /// Whether a heading names kinds of indicators without saying which level they are.
    static func isClass(_ heading: Scalars) -> Bool { classWords.contain(withoutBrackets(heading)) }

    /// The meaning of a column of indicators by all the headings above it, from top to bottom.
    static func ofIndicators(stack: [Scalars]) -> ColumnHeading? {
        guard let lowest = stack.last else { return nil }
        let upper = stack.dropLast().reversed()
        let parent = upper.lazy.compactMap { ofIndicators($0) }.first
        if initialParts.contain(lowest) { return .target }
        if adjustedParts.contain(lowest) { return .adjustedTarget }
        if valueParts.contain(lowest), let parent { return parent }
        if nameParts.contain(lowest) { return .level3 }
        if let own = ofIndicators(lowest) { return own }
        return parent
    }

    private static let rateWords: Words = ["率", "占比", "比重", "比例", "%", "幅度"]
    private static let strongMoney: Words = [
        "预算数", "执行数", "决算数", "预算金额", "执行金额", "全年预算", "年初预算", "调整预算", "实际支出", "支出数", "到位数", "本年收入合计",
        "本年支出合计", "财政拨款收入", "预算安排", "全年执行", "实际使用", "到位资金", "资金总额", "支出金额", "年度预算", "预算批复", "决算金额",
        "实际到位", "实际执行", "支付数", "调整后预算", "下达资金", "预算总额", "执行总额", "累计支出", "实际支付", "实支数", "执行额", "预算额",
        "调整预算数", "批复数", "完成数", "到位金额", "使用金额", "年初数", "决算总额", "实际金额", "计划投资", "批复预算",
    ]
    private static let plainMoney: Words = [
        "金额", "合计", "基本支出", "项目支出", "小计", "人员经费", "公用经费", "上级补助收入", "事业收入", "经营收入", "其他收入", "支出合计",
        "收入合计", "年初结转和结余", "年末结转和结余", "上缴上级支出", "经营支出", "附属单位上缴收入", "一般公共预算财政拨款", "政府性基金预算财政拨款",
        "国有资本经营预算财政拨款", "本年收入", "本年支出", "预算", "决算", "数额", "总计", "对附属单位补助支出", "增减额", "增减金额", "差额",
        "增减数", "比上年增减", "增减", "增减变动", "较上年增减", "比上年增减额", "金额合计", "上年数", "本年数", "执行", "财政拨款", "其他资金",
        "上年结转", "年初结转", "年末结转", "财政专户管理资金", "上年", "本年", "调整数", "一般公共预算", "政府性基金预算", "国有资本经营预算",
        "年中调整", "调整金额", "年中追加", "结余", "结余数", "结余金额", "结余资金", "结转结余", "支付金额", "当年财政拨款", "上年结转资金",
        "中央资金", "省级资金", "市级资金", "县级资金", "区级资金", "增减变化",
    ]
    private static let notMoney: Words = ["情况", "目标", "科目", "原因", "项目名称", "说明", "单位名称", "内容", "用途"]

    private static let fundIgnored: Words = [
        "评分标准", "得分系数", "指标解释", "评价要点", "序号", "数据来源", "评分细则", "计分", "评价标准", "行次", "栏次", "佐证",
        "计算公式",
        "评分办法", "科目", "编码", "责任", "代码",
    ]

    /// The meaning of a column of money by all the headings above it, from top to bottom.
    static func ofMoney(stack: [Scalars]) -> ColumnHeading? {
        for words in stack.reversed() {
            if let meaning = ofMoney(words) { return meaning }
        }
        return nil
    }

    /// Every word by which a heading of money is known.
    private static let moneyWords = Words(joining: [
        fundIgnored, strongMoney, weightWords, scoreWords, rateWords, plainMoney,
    ])

    /// The meaning of a heading in a table of money; nil for other headings.
    static func ofMoney(_ heading: Scalars) -> ColumnHeading? {
        guard heading.count <= FactLimits.headingLength, heading.last != ":" else { return nil }
        let bare = withoutBrackets(heading)
        guard moneyWords.occur(in: heading) || moneyWords.occur(in: bare) else { return nil }
        if fundIgnored.occur(in: heading), !rateWords.occur(in: heading) { return .ignored }
        if notMoney.occur(in: heading) { return nil }
        if strongMoney.occur(in: bare), !rateWords.occur(in: bare) { return .money }
        if weightWords.end(bare) { return .weight }
        if scoreWords.end(bare) { return .score }
        if rateWords.occur(in: bare) { return .rate }
        return plainMoney.contain(bare) ? .money : nil
    }

    /// Whether a heading alone shows that its row is the head of a table of money.
    static func isStrongMoney(_ heading: Scalars) -> Bool {
        ofMoney(heading) == .money && strongMoney.occur(in: withoutBrackets(heading))
    }

    /// The heading without what stands in brackets: 预算数(A), 金额（万元）.
    static func withoutBrackets(_ heading: Scalars) -> Scalars {
        guard heading.contains(where: { $0 == "(" || $0 == "（" || $0 == ")" || $0 == "）" }) else {
            return heading
        }
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
