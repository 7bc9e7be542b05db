public import ReportModel

/// Reads OFD files: text objects and paths placed by coordinates, put together by
/// ``LayoutBuilder``.
///
/// Source: GB/T 33190-2016.
public struct OfdExtractor: Extractor {
    /// Makes the extractor.
    public init() {}

    /// Whether the container holds an OFD document.
    public func reads(_ format: FileFormat) -> Bool { format.name == "ofd" }

    /// Makes the document of an OFD file; several document bodies follow one another.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - format: not looked at.
    ///   - limits: ceilings of parsing.
    /// - Returns: the document with the number of pages.
    /// - Throws: ``ReportError`` `.encrypted`, `.noText`, `.truncated`, `.unreadable`, `.tooDeep`
    ///   or `.tooLarge`.
    public func extract(
        _ bytes: [UInt8],
        format: FileFormat,
        limits: ParsingLimits
    ) throws(ReportError) -> Extraction {
        let package = try OfdPackage(bytes)
        var reader = OfdReader(package)
        for root in package.roots { try reader.read(root) }
        guard !reader.pages.isEmpty else { throw OfdPackage.damaged() }
        guard reader.characterCount > 0 else {
            throw TextQuality.noText(pages: reader.pages.count, lacksData: false)
        }
        try TextQuality.check(reader.pages, lacksData: false)
        var document = try LayoutBuilder.document(reader.pages, limits: limits)
        for page in reader.pages.filter(\.texts.isEmpty).prefix(50) {
            document.unread.append(
                .init(
                    what: "第 \(page.index + 1) 页",
                    reason: "这一页没有文字，可能是扫描图片或空白页",
                    block: document.blocks.firstIndex { ($0.page ?? 0) >= page.index }
                )
            )
        }
        document.unread += reader.notes
        return Extraction(document: document, format: "ofd", pages: reader.pages.count)
    }
}
