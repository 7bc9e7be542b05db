public import ReportModel

/// Reads web pages, also those that Word and Excel make and that call themselves doc or xls.
///
/// The declared character set is checked against the bytes. Navigation, scripts and hidden
/// elements are left out; tables that only lay the page out are read as running text.
public struct HtmlExtractor: Extractor {
    /// Makes the extractor.
    public init() {}

    /// Whether the content is HTML, as a page or as a single file with all that belongs to it.
    public func reads(_ format: FileFormat) -> Bool { format == .html || format == .mht }

    /// Makes the document of a page.
    /// - Parameters:
    ///   - bytes: the file in UTF-8, UTF-16, GB18030 or Big5.
    ///   - format: a page, or a page saved as a single file.
    ///   - limits: ceilings of parsing.
    /// - Returns: the document, as `html` or `mht`.
    /// - Throws: ``ReportError`` `.empty`, `.unreadable`, `.needsTool`, `.tooLarge`, `.tooDeep`,
    ///   or `.noText` for a page that shows nothing.
    public func extract(
        _ bytes: [UInt8],
        format: FileFormat,
        limits: ParsingLimits
    ) throws(ReportError) -> Extraction {
        var pages = [(bytes: bytes, charset: String?.none)]
        if format == .mht { pages = MhtParts.pages(bytes) }
        var collector = BlockCollector(limits: limits)
        var encoding: String?
        var frames = 0
        for page in pages {
            let declared = page.charset ?? HtmlCharset.declared(in: page.bytes)
            let decoded = try TextDecoder.decode(page.bytes, declared: declared)
            encoding = encoding ?? decoded.encoding
            let source = HtmlConditions.removed(from: decoded.bytes)
            try HtmlNesting.check(source)
            let tree = try XMLDocument(html: source, encoding: "UTF-8", limits: limits.container)
            let root = tree.root
            if format == .html { frames += root.descendants("frame").count }
            for piece in HtmlFlow.pieces(root.child("body") ?? root, limits: limits) {
                switch piece {
                case .line(let text, let level): try collector.add(text, level: level)
                case .table(let table): try Self.add(table, to: &collector, limits)
                }
            }
        }
        if frames > 0 {
            collector.note("框架", "网页由 \(frames) 个框架组成，内容在另外的文件里，没有读取")
        }
        guard !collector.document.blocks.isEmpty else {
            throw ReportError(
                .noText,
                frames > 0 ? "网页只有框架，内容在另外的文件里" : "网页里没有可以读取的文字",
                hint: "请用 Word 或 Excel 打开后另存为 docx 或 xlsx 提交"
            )
        }
        return Extraction(
            document: collector.document,
            format: format == .mht ? "mht" : "html",
            encoding: encoding
        )
    }

    /// A title row becomes a line and rows without text divide tables, as on a sheet.
    private static func add(
        _ table: XMLNode,
        to collector: inout BlockCollector,
        _ limits: ParsingLimits
    ) throws(ReportError) {
        let rows = try HtmlTable.rows(table, limits: limits)
        guard !rows.isEmpty else { return }
        for item in SheetRegion(rows: rows, sheet: Sheet(name: "")).items() {
            switch item {
            case .line(let text, _): try collector.add(text)
            case .table(let cells):
                try collector.add(
                    cells.map { cell in
                        var cell = cell
                        cell.address = nil
                        return cell
                    }
                )
            }
        }
    }
}
