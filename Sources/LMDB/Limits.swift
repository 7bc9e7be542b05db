/// Ceilings of this module, each with its reason.
enum Limits {
    /// Greatest key, and greatest value of a duplicate-sorted table, in bytes: `MDB_MAXKEYSIZE`,
    /// a compile-time constant of liblmdb 0.9.
    static let maximumKeyByteCount = 511
    /// Greatest value in bytes: `MAXDATASIZE` of liblmdb (the size field has 32 bits).
    static let maximumValueByteCount = 0xFFFF_FFFF
    /// Smallest default map: a store always has room to begin.
    static let minimumDefaultMapByteCount = 1 << 30
    /// Greatest default map: costs address space only, and 128 such maps fit in 47 bits.
    static let maximumDefaultMapByteCount = 1 << 40
    /// Greatest map accepted from a caller: half of the user address space of x86-64.
    static let maximumMapByteCount = 1 << 46
    /// Reset read transactions kept for reuse; each holds a reader slot, so far fewer than slots.
    static let maximumIdleReaderCount = 32
    /// Attempts to adopt a map that another process keeps growing.
    static let maximumResizeAttemptCount = 8
    /// Attempts to open while another process opens or closes the same directory.
    static let maximumOpenAttemptCount = 5
    /// Pause between such attempts, in nanoseconds.
    static let openRetryNanoseconds = 2_000_000
    /// Longest path accepted, in bytes: `PATH_MAX` less the longest file name LMDB appends.
    static let maximumPathByteCount = 4096 - 16
    /// Greatest number of named tables: LMDB searches them one by one at each open.
    static let maximumDatabaseCount: UInt32 = 4096
    /// Greatest number of reader slots: 64 bytes each in the lock file.
    static let maximumReaderCount: UInt32 = 65_536
    /// Bytes read and overwritten in one step of scrubbing.
    static let scrubStepByteCount = 1 << 20
    /// Page buffers that scrubbing clears at most: the number of pages of a transaction that
    /// liblmdb keeps in memory (`MDB_IDL_UM_MAX`), less what the trees need.
    static let maximumScrubbedBufferCount = 120_000
    /// Clean page buffers in a row after which scrubbing takes the rest for clean.
    static let cleanBufferCount = 64
    /// Height of a tree over which scrubbing takes the file for damaged (`CURSOR_STACK`, and the
    /// tree of tables over it).
    static let maximumTreeDepth = 64
    /// Most problems that a check of the pages lists.
    static let maximumPageProblemCount = 100
}
