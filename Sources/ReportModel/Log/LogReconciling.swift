/// What comparing and mending two copies of a log needs of a store, beside ``ReportLog``.
///
/// Every method has a default, so that a store without a tree or without repair still replicates.
///
/// Source: docs/protocol.md section 5.4; docs/decisions/0016-reconciliation.md.
public protocol LogReconciling: Sendable {
    /// Hashes of nodes of a log's tree; a node that cannot be told has the hash of 32 zeros.
    /// - Parameters:
    ///   - nodes: which nodes of the tree of so many entries, at most ``TreeNodes/maximumCount``.
    ///   - fromEntries: whether they are computed from the entries as they can be read now.
    /// - Returns: the nodes with their hashes.
    /// - Throws: ``ReportError`` when the store cannot be read.
    func hashes(of nodes: TreeNodes, fromEntries: Bool) async throws(ReportError) -> TreeNodes

    /// Entries of a log that cannot be read, are not what was signed, or lack bodies that are not erased.
    /// - Parameters:
    ///   - log: the log.
    ///   - sequence: continue after this entry.
    ///   - limit: most entries that are looked at.
    /// - Returns: their sequences, and how far the log was looked at.
    /// - Throws: ``ReportError`` when the store cannot be read at all.
    func defects(
        of log: LogID,
        after sequence: UInt64,
        limit: Int
    ) async throws(ReportError) -> LogDefects

    /// Entries by their sequences; nil where an entry cannot be read.
    /// - Parameters:
    ///   - log: the log.
    ///   - sequences: which entries.
    ///   - maximumByteCount: most bytes; the first entry is there even if it is larger.
    /// - Returns: as many of them, from the first on, as fit.
    /// - Throws: ``ReportError`` when the store cannot be read at all.
    func entries(
        of log: LogID,
        at sequences: [UInt64],
        maximumByteCount: Int
    ) async throws(ReportError) -> FetchedEntries

    /// Puts what verifies in the place of what is damaged or absent; returns after the disk has it.
    ///
    /// An entry is taken when its hash is the one that the log's owner signed for that place, a body when
    /// it is the one that the entry names; what is held and whole is not touched.
    /// - Parameter fetched: entries from a peer; nothing in them needs to be verified.
    /// - Returns: what was mended.
    /// - Throws: ``ReportError`` `no-space`, `read-only`.
    func repair(_ fetched: FetchedEntries) async throws(ReportError) -> LogRepair
}

/// Nodes of the tree over the first entries of a log, with or without their hashes.
///
/// The node with level l and index i covers the leaves from i·2^l up to (i+1)·2^l, or to the end of the
/// tree: so the root has a name too.
public struct TreeNodes: Hashable, Sendable {
    /// Most nodes at once.
    public static let maximumCount = 1024

    /// The log.
    public var log: LogID
    /// Entries in the tree.
    public var size: UInt64
    /// Which nodes; those of one question are told in its order.
    public var nodes: [MerkleTree.Node]
    /// Their hashes; empty in a question.
    public var hashes: [Hash256]

    /// Names nodes.
    public init(log: LogID, size: UInt64, nodes: [MerkleTree.Node], hashes: [Hash256] = []) {
        self.log = log
        self.size = size
        self.nodes = nodes
        self.hashes = hashes
    }

    /// The node that covers a whole tree.
    /// - Parameter size: number of leaves, at least 1.
    /// - Returns: the node.
    public static func root(of size: UInt64) -> MerkleTree.Node {
        MerkleTree.Node(level: UInt8(64 - (size - 1).leadingZeroBitCount), index: 0)
    }

    /// The leaves of a node, from 0; nil when it is none of a tree of so many leaves.
    public static func leaves(of node: MerkleTree.Node, size: UInt64) -> Range<UInt64>? {
        guard node.level < 64, size > 0, node.level <= root(of: size).level else { return nil }
        let (start, isBeyond) = node.index.multipliedReportingOverflow(by: 1 << UInt64(node.level))
        guard !isBeyond, start < size else { return nil }
        return start..<start + min(1 << UInt64(node.level), size - start)
    }

