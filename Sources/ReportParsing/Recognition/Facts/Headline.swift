import ReportModel

/// Chooses the record's score, grade and rate of execution among the stated ones.
///
/// Source: record schema, row `score`, `grade`, `executionRate`: those of the part that gave
/// the kind. Nothing is computed.
enum Headline {
    /// Fills the three fields that are still unknown.
    static func fill(
        _ draft: inout Draft,
        tableScores: [TotalScore],
        looseGrades: [(part: Int, grade: String)]
    ) {
        let parts = leadingParts(draft.record)
        for part in parts where draft.record.score == nil {
            let stated = draft.record.scores.filter { $0.part == part }
            let total = tableScores.first { $0.part == part } ?? stated.first
            guard let total else { continue }
            draft.record.score = total.total
            if draft.record.grade == nil {
                draft.record.grade =
                    total.grade ?? stated.first { $0.total == total.total && $0.grade != nil }?
                    .grade
                    ?? looseGrades.first { $0.part == part }?.grade
            }
        }
        if draft.record.grade == nil {
            draft.record.grade = looseGrades.first { parts.contains($0.part) }?.grade
        }
        if draft.record.executionRate == nil {
            draft.record.executionRate = rate(draft.record, parts: parts)
        }
    }

    /// Indexes of the parts whose kind is the record's, in their order.
    private static func leadingParts(_ record: Record) -> [Int] {
        guard !record.parts.isEmpty else { return [0] }
        let kinds = record.parts.map(\.kind)
        let isLeading: (PartKind) -> Bool
        if kinds.contains(.finalAccountExplanation) {
            isLeading = { $0 == .finalAccountExplanation }
        } else if kinds.contains(where: \.isAboutDepartment) {
            isLeading = { $0.isAboutDepartment }
        } else if kinds.contains(.projectSelfEvaluationTable)
            || kinds.contains(.projectSelfEvaluationReport)
        {
            isLeading = {
                $0 == .projectSelfEvaluationTable || $0 == .projectSelfEvaluationReport
            }
        } else {
            return Array(kinds.indices)
        }
        return kinds.indices.filter { isLeading(kinds[$0]) }
    }

    private static let wholes: Words = [
        "整体支出", "整体收支", "本年支出", "支出决算", "年度资金总额", "资金总额", "合计", "总计", "部门预算", "年度预算", "预算支出",
        "全年预算",
        "预算执行率", "预算完成率", "资金使用率", "支出进度", "预算支出率", "总支出", "财政拨款支出", "支出总额", "年度资金", "部门整体", "预算总",
        "整体", "总金额", "总额", "全部资金", "预算资金总",
    ]
    private static let partial: Words = [
        "基本支出", "项目支出", "三公", "公务", "因公", "（项）", "(项)", "人员", "公用", "采购", "（类）", "收入", "其他资金",
        "上年结转",
        "政府性基金", "国有资本", "培训费", "会议费", "机关运行",
    ]
    private static let project: Words = ["项目"]

    private static func rate(_ record: Record, parts: [Int]) -> String? {
        let rates = record.rates.filter { $0.role == "execution" && parts.contains($0.part) }
        func isWhole(_ rate: Rate) -> Bool {
            let label = rate.label.scalarArray
            return wholes.occur(in: label) && !partial.occur(in: label)
        }
        if let whole = rates.first(where: isWhole) { return whole.percent }
        let aboutDepartment = parts.allSatisfy { part in
            record.parts.indices.contains(part) && record.parts[part].kind.isAboutDepartment
        }
        if aboutDepartment,
            let first = rates.first(where: { !partial.occur(in: $0.label.scalarArray) })
        {
            return first.percent
        }
        let aboutProject = parts.allSatisfy { part in
            record.parts.indices.contains(part)
                && (record.parts[part].kind == .projectSelfEvaluationTable
                    || record.parts[part].kind == .projectSelfEvaluationReport)
        }
        return aboutProject && record.projects.count <= 1 ? rates.first?.percent : nil
    }
}
