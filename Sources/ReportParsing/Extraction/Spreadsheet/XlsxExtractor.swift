public import ReportModel

/// Reads workbooks of Office Open XML: xlsx, xlsm and templates.
///
/// Cells are read as a spreadsheet shows them. Hidden sheets, rows and columns are not read as
/// facts; they are noted in the document's `unread`.
public struct XlsxExtractor: Extractor {
    /// Makes the extractor.
    public init() {}

    /// Whether the content is a workbook of Office Open XML.
    public func reads(_ format: FileFormat) -> Bool { format.name == "xlsx" }

    /// Makes the document of a workbook.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - format: not looked at.
    ///   - limits: ceilings of parsing.
    /// - Returns: the document, as `xlsx`.
    /// - Throws: ``ReportError`` `.unreadable`, `.truncated`, `.encrypted`, `.tooLarge`,
    ///   `.tooDeep`, or `.noText` for a workbook that shows nothing.
    public func extract(
        _ bytes: [UInt8],
        format: FileFormat,
        limits: ParsingLimits
    ) throws(ReportError) -> Extraction {
        let workbook = try Workbook(try OfficePackage(bytes, limits: limits.container))
        var collector = BlockCollector(limits: limits)
        for tab in workbook.tabs {
            switch tab.content {
            case .hidden:
                collector.note("工作表“\(tab.name)”", "工作表是隐藏的，没有作为内容读取")
            case .chart:
                collector.note("工作表“\(tab.name)”", "整页是图表，没有单元格")
            case .missing:
                collector.note("工作表“\(tab.name)”", "文件里没有这个工作表的内容，或不是普通工作表")
            case .cells(let part):
                guard let sheet = try workbook.sheet(part: part, name: tab.name, limits: limits)
                else {
                    collector.note("工作表“\(tab.name)”", "文件里没有这个工作表的内容")
                    continue
                }
                try Self.add(sheet, to: &collector)
            }
        }
        guard !collector.document.blocks.isEmpty else {
            let isHidden = !collector.document.unread.isEmpty
            throw ReportError(
                isHidden ? .noText : .empty,
                isHidden ? "工作簿里没有可以读取的文字" : "工作簿是空的",
                hint: "请确认内容在没有隐藏的工作表里，保存后重新提交"
            )
        }
        return Extraction(document: collector.document, format: "xlsx")
    }

    /// Adds the items of a sheet, the texts of shapes above the table first, others last.
    private static func add(_ sheet: Sheet, to collector: inout BlockCollector) throws(ReportError)
    {
        let items = SheetLayout(sheet).items()
        if !sheet.cells.isEmpty, isTelling(sheet.name), !hasTitle(items) {
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

    /// Whether the name of a sheet says what the sheet is, as 项目支出绩效自评表 does.
    private static func isTelling(_ name: String) -> Bool { SheetTitle.reads(name) }

    /// Whether the sheet has a title of its own above its first table.
    private static func hasTitle(_ items: [SheetLayout.Item]) -> Bool {
        for item in items.prefix(8) {
            guard case .line(let text, _) = item else { return false }
            if SheetTitle.reads(text) { return true }
        }
        return false
    }
}
