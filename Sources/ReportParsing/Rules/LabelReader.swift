import ReportModel

/// Reads role and label of an amount: what it speaks about, at which stage, of which money.
struct LabelReader {
    /// Names of the unit, longest first, and other words that are not part of a label.
    private let words: [RuleText.Filler]

    /// Collects the names of a record's unit.
    init(_ record: Record) {
        let all =
            [record.unit.name, record.unit.shortName].compactMap { $0 }
            + record.unit.aliases.prefix(20)
        let names = all.filter { $0.count > 1 }.sorted { $0.count > $1.count }.map {
            RuleText.Filler(RuleText.normalised($0))
        }.filter { !$0.bytes.isEmpty }
        words = names + Self.fillers
    }

    /// Makes the exact fact; nil when its value or unit cannot be read.
    func check(_ amount: Amount) -> CheckedAmount? {
        guard let number = CheckNumber(printed: amount.value),
            let factor = Self.factor(of: amount.unit),
            let yuan = CheckNumber(scaled: number.scaled * factor)
        else { return nil }
        let printed = RuleText.normalised(amount.label)
        let label = core(of: printed)
        let measure = Self.measure(role: amount.role, label: amount.label)
        return CheckedAmount(
            amount: amount,
            yuan: yuan.scaled,
            step: number.step * factor,
            places: number.places,
            factor: factor,
            topic: topic(of: amount, printed: printed, core: label),
            measure: measure,
            scope: Self.scope(of: amount.label),
            row: Rules.rowName(normalised: printed)
        )
    }

    /// 元 per unit; nil for a unit that is not money.
    static func factor(of unit: String) -> Int128? {
        switch unit == "万元" || unit == "元" ? unit : RuleText.normalised(unit) {
        case "元": 1
        case "千元": 1000
        case "万元", "万": 10_000
        case "百万元": 1_000_000
        case "亿元", "亿": 100_000_000
        default: nil
        }
    }

    private static func measure(role: String, label: String) -> Measure {
        if role.hasPrefix("yoy") { return .delta }
        if role.hasPrefix("prior") || label.begins("上年") || label.begins("去年")
            || priorWords.occur(in: label)
        {
            return .prior
        }
        if role.hasPrefix("budget-initial") { return .initial }
        if role.hasPrefix("budget") || role == "three-public-budget" {
            return label.holds("年初") ? .initial : .budget
        }
        if role.hasPrefix("final") || role.hasPrefix("executed") { return .actual }
        switch role {
        case "three-public-total", "three-public-part", "operating-funds", "procurement",
            "opening-carry-over", "closing-carry-over":
            return .actual
        default: return .other
        }
    }

    private static func scope(of label: String) -> String {
        scopes.first(where: label.holds) ?? ""
    }

    private static let scopes = ["一般公共预算", "政府性基金", "国有资本", "财政拨款", "非财政", "单位资金"]
    private static let priorWords = Needles(["上年决算", "上年支出", "上年数", "上年收入"])
    private static let threePublicWords = Needles(["三公", "出国", "公务用车", "公车", "公务接待"])

    /// The label without names, years, money scopes and the words of measures and totals.
    func core(of normalised: String) -> String {
        RuleText.removing(words, from: normalised)
    }

    /// Longest first, so that no word leaves a piece of another.
    private static let fillers: [RuleText.Filler] = [
        "一般公共预算", "政府性基金", "国有资本经营", "财政拨款", "决算报表", "全年预算数", "全年执行数",
        "年初预算", "全年预算", "调整预算", "预算金额", "实际金额", "资金来源", "资金结构", "我单位", "本单位",
        "本部门", "我部门", "年度", "全年", "本年", "当年", "实际", "预算数", "执行数", "决算数", "决算",
        "预算", "执行", "总共", "总计", "合计", "总额", "金额", "共计", "其中", "整体", "部门", "单位",
        "上年度", "上年", "去年", "我会", "我局", "本会", "本局", "完成", "发生", "年初", "年", "的", "为", "数", "共", "总",
    ].map { RuleText.Filler($0) }

    private func topic(of amount: Amount, printed: String, core: String) -> Topic? {
        let role = amount.role
        let label = amount.label
        if role == "opening-carry-over" { return .openingCarryOver }
        if role == "closing-carry-over" { return .closingCarryOver }
        if role == "operating-funds" { return .operating }
        if role.hasPrefix("three-public")
            || Self.threePublicWords.occur(in: label)
        {
            return threePublicTopic(label, isTotal: role == "three-public-total")
                ?? (role.hasPrefix("prior") && label.holds("三公") ? .threePublic : nil)
        }
        if role == "final-grand-total" { return .grandTotal }
        // 总计 holds what was carried over, 合计 does not.
        if role.hasPrefix("final") || role.hasPrefix("prior"), amount.functionCode == nil,
            label.holds("收入总计") || label.holds("支出总计")
        {
            return .grandTotal
        }
        // Caches of charts name the two sides of the whole account.
        if role == "other", core == "收入支出" { return .grandTotal }
        if amount.project != nil || role.hasPrefix("yoy") || amount.functionCode != nil {
            return nil
        }
        if let topic = Self.topics[core] { return topic }
        if Self.isBare(amount, printed) { return nil }
        if role.hasSuffix("income-total") || (core == "收入" && isWhole(role)) { return .income }
        if role.hasSuffix("expenditure-total") || (core == "支出" && isWhole(role)) {
            return .expenditure
        }
        return nil
    }

    /// Whether a label is the bare word of an item whose name was not read, not that of a whole.
    static func isBare(_ amount: Amount) -> Bool {
        amount.year == nil && isBare(amount, RuleText.normalised(amount.label))
    }

    private static func isBare(_ amount: Amount, _ normalised: String) -> Bool {
        amount.year == nil && bareWords.contain(normalised.scalarArray)
    }

    private static let bareWords: Words = [
        "支出决算", "决算支出", "实际支出", "支出", "支出数", "实际使用", "收入", "支出为", "支出决算数",
    ]

    /// What labels without their fillers speak about.
    private static let topics: [String: Topic] = [
        "基本支出": .basic,
        "项目支出": .project, "专项支出": .project, "专项资金": .project, "专项经费": .project,
        "特定目标类": .project, "特定目标类项目": .project, "特定目标类项目支出": .project,
        "人员经费": .personnel, "人员支出": .personnel, "人员经费支出": .personnel,
        "人员类": .personnel,
        "公用经费": .publicFunds, "公用支出": .publicFunds, "日常公用经费": .publicFunds,
        "公用经费支出": .publicFunds, "日常公用支出": .publicFunds, "日常公用经费支出": .publicFunds,
        "运转类公用经费": .publicFunds,
        "收入支出": .grandTotal, "收支": .grandTotal, "收入支出总": .grandTotal,
    ]

    private func isWhole(_ role: String) -> Bool {
        guard role != "other" else { return false }
        return !RuleText.has(role, ["part", "item", "project", "function"])
    }

    private func threePublicTopic(_ label: String, isTotal: Bool) -> Topic? {
        if isTotal { return .threePublic }
        if label.holds("出国") { return .abroad }
        if RuleText.has(label, ["用车", "车辆", "公车"]) {
            let purchase = label.holds("购置")
            let operation = RuleText.has(label, ["运行", "维护"])
            if purchase { return operation ? .vehicles : .vehiclePurchase }
            return operation ? .vehicleOperation : nil
        }
        if label.holds("接待") {
            return RuleText.has(label, ["国内", "外事", "外宾", "国（境）外"]) ? nil : .reception
        }
        return nil
    }
}
