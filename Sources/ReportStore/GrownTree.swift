import LMDB
import ReportModel

/// The tree of a log with entries added that are not written yet.
struct GrownTree {
    private var added: [MerkleTree.Node: Hash256] = [:]
    private let log: UInt32?
    private let rows: MerkleRows

    /// Adds entries to the stored tree, in memory.
    /// - Parameters:
    ///   - entries: consecutive entries; those of them that are stored are taken from here.
    ///   - log: the log; nil when nothing of it is stored.
    ///   - tables: the tables.
    ///   - transaction: reads the stored nodes.
    /// - Throws: ``ReportError`` `integrity` when a stored node is missing.
    init<T: ReadOperations & ~Copyable>(
        _ entries: [EntryApplier.Incoming],
        log: UInt32?,
        tables: Tables,
        _ transaction: borrowing T
    ) throws {
        self.log = log
        rows = MerkleRows(tables: tables)
        // By index: a copy of an entry counts references to each of its parts.
        for index in entries.indices {
            let nodes = try MerkleTree.append(
                entries[index].hash,
                at: entries[index].entry.sequence - 1
            ) { node throws(any Error) in
                try hash(node, transaction)
            }
            for (node, hash) in nodes { added[node] = hash }
        }
    }

    /// Root over the first `size` leaves.
    func root<T: ReadOperations & ~Copyable>(
        size: UInt64,
        _ transaction: borrowing T
    ) throws -> Hash256 {
        try MerkleTree.root(size: size) { node throws(any Error) in try hash(node, transaction) }
    }

    /// Proof that an entry is one of the first `size`.
    func inclusion<T: ReadOperations & ~Copyable>(
        of sequence: UInt64,
        size: UInt64,
        _ transaction: borrowing T
    ) throws -> [Hash256] {
        try MerkleTree.inclusionProof(of: sequence - 1, size: size) { node throws(any Error) in
            try hash(node, transaction)
        }
    }

    /// Proof that the first `old` entries are the beginning of a head's tree, of which `last` entries are
    /// here and a proof leads from those to it.
    func proof<T: ReadOperations & ~Copyable>(
        from old: UInt64,
        last: UInt64,
        head: UInt64,
        _ proof: [Hash256],
        _ transaction: borrowing T
    ) throws -> [Hash256] {
        guard let tail = PartialMerkleTree(held: last, size: head, proof: proof), old <= last else {
            return []
        }
        return try tail.consistencyProof(from: old) { node throws(any Error) in
            try hash(node, transaction)
        }
    }

    private func hash<T: ReadOperations & ~Copyable>(
        _ node: MerkleTree.Node,
        _ transaction: borrowing T
    ) throws -> Hash256 {
        if let hash = added[node] { return hash }
        guard let log else {
            throw Sealed.damaged("merkle", RowKey.merkle(0, level: node.level, index: node.index))
        }
        return try rows.hash(log: log, node, transaction)
    }
}
