/// Every ceiling of the store, with its reason.
public enum StoreLimits {
    /// Bytes of a page that chunks are cut for; on machines with other pages more is left empty.
    public static let pageByteCount = 4096
    /// Pages that one chunk of a body fills at most: long enough to be read in few steps, short
    /// enough that free pages of that many in a row are found.
    public static let chunkPageCount = 32
    /// Stored bytes in one chunk of a body, in any layout.
    public static let chunkByteCount = 131_072
    /// Requests that share one commit.
    public static let maximumBatchRequestCount = 512
    /// Bytes of requests from which on a call of `appendBatch` does not join a commit: the fsync is little beside
    /// its pages by then, and who waits would only wait longer.
    public static let fullBatchByteCount = 1 << 20
    /// Room that is laid out ahead in the data file: at most this, a quarter of the file, and a 32nd of what is free.
    public static let laidOutByteCount = 64 << 20
    /// Bytes of requests that share one commit; a single larger one goes alone.
    public static let maximumBatchByteCount = 32 << 20
    /// Requests that may wait for the writer; more get `no-space` at once.
    public static let maximumWaitingRequestCount = 20_000
    /// Largest record in canonical JSON.
    public static let maximumRecordByteCount = 64 << 20
    /// Largest source file.
    public static let maximumSourceByteCount = 64 << 20
    /// Most bytes of a body that came from elsewhere or is read back.
    public static let maximumBodyByteCount = 64 << 20
    /// Greatest version number: what `KEY@N` can name.
    public static let maximumVersionNumber: UInt32 = 999_999_999
    /// Greatest sequence; far from where sums of two could overflow.
    public static let maximumSequence: UInt64 = 1 << 48
    /// Most heads kept of one key: one for each log that files for it; more are the work of a
    /// faulty or hostile node.
    public static let maximumHeadCount = 256
    /// Entries of one log that are measured to tell what a peer lacks in bytes.
    public static let maximumMeasuredLagCount: UInt64 = 500
    /// Longest key of a note in the journal.
    public static let maximumJournalKeyByteCount = 500
    /// Longest key in a table: that of LMDB.
    public static let maximumRowKeyByteCount = 511
    /// Bytes of one batch of a bundle, before it was compressed: as on the network.
    static let maximumBundleBatchByteCount = 128 << 20
    /// Entries that a comparison with a peer looks at in one snapshot.
    public static let reconciliationStepCount = 1024
    /// Most candidates that an ambiguous lookup lists.
    public static let maximumCandidateCount = 50
    /// Most hits that are counted behind the listed ones.
    public static let maximumCountedHitCount = 100_000
    /// Most near misses.
    public static let maximumNearMissCount = 10
    /// Keys looked at for near misses.
    public static let maximumNearMissScanCount = 20_000
    /// Longest text in a row of `facts`, in bytes: its length is one byte.
    public static let maximumFactTextByteCount = 255
    /// Most numbers in a row of `facts`: every known role, and room for unknown ones.
    public static let maximumFactNumberCount = 256
    /// Most items of one page of the change feed.
    public static let maximumChangeCount = 1000
    /// Entries checked in one read transaction of a verification, so that none lives long.
    public static let verificationStepCount = 256
    /// Most problems that a verification lists.
    public static let maximumProblemCount = 1000
    /// Entries that one step of making derived tables anew puts in order.
    public static let rebuildOrderCount = 20_000
    /// Entries from which one step derives everything: one commit each.
    public static let rebuildDeriveCount = 1_000
    /// Folders in folders that are looked at for their size.
    static let maximumFolderDepth = 8
    /// Bytes copied in one step of a backup.
    static let backupStepByteCount = 1 << 20
    /// Largest manifest of a backup: a position for each of thousands of logs.
    static let maximumManifestByteCount = 16 << 20
    /// Bytes of the entries in one batch of an increment; a single larger entry goes alone.
    static let incrementBatchByteCount = 8 << 20
    /// Largest section of an increment: an entry of the largest size.
    static let maximumSectionByteCount = 1 << 30
    /// Largest manifest of a bundle, which is read before its signature: some 40,000 logs.
    static let maximumBundleManifestByteCount = 4 << 20

    /// Entries, and keys, that the tables under hashes may lack before they are added in bulk: so
    /// many, or an n-th of those they hold where that is more, up to the maximum.
    public static let minimumHashTailCount: UInt64 = 4096
    /// See ``minimumHashTailCount``: what is lacking is held in memory, 80 bytes each.
    public static let maximumHashTailCount: UInt64 = 65_536
    /// See ``minimumHashTailCount``.
    public static let hashTailShare: UInt64 = 32
    /// Longest rest between two steps of a verification in the background.
    static let maximumVerificationRest: Duration = .milliseconds(500)
    /// Longest line that a process which verifies writes: a report with all its problems.
    static let maximumVerificationLineByteCount = 4 << 20
    /// Free bytes under which a write that failed is taken to have failed for want of room.
    static let shortWriteRoomByteCount = 4 << 20
}
