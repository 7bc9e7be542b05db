import LMDB
public import ReportModel

extension Store {
    /// The kind of the first entry of a batch that judges what another node filed.
    ///
    /// A review always does; a retraction, a move, a reading or an erasure when it names an entry that
    /// is not in a log of the same node. What is not known here is not the node's own: a log holds an
    /// entry before those that speak of it.
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

    /// Whether an entry stands in a log of a node.
    private func isEntry(_ hash: Hash256, of node: NodeID) -> Bool {
        let owner = try? read { (transaction: borrowing ReadTransaction) throws -> NodeID? in
            guard let place = try EntryRows(tables: tables).place(of: hash, transaction) else {
                return nil
            }
            return try LogRows(tables: tables).row(place.log, transaction).descriptor.node
        }
        return owner == node
    }
}
