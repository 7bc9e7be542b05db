import ReportModel

extension SheetLayout {
    /// Adds the blocks of a sheet to a document, the texts of shapes above the table first, others
    /// last.
    ///
    /// The name of the sheet stands for its title when it tells one and the sheet has none.
    /// - Parameters:
    ///   - sheet: the sheet.
    ///   - collector: takes the blocks and the notes of what was not read.
    /// - Throws: ``ReportError`` `.tooLarge`.
    static func add(_ sheet: Sheet, to collector: inout BlockCollector) throws(ReportError) {
        let items = SheetLayout(sheet).items()
        if !sheet.cells.isEmpty, SheetTitle.reads(sheet.name), !hasTitle(items) {
            try collector.add(sheet.name, level: 0, sheet: sheet.name)
        }
        let firstRow = sheet.cells.map(\.address.row).min() ?? 0
        for shape in sheet.shapes where shape.row <= firstRow {
            try add(shape.text, sheet, &collector)
        }
        for item in items {
            switch item {
            case .line(let text, let address):
                try collector.add(text, sheet: sheet.name, address: address.text)
            case .table(let cells):
                try collector.add(cells, sheet: sheet.name)
            }
        }
        for shape in sheet.shapes where shape.row > firstRow {
            try add(shape.text, sheet, &collector)
        }
        for note in sheet.notes { collector.note(note.what, note.reason) }
    }

    private static func add(
        _ text: String,
        _ sheet: Sheet,
        _ collector: inout BlockCollector
    ) throws(ReportError) {
        for line in text.split(whereSeparator: { $0.isNewline }) {
            try collector.add(String(line), sheet: sheet.name)
        }
    }

    /// Whether the sheet has a title of its own above its first table.
    private static func hasTitle(_ items: [SheetLayout.Item]) -> Bool {
        for item in items.prefix(8) {
            guard case .line(let text, _) = item else { return false }
            if SheetTitle.reads(text) { return true }
        }
        return false
    }

    /// Why a workbook without any text was refused.
    static func noText(isNoted: Bool) -> ReportError {
        ReportError(
            isNoted ? .noText : .empty,
            isNoted ? "工作簿里没有可以读取的文字" : "工作簿是空的",
            hint: "请确认内容在没有隐藏的工作表里，保存后重新提交"
        )
    }
}
