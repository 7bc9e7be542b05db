import ReportModel

/// What kind of document a title names.
///
/// Source: domain description, section 2, titles seen.
enum TitleShape {
    /// What a title says.
    struct Reading: Equatable {
        /// The kind; nil when the title fits several and the content decides.
        var kind: PartKind?
        /// Whether the line is a title only when it names a year.
        var needsYear: Bool
    }

    private static let longestTitle = 56
    private static let topics = Needles([
        "绩效", "决算", "三公", "自评", "整体支出", "基础数据", "预算公开", "部门预算",
    ])
    /// What no title holds.
    private static let foreign = Needles([
        "《", "。", "，", "；", "：", "的通知", "目录", "如下", "详见", "…",
    ])
    private static let sureEndings = [
        "报告", "报告书", "自评表", "评价表", "评分表", "情况表", "数据表", "自评", "明细表", "申报表",
    ]
    private static let endings = ["说明", "公开", "决算", "情况", "评价", "表", "总结", "材料", "信息"]

    /// Reads a line as a title.
    /// - Parameter text: squeezed text of a line.
    /// - Returns: nil when the line is no title of a report or of a part of one.
    static func read(_ text: String) -> Reading? {
        // No scalar has more than four bytes.
        guard text.utf8.count <= 4 * longestTitle else { return nil }
        let count = text.unicodeScalars.count
        guard count >= 4, count <= longestTitle, topics.occur(in: text), !foreign.occur(in: text)
        else { return nil }
        guard text.unicodeScalars.first != "（", !isQuotedFigure(text) else { return nil }
        let core = withoutTail(text)
        let isSure = sureEndings.contains(where: core.ends)
        guard isSure || endings.contains(where: core.ends) else { return nil }
        return Reading(kind: kind(core), needsYear: !isSure)
    }

    private static func isQuotedFigure(_ text: String) -> Bool {
        (text.begins("图") || text.begins("表") || text.begins("注"))
            && text.unicodeScalars.dropFirst().first.map { LineShape.digit($0) != nil } ?? false
    }

    /// The title without a year or scope in brackets behind it.
    private static func withoutTail(_ text: String) -> String {
        var core = Substring(text)
        while core.ends("）"), let open = core.lastIndex(of: "（"), open > core.startIndex {
            core = core[..<open]
        }
        return String(core)
    }

    private static func kind(_ text: String) -> PartKind? {
        if text.holds("基础数据") { return .baseDataTable }
        if text.holds("三公"), !text.holds("绩效"), !text.holds("部门决算") {
            return .threePublicExplanation
        }
        if text.holds("决算"), !text.holds("绩效") { return .finalAccountExplanation }
        if text.holds(anyOf: ["部门预算公开", "预算公开", "预算编制", "预算说明", "申报表"]) { return .other }
        let isTable = text.ends("表") || text.holds("绩效目标自评")
        if text.holds(anyOf: ["整体支出", "部门整体", "单位整体", "整体绩效", "整体预算"]) {
            if isTable { return .overallSelfEvaluationTable }
            return text.holds("自评") || text.holds("自我评价")
                ? .overallSelfEvaluationReport : .overallEvaluationReport
        }
        if text.holds(anyOf: ["项目", "专项资金", "转移支付", "专项经费", "补助资金"]) {
            return isTable ? .projectSelfEvaluationTable : .projectSelfEvaluationReport
        }
        if isTable { return nil }
        guard text.holds(anyOf: ["绩效", "自评"]) else { return .other }
        if text.holds("资金") { return .projectSelfEvaluationReport }
        return text.holds("自评") || text.holds("自我评价")
            ? .overallSelfEvaluationReport : .overallEvaluationReport
    }

    /// The title that a covering letter quotes: 关于报送《2022年部门整体支出绩效自评报告》的报告.
    /// - Parameter text: squeezed text of a line.
    /// - Returns: what stands in the quotation marks; nil when the line is no such letter's title.
    static func quoted(_ text: String) -> String? {
        guard text.holds("关于"), text.utf8.count <= 240 else { return nil }
        let scalars = text.scalarArray
        guard let open = scalars.firstIndex(of: "《"), let close = scalars.firstIndex(of: "》"),
            open < close, letterEnds.contain(Array(scalars[(close + 1)...]))
        else { return nil }
        return scalars[(open + 1)..<close].string
    }

    private static let letterEnds: Words = ["的报告", "的公示", "的函", "的请示", "的公告", "的说明", ""]

    /// Divides `附件1：` from the title behind it.
    /// - Parameter text: squeezed text of a line.
    /// - Returns: nil when the line does not begin with an attachment's mark; the rest may be empty.
    static func attachment(_ text: String) -> String? {
        guard text.unicodeScalars.first == "附" else { return nil }
        let scalars = text.scalarArray
        guard scalars.count >= 2,
            scalars[1] == "件" || scalars[1] == "表" || scalars[1] == "录"
        else { return nil }
        var index = 2
        while index < scalars.count, isMark(scalars[index]) { index += 1 }
        if index < scalars.count, scalars[index] == "：" || scalars[index] == "、" { index += 1 }
        return scalars[index...].string
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        LineShape.digit(scalar) != nil || LineShape.chineseDigit(scalar) != nil || scalar == "十"
            || scalar == "-" || scalar == "－" || scalar == "—"
    }
}
