import LMDB
public import ReportModel

extension Store {
    /// The kind of the first entry of a batch that judges what another node filed.
    ///
    /// A review always does; a retraction, a move, a reading or an erasure when it names an entry that
    /// is not in a log of the same node, nor in a branch of one that is kept as evidence of a fork. What
    /// is not known here is not the node's own: a log holds an entry before those that speak of it.
    /// - Parameters:
    ///   - batch: entries that continue what is held.
    ///   - node: the node whose log it is.
    /// - Returns: the kind; nil when every entry speaks of the node's own.
    public func judgement(in batch: EntryBatch, of node: NodeID) -> EntryKind? {
        let kinds: Set<EntryKind> = [.review, .retract, .reparse, .rekey, .erase]
        var own: Set<Hash256> = []
        for replicated in batch.entries {
            own.insert(Hash256(hashing: replicated.header))
            guard let entry = Entry(replicated.header), kinds.contains(entry.kind) else { continue }
            if entry.kind == .review { return .review }
            for subject in entry.subjects where !own.contains(subject) {
                guard isEntry(subject, of: node) else { return entry.kind }
            }
        }
        return nil
    }

    /// Whether an entry stands in a log of a node, on whichever branch.
    private func isEntry(_ hash: Hash256, of node: NodeID) -> Bool {
        let isOwn = try? read { (transaction: borrowing ReadTransaction) throws -> Bool in
            guard let place = try EntryRows(tables: tables).place(of: hash, transaction) else {
                return try isForkEntry(hash, of: node, transaction)
            }
            return try LogRows(tables: tables).row(place.log, transaction).descriptor.node == node
        }
        return isOwn ?? false
    }

    /// Whether an entry is kept as evidence of a fork of a node's log: the node signed it there.
    private func isForkEntry(
        _ hash: Hash256,
        of node: NodeID,
        _ transaction: borrowing ReadTransaction
    ) throws -> Bool {
        guard try transaction.statistics(of: tables.forks).entryCount > 0 else { return false }
        let rows = try LogRows(tables: tables).all(transaction)
        for row in rows where row.isForked && row.descriptor.node == node {
            let evidence = Self.evidenceKey(row.ref)
            var isFound = false
            _ = try transaction.forEach(in: tables.forks, prefix: RowKey.number(row.ref)) {
                (key: RawSpan, _: RawSpan) throws -> ScanStep in
                let bytes = key.withUnsafeBytes { Array($0) }
                guard bytes != evidence, bytes.suffix(Hash256.byteCount) == hash.bytes[...]
                else { return .continue }
                isFound = true
                return .stop
            }
            if isFound { return true }
        }
        return false
    }
}
