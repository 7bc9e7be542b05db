import LMDB
import ReportModel

/// The table `merkle`.
struct MerkleRows: Sendable {
    let tables: Tables

    func hash<T: ReadOperations & ~Copyable>(
        log: UInt32,
        _ node: MerkleTree.Node,
        _ transaction: borrowing T
    ) throws -> Hash256 {
        let key = RowKey.merkle(log, level: node.level, index: node.index)
        guard let bytes = try transaction.copyValue(key, in: tables.merkle),
            let hash = Hash256(bytes)
        else { throw Sealed.damaged("merkle", key) }
        return hash
    }

    /// Root over the first `size` leaves.
    func root<T: ReadOperations & ~Copyable>(
        log: UInt32,
        size: UInt64,
        _ transaction: borrowing T
    ) throws -> Hash256 {
        try MerkleTree.root(size: size) { node throws(any Error) in
            try hash(log: log, node, transaction)
        }
    }

    /// Proof that the tree of `old` leaves is the beginning of that of `size` leaves.
    func consistencyProof<T: ReadOperations & ~Copyable>(
        log: UInt32,
        from old: UInt64,
        to size: UInt64,
        _ transaction: borrowing T
    ) throws -> [Hash256] {
        try MerkleTree.consistencyProof(from: old, to: size) { node throws(any Error) in
            try hash(log: log, node, transaction)
        }
    }
}
