/// What a store takes on the disk.
public struct DiskUse: Hashable, Sendable {
    /// Number of things and their bytes.
    public struct Amount: Hashable, Sendable {
        /// How many.
        public var count: Int
        /// Their bytes.
        public var byteCount: Int

        /// Makes an amount.
        public init(count: Int = 0, byteCount: Int = 0) {
            self.count = count
            self.byteCount = byteCount
        }

        /// Adds one thing.
        public mutating func add(_ byteCount: Int) {
            count += 1
            self.byteCount += byteCount
        }

        var json: JSONValue { ["count": .integer(count), "bytes": .integer(byteCount)] }
    }

    /// One table.
    public struct Table: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its rows.
        public var rowCount: Int
        /// Bytes of its pages.
        public var byteCount: Int
        /// Whether it can be rebuilt from others.
        public var isDerived: Bool

        /// Makes a table.
        public init(name: String, rowCount: Int, byteCount: Int, isDerived: Bool) {
            self.name = name
            self.rowCount = rowCount
            self.byteCount = byteCount
            self.isDerived = isDerived
        }
    }

    /// Stored bytes of bodies of one kind.
    public struct Kind: Hashable, Sendable {
        /// The kind: record, people, source, detail.
        public var name: String
        /// Those that current versions need.
        public var live = Amount()
        /// Those of versions that were followed by others, and of entries that are no versions.
        public var old = Amount()

        /// Makes a kind without any.
        public init(name: String) { self.name = name }
    }

    /// Size of the data file.
    public var fileByteCount = 0
    /// The greatest size it may take.
    public var mapByteCount = 0
    /// Bytes of pages in use.
    public var usedByteCount = 0
    /// Bytes of pages that are free for what comes next.
    public var freeByteCount = 0
    /// Tables in order of name.
    public var tables: [Table] = []
    /// Bodies by kind.
    public var kinds: [Kind] = []
    /// Other files and folders of the store's folder, such as the search folder, with their bytes.
    public var others: [String: Int] = [:]
    /// Size of the file system.
    public var fileSystemByteCount = 0
    /// What is free on it for this user.
    public var fileSystemFreeByteCount = 0

    /// Makes an empty account.
    public init() {}

    /// The account as an object.
    public var json: JSONValue {
        [
            "file": [
                "bytes": .integer(fileByteCount), "used": .integer(usedByteCount),
                "free": .integer(freeByteCount), "map": .integer(mapByteCount),
            ],
            "fileSystem": [
                "bytes": .integer(fileSystemByteCount), "free": .integer(fileSystemFreeByteCount),
            ],
            "tables": .array(
                tables.map { table in
                    [
                        "table": .string(table.name), "rows": .integer(table.rowCount),
                        "bytes": .integer(table.byteCount), "derived": .bool(table.isDerived),
                    ]
                }
            ),
            "bodies": .array(
                kinds.map { kind in
                    ["kind": .string(kind.name), "live": kind.live.json, "old": kind.old.json]
                }
            ),
            "others": .object(others.mapValues { .integer($0) }),
        ]
    }
}

/// A question without arguments.
public struct EmptyQuery: QueryForm {
    /// Makes a question.
    public init() {}
    /// No arguments.
    public static let usage = ""
    /// Takes nothing.
    public init(taking arguments: inout QueryArguments) {}
    /// No arguments.
    public var arguments: QueryArguments { QueryArguments() }
}
