public import ReportModel

/// Programs of other makers that parsing may ask; none of them unless somebody gives them.
///
/// Parsing itself starts no process and touches no file: who runs it hands in values that do.
public struct ParsingTools {
    /// Turns old office formats into new ones.
    public var office: (any OfficeConverting)?
    /// Reads pictures of pages.
    public var optical: (any OpticalReading)?

    /// Makes the value from its fields.
    /// - Parameters:
    ///   - office: turns old office formats into new ones.
    ///   - optical: reads pictures of pages.
    public init(
        office: (any OfficeConverting)? = nil,
        optical: (any OpticalReading)? = nil
    ) {
        self.office = office
        self.optical = optical
    }
}

/// What a conversion aims at.
public enum OfficeTarget: String, Hashable, Sendable, CaseIterable {
    /// A text document.
    case docx
    /// A workbook.
    case xlsx
}

/// Turns an office document of an old or rare format into one that reportd reads by itself.
public protocol OfficeConverting {
    /// Name and version of the program, such as `libreoffice/7.4.7.2`.
    /// - Returns: one word without a plus sign.
    /// - Throws: ``ReportError`` `needs-tool` when the program is missing or does not start.
    func version() throws(ReportError) -> String

    /// Converts one file; the same bytes give the same document.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - format: its format, told by content: doc, wps, rtf, odt, xls, et or ods.
    ///   - target: what is wanted.
    /// - Returns: a file of the wanted format.
    /// - Throws: ``ReportError`` `unreadable` when the program cannot open the file, `too-slow` or
    ///   `too-large` when it takes too much, `needs-tool` when it cannot be run.
    func convert(
        _ bytes: [UInt8],
        from format: FileFormat,
        to target: OfficeTarget
    ) throws(ReportError) -> [UInt8]
}

/// Reads the text of pictures and of scanned documents.
public protocol OpticalReading {
    /// Name and version of the program, such as `tesseract/5.3.0`.
    /// - Returns: one word without a plus sign.
    /// - Throws: ``ReportError`` `needs-tool` when the program is missing or does not start.
    func version() throws(ReportError) -> String

    /// Reads one file.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - format: its format: pdf, png, jpg, tiff or bmp.
    /// - Returns: the text of its pages.
    /// - Throws: ``ReportError`` `too-slow` or `too-large` when it takes too much, `unreadable` when
    ///   the picture is damaged, `needs-tool` when a program cannot be run.
    func read(_ bytes: [UInt8], format: FileFormat) throws(ReportError) -> OpticalText
}

/// What an optical reader saw.
public struct OpticalText: Hashable, Sendable {
    /// Text of each page, lines ended by line feeds.
    public var pages: [String]
    /// Whether there are pages beyond those that were read.
    public var hasMorePages: Bool

    /// Makes the value from its fields.
    /// - Parameters:
    ///   - pages: text of each page.
    ///   - hasMorePages: whether there are pages beyond those that were read.
    public init(pages: [String], hasMorePages: Bool = false) {
        self.pages = pages
        self.hasMorePages = hasMorePages
    }
}
