public import ReportModel

/// Reads files of some formats into a ``Document``; one small value in ``Extractors/all``.
public protocol Extractor: Sendable {
    /// Whether this extractor reads files of the format.
    /// - Parameter format: the format that the content shows.
    /// - Returns: true for a format that ``extract(_:format:limits:)`` takes.
    func reads(_ format: FileFormat) -> Bool

    /// Makes the document of a file.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - format: the format that the content shows.
    ///   - limits: ceilings of parsing.
    /// - Returns: the document with what the evidence says of the file.
    /// - Throws: ``ReportError`` with one of the parse codes of the record schema.
    func extract(
        _ bytes: [UInt8],
        format: FileFormat,
        limits: ParsingLimits
    ) throws(ReportError) -> Extraction
}

/// What an extractor makes of one file.
public struct Extraction: Hashable, Sendable {
    /// Blocks and tables.
    public var document: Document
    /// Format for `sources[].format`.
    public var format: String
    /// Character encoding of a text file.
    public var encoding: String?
    /// Number of pages, where the format has them.
    public var pages: Int?

    /// Makes the value from its fields.
    /// - Parameters:
    ///   - document: blocks and tables.
    ///   - format: format for `sources[].format`.
    ///   - encoding: character encoding of a text file.
    ///   - pages: number of pages.
    public init(document: Document, format: String, encoding: String? = nil, pages: Int? = nil) {
        self.document = document
        self.format = format
        self.encoding = encoding
        self.pages = pages
    }
}

/// The extractors that this build knows.
public enum Extractors {
    /// All extractors; the first that reads a format is used.
    public static let all: [any Extractor] = [
        TextExtractor(), DocxExtractor(), XlsxExtractor(), HtmlExtractor(), PdfExtractor(),
        OfdExtractor(),
    ]

    /// Makes the document of a file, by content and never by its name.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - limits: ceilings of parsing.
    /// - Returns: the document with what the evidence says of the file.
    /// - Throws: ``ReportError`` `.empty`, `.tooLarge`, `.encrypted` or `.unsupported` before
    ///   reading, else what the extractor throws.
    public static func extract(
        _ bytes: [UInt8],
        limits: ParsingLimits = .standard
    ) throws(ReportError) -> Extraction {
        guard !bytes.isEmpty else {
            throw ReportError(.empty, "文件是空的", hint: "请确认文件已保存完整后重新提交")
        }
        guard bytes.count <= limits.maximumFileByteCount else {
            throw ReportError(
                .tooLarge,
                "文件有 \(bytes.count) 字节，超过上限 \(limits.maximumFileByteCount) 字节"
            )
        }
        let format = FileFormat.sniff(bytes)
        if format.name == "encrypted" {
            throw ReportError(.encrypted, "文件有密码保护，无法读取", hint: "请去掉密码后重新提交")
        }
        for extractor in all where extractor.reads(format) {
            return try extractor.extract(bytes, format: format, limits: limits)
        }
        throw ReportError(
            .unsupported,
            "文件是\(format.label)，本版本还不能读取这种格式",
            hint: "请另存为文本文件（UTF-8 或 GB18030 编码）后提交",
            details: ["format": .string(format.name)]
        )
    }
}
