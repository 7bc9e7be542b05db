/// Every ceiling of parsing, in one place.
///
/// Source: DESIGN section 4, point 10. A document beyond a ceiling gives `too-large`, never a
/// partial record.
public struct ParsingLimits: Hashable, Sendable {
    /// The limits that daemon and command line use.
    public static let standard = ParsingLimits()

    /// Size of a file in bytes; 64 MiB by contract.
    public var maximumFileByteCount = 64 << 20
    /// Number of blocks of a document; a county's largest filings have a few thousand.
    public var maximumBlockCount = 400_000
    /// Bytes of one paragraph; a longer line is divided at the end of a sentence, so that no
    /// recogniser ever sees more at once.
    public var maximumParagraphByteCount = 24 << 10
    /// Bytes of one cell; goal cells of real tables reach 20 KiB.
    public var maximumCellByteCount = 256 << 10
    /// Cells of one table.
    public var maximumCellCount = 200_000
    /// Columns of one table.
    public var maximumColumnCount = 512
    /// Parts of one file; an honest bundle has fewer than twenty.
    public var maximumPartCount = 200
    /// Lines that a table scanner looks ahead to find out whether a cell goes on.
    public var maximumLookahead = 200
    /// Files of one filing; a bundle of a unit has fewer than fifty.
    public var maximumMemberCount = 500
    /// Bytes of all files of one filing together: the worker holds them several times over.
    public var maximumFilingByteCount = 72 << 20
    /// Ceilings of zip containers and of the trees in them.
    public var container = ContainerLimits()

    /// Makes the standard limits.
    public init() {}
}
