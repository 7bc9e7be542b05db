import LMDB
import ReportModel

/// Makes the derived tables anew from entries and bodies, a bounded piece a transaction.
///
/// The row `rebuild` of `meta` says how far it has come; while it is there the store answers nothing
/// and takes nothing, and whoever opens it for writing goes on with it. Entries are taken in the order
/// in which they arrived, so that keys get the numbers that they had.
///
/// Source: docs/format.md section 3.5.
struct DerivedTables {
    /// What is done in which order.
    private enum Phase: UInt8 {
        /// Empties the tables one by one.
        case empty = 1
        /// Puts entries in the order of their arrival.
        case order = 2
        /// Derives everything from one entry after the other.
        case derive = 3
    }

    /// Where the work stands.
    private struct Place {
        var phase: Phase
        /// Table, row of `entries` or arrival number that is done.
        var key: [UInt8]

        var bytes: [UInt8] { [phase.rawValue] + key }

        init(_ phase: Phase, _ key: [UInt8] = []) {
            self.phase = phase
            self.key = key
        }

        init?(_ bytes: [UInt8]) {
            guard let phase = bytes.first.flatMap(Phase.init) else { return nil }
            self.init(phase, Array(bytes.dropFirst()))
        }
    }

    /// How much is done.
    struct Progress: Sendable {
        var done: UInt64
        var total: UInt64
    }

    let tables: Tables

    private var meta: Metadata { Metadata(tables) }
    private var derived: [Database] {
        tables.all.filter { !Tables.originals.contains($0.name ?? "") }
    }

    /// Whether the tables are being made anew.
    static func isUnderWay<T: ReadOperations & ~Copyable>(
        _ tables: Tables,
        _ transaction: borrowing T
    ) throws -> Bool {
        try transaction.contains(Metadata.Name.rebuild.key, in: tables.meta)
    }

    static let refusal = ReportError(
        .conflict,
        "the indexes of this store are being made anew",
        hint: "wait for reportctl reindex; if none runs, start the node or run it again"
    )

    /// Marks the tables as being made anew.
    func begin(_ transaction: borrowing WriteTransaction) throws {
        try Self.mark(meta, transaction)
    }

    /// The same where the tables are not open yet.
    static func mark(_ meta: Metadata, _ transaction: borrowing WriteTransaction) throws {
        try meta.put(.rebuild, Place(.empty).bytes, transaction)
    }

    /// Does the next piece.
    /// - Returns: how much is done; nil when everything is.
    func step(_ transaction: borrowing WriteTransaction) throws -> Progress? {
        guard let bytes = try meta.bytes(.rebuild, transaction) else { return nil }
        guard let place = Place(bytes) else {
            throw Sealed.damaged("meta", Metadata.Name.rebuild.key)
        }
        let total = try meta.counter(.arrival, transaction)
        var done: UInt64 = 0
        let next: Place?
        switch place.phase {
        case .empty: next = try emptyNext(place, transaction)
        case .order: next = try orderNext(place, transaction)
        case .derive:
            next = try deriveNext(place, transaction)
            done = next.map { Self.number($0.key) } ?? total
        }
        if let next {
            try meta.put(.rebuild, next.bytes, transaction)
        } else {
            try transaction.delete(Metadata.Name.rebuild.key, in: tables.meta)
        }
        return Progress(done: done, total: total)
    }

    private static func number(_ key: [UInt8]) -> UInt64 { key.reduce(0) { $0 << 8 | UInt64($1) } }

    private func emptyNext(
        _ place: Place,
        _ transaction: borrowing WriteTransaction
    ) throws -> Place {
        let index = Int(Self.number(place.key))
        guard derived.indices.contains(index) else {
            for name in [Metadata.Name.nextKey, .keyCount, .versionCount, .hashedKey] {
                try meta.put(name, RowKey.number(UInt64(0)), transaction)
            }
            // The list for auditors is complete from now on.
            try meta.put(.auditSince, RowKey.number(UInt64(0)), transaction)
            tables.tails.resetWriter()
            return Place(.order)
        }
        try transaction.empty(derived[index])
        return Place(.empty, RowKey.number(UInt64(index + 1)))
    }

    private func orderNext(
        _ place: Place,
        _ transaction: borrowing WriteTransaction
    ) throws -> Place {
        var rows: [(key: [UInt8], arrival: [UInt8], hash: Hash256)] = []
        try transaction.forEach(
            in: tables.entries,
            from: place.key.isEmpty ? .unbounded : .excluding(place.key),
            limit: StoreLimits.rebuildOrderCount
        ) { (key: RawSpan, value: RawSpan) throws -> ScanStep in
            let keyBytes = key.withUnsafeBytes { Array($0) }
            let opened = try Sealed.open(value, table: "entries", key: keyBytes)
            rows.append(
                (keyBytes, Array(opened.prefix(8)), Hash256(hashing: Array(opened.dropFirst(16))))
            )
            return .continue
        }
        guard let last = rows.last else {
            let arrival = try meta.counter(.arrival, transaction)
            try meta.put(.hashedArrival, RowKey.number(arrival), transaction)
            return Place(.derive)
        }
        for row in rows {
            guard let place = EntryPlace(row.key) else { throw Sealed.damaged("entries", row.key) }
            // The number of the key follows when the entry is derived.
            let feed = FeedRow(place: place, key: 0, hash: row.hash)
            try transaction.put(row.arrival, feed.bytes, in: tables.feed)
        }
        rows.sort { $0.hash < $1.hash }
        for row in rows { try transaction.put(row.hash.bytes, row.key, in: tables.entryHashes) }
        return Place(.order, last.key)
    }

    private func deriveNext(
        _ place: Place,
        _ transaction: borrowing WriteTransaction
    ) throws -> Place? {
        var rows: [(arrival: UInt64, row: FeedRow)] = []
        try transaction.forEach(
            in: tables.feed,
            from: place.key.isEmpty ? .unbounded : .excluding(place.key),
            limit: StoreLimits.rebuildDeriveCount
        ) { (key: RawSpan, value: RawSpan) throws -> ScanStep in
            rows.append(try FeedRow.item(key, value))
            return .continue
        }
        guard let last = rows.last else { return nil }
        for row in rows { try derive(row.row.place, transaction) }
        try HashTail.merge(tables, transaction)
        return Place(.derive, RowKey.number(last.arrival))
    }

    private func derive(
        _ place: EntryPlace,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let stored = try EntryRows(tables: tables).required(at: place, transaction)
        let facts =
            stored.entry.kind == .submit
            ? try HeadRows(tables: tables).facts(of: place, transaction) : nil
        _ = try EntryApplier(tables: tables).derive(
            EntryApplier.Incoming(
                entry: stored.entry,
                header: stored.header,
                hash: stored.hash,
                bodies: [],
                facts: facts
            ),
            at: place,
            arrival: stored.arrival,
            log: try LogRows(tables: tables).row(place.log, transaction),
            stored.arrivedAt,
            transaction
        )
    }
}
