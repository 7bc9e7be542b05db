import CLMDB

extension Environment {
    /// What a commit waits for.
    public enum Durability: Sendable, Hashable {
        /// Data and meta page are on the disk when the commit returns.
        case full
        /// A power cut may undo the last commit; the file stays whole.
        case unsafeNoMetaSync
        /// A power cut may undo many commits or break the file; for data that can be rebuilt.
        case unsafeNoSync

        var flags: UInt32 {
            switch self {
            case .full: 0
            case .unsafeNoMetaSync: UInt32(MDB_NOMETASYNC)
            case .unsafeNoSync: UInt32(MDB_NOSYNC)
            }
        }
    }

    /// How an environment is opened.
    public struct Options: Sendable, Hashable {
        /// The size of the map in bytes, which is the greatest size of the data file, or nil to
        /// follow the file system: its whole size, at least 1 GiB and at most 1 TiB.
        ///
        /// The map costs address space, not memory or disk: the file grows with its data. A size
        /// is rounded up to pages; one smaller than the data is raised to it.
        public var mapByteCount: Int?
        /// The greatest number of named tables, 1 to 4096.
        public var maximumDatabaseCount: UInt32 = 64
        /// The number of reader slots for all processes together, 2 to 65536; the process that
        /// creates the lock file decides.
        public var maximumReaderCount: UInt32 = 512
        /// Whether updates are refused and the files must exist.
        public var readOnly = false
        /// What a commit waits for.
        public var durability = Durability.full
        /// Whether the system reads ahead of the pages asked for; off helps random reads of data
        /// greater than the memory.
        public var readAhead = true
        /// The permissions of files that are created.
        public var fileMode: UInt32 = 0o600
        /// Whether an absent directory and its parents are created, with mode 0700.
        public var createsDirectory = false

        /// Makes the default options.
        public init() {}

        /// Makes options of the usual kind.
        public init(
            mapByteCount: Int?,
            maximumDatabaseCount: UInt32 = 64,
            maximumReaderCount: UInt32 = 512,
            readOnly: Bool = false,
            durability: Durability = .full,
            readAhead: Bool = true,
            fileMode: UInt32 = 0o600,
            createsDirectory: Bool = false
        ) {
            self.mapByteCount = mapByteCount
            self.maximumDatabaseCount = maximumDatabaseCount
            self.maximumReaderCount = maximumReaderCount
            self.readOnly = readOnly
            self.durability = durability
            self.readAhead = readAhead
            self.fileMode = fileMode
            self.createsDirectory = createsDirectory
        }

        /// Refuses what is out of range.
        func validate() throws(LMDBError) {
            let map = mapByteCount ?? Limits.minimumDefaultMapByteCount
            guard
                (1...Limits.maximumMapByteCount).contains(map),
                (1...Limits.maximumDatabaseCount).contains(maximumDatabaseCount),
                (2...Limits.maximumReaderCount).contains(maximumReaderCount),
                fileMode & ~0o777 == 0, fileMode & 0o600 == 0o600,
                !(readOnly && createsDirectory)
            else {
                throw LMDBError(.invalidOption, "Environment.Options")
            }
        }

        /// The flags to open with; readers are never tied to a thread.
        var flags: UInt32 {
            var flags = UInt32(MDB_NOTLS) | durability.flags
            if readOnly { flags |= UInt32(MDB_RDONLY) }
            if !readAhead { flags |= UInt32(MDB_NORDAHEAD) }
            return flags
        }
    }
}
