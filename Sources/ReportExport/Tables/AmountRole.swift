/// Roles of amounts that have a column of their own, in the order of the columns.
///
/// Roles are only added at the end.
///
/// Source: record schema, paragraph on roles of amounts.
enum AmountRole {
    typealias Titled = (role: String, title: String)

    /// Every role.
    static let all = simple + combined

    /// Roles of one word behind budget and execution, and those that stand by themselves.
    static let simple: [Titled] =
        bases.flatMap(family) + [
            ("final-grand-total", "决算总计"),
            ("final-income-total", "决算收入合计"),
            ("final-income-part", "决算收入分项"),
            ("final-expenditure-total", "决算支出合计"),
            ("final-expenditure-part", "决算支出分项"),
            ("final-expenditure-function", "决算功能分类支出"),
            ("final-expenditure-item", "决算支出明细"),
            ("opening-carry-over", "年初结转结余"),
            ("closing-carry-over", "年末结转结余"),
            ("prior-final", "上年决算"),
            ("yoy-delta", "比上年增减"),
            ("three-public-total", "三公经费合计"),
            ("three-public-part", "三公经费分项"),
            ("three-public-budget", "三公经费预算"),
            ("operating-funds", "机关运行经费"),
            ("procurement", "政府采购"),
            ("assets", "资产"),
            ("funds-received", "到位资金"),
            ("other", "其他金额"),
        ]

    /// Roles of two words: the total, a part or an item of income, expenditure or projects.
    static let combined: [Titled] = {
        var roles: [Titled] = []
        for base in bases {
            for what in [("-income", "收入"), ("-expenditure", "支出"), ("-project", "项目")] {
                for level in [("-total", "合计"), ("-part", "分项"), ("-item", "明细")] {
                    roles.append((base.role + what.0 + level.0, base.title + what.1 + level.1))
                }
            }
        }
        return roles
    }()

    private static let bases: [Titled] = [
        ("budget-initial", "年初预算"), ("budget", "预算"), ("executed", "执行"),
    ]

    private static func family(_ base: Titled) -> [Titled] {
        let (role, title) = base
        return [
            (role, title), (role + "-total", title + "合计"), (role + "-income", title + "收入"),
            (role + "-expenditure", title + "支出"), (role + "-project", title + "项目"),
            (role + "-part", title + "分项"), (role + "-item", title + "明细"),
        ]
    }
}

/// Roles of staffing that have a column of their own, in the order of the columns.
///
/// Source: record schema, row `staffing`.
enum StaffingRole {
    static let all: [(role: String, title: String)] = [
        ("authorised", "编制数"), ("authorised-administrative", "行政编制"),
        ("authorised-institution", "事业编制"), ("serving", "在职人数"),
        ("serving-administrative", "行政在职"), ("serving-institution", "事业在职"),
        ("retired", "离退休人数"), ("contract", "编外人数"), ("other", "其他人数"),
    ]
}
