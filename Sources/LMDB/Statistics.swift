import CLMDB

/// The sizes of a table or, for an environment, of its unnamed table.
///
/// Source: `MDB_stat`.
public struct Statistics: Sendable, Hashable {
    /// The size of a page in bytes.
    public let pageByteCount: Int
    /// The height of the tree.
    public let depth: Int
    /// The number of inner pages.
    public let branchPageCount: Int
    /// The number of pages with entries.
    public let leafPageCount: Int
    /// The number of pages with values too large for a leaf.
    public let overflowPageCount: Int
    /// The number of entries; each value of a sorted set counts.
    public let entryCount: Int

    init(_ found: MDB_stat) {
        pageByteCount = Int(found.ms_psize)
        depth = Int(found.ms_depth)
        branchPageCount = found.ms_branch_pages
        leafPageCount = found.ms_leaf_pages
        overflowPageCount = found.ms_overflow_pages
        entryCount = found.ms_entries
    }
}

/// The state of an environment.
///
/// Source: `MDB_envinfo`.
public struct EnvironmentInformation: Sendable, Hashable {
    /// The size of the map, which is the greatest size of the data file.
    public let mapByteCount: Int
    /// The number of the last page in use; pages count from zero.
    public let lastPageNumber: Int
    /// The number of the last commit.
    public let lastTransactionID: Int
    /// The number of reader slots.
    public let maximumReaderCount: Int
    /// The greatest number of slots in use at once since the lock file was made.
    public let usedReaderCount: Int
    /// The size of a page in bytes.
    public let pageByteCount: Int

    /// The bytes of the data file that hold pages, free ones among them.
    public var usedByteCount: Int { (lastPageNumber + 1) * pageByteCount }

    init(_ found: MDB_envinfo, pageByteCount: Int) {
        mapByteCount = found.me_mapsize
        lastPageNumber = found.me_last_pgno
        lastTransactionID = found.me_last_txnid
        maximumReaderCount = Int(found.me_maxreaders)
        usedReaderCount = Int(found.me_numreaders)
        self.pageByteCount = pageByteCount
    }
}

/// One taken slot of the reader table.
///
/// Source: `mdb_reader_list`.
public struct ReaderSlot: Sendable, Hashable {
    /// The process that holds the slot.
    public let processID: Int32
    /// The snapshot being read, or nil when the slot waits to be used again.
    public let transactionID: Int?
}
