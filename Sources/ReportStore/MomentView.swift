import LMDB
import ReportModel

/// Heads of a key at a moment.
struct MomentView: Sendable {
    let tables: Tables
    let moment: Moment

    private var rows: HeadRows { HeadRows(tables: tables) }

    func includes(_ stored: StoredEntry) -> Bool {
        switch moment {
        case .now: true
        case .asOf(let last), .knownHere(let last): time(of: stored) <= last
        }
    }

    /// When an entry begins to count: its arrival for what was known here, else its own time.
    func time(of stored: StoredEntry) -> Timestamp {
        if case .knownHere = moment { stored.arrivedAt } else { stored.entry.recordedAt }
    }

    /// Whether the key has a version at the moment.
    func hasVersion<T: ReadOperations & ~Copyable>(
        _ key: UInt64,
        _ transaction: borrowing T
    ) throws -> Bool {
        if moment == .now { return true }
        return try rows.versions(of: key, transaction).contains { includes($0) }
    }

    /// Whether everything held about a key counts at the moment, so that its stored rows are right.
    func isPresent<T: ReadOperations & ~Copyable>(
        _ key: UInt64,
        _ transaction: borrowing T
    ) throws -> Bool {
        if moment == .now { return true }
        let entries = EntryRows(tables: tables)
        var isPresent = true
        _ = try transaction.forEach(in: tables.keyEntries, prefix: RowKey.number(key)) {
            (rowKey: RawSpan, value: RawSpan) throws -> ScanStep in
            guard let place = value.withUnsafeBytes({ EntryPlace($0) }) else {
                throw Sealed.damaged("keyEntries", rowKey.withUnsafeBytes { Array($0) })
            }
            isPresent = includes(try entries.required(at: place, transaction))
            return isPresent ? .continue : .stop
        }
        return isPresent
    }

    /// The row of a key as of the moment; nil when it had no version.
    func row<T: ReadOperations & ~Copyable>(
        _ key: UInt64,
        _ transaction: borrowing T
    ) throws -> HeadRow? {
        if moment == .now { return try rows.row(key, transaction) }
        let versions = try rows.versions(of: key, transaction).filter { includes($0) }
        let heads = try rows.heads(among: versions, at: moment, transaction)
        guard !heads.isEmpty else { return nil }
        return try rows.makeRow(heads, at: moment, key: key, transaction)
    }
}
