public import ReportModel

/// Reads PDF files that hold text: characters with their places through poppler, ruling lines from
/// the drawn page, and everything else by ``LayoutBuilder``.
///
/// Source: ISO 32000; poppler-cpp 22.12.
public struct PdfExtractor: Extractor {
    /// Makes the extractor.
    public init() {}

    /// Whether the content begins like a PDF.
    public func reads(_ format: FileFormat) -> Bool { format.name == FileFormat.pdf.name }

    /// Makes the document of a PDF.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - format: not looked at.
    ///   - limits: ceilings of parsing.
    /// - Returns: the document with the number of pages.
    /// - Throws: ``ReportError`` `.encrypted`, `.noText`, `.truncated`, `.unreadable` or
    ///   `.tooLarge`.
    public func extract(
        _ bytes: [UInt8],
        format: FileFormat,
        limits: ParsingLimits
    ) throws(ReportError) -> Extraction {
        let file = try PdfFile(bytes)
        let count = file.pageCount
        guard count > 0 else { throw PdfFile.damaged(bytes) }
        guard count <= LayoutLimits.maximumPageCount else {
            throw ReportError(
                .tooLarge,
                "PDF 有 \(count) 页，超过上限 \(LayoutLimits.maximumPageCount) 页",
                hint: "请拆分后分别提交"
            )
        }
        var pages: [PositionedPage] = []
        var empty: [Int] = []
        var failed: [Int] = []
        var total = 0
        var drawn = 0
        for index in 0..<count {
            guard let texts = try file.texts(page: index), let size = file.size(page: index) else {
                failed.append(index)
                continue
            }
            total += texts.count
            guard total <= LayoutLimits.maximumCharacterCount else {
                throw ReportError(.tooLarge, "PDF 的文字超过上限 \(LayoutLimits.maximumCharacterCount) 字")
            }
            if texts.isEmpty { empty.append(index) }
            var page = PositionedPage(
                index: index,
                width: size.width,
                height: size.height,
                texts: texts
            )
            if TableSigns.mayHoldTable(page), drawn < LayoutLimits.maximumDrawnPageCount {
                drawn += 1
                page.rulings = file.rulings(page: index)
            }
            pages.append(page)
        }
        guard total > 0 else {
            if failed.count == count || file.hasDamage { throw PdfFile.damaged(bytes) }
            throw TextQuality.noText(pages: count, lacksData: file.lacksEncodingData)
        }
        try TextQuality.check(pages, lacksData: file.lacksEncodingData)
        var document = try LayoutBuilder.document(pages, limits: limits)
        document.unread += notes(file, document, empty: empty, failed: failed, count: count)
        if PdfFile.lacksEnd(bytes) {
            document.unread.append(.init(what: "文件末尾", reason: "PDF 末尾不完整，可能缺少内容"))
        }
        return Extraction(document: document, format: "pdf", pages: count)
    }

    private func notes(
        _ file: borrowing PdfFile,
        _ document: Document,
        empty: [Int],
        failed: [Int],
        count: Int
    ) -> [Document.Unread] {
        var result: [Document.Unread] = []
        func nearest(_ page: Int) -> Int? { document.blocks.firstIndex { ($0.page ?? 0) >= page } }
        for page in empty.prefix(50) {
            result.append(
                .init(
                    what: "第 \(page + 1) 页",
                    reason: "这一页没有文字，可能是扫描图片或空白页",
                    block: nearest(page)
                )
            )
        }
        for page in failed.prefix(50) {
            result.append(
                .init(what: "第 \(page + 1) 页", reason: "这一页已损坏，无法读取", block: nearest(page))
            )
        }
        if file.lacksEncodingData {
            result.append(.init(what: "未嵌入的中文字体", reason: "本机没有安装 poppler-data，部分文字无法辨认"))
        }
        if file.hasDamage {
            result.append(.init(what: "损坏的内容", reason: "PDF 内部有损坏，可能有文字没有读到，请重新导出"))
        }
        let embedded = file.embeddedCount
        if embedded > 0 {
            result.append(.init(what: "\(embedded) 个附件", reason: "PDF 内嵌的附件没有读取，请单独提交"))
        }
        return result
    }
}
