import ReportModel

/// Makes the document of pictures of pages, by way of an optical reader.
enum OpticalDocument {
    /// Reads a picture, or a document that holds pictures only.
    ///
    /// Each page is taken for a plain text; tables without their lines are mostly lost.
    static func extract(
        _ bytes: [UInt8],
        format: FileFormat,
        limits: ParsingLimits,
        tools: ParsingTools
    ) throws(ReportError) -> Extraction {
        guard let optical = tools.optical else { throw noText(format) }
        let text = try optical.read(bytes, format: format)
        var document = Document()
        for (index, page) in text.pages.enumerated() {
            let cleaned = withoutGaps(page)
            guard cleaned.contains(where: { !$0.isWhitespace }) else { continue }
            let read = try TextExtractor().extract(
                Array(cleaned.utf8),
                format: .text,
                limits: limits
            )
            try append(read.document, page: index, to: &document, limits: limits)
        }
        guard !document.blocks.isEmpty else { throw noText(format) }
        if text.hasMorePages {
            document.unread.append(
                Document.Unread(
                    what: "第 \(text.pages.count + 1) 页及以后",
                    reason: "扫描件只识别前 \(text.pages.count) 页"
                )
            )
        }
        return Extraction(
            document: document,
            format: format.name,
            pages: text.hasMorePages ? nil : text.pages.count,
            tools: [try optical.version()],
            isOptical: true
        )
    }

    static func noText(_ format: FileFormat) -> ReportError {
        ReportError(
            .noText,
            "文件是\(format.label)，只有图像，没有文字",
            hint: "请提交生成它的 Word、WPS 或 Excel 原件；原文件已保留",
            details: ["format": .string(format.name)]
        )
    }

    private static func append(
        _ page: Document,
        page index: Int,
        to document: inout Document,
        limits: ParsingLimits
    ) throws(ReportError) {
        let blockCount = document.blocks.count
        let tableCount = document.tables.count
        guard blockCount + page.blocks.count <= limits.maximumBlockCount else {
            throw ReportError(.tooLarge, "文件超过 \(limits.maximumBlockCount) 段")
        }
        for block in page.blocks {
            var shifted = block
            shifted.page = index
            if case .cell(let table) = block.kind {
                shifted.kind = .cell(table: table + tableCount)
            }
            document.blocks.append(shifted)
        }
        for table in page.tables {
            var shifted = table
            for cell in shifted.cells.indices { shifted.cells[cell].block += blockCount }
            document.tables.append(shifted)
        }
        document.unread += page.unread.map { unread in
            var shifted = unread
            shifted.block = unread.block.map { $0 + blockCount }
            return shifted
        }
    }

    /// Takes out the single blanks that the reader sets between Chinese characters.
    static func withoutGaps(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            if scalar == "\u{0C}" { continue }
            if scalar == " ", index > 0, index + 1 < scalars.count {
                let before = scalars[index - 1]
                let after = scalars[index + 1]
                if isWide(before) && (isWide(after) || joins(after))
                    || joins(before) && isWide(after)
                {
                    continue
                }
            }
            result.append(scalar)
        }
        return String(result)
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        (0x3000...0x303F).contains(scalar.value) || (0x3400...0x9FFF).contains(scalar.value)
            || (0xFF00...0xFFEF).contains(scalar.value)
    }

    /// Digits and marks that stand beside Chinese characters without a blank.
    private static func joins(_ scalar: Unicode.Scalar) -> Bool {
        (0x30...0x39).contains(scalar.value) || ".%,:;()".unicodeScalars.contains(scalar)
    }
}
