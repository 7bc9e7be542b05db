import ReportModel

/// Decides the role of an amount from its words.
///
/// Source: record schema, paragraph on roles of amounts.
struct AmountRole: Sendable {
    /// What the words around an amount say.
    struct Evidence: Sendable {
        /// The name of the amount, with the heading of its column in tables.
        var label: Scalars
        /// The bare word before the number, or the heading of the column.
        var own: Scalars
        /// The words of the clause as printed, verbs included.
        var clause: Scalars = []
        /// The words of the sentence, or of the row, before the number.
        var context: Scalars
        /// Whether the number stands in a table of money.
        var isTable = false
        /// Whether the number is a change.
        var isChange = false
        /// Whether the number is last year's, with which this year's is compared.
        var isPrior = false
        /// Whether the name follows the number.
        var isFollowing = false
        /// Kind of the part.
        var part: PartKind = .other
        /// Code of the function when its name or its number says it.
        var functionCode: String?
        /// Whether the number stands in a list of what the expenditure on projects was used for.
        var isInProjectList = false
        /// Year of the amount when printed.
        var year: Int?
        /// The evaluated year when known.
        var recordYear: Int?
    }

    /// What an amount is measured as.
    private enum Base: String {
        case initial = "budget-initial"
        case budget
        case executed
        case final
    }

    private static let isBudgetSentence: Words = [
        "预算资金", "全年预算数", "年初预算数", "预算收入", "预算支出", "收入预算", "支出预算", "预算总额", "预算安排",
    ]
    private static let threePublic: Words = ["三公"]
    private static let threePublicParts: Words = [
        "因公出国", "出国（境）", "出国(境)", "公务用车", "公务接待", "国内接待", "外事接待", "公车", "接待费", "公务车", "外宾接待",
        "国（境）外接待",
    ]
    private static let receptionContext: Words = ["接待费", "公务接待", "更新购置公务用车", "外事接待", "国内接待"]
    private static let operating: Words = ["机关运行经费"]
    private static let procurement: Words = ["采购", "中小企业合同", "小微企业合同", "中小企业", "小微企业"]
    private static let assets: Words = [
        "资产总额", "固定资产", "流动资产", "无形资产", "净资产", "国有资产", "资产原值", "资产净值", "负债", "资产总计", "资产合计", "在建工程",
        "房屋原值", "资产处置", "资产出租",
    ]
    private static let received: Words = [
        "到位资金", "资金到位", "到位", "收到", "已下达", "资金下达", "到账", "实际拨付资金", "下达资金",
    ]
    private static let receipt: Words = ["收到", "争取到"]
    private static let surplus: Words = ["结余", "结转", "年末结余资金"]
    private static let opening: Words = [
        "年初结转", "年初结余", "年初账面", "年初余额", "上年结转", "上年结余", "上年度结转", "期初结转", "以前年度结转", "年初财政拨款结转",
        "使用年初结转",
    ]
    private static let closing: Words = [
        "年末结转", "年末结余", "年末账面", "年底剩余", "年末剩余", "年底结余", "年末余额", "结转下年", "结转至下年", "期末结转", "年底结转",
        "年末财政拨款结转", "结余资金", "结转结余", "结转和结余",
        "结余结转", "当年结余", "本年结余", "年末累计结", "结转资金",
    ]
    private static let involved: Words = ["涉及资金", "涉及金额", "涉及预算资金"]
    private static let strongInitial: Words = [
        "年初预算", "年初部门预算", "年初批复", "年初安排", "年初收入预算", "年初支出预算", "年初财政预算", "期初预算",
    ]
    private static let prior: Words = ["上年决算", "上年度决算", "上年支出决算", "上年数", "上年执行", "去年决算"]
    private static let initialWords: Words = [
        "年初预算", "年初批复", "年初安排", "年初部门预算", "预算批复数", "年初财政预算", "年初收入预算", "年初支出预算", "期初预算", "年初",
    ]
    private static let budgetWords: Words = [
        "预算", "批复", "计划投资", "计划安排", "计划数", "计划金额", "计划资金", "计划总", "计划支出", "总投资", "预算安排", "下达", "核定",
        "预算数",
    ]
    private static let notBudget: Words = [
        "一般公共预算", "政府性基金预算", "国有资本经营预算", "完成预算", "预算收入", "基金预算", "经营预算", "预算执行",
    ]
    private static let executedWords: Words = [
        "执行", "支出经费", "实际支出", "实际使用", "实际完成", "使用", "支付", "支出数", "实际金额", "实支", "完成支出", "实际",
    ]
    private static let spending: Words = ["支出"]
    private static let wholeSpending: Words = ["全年", "累计", "实际", "年度", "总支出", "共支出", "当年支出"]
    private static let weakWords: Words = ["发放", "用于", "投入", "花费", "兑付", "拨付"]
    private static let finalWords: Words = ["决算"]
    private static let both: Words = [
        "收入、支出总", "收支总", "收、支总", "收入和支出总", "收入支出总", "收支预算", "收支决算", "收入总计、支出总计", "收入总计和支出总计",
        "收入支出决算总", "收入与支出总", "收入、支出决算总", "收、支决算总",
    ]
    private static let totals: Words = [
        "合计", "总计", "总额", "总收入", "总支出", "整体", "本年收入", "本年支出", "报表", "年度资金", "资金总额", "总金额", "总预算",
        "总投资", "总经费",
    ]
    private static let income: Words = [
        "收入", "拨入", "财政安排", "拨款", "其他资金", "补助", "财政资金", "资金来源", "单位资金", "自有资金",
    ]
    private static let parts: Words = [
        "基本支出", "项目支出", "人员", "公用", "专项支出", "工资福利", "商品和服务", "对个人和家庭", "资本性支出", "日常", "特定目标类",
        "债务利息",
        "运转类", "经营支出", "上缴上级", "对附属单位", "行政事业类", "基建", "培训费", "会议费", "办公费", "差旅费", "劳务费",
    ]
    private static let wholeFunds: Words = [
        "一般公共预算财政拨款支出", "政府性基金预算财政拨款支出", "国有资本经营预算财政拨款支出", "财政拨款支出", "国有资本经营预算支出",
        "部门支出", "单位支出", "全年支出", "年度支出", "累计支出", "政府性基金预算支出", "一般公共预算支出", "政府性基金支出", "国有资本经营财政拨款支出",
    ]
    private static let basic: Words = ["基本支出"]
    private static let project: Words = ["项目", "专项"]
    private static let item: Words = ["（项）", "(项)"]
    private static let classMark: Words = ["（类）", "(类)"]

