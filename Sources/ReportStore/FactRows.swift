import LMDB
import ReportModel

/// The table `facts`.
///
/// Its rows stand under the text of the key, in the order of lists. A store that an older program
/// wrote lacks rows: they are computed from the record until the key has its next version or the
/// derived tables are rebuilt.
struct FactRows: Sendable {
    let tables: Tables

    private var entries: EntryRows { EntryRows(tables: tables) }

    /// Writes the row of a key; called wherever its head row is written.
    /// - Parameters:
    ///   - winner: the winner's entry.
    ///   - heads: current heads, the winner first.
    ///   - facts: facts of the winner's record; nil when it is not here.
    ///   - key: number of the key.
    ///   - text: text of the key.
    ///   - transaction: the transaction of the batch.
    /// - Throws: ``ReportError`` `integrity`, `LMDBError`.
    func put(
        _ winner: StoredEntry,
        _ heads: [HeadRow.Head],
        facts: RecordFacts?,
        key: UInt64,
        text: String,
        _ transaction: borrowing WriteTransaction
    ) throws {
        guard let table = tables.facts else { return }
        // A first version that is the only head is the only version.
        let isOnly = heads.count == 1 && winner.entry.number == 1
        let first = isOnly ? nil : try firstTime(of: key, transaction) { _ in true }
        let row = makeRow(winner, heads, facts: facts, key: key, filedAt: first)
        try transaction.put(Array(text.utf8), Sealed.seal(row.bytes), in: table)
    }

    /// The row that heads and facts make.
    private func makeRow(
        _ winner: StoredEntry,
        _ heads: [HeadRow.Head],
        facts: RecordFacts?,
        key: UInt64,
        filedAt: Timestamp?
    ) -> FactRow {
        var kinds: UInt16 = 0
        for (bit, kind) in PartKind.allCases.enumerated()
        where facts?.partKinds.contains(kind.rawValue) == true {
            kinds |= 1 << UInt16(bit)
        }
        let code = facts?.regionCode ?? ""
        return FactRow(
            key: key,
            status: heads.first?.status ?? 0,
            isConflict: !HeadRow.conflict(heads).isEmpty,
            isWithheld: facts == nil,
            recordedAt: winner.entry.recordedAt,
            filedAt: filedAt ?? winner.entry.recordedAt,
            arrivedAt: winner.arrivedAt,
            regionCode: code.utf8.count == 6 ? UInt32(code) ?? 0 : 0,
            partKinds: kinds,
            findings: facts?.findings ?? FindingCounts(),
            indicatorCount: facts?.indicatorCount ?? 0,
            problemCount: facts?.problemCount ?? 0,
            tail: facts?.factTail ?? FactRow.tail(province: "", unitName: "", numbers: [])
        )
    }

    /// When the first version of a key was recorded, among those that count.
    func firstTime<T: ReadOperations & ~Copyable>(
        of key: UInt64,
        _ transaction: borrowing T,
        counts: (StoredEntry) -> Bool
    ) throws -> Timestamp? {
        var first: (number: UInt32, time: Timestamp)?
        _ = try transaction.forEach(in: tables.versions, prefix: RowKey.number(key)) {
            (rowKey: RawSpan, value: RawSpan) throws -> ScanStep in
            guard let place = value.withUnsafeBytes({ EntryPlace($0) }) else {
                throw Sealed.damaged("versions", rowKey.withUnsafeBytes { Array($0) })
            }
            let stored = try entries.required(at: place, transaction)
            if let first, stored.entry.number > first.number { return .stop }
            guard counts(stored) else { return .continue }
            let time = stored.entry.recordedAt
            first = (stored.entry.number, min(first?.time ?? time, time))
            return .continue
        }
        return first?.time
    }

    /// Whether every key has its row.
    func isComplete<T: ReadOperations & ~Copyable>(_ transaction: borrowing T) throws -> Bool {
        guard let table = tables.facts else { return false }
        return try transaction.count(table) == transaction.count(tables.keys)
    }

    /// Lends the bytes of a row at a moment to a closure; nil when the key had no version.
    func withRow<T: ReadOperations & ~Copyable, R>(
        of key: UInt64,
        text: [UInt8],
        _ view: MomentView,
        _ transaction: borrowing T,
        _ body: (FactView) throws -> R
    ) throws -> R? {
        if let table = tables.facts, try view.isPresent(key, transaction),
            let stored = try transaction.copyValue(text, in: table)
        {
            return try stored.withUnsafeBytes { try body(try Self.open($0, key: text)) }
        }
        guard let row = try computed(key, view, transaction) else { return nil }
        return try row.bytes.withUnsafeBytes { bytes in
            guard let lent = FactView(lending: bytes) else { throw Sealed.damaged("facts", text) }
            return try body(lent)
        }
    }

    /// The row as the entries make it; nil when the key had no version at the moment.
    func computed<T: ReadOperations & ~Copyable>(
        _ key: UInt64,
        _ view: MomentView,
        _ transaction: borrowing T
    ) throws -> FactRow? {
        guard let row = try view.row(key, transaction), let winner = row.heads.first else {
            return nil
        }
        return makeRow(
            try entries.required(at: winner.place, transaction),
            row.heads,
            facts: try HeadRows(tables: tables).facts(of: row.reading ?? winner.place, transaction),
            key: key,
            filedAt: try firstTime(of: key, transaction) { view.includes($0) }
        )
    }

    /// Looks at a stored row.
    /// - Throws: ``ReportError`` `integrity`.
    static func open(
        _ stored: UnsafeRawBufferPointer,
        key: @autoclosure () -> [UInt8]
    ) throws -> FactView {
        guard Sealed.isIntact(stored),
            let view = FactView(
                lending: UnsafeRawBufferPointer(rebasing: stored[Sealed.byteCount...])
            )
        else { throw Sealed.damaged("facts", key()) }
        return view
    }
}
