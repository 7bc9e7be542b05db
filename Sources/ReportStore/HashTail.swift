import LMDB
import ReportModel
import Synchronization

/// What the tables that are keyed by hashes do not hold yet, found by hash.
///
/// A row under a hash falls on a page of its own, so a commit of a hundred entries would write
/// hundreds of pages for two such tables. They are therefore filled in bulk, in the order of the
/// hashes; what came since then is read from tables in the order of arrival, once, into memory.
///
/// Source: docs/format.md section 3.6.
final class HashTail: Sendable {
    /// The rows in question.
    enum Rows: Sendable {
        /// Entries: numbers are arrivals, values places.
        case entries
        /// Keys: numbers are those of keys.
        case keys

        /// The counter up to which the table under hashes is complete.
        var done: Metadata.Name { self == .entries ? .hashedArrival : .hashedKey }
        /// The counter of all rows.
        var all: Metadata.Name { self == .entries ? .arrival : .nextKey }
    }

    private struct State {
        var done: UInt64 = 0
        var seen: UInt64 = 0
        var found: [Hash256: (number: UInt64, place: EntryPlace)] = [:]
    }

    private let rows: Rows
    private let state = Mutex(State())

    init(_ rows: Rows) { self.rows = rows }

    /// Forgets everything: what was read may have been undone.
    func reset() { state.withLock { $0 = State() } }

    /// The row that a hash has beyond the table under hashes, as the transaction sees it.
    func find<T: ReadOperations & ~Copyable>(
        _ hash: Hash256,
        _ tables: Tables,
        _ transaction: borrowing T
    ) throws -> (number: UInt64, place: EntryPlace)? {
        let meta = Metadata(tables)
        let all = try meta.counter(rows.all, transaction)
        let done = try meta.counter(rows.done, default: all, transaction)
        guard done < all else { return nil }
        return try state.withLock { state throws in
            if state.done != done {
                state = State()
                state.done = done
                state.seen = done
            }
            if state.seen < all {
                // An entry that is being written has its number already, but no row yet.
                state.seen = try Self.scan(rows, from: state.seen, to: all, tables, transaction) {
                    state.found[$0] = (number: $1, place: $2)
                }
            }
            guard let row = state.found[hash], row.number <= all else { return nil }
            return row
        }
    }

    /// Moves what the tables under hashes lack into them, when it has become much.
    /// - Parameters:
    ///   - tables: the tables.
    ///   - minimum: how many rows are not yet much.
    ///   - transaction: the transaction, after all else was written in it.
    /// - Throws: `LMDBError`, ``ReportError`` `integrity`.
    static func merge(
        _ tables: Tables,
        minimum: UInt64 = StoreLimits.minimumHashTailCount,
        _ transaction: borrowing WriteTransaction
    ) throws {
        try merge(.entries, into: tables.entryHashes, minimum, tables, transaction) { _, place in
            place.bytes
        }
        try merge(.keys, into: tables.keyHashes, minimum, tables, transaction) { number, _ in
            RowKey.number(number)
        }
    }

    private static func merge(
        _ rows: Rows,
        into table: Database,
        _ minimum: UInt64,
        _ tables: Tables,
        _ transaction: borrowing WriteTransaction,
        value: (UInt64, EntryPlace) -> [UInt8]
    ) throws {
        let meta = Metadata(tables)
        let all = try meta.counter(rows.all, transaction)
        let done = try meta.counter(rows.done, default: all, transaction)
        let limit = max(
            minimum,
            min(StoreLimits.maximumHashTailCount, done / StoreLimits.hashTailShare)
        )
        guard all &- done >= limit, done < all else { return }
        var found: [(hash: Hash256, value: [UInt8])] = []
        let seen = try scan(rows, from: done, to: all, tables, transaction) { hash, number, place in
            found.append((hash: hash, value: value(number, place)))
        }
        guard seen == all else {
            throw Sealed.damaged(rows == .entries ? "feed" : "keyIds", RowKey.number(seen &+ 1))
        }
        found.sort { $0.hash < $1.hash }
        for row in found { try transaction.put(row.hash.bytes, row.value, in: table) }
        try meta.put(rows.done, RowKey.number(all), transaction)
    }

    /// Reads hashes in the order of arrival.
    /// - Returns: the number of the last row before the first that is missing.
    private static func scan<T: ReadOperations & ~Copyable>(
        _ rows: Rows,
        from: UInt64,
        to: UInt64,
        _ tables: Tables,
        _ transaction: borrowing T,
        _ body: (Hash256, UInt64, EntryPlace) -> Void
    ) throws -> UInt64 {
        var number = from
        _ = try transaction.forEach(
            in: rows == .entries ? tables.feed : tables.keyIds,
            from: .excluding(RowKey.number(from)),
            to: .including(RowKey.number(to))
        ) { (key: RawSpan, value: RawSpan) throws -> ScanStep in
            guard key.byteCount == 8,
                UInt64(bigEndian: key.unsafeLoadUnaligned(as: UInt64.self)) == number &+ 1
            else { return .stop }
            number &+= 1
            switch rows {
            case .entries:
                guard let row = FeedRow(value), let hash = row.hash else {
                    throw Sealed.damaged("feed", RowKey.number(number))
                }
                body(hash, number, row.place)
            case .keys:
                guard let hash = Hash256(value, at: 0) else {
                    throw Sealed.damaged("keyIds", RowKey.number(number))
                }
                body(hash, number, EntryPlace(log: 0, sequence: 0))
            }
            return .continue
        }
        return number
    }
}

/// The tails of a store's two tables under hashes, for readers and for the writer.
struct HashTails: Sendable {
    private let entries = HashTail(.entries)
    private let keys = HashTail(.keys)
    /// The writer sees what is not committed, and readers must not.
    private let writtenEntries = HashTail(.entries)
    private let writtenKeys = HashTail(.keys)

    func entries<T: ReadOperations & ~Copyable>(_ transaction: borrowing T) -> HashTail {
        transaction.isWriting ? writtenEntries : entries
    }

    func keys<T: ReadOperations & ~Copyable>(_ transaction: borrowing T) -> HashTail {
        transaction.isWriting ? writtenKeys : keys
    }

    /// Called when a write transaction was given up.
    func resetWriter() {
        writtenEntries.reset()
        writtenKeys.reset()
    }
}
