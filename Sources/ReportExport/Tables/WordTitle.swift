import ReportModel

/// Chinese for the words of the record schema, for people; a word that is not known stays.
///
/// Source: record schema, rows `amounts`, `rates`, `findings` and paragraph on kinds of parts.
package enum WordTitle {
    /// A status of a version.
    package static func status(_ word: String) -> String {
        ["submitted": "已提交", "approved": "已通过", "returned": "已退回", "retracted": "已撤回"][word]
            ?? word
    }

    /// A severity of a finding.
    package static func severity(_ word: String) -> String {
        ["high": "高", "medium": "中", "low": "低", "info": "提示"][word] ?? word
    }

    /// A role of amounts.
    package static func amountRole(_ word: String) -> String { amountRoles[word] ?? word }

    private static let amountRoles = Dictionary(
        AmountRole.all.map { ($0.role, $0.title) },
        uniquingKeysWith: { first, _ in first }
    )

    /// A role of rates.
    package static func rateRole(_ word: String) -> String {
        [
            "execution": "执行率", "share": "占比", "growth": "增长率", "control": "控制率",
            "other": "其他比率",
        ][word] ?? word
    }

    /// A role of staffing.
    package static func staffRole(_ word: String) -> String {
        StaffingRole.all.first { $0.role == word }?.title ?? word
    }

    /// A direction in which an amount or rate went.
    static func direction(_ word: String) -> String { ["up": "增", "down": "减"][word] ?? word }

    /// What a unit names: a problem or an improvement.
    static func item(_ word: String) -> String {
        ["problem": "问题", "improvement": "改进措施"][word] ?? word
    }

    /// A kind of part.
    package static func part(_ word: String) -> String {
        switch PartKind(rawValue: word) {
        case .overallSelfEvaluationReport: "部门整体支出绩效自评报告"
        case .overallEvaluationReport: "部门整体支出绩效评价报告"
        case .overallSelfEvaluationTable: "部门整体支出绩效自评表"
        case .projectSelfEvaluationTable: "项目支出绩效自评表"
        case .projectSelfEvaluationReport: "项目支出绩效自评报告"
        case .finalAccountExplanation: "部门决算公开说明"
        case .baseDataTable: "基础数据表"
        case .threePublicExplanation: "三公经费说明"
        case .other: "其他"
        case nil: word
        }
    }
}
