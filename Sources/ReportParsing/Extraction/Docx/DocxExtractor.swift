public import ReportModel

/// Reads Word documents (docx, docm, dotx; also what WPS writes): text as it is shown, with
/// tracked changes taken as accepted.
///
/// Source: ISO/IEC 29500-1 section 17, strict and transitional alike.
public struct DocxExtractor: Extractor {
    /// Makes the extractor.
    public init() {}

    /// Whether the content is a package with a Word document.
    public func reads(_ format: FileFormat) -> Bool { format.name == "docx" }

    /// Makes the document of a Word file.
    ///
    /// Running heads and footnotes stand behind the body, marked as margin.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - format: not looked at.
    ///   - limits: ceilings of parsing.
    /// - Returns: the document, as `docx`.
    /// - Throws: ``ReportError`` `.unreadable`, `.truncated`, `.encrypted`, `.tooLarge`, `.tooDeep`,
    ///   `.empty`, or `.noText` for a document of pictures.
    public func extract(
        _ bytes: [UInt8],
        format: FileFormat,
        limits: ParsingLimits
    ) throws(ReportError) -> Extraction {
        let package = try OfficePackage(bytes, limits: limits.container)
        guard let main = package.mainPart(fallback: "word/document.xml"),
            let content = try package.read(main)
        else {
            throw ReportError(
                .unreadable,
                "Word 文档缺少正文部分，文件已损坏",
                hint: "请用 Word 或 WPS 打开后另存一份重新提交"
            )
        }
        let tree = try XMLDocument(content, limits: limits.container)
        guard tree.root.isNamed("document"), let body = tree.root.child("body") else {
            throw ReportError(
                .unreadable,
                "Word 文档的正文部分无法识别",
                hint: "请用 Word 或 WPS 打开后另存一份重新提交"
            )
        }
        let context = DocxContext(package, main: main)
        let reader = DocxReader(context, limits: limits)
        let items = try reader.items(of: body)
        let margins = try DocxMargins(reader).items()
        var writer = DocxWriter(limits: limits)
        try writer.addBody(items)
        try writer.addMargins(margins)
        writer.addNotes(context.unread)
        return Extraction(
            document: try writer.finish(imageCount: reader.imageCount),
            format: "docx"
        )
    }
}
