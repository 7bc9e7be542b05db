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

    // MARK: Logs that are held in part

    /// Remembers how a log that is held in part lies within the tree of its head.
    /// - Parameters:
    ///   - proof: consistency proof from what is held to the head; empty when all is held.
    ///   - log: its row.
    ///   - transaction: the transaction that writes the row.
    /// - Throws: `LMDBError`.
    func putTail(
        _ proof: [Hash256],
        of log: LogRow,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let key = Self.tailKey(log.ref)
        guard let head = log.head, head.size > log.held, !proof.isEmpty else {
            if try transaction.contains(key, in: tables.meta) {
                _ = try transaction.delete(key, in: tables.meta)
            }
            return
        }
        var value: [UInt8] = []
        value.appendBigEndian(log.held)
        value.appendBigEndian(head.size)
        for hash in proof { hash.append(to: &value) }
        try transaction.put(key, Sealed.seal(value), in: tables.meta)
    }

    /// What is known of a head's tree beyond the entries held; nil when nothing is.
    func tail<T: ReadOperations & ~Copyable>(
        of log: LogRow,
        _ transaction: borrowing T
    ) throws -> PartialMerkleTree? {
        let key = Self.tailKey(log.ref)
        guard let head = log.head, head.size > log.held else { return nil }
        let value = try transaction.get(key, in: tables.meta) { (value: RawSpan) throws in
            try Sealed.open(value, table: "meta", key: key)
        }
        guard let value else { return nil }
        var reader = ByteReader(value[...])
        guard let held = reader.integer(UInt64.self), let size = reader.integer(UInt64.self) else {
            throw Sealed.damaged("meta", key)
        }
        var proof: [Hash256] = []
        while let hash = reader.hash() { proof.append(hash) }
        guard size == head.size, held <= log.held else { return nil }
        return PartialMerkleTree(held: held, size: size, proof: proof)
    }

    /// Proof that the first `old` entries are the beginning of the head's tree; nil when that cannot be
    /// proved with what is held.
    func proof<T: ReadOperations & ~Copyable>(
        of log: LogRow,
        from old: UInt64,
        _ transaction: borrowing T
    ) throws -> [Hash256]? {
        guard let head = log.head, old > 0, old <= head.size else { return nil }
        if old == head.size { return [] }
        if head.size <= log.held {
            return try consistencyProof(log: log.ref, from: old, to: head.size, transaction)
        }
        guard let tail = try tail(of: log, transaction), old <= tail.held else { return nil }
        return try tail.consistencyProof(from: old) { node throws(any Error) in
            try hash(log: log.ref, node, transaction)
        }
    }

    private static func tailKey(_ ref: UInt32) -> [UInt8] {
        Array("tail/".utf8) + RowKey.number(ref)
    }
}