    /// The role of an amount.
    static func role(_ evidence: Evidence) -> String {
        if evidence.isChange { return "yoy-delta" }
        if evidence.isPrior { return "prior-final" }
        let label = evidence.label
        if let role = ofProjectList(evidence) ?? ofPriorYear(evidence) { return role }
        if let special = special(evidence) { return special }
        let base = base(evidence)
        if item.occur(in: label) || (evidence.functionCode?.count ?? 0) >= 7 {
            return base == .final || base == nil ? "final-expenditure-item" : word(base) + "-item"
        }
        if base == .final, let year = evidence.year, let current = evidence.recordYear,
            year == current - 1
        {
            return "prior-final"
        }
        let isFunction =
            (base == .final || base == nil)
            && (classMark.occur(in: label) || FunctionCodes.isClass(label))
        if isFunction { return "final-expenditure-function" }
        return dimension(evidence, base)
    }

    private static func word(_ base: Base?) -> String { (base ?? .executed).rawValue }

    private static let listParts: Words = [
        "基本支出", "人员经费", "公用经费", "日常公用经费", "人员支出", "公用支出", "合计", "小计",
    ]
    private static let listBudgets: Words = ["预算数", "年初预算", "全年预算", "预算安排", "安排预算", "调整预算", "预算资金"]

    /// What a single project cost, in a list of what the expenditure on projects was used for.
    private static func ofProjectList(_ evidence: Evidence) -> String? {
        guard evidence.isInProjectList, !listParts.contain(evidence.label) else { return nil }
        let isBudget =
            listBudgets.occur(in: evidence.clause)
            || NumberNamer.isGeneric(evidence.own) && isBudget(evidence.own)
        guard isBudget else { return "executed-project" }
        return strongInitial.occur(in: evidence.clause)
            ? "budget-initial-project" : "budget-project"
    }

