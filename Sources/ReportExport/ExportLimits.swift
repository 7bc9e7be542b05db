/// Every ceiling of exports and imports, with its reason.
public enum ExportLimits {
    /// Longest line of an import: one entry with its files in base64.
    public static let maximumLineByteCount = 1 << 30
    /// Most entries between two heads of an export: what an import holds and commits at once.
    public static let batchEntryCount = 500
    /// Most bytes of bodies between two heads; one entry may be larger.
    public static let batchByteCount = 16 << 20
    /// Most entries between two heads that an import takes.
    public static let maximumBatchEntryCount = 10_000
    /// Most bytes between two heads that an import takes.
    public static let maximumBatchByteCount = 2 << 30
    /// Most hashes of a consistency proof: two for each level of a tree of 2^48 leaves.
    public static let maximumProofCount = 96
    /// Most bodies of an entry: that of the entry's format.
    public static let maximumBodyCount = 1003
    /// Record lines that an import appends in one transaction.
    public static let recordBatchCount = 200
    /// Rows of a sheet with its header: that of the format.
    ///
    /// Source: ECMA-376 part 1; Excel specifications and limits.
    public static let maximumSheetRowCount = 1_048_576
    /// Characters of a cell; the format allows 32767.
    public static let maximumCellCharacterCount = 32_000
    /// Digits that a number of a sheet holds without loss.
    public static let maximumSheetDigitCount = 15
    /// Bytes of the files of one evidence archive: libzip holds them until it writes.
    public static let maximumArchiveByteCount = 1 << 30
    /// Longest name of a source file inside an archive, in bytes of UTF-8.
    public static let maximumMemberNameByteCount = 180
}
