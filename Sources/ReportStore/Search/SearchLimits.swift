/// Every ceiling of the search, with its reason.
public enum SearchLimits {
    /// Scalars of one report that are indexed: 2 million are some 6 MB of Chinese text; two buffers
    /// of 8 bytes a scalar stay below 40 MB.
    public static let maximumDocumentScalarCount = 2_000_000
    /// Occurrences that one new segment is made of, after which it is written: 8 MB in each of two
    /// buffers.
    public static let batchOccurrenceCount = 1 << 20
    /// Reports of one new segment: what 20 bits number.
    public static let batchDocumentCount = 4096
    /// Bytes of files' text that one step takes: about ``batchOccurrenceCount`` Chinese characters.
    public static let batchTextByteCount = 3 << 20
    /// Entries of the log that one step looks at for files whose text is to be made.
    public static let batchTextCount = 256
    /// Longest file whose text is made: longer ones are pictures more often than text.
    public static let maximumSourceByteCount: UInt64 = 16 << 20
    /// Bytes of all files of a document whose text is made; what goes beyond is passed over.
    public static let maximumSourcesByteCount: UInt64 = 64 << 20
    /// Longest text of a document's files: four bytes for each scalar, and each doubled backslash.
    static let maximumTextByteCount = 4 * maximumDocumentScalarCount + (1 << 16)
    /// Names of people that are blanked; a document with more of them is indexed without its text.
    static let maximumPeopleCount = 512
    /// Scalars of a text in which the heading before a place is looked for.
    static let headingScalarCount = 200_000
    /// Entries of the log that one step looks at, so that no snapshot of the store lives long.
    public static let batchEntryCount = 4096
    /// Most value bytes of a block of postings with its checksum: four pages of LMDB less the head
    /// of an overflow page, so that no page is left half empty.
    public static let blockByteCount = 4 * 4096 - 16
    /// Bytes of blocks that one step of a merge writes, so that no transaction is long.
    public static let mergeStepByteCount = 4 << 20
    /// Segments of one size that are merged into one of the next.
    public static let mergeSegmentCount = 8
    /// Reports in one block of their facts: four pages.
    static let documentsInBlock = 511
    /// Reports in one block of their flags: one page.
    static let flagsInBlock = 4072
    /// Scalars of one term.
    public static let maximumTermScalarCount = 200
    /// Reports whose text one search reads to make sure; what is left comes with the next page.
    public static let maximumVerifiedCount = 20_000
    /// Candidates up to which a total is counted exactly although each must be read.
    public static let exactTotalCount = 300
    /// Snippets of one hit.
    public static let maximumSnippetCount = 3
    /// Columns of a snippet; a Chinese character has two.
    public static let snippetColumnCount = 60
    /// Columns of a snippet before its first mark.
    public static let snippetLeadColumnCount = 16
    /// Marks of one snippet.
    public static let maximumMarkCount = 16
    /// Nesting of a record's JSON that is followed.
    static let maximumRecordDepth = 64
    /// Greatest arrival number that the index takes: documents have 32 bits.
    static let maximumDocument = UInt64(UInt32.max) - 1
    /// Pause after a commit, so that reports that come one by one share a segment.
    static let gatherMilliseconds = 250
    /// Entries in a second from which on the indexer waits for the end of the flood: over three times
    /// what it takes in beside a steady append.
    static let floodEntriesPerSecond: UInt64 = 1000
    /// Longest time that it waits so before it makes a step.
    static let longestFloodMilliseconds = 60_000
    /// Longest pause after something went wrong.
    static let longestPauseMilliseconds = 60_000
    /// Steps of merging between two new segments.
    static let mergeStepsBetween = 4
    /// Entries behind which a program that only asks catches up by itself before it does.
    public static let smallLag: UInt64 = 5_000
}