    /// `，2022年为1.62万元` behind this year's number: the words say nothing but the year.
    private static func ofPriorYear(_ evidence: Evidence) -> String? {
        guard let year = evidence.year, let current = evidence.recordYear, year == current - 1,
            NumberNamer.isGeneric(evidence.own), evidence.clause.count <= 14, !evidence.isTable,
            evidence.own.isEmpty || finalWords.occur(in: evidence.own)
        else { return nil }
        return "prior-final"
    }

    private static let specialWords = Words(joining: [
        prior, involved, threePublicParts, threePublic, operating, procurement, opening, assets,
        closing,
    ])

    /// Roles that one word decides.
    private static func special(_ evidence: Evidence) -> String? {
        let label = evidence.label
        // Most labels hold none of the words.
        let isNamed = specialWords.occur(in: label)
        if isNamed, prior.occur(in: label) { return "prior-final" }
        if isNamed, involved.occur(in: label) { return "executed" }
        if isNamed, threePublicParts.occur(in: label) {
            return isBudget(evidence.own) ? "three-public-budget" : "three-public-part"
        }
        if isNamed, threePublic.occur(in: label) {
            return isBudget(evidence.own) ? "three-public-budget" : "three-public-total"
        }
        if let role = ofContext(evidence) {
            return role == "three-public-part" && isBudget(evidence.own)
                ? "three-public-budget" : role
        }
        if isNamed, operating.occur(in: label) { return "operating-funds" }
        if isNamed, procurement.occur(in: label) { return "procurement" }
        if isNamed, opening.occur(in: label) { return "opening-carry-over" }
        if isNamed, assets.occur(in: label) { return "assets" }
        if isNamed, closing.occur(in: label), !income.occur(in: label) || closing.end(label) {
            return "closing-carry-over"
        }
        if surplus.contain(label) { return "closing-carry-over" }
        if received.occur(in: evidence.own) || receipt.occur(in: evidence.clause)
            || received.end(label)
        {
            return "funds-received"
        }
        let isPlain = !parts.occur(in: label) && !totals.occur(in: label)
        if isPlain, receptionContext.occur(in: evidence.context) { return "three-public-part" }
        return nil
    }

    private static func isBudget(_ own: Scalars) -> Bool {
        base(of: own) == .budget || base(of: own) == .initial
    }

    /// The base that words state; 一般公共预算 names a fund and is no statement.
    private static func base(of words: Scalars) -> Base? {
        if words.isEmpty { return nil }
        if strongInitial.occur(in: words), !finalWords.occur(in: words) { return .initial }
        var words = words
        while let start = notBudget.lastStart(in: words, from: 0, to: words.count),
            let length = notBudget.length(in: words, at: start)
        {
            let isExecution = executedWords.length(in: words, at: start + 2) != nil
            words.removeSubrange(start..<start + (isExecution ? 2 : length))
        }
        if finalWords.occur(in: words) { return .final }
        if initialWords.occur(in: words), budgetWords.occur(in: words) { return .initial }
        if executedWords.occur(in: words) { return .executed }
        return budgetWords.occur(in: words) ? .budget : nil
    }

    private static func base(_ evidence: Evidence) -> Base? {
        var stated = base(of: evidence.own) ?? base(of: evidence.clause)
        if stated == nil, spending.end(evidence.own), NumberNamer.isGeneric(evidence.own),
            let carried = base(of: evidence.label)
        {
            // 预算资金50万元，全年支出49万元: the budget was the subject's.
            stated = carried == .final ? .final : .executed
        }
        stated = stated ?? base(of: evidence.label)
        if let stated { return stated }
        if finalWords.occur(in: evidence.context) { return .final }
        let end = evidence.context.count
        if wholeSpending.begin(evidence.own), spending.end(evidence.own) { return .executed }
        if let budget = isBudgetSentence.lastStart(in: evidence.context, from: 0, to: end) {
            let executed = executedWords.lastStart(in: evidence.context, from: budget, to: end)
            return executed == nil ? .budget : .executed
        }
        switch evidence.part {
        case .finalAccountExplanation, .threePublicExplanation: return .final
        default: return nil
        }
    }