    /// Nodes below a node, some levels down.
    /// - Parameters:
    ///   - node: the node; not a leaf.
    ///   - levels: how many levels down at most.
    ///   - size: number of leaves of the tree.
    /// - Returns: nodes of one level in ascending order.
    public static func children(
        of node: MerkleTree.Node,
        levels: UInt8,
        size: UInt64
    ) -> [MerkleTree.Node] {
        let down = min(levels, node.level)
        let first = node.index << UInt64(down)
        return (first..<first + (1 << UInt64(down))).map {
            MerkleTree.Node(level: node.level - down, index: $0)
        }.filter { leaves(of: $0, size: size) != nil }
    }
}

/// What is not as it must be in a part of a log.
public struct LogDefects: Hashable, Sendable {
    /// Entries that are damaged or lack bodies, ascending.
    public var sequences: [UInt64]
    /// Those among them that only lack bodies, as one does whose bodies were never sent here.
    public var bare: Set<UInt64>
    /// Last entry that was looked at.
    public var upTo: UInt64
    /// Whether that is the last one held.
    public var isEnd: Bool

    /// Makes a list.
    public init(sequences: [UInt64], bare: Set<UInt64> = [], upTo: UInt64, isEnd: Bool) {
        self.sequences = sequences
        self.bare = bare
        self.upTo = upTo
        self.isEnd = isEnd
    }
}

/// Single entries of a log, as one peer gives them to another.
public struct FetchedEntries: Hashable, Sendable {
    /// Most entries that are asked for at once.
    public static let maximumCount = 256

    /// One entry.
    public struct Row: Hashable, Sendable {
        /// Its sequence.
        public var sequence: UInt64
        /// The entry; nil when the sender cannot read it.
        public var entry: ReplicatedEntry?

        /// Makes a row.
        public init(sequence: UInt64, entry: ReplicatedEntry?) {
            self.sequence = sequence
            self.entry = entry
        }
    }

    /// The log.
    public var log: LogID
    /// The entries in the order in which they were asked for.
    public var rows: [Row]

    /// Makes a list.
    public init(log: LogID, rows: [Row]) {
        self.log = log
        self.rows = rows
    }
}

/// What a repair did.
public struct LogRepair: Hashable, Sendable {
    /// Entries whose headers were damaged and are whole again.
    public var entryCount = 0
    /// Bodies that were damaged or absent and are whole again.
    public var bodyCount = 0
    /// Entries that are as damaged as before: the peer had no better ones.
    public var remaining: [UInt64] = []
    /// Entries that are whole but for bodies that are not here and the peer did not send.
    public var withheld: [UInt64] = []
    /// Whether a body came that was absent: the index of the search has passed its entry.
    public var needsReindex = false

    /// Makes an empty account.
    public init() {}
}

extension LogReconciling {
    /// Tells nothing.
    public func hashes(
        of nodes: TreeNodes,
        fromEntries: Bool
    ) async throws(ReportError) -> TreeNodes {
        var told = nodes
        told.hashes = [Hash256](repeating: .zero, count: nodes.nodes.count)
        return told
    }

    /// Finds nothing.
    public func defects(
        of log: LogID,
        after sequence: UInt64,
        limit: Int
    ) async throws(ReportError) -> LogDefects {
        LogDefects(sequences: [], upTo: sequence, isEnd: true)
    }

    /// Has nothing.
    public func entries(
        of log: LogID,
        at sequences: [UInt64],
        maximumByteCount: Int
    ) async throws(ReportError) -> FetchedEntries {
        FetchedEntries(log: log, rows: sequences.map { .init(sequence: $0, entry: nil) })
    }

    /// Mends nothing.
    public func repair(_ fetched: FetchedEntries) async throws(ReportError) -> LogRepair {
        var repair = LogRepair()
        repair.remaining = fetched.rows.map(\.sequence)
        return repair
    }
}
