/// Decides what a number of people counts.
///
/// Source: record schema, row `staffing`.
enum StaffingRole {
    private static let others: Words = ["遗属"]
    /// 编制 of budgets and accounts, not of posts; people who are no staff.
    private static let notPosts: Words = [
        "编制范围", "预算编制", "决算编制", "编制单位", "编制质量", "编制依据", "编制口径", "学生", "志愿者", "实习生", "会员", "群众",
    ]
    private static let contract: Words = [
        "临聘", "外聘", "聘用", "编外", "合同工", "合同制", "劳务派遣", "政府雇员", "雇员", "公益性岗位", "公益岗", "协管员", "临时",
        "政府购买服务人员",
        "派遣", "社会化工作者", "辅警",
    ]
    private static let retired: Words = ["退休", "离休", "离退休", "退养"]
    private static let authorised: Words = ["编制", "核定", "编制数", "定编"]
    private static let serving: Words = [
        "在职", "实有", "在编", "在岗", "供养", "现有人员", "教职工", "教职员工", "现有教师", "现有干部", "现有职工", "年末人数",
        "现有工作人员", "职工总数", "从业人员",
    ]
    /// Posts that are granted as a number of heads.
    private static let posts: Words = ["员额", "员额数"]
    private static let present: Words = ["现有", "实有", "在职", "在岗", "在编"]
    private static let arrived: Words = ["到岗", "实际到岗", "已到岗", "到岗人数"]
    private static let sums: Words = ["合计", "共计", "总计", "小计"]
    private static let plainServing: Words = ["实有", "实有人数", "实有人员", "现有", "在编", "在岗", "实际在编"]
    private static let servingInPosts: Words = ["在编", "在职", "实有", "在岗"]
    private static let administrative: Words = ["行政", "公务员", "机关人员"]
    private static let institution: Words = ["事业", "参公", "参照公务员"]
    private static let subgroups: Words = [
        "行政", "行政人员", "行政编", "公务员", "事业", "事业人员", "事业编", "参公", "参公人员", "机关人员", "参照公务员管理人员", "行政在职",
        "事业在职",
        "行政编制人员", "事业编制人员", "参照公务员法管理人员", "工勤", "工勤人员", "机关工勤", "行政工勤",
    ]
    private static let workers: Words = ["工勤", "工人"]
    private static let actions: Words = [
        "慰问", "走访", "看望", "培训", "服务", "帮扶", "救助", "组织", "发放", "覆盖", "表彰", "参加", "选派", "给", "招聘",
        "完成",
        "接待", "资助", "补助", "为", "开展", "调出", "调入", "新增", "减少", "增加", "人均", "招录",
    ]
    private static let service: Words = ["政府购买服务", "机关服务", "服务人员", "服务中心"]

    /// The role of a count of people.
    /// - Parameters:
    ///   - label: the words that name the count.
    ///   - previous: role of the count before it in the same sentence.
    /// - Returns: a role of the schema; nil when the words do not speak of staff.
    static func role(_ label: Scalars, after previous: String?) -> String? {
        guard !label.isEmpty, !notPosts.occur(in: label) else { return nil }
        if others.occur(in: label) { return "other" }
        if actions.occur(in: label), !service.occur(in: label) { return nil }
        if subgroups.contain(label) { return subgroup(label, of: previous) }
        if sums.contain(label), let previous {
            return previous.hasPrefix("authorised") ? "authorised" : "serving"
        }
        if plainServing.contain(label), let previous, previous.hasPrefix("authorised-") {
            // 行政编制35名，实有34人: the posts say whose number it is.
            return "serving" + previous.dropFirst("authorised".count)
        }
        if arrived.contain(label), let previous, previous.hasPrefix("authorised") {
            return "serving" + previous.dropFirst("authorised".count)
        }
        if contract.occur(in: label) { return "contract" }
        if retired.occur(in: label) { return "retired" }
        let suffix = suffix(label)
        if posts.end(label), !present.occur(in: label) { return "authorised" + suffix }
        if authorised.end(label) || authorised.occur(in: label) && !servingInPosts.occur(in: label)
        {
            return "authorised" + suffix
        }
        if serving.occur(in: label) { return "serving" + suffix }
        return workers.occur(in: label) && previous != nil ? "other" : nil
    }

    private static func suffix(_ label: Scalars) -> String {
        if workers.occur(in: label) { return "" }
        if institution.occur(in: label) {
            return administrative.occur(in: label) && !reference.occur(in: label)
                ? "" : "-institution"
        }
        return administrative.occur(in: label) ? "-administrative" : ""
    }

    private static let reference: Words = ["参照公务员", "参公"]

    private static func subgroup(_ label: Scalars, of previous: String?) -> String? {
        guard let previous else { return nil }
        if workers.occur(in: label) { return "other" }
        let base = previous.hasPrefix("authorised") ? "authorised" : "serving"
        return base + suffix(label)
    }
}