    private static func dimension(_ evidence: Evidence, _ base: Base?) -> String {
        let label = evidence.label
        if both.occur(in: label) {
            return base == .final || base == nil ? "final-grand-total" : word(base) + "-total"
        }
        let isProjectPart =
            evidence.part == .projectSelfEvaluationReport
            || evidence.part == .projectSelfEvaluationTable
        let isProject = project.occur(in: label) || isOfProject(evidence)
        if isProjectPart || (isProject && !evidence.isTable && !basic.occur(in: evidence.context)) {
            if let role = projectRole(evidence, base, isProjectPart: isProjectPart) { return role }
        }
        if NumberNamer.isGeneric(label), let base, base != .final,
            !expenditureWord.occur(in: label) || base == .executed
        {
            return word(base)
        }
        if let total = expenditureRole(label, base) { return total }
        if income.occur(in: label), weakWords.occur(in: evidence.clause),
            base == nil || base == .executed
        {
            return "executed"
        }
        if income.occur(in: label) {
            let level =
                totals.occur(in: label) || isWholeIncome(label) ? "-income-total" : "-income-part"
            // Income is received and not executed.
            return (base == nil ? "final" : word(base)) + level
        }
        if totals.occur(in: label), base != nil {
            return base == .final ? "final-grand-total" : word(base) + "-total"
        }
        if base == nil, spending.end(label) { return "executed-expenditure-part" }
        guard let base else { return weakWords.occur(in: evidence.clause) ? "executed" : "other" }
        if expenditureWord.occur(in: label) || base == .final {
            return word(base) + "-expenditure-part"
        }
        return base == .executed ? "executed-project" : word(base)
    }

    private static let wholeIncome: Words = [
        "收入预算", "收入决算", "预算收入", "决算收入", "收入决算数", "收入预算数", "拨入", "财政安排", "全年收入", "年度收入",
    ]

    private static func isWholeIncome(_ label: Scalars) -> Bool {
        unitIncome.contain(label) || wholeIncome.occur(in: label) && label.count <= 10
    }

    private static let unitIncome: Words = ["部门收入", "单位收入", "本部门收入", "本单位收入"]

    private static let wholeExpenditure: Words = ["支出预算", "支出决算", "预算支出", "决算支出", "预算数", "决算数"]
    private static let expenditureWord: Words = ["支出"]

    private static func expenditureRole(_ label: Scalars, _ base: Base?) -> String? {
        if parts.occur(in: label) { return word(base) + "-expenditure-part" }
        guard expenditureWord.occur(in: label) else { return nil }
        let isWhole =
            totals.occur(in: label) || wholeFunds.occur(in: label)
            || (wholeExpenditure.occur(in: label) && label.count <= 10)
        if isWhole { return word(base) + "-expenditure-total" }
        return base == .final ? "final-expenditure-part" : nil
    }

    /// Whether a bare sum such as 预算总金额 stands in a sentence about projects.
    private static func isOfProject(_ evidence: Evidence) -> Bool {
        let label = evidence.label
        return totals.occur(in: label) && label.count <= 8 && project.occur(in: evidence.context)
            && !income.occur(in: label) && !expenditureWord.occur(in: label)
    }

    private static let projectTotals: Words = ["项目支出", "专项支出", "总额", "合计", "总计", "专项资金总", "项目资金总"]
    private static let projectParts: Words = [
        "其中", "财政拨款", "其他资金", "上年结转", "中央", "省级", "市级", "县级", "区级", "地方", "单位资金",
    ]

    private static func projectRole(
        _ evidence: Evidence,
        _ base: Base?,
        isProjectPart: Bool
    ) -> String? {
        let base = base == .final ? Base.executed : base
        if isProjectPart {
            guard let base, !evidence.isFollowing else { return "executed-project-part" }
            let isPart = projectParts.occur(in: evidence.label) && !totals.occur(in: evidence.label)
            return word(base) + (isPart ? "-project-part" : "-project")
        }
        if evidence.part == .finalAccountExplanation { return nil }
        guard let base else {
            return projectTotals.occur(in: evidence.label)
                ? "executed-project-total" : "executed-project"
        }
        let isTotal = base == .executed && projectTotals.occur(in: evidence.label)
        return word(base) + (isTotal ? "-project-total" : "-project")
    }
}
