import ReportModel
import ReportStore

/// Checks logs in a database without a store: hashes, chains, bodies, trees, signatures.
enum LogCheck {
    /// Checks every log.
    /// - Parameters:
    ///   - reader: the database.
    ///   - store: a store whose logs must be there up to its own last entries; nil: none.
    /// - Returns: entries that were checked.
    /// - Throws: ``ReportError`` `integrity`.
    static func check(
        _ reader: PostgresSession,
        comparingWith store: Store?
    ) async throws(ReportError) -> UInt64 {
        let heads = try await reader.reading { connection in
            try PostgresSchema.check(try PostgresSchema.format(of: connection))
            return try SharedLog.heads(connection)
        }
        var count: UInt64 = 0
        for (id, head) in heads.sorted(by: { $0.key < $1.key }) {
            let last = try await check(id, head, reader)
            if let store, let state = try await store.logState(id) {
                let hash = try await store.entryHash(
                    log: id,
                    sequence: min(last, state.position.sequence)
                )
                let held = state.position
                guard last >= held.sequence, hash != nil,
                    last > held.sequence || hash == head.last
                else { throw wrong(id, last, "is not the one of the store") }
            }
            count += last
        }
        return count
    }

    private static func check(
        _ id: LogID,
        _ head: SharedLog.Head,
        _ reader: PostgresSession
    ) async throws(ReportError) -> UInt64 {
        let descriptor = try await reader.reading { connection in
            try SharedLog.descriptor(of: id, connection)
        }
        var tree = GrowingTree()
        var previous = Hash256.zero
        while tree.size < head.sequence {
            let after = tree.size
            let batch = try await reader.reading { connection in
                try SharedLog.batch(of: id, after: after, connection)
            }
            guard let batch else { throw wrong(id, after + 1, "is missing") }
            for replicated in batch.entries {
                let sequence = tree.size + 1
                guard let entry = Entry(replicated.header), entry.log == id,
                    entry.sequence == sequence, entry.previous == previous
                else { throw wrong(id, sequence, "does not follow the one before it") }
                for (reference, body) in zip(entry.bodies, replicated.bodies) {
                    guard body.map({ $0.reference == reference }) ?? true else {
                        throw wrong(id, sequence, "has another body than was signed")
                    }
                }
                previous = Hash256(hashing: replicated.header)
                tree.append(previous)
            }
            let isProved =
                tree.size == batch.head.size
                ? tree.root == batch.head.root && batch.head.last == previous
                : MerkleTree.verifiesConsistency(
                    old: tree.size,
                    oldRoot: tree.root,
                    size: batch.head.size,
                    root: batch.head.root,
                    proof: batch.proof
                )
            guard isProved, batch.head.isAuthentic(for: descriptor) else {
                throw wrong(id, tree.size, "is not covered by its owner's signature")
            }
        }
        guard previous == head.last else { throw wrong(id, tree.size, "is not the last one") }
        return tree.size
    }

    private static func wrong(_ log: LogID, _ sequence: UInt64, _ what: String) -> ReportError {
        ReportError(.integrity, "entry \(sequence) of log \(log) in the database \(what)")
    }
}

/// The tree over a log that grows at its end: only the nodes that its root needs are held.
private struct GrowingTree {
    private(set) var size: UInt64 = 0
    /// The last complete node of each level.
    private var last: [UInt8: (index: UInt64, hash: Hash256)] = [:]

    mutating func append(_ entry: Hash256) {
        let added = MerkleTree.append(entry, at: size) { node in hash(node) }
        for (node, hash) in added { last[node.level] = (node.index, hash) }
        size += 1
    }

    var root: Hash256 { MerkleTree.root(size: size) { node in hash(node) } }

    private func hash(_ node: MerkleTree.Node) -> Hash256 {
        guard let held = last[node.level], held.index == node.index else { return .zero }
        return held.hash
    }
}
