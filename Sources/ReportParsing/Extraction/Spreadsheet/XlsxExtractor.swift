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
                try SheetLayout.add(sheet, to: &collector)
            }
        }
        guard !collector.document.blocks.isEmpty else {
            throw SheetLayout.noText(isNoted: !collector.document.unread.isEmpty)
        }
        return Extraction(document: collector.document, format: "xlsx")
    }
}
