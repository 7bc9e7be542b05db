import ReportModel

/// Finds the printed date of filing: a labelled one, else the last line that is a date.
struct DateRecogniser: Recogniser {
    static let labels: Set<String> = [
        "填报日期", "报告日期", "编制日期", "填表日期", "日期", "填报时间", "报告时间", "编报日期", "上报日期", "报送日期", "自评日期",
        "评价日期",
        "填表时间", "制表日期", "公开日期", "报送时间", "编制时间",
    ]

    func recognise(_ draft: inout Draft) {
        draft.record.reportDate = DateRecogniser.date(draft)
    }

    /// The printed date of filing.
    static func date(_ draft: Draft) -> String? { labelled(draft) ?? signed(draft) }

    private static func labelled(_ draft: Draft) -> String? {
        for value in draft.labelledValues
        where labels.contains(value.label) {
            if let date = PrintedDate.first(value.value.scalarArray, from: 0) {
                return date.text
            }
        }
        return nil
    }

    private static func signed(_ draft: Draft) -> String? {
        let blocks = draft.document.blocks
        for block in blocks.reversed() where block.text.utf8.count <= 90 {
            if case .cell = block.kind { continue }
            if let date = PrintedDate.whole(block.text) { return date.text }
        }
        // 岳麓区总工会 2023年3月24日, on one line at the end of a part.
        for (number, start) in draft.partStarts.enumerated().reversed() {
            let end =
                number + 1 < draft.partStarts.count ? draft.partStarts[number + 1] : blocks.count
            for index in (max(start, end - 6)..<max(end, start)).reversed() {
                let text = blocks[index].text
                guard text.utf8.count <= 150, !LineShape.endsSentence(text),
                    LineShape.enumerator(text) == nil
                else { continue }
                let scalars = text.scalarArray
                if let date = PrintedDate.first(scalars, from: 0), date.start > 0,
                    date.end == scalars.count, date.day != nil
                {
                    return date.text
                }
            }
        }
        return nil
    }
}
