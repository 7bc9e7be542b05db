import ReportModel

/// What a report of its kind usually has and this one lacks.
enum ReceiptLacks {
    /// One line for each thing that is missing; empty when nothing is.
    static func lines(_ record: Record) -> [String] {
        let kinds = Set(record.parts.map(\.kind))
        var lines: [String] = []
        if record.reportDate == nil { lines.append("没有写报告日期") }
        let isSelfEvaluation =
            record.kind == "整体支出" || record.kind.hasPrefix("项目支出")
            || kinds.contains { $0.isAboutDepartment }
        if isSelfEvaluation { addSelfEvaluation(record, to: &lines) }
        let roles = Set(record.amounts.map(\.role))
        if record.kind == "部门决算" {
            if !roles.contains(where: { $0.hasPrefix("final-") }) {
                lines.append("没有读到决算收入、支出总计")
            }
            if !roles.contains(where: { $0.hasPrefix("three-public-") }) {
                lines.append("没有读到“三公”经费")
            }
        }
        if record.kind == "三公经费", !roles.contains("three-public-total") {
            lines.append("没有读到“三公”经费合计")
        }
        return lines
    }

    private static func addSelfEvaluation(_ record: Record, to lines: inout [String]) {
        let roles = record.amounts.map(\.role)
        if !roles.contains(where: { $0.hasPrefix("budget") }), record.projects.isEmpty {
            lines.append("没有读到预算金额")
        }
        if !roles.contains(where: { $0.hasPrefix("executed") }), record.projects.isEmpty {
            lines.append("没有读到执行（支出）金额")
        }
        if record.executionRate == nil { lines.append("没有写预算执行率") }
        if record.indicators.isEmpty { lines.append("没有绩效指标表") }
        if record.score == nil { lines.append("没有写自评总分") }
        if record.problems.isEmpty { lines.append("没有写存在的问题") }
        if record.improvements.isEmpty { lines.append("没有写改进措施") }
    }
}
