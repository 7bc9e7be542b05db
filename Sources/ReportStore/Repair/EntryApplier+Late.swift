import LMDB
import ReportModel

/// Rows that follow from bodies which came after their entry.
extension EntryApplier {
    /// Makes the derived tables what they are where an entry came with a body that it lacked here.
    ///
    /// In the transaction of the body: whoever reads sees both or neither. A second call changes nothing.
    /// The index of the search is another thing, which has passed the entry.
    /// - Parameters:
    ///   - incoming: the entry, as it was checked; its `record` or `detail` is held by now.
    ///   - place: where the entry is held.
    ///   - erased: indices of its bodies that nobody may hold.
    ///   - transaction: the transaction that wrote the body.
    /// - Throws: ``ReportError`` `integrity`, `LMDBError`; then the transaction must end.
    func deriveLate(
        _ incoming: Incoming,
        at place: EntryPlace,
        erased: Set<Int>,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let entry = incoming.entry
        guard entry.keyHash != .zero else { return }
        let number = try KeyRows(tables: tables).numberOrNew(
            hash: entry.keyHash,
            naming: incoming.facts?.reportKey,
            transaction
        )
        if entry.kind == .submit, let facts = incoming.facts {
            for (index, row) in Self.sourceRows(entry, facts, key: number, at: place)
            where !erased.contains(index) {
                try transaction.put(row, [UInt8](), in: tables.sourceHashes)
            }
        }
        try WorkflowRows(tables: tables).deriveLate(incoming, at: place, key: number, transaction)
        try HeadRows(tables: tables).refresh(number, transaction)
    }
}

extension WorkflowRows {
    /// Writes the rows of an entry that its bodies alone tell.
    func deriveLate(
        _ incoming: EntryApplier.Incoming,
        at place: EntryPlace,
        key: UInt64,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let entry = incoming.entry
        if let audit = tables.audit,
            AuditRow.isWanted(entry, isForced: incoming.facts?.isForced ?? false)
        {
            try transaction.put(AuditRow(entry, at: place).key, place.bytes, in: audit)
        }
        guard entry.kind == .erase else { return }
        try nameKey(key, of: entry.keyHash, from: place, transaction)
    }
}
