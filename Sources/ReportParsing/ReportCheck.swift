import ReportModel

/// Refuses texts that are no report at all.
///
/// Lenient: a report that lacks a part is stored and flagged, not refused.
enum ReportCheck {
    private static let words = ["绩效", "预算", "决算", "自评", "整体支出", "项目支出", "三公", "财政", "经费", "评价"]

    /// Refuses a document that has nothing to recognise, such as one whose only text lies outside
    /// its pages.
    /// - Throws: `.noText` without blocks.
    static func check(_ document: Document) throws(ReportError) {
        guard !document.blocks.isEmpty else {
            throw ReportError(
                .noText,
                "文件里没有可以读取的文字",
                hint: "请用 Word 或 WPS 打开，确认能看到文字，再另存后提交"
            )
        }
    }

    /// Checks a recognised document.
    /// - Parameter draft: the draft behind the last recogniser.
    /// - Throws: `.notAReport` when neither words nor facts of a report were found.
    static func check(_ draft: Draft) throws(ReportError) {
        var found: Set<String> = []
        for block in draft.document.blocks {
            // Letters of titles may stand apart.
            let text = block.text.utf8.count < 200 ? block.text.squeezed : block.text
            for word in words where !found.contains(word) && text.holds(word) {
                found.insert(word)
            }
            if found.count >= 2 { return }
        }
        let record = draft.record
        let isNamed = record.unit.name != nil || record.kind != ReportKind.other.text
        guard found.isEmpty ? false : record.year != nil || isNamed else {
            throw ReportError(
                .notAReport,
                "文件里没有绩效报告的内容：没有年度、单位，也没有预算、决算、绩效等字样",
                hint: "请确认提交的是绩效自评报告、自评表或决算公开说明"
            )
        }
    }
}
