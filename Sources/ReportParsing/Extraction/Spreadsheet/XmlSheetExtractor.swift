public import ReportModel

/// Reads workbooks saved as XML by Excel 2003 and by programs that export so, whatever the file
/// calls itself.
///
/// Source: Microsoft, XML Spreadsheet Reference (SpreadsheetML 2003).
public struct XmlSheetExtractor: Extractor {
    /// Makes the extractor.
    public init() {}

    /// Whether the content is SpreadsheetML of 2003.
    public func reads(_ format: FileFormat) -> Bool { format == .sheetXML }

    /// Makes the document of a workbook.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - format: not looked at.
    ///   - limits: ceilings of parsing.
    /// - Returns: the document, as `xml`.
    /// - Throws: ``ReportError`` `.unreadable`, `.tooLarge`, `.tooDeep`, or `.noText`.
    public func extract(
        _ bytes: [UInt8],
        format: FileFormat,
        limits: ParsingLimits
    ) throws(ReportError) -> Extraction {
        let decoded = try TextDecoder.decode(bytes, declared: HtmlCharset.declared(in: bytes))
        let tree = try XMLDocument(
            Self.withoutDeclaration(decoded.bytes),
            limits: limits.container
        )
        let root = tree.root
        let styles = XmlSheetStyles(root.child("Styles"))
        var collector = BlockCollector(limits: limits)
        for (index, node) in root.children("Worksheet").enumerated() {
            let name = node.attribute("Name") ?? "工作表\(index + 1)"
            let state = node.descendant("WorksheetOptions", "Visible")?.text ?? ""
            if CellText.trimmed(state).hasPrefix("Sheet") {
                collector.note("工作表“\(name)”", "工作表是隐藏的，没有作为内容读取")
                continue
            }
            var reader = XmlSheetReader(name: name, styles: styles, limits: limits)
            if let table = node.child("Table") { try reader.read(table) }
            try SheetLayout.add(reader.sheet, to: &collector)
        }
        guard !collector.document.blocks.isEmpty else {
            throw SheetLayout.noText(isNoted: !collector.document.unread.isEmpty)
        }
        return Extraction(document: collector.document, format: "xml", encoding: decoded.encoding)
    }

    /// The file without its XML declaration, whose encoding no longer holds.
    private static func withoutDeclaration(_ bytes: [UInt8]) -> [UInt8] {
        let start = bytes.firstIndex(of: 0x3C) ?? bytes.endIndex
        guard bytes[start...].starts(with: Array("<?xml ".utf8)),
            let end = bytes[start...].prefix(1024).firstIndex(of: 0x3E)
        else { return Array(bytes[start...]) }
        return Array(bytes[(end + 1)...].drop { $0 <= 0x20 })
    }
}

/// The styles of a workbook saved as XML.
struct XmlSheetStyles {
    private var styles: [String: SheetStyles.Style] = [:]
    private static let plain = SheetStyles.Style(format: .general, isBordered: false)
    private static let names: [String: String] = [
        "Fixed": "0.00", "Standard": "#,##0.00", "Percent": "0.00%", "Scientific": "0.00E+00",
        "General Date": "yyyy/m/d h:mm", "Long Date": "yyyy\"年\"m\"月\"d\"日\"",
        "Medium Date": "d-mmm-yy", "Short Date": "yyyy/m/d", "Long Time": "h:mm:ss",
        "Medium Time": "h:mm AM/PM", "Short Time": "h:mm", "Currency": "\"¥\"#,##0.00",
        "General Number": "General",
    ]

    /// Reads the `Styles` element; a style takes what it does not say from its parent.
    init(_ node: XMLNode?) {
        for item in node?.children("Style") ?? [] {
            guard let identifier = item.attribute("ID") else { continue }
            let parent = item.attribute("Parent") ?? "Default"
            var style = styles[parent] ?? Self.plain
            if let code = item.child("NumberFormat")?.attribute("Format") {
                style.format = NumberFormat(code: Self.names[code] ?? code)
            }
            if let borders = item.child("Borders") {
                style.isBordered = borders.children("Border").contains {
                    $0.attribute("LineStyle").map { $0 != "None" } ?? false
                }
            }
            styles[identifier] = style
        }
    }

    /// The style of an identifier.
    subscript(identifier: String?) -> SheetStyles.Style {
        styles[identifier ?? "Default"] ?? Self.plain
    }
}
