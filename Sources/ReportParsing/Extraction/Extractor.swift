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
    /// Programs of other makers that took part, each with its version.
    public var tools: [String]
    /// Whether the text was read from pictures, so that any character may be wrong.
    public var isOptical: Bool

    /// Makes the value from its fields.
    /// - Parameters:
    ///   - document: blocks and tables.
    ///   - format: format for `sources[].format`.
    ///   - encoding: character encoding of a text file.
    ///   - pages: number of pages.
    ///   - tools: programs of other makers that took part.
    ///   - isOptical: whether the text was read from pictures.
    public init(
        document: Document,
        format: String,
        encoding: String? = nil,
        pages: Int? = nil,
        tools: [String] = [],
        isOptical: Bool = false
    ) {
        self.document = document
        self.format = format
        self.encoding = encoding
        self.pages = pages
        self.tools = tools
        self.isOptical = isOptical
    }
}

/// The extractors that this build knows.
public enum Extractors {
    /// All extractors; the first that reads a format is used.
    public static let all: [any Extractor] = [
        TextExtractor(), DocxExtractor(), XlsxExtractor(), XmlSheetExtractor(), HtmlExtractor(),
        PdfExtractor(), OfdExtractor(),
    ]

    /// Makes the document of a file, by content and never by its name.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - name: its file name, which only breaks ties between formats of one content.
    ///   - limits: ceilings of parsing.
    ///   - tools: programs of other makers that may be asked.
    /// - Returns: the document with what the evidence says of the file.
    /// - Throws: ``ReportError`` `.empty`, `.tooLarge`, `.encrypted` or `.unsupported` before
    ///   reading, else what the extractor throws; `.needsTool` when a tool is needed and not given.
    public static func extract(
        _ bytes: [UInt8],
        name: String = "",
        limits: ParsingLimits = .standard,
        tools: ParsingTools = ParsingTools()
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
        let format = FileFormat.sniff(bytes, name: name)
        if format.name == "encrypted" {
            throw ReportError(.encrypted, "文件有密码保护，无法读取", hint: "请去掉密码后重新提交")
        }
        if let target = OfficeFormats.target(of: format) {
            return try OfficeFormats.extract(
                bytes,
                format: format,
                target: target,
                limits: limits,
                tools: tools
            )
        }
        if format.isPicture {
            return try OpticalDocument.extract(bytes, format: format, limits: limits, tools: tools)
        }
        for extractor in all where extractor.reads(format) {
            do throws(ReportError) {
                return try extractor.extract(bytes, format: format, limits: limits)
            } catch {
                guard error.code == .noText, format == .pdf, tools.optical != nil else {
                    throw error
                }
                return try OpticalDocument.extract(
                    bytes,
                    format: format,
                    limits: limits,
                    tools: tools
                )
            }
        }
        if format.name == "ole", CompoundFile(bytes)?.entries.isEmpty != false {
            throw ReportError(.truncated, "文件不完整，缺少目录", hint: "请重新保存或重新传送后提交")
        }
        throw ReportError(
            .unsupported,
            "文件是\(format.label)，本版本还不能读取这种格式",
            hint: "请另存为文本文件（UTF-8 或 GB18030 编码）后提交",
            details: ["format": .string(format.name)]
        )
    }
}
