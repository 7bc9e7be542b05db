import LMDB
import ReportModel

/// What entries that speak of others change in derived tables.
///
/// Own and foreign entries come through here, before or after what they speak of.
struct WorkflowRows: Sendable {
    let tables: Tables

    private var keys: KeyRows { KeyRows(tables: tables) }
    private var judgements: JudgementRows { JudgementRows(tables: tables) }

    /// Leaves out bodies that an erasure named before they came.
    func withoutErased(
        _ incoming: EntryApplier.Incoming,
        _ transaction: borrowing WriteTransaction
    ) throws -> EntryApplier.Incoming {
        let erased = try Erasures(tables: tables)
            .erased(incoming.entry, hash: incoming.hash, transaction)
        guard !erased.isEmpty else { return incoming }
        var rest = incoming
        for index in erased.keys {
            rest.bodies[index] = nil
            rest.held.remove(index)
        }
        if erased[0] != nil { rest.facts = nil }
        return rest
    }

    /// Writes the rows of an entry and what it changes.
    /// - Returns: hashes of the entries that lost bodies.
    func derive(
        _ incoming: EntryApplier.Incoming,
        at place: EntryPlace,
        key: UInt64,
        _ arrivedAt: Timestamp,
        _ transaction: borrowing WriteTransaction
    ) throws -> [Hash256] {
        let entry = incoming.entry
        if let audit = tables.audit,
            AuditRow.isWanted(entry, isForced: incoming.facts?.isForced ?? false)
        {
            try transaction.put(AuditRow(entry, at: place).key, place.bytes, in: audit)
        }
        guard key > 0, JudgementRow.kinds.contains(entry.kind) else { return [] }
        try judgements.put(entry, at: place, arrivedAt: arrivedAt, transaction)
        guard entry.kind != .submit else { return [] }
        var touched: [Hash256] = []
        if entry.kind == .erase {
            touched = try Erasures(tables: tables).apply(entry, transaction)
            try nameKey(key, of: entry.keyHash, from: place, transaction)
        }
        try HeadRows(tables: tables).refresh(key, transaction)
        return touched
    }

    /// Makes a key findable whose record was erased before this node saw it.
    func nameErasedKey(
        _ key: UInt64,
        _ version: EntryApplier.Incoming,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let keyHash = version.entry.keyHash
        for row in try judgements.rows(about: version.hash, transaction)
        where row.kind == .erase && row.keyHash == keyHash {
            try nameKey(key, of: keyHash, from: row.place, hasVersion: true, transaction)
        }
    }

    /// Takes the text of a key from an erasure, which tells it.
    func nameKey(
        _ key: UInt64,
        of hash: Hash256,
        from place: EntryPlace,
        hasVersion: Bool = false,
        _ transaction: borrowing WriteTransaction
    ) throws {
        guard try keys.text(of: key, transaction) == nil,
            let reportKey = Store.statedKey(
                in: try judgements.detail(at: place, transaction),
                hash: hash
            )
        else { return }
        // A key without a version is not to be found.
        let isThere = try hasVersion || HeadRows(tables: tables).row(key, transaction) != nil
        guard isThere else { return }
        _ = try keys.numberOrNew(hash: hash, naming: reportKey, transaction)
    }
}
