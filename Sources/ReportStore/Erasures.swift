import LMDB
import ReportModel

/// Which bodies were erased, and how they are dropped.
///
/// Source: docs/format.md section 1.2, trailer of an erasure; docs/decisions/0011.
struct Erasures: Sendable {
    let tables: Tables

    private var judgements: JudgementRows { JudgementRows(tables: tables) }
    private var entries: EntryRows { EntryRows(tables: tables) }

    /// An erasure that names bodies of an entry.
    struct Named: Sendable {
        var place: EntryPlace
        var selection: ErasedSelection
    }

    /// Erasures that name an entry, in the order in which they count.
    func naming<T: ReadOperations & ~Copyable>(
        _ subject: Hash256,
        keyHash: Hash256,
        _ transaction: borrowing T
    ) throws -> [Named] {
        var named: [Named] = []
        for row in try judgements.rows(about: subject, transaction)
        where row.kind == .erase && row.keyHash == keyHash {
            let entry = try entries.required(at: row.place, transaction).entry
            for erased in entry.erasedSubjects where erased.entry == subject {
                named.append(Named(place: row.place, selection: erased.selection))
            }
        }
        return named
    }

    /// The bodies of an entry that were erased, each with the place of the first erasure that did.
    ///
    /// A reading loses what its version loses.
    func erased<T: ReadOperations & ~Copyable>(
        _ entry: Entry,
        hash: Hash256,
        _ transaction: borrowing T
    ) throws -> [Int: EntryPlace] {
        guard entry.keyHash != .zero, !entry.bodies.isEmpty else { return [:] }
        var result: [Int: EntryPlace] = [:]
        for named in try naming(hash, keyHash: entry.keyHash, transaction) {
            for (index, body) in entry.bodies.enumerated()
            where named.selection.covers(body.kind, at: index) {
                result[index] = result[index] ?? named.place
            }
        }
        guard entry.kind == .reparse else { return result }
        for subject in entry.subjects {
            for named in try naming(subject, keyHash: entry.keyHash, transaction) {
                for (index, body) in entry.bodies.enumerated()
                where named.selection.coversReading(body.kind) {
                    result[index] = result[index] ?? named.place
                }
            }
        }
        return result
    }

    /// Drops what an erasure names and is held here.
    /// - Returns: hashes of the entries that lost bodies.
    func apply(_ erasure: Entry, _ transaction: borrowing WriteTransaction) throws -> [Hash256] {
        var touched: [Hash256] = []
        for subject in Set(erasure.subjects).sorted() {
            var places = try entries.place(of: subject, transaction).map { [$0] } ?? []
            for row in try judgements.rows(about: subject, transaction)
            where row.kind == .reparse && row.keyHash == erasure.keyHash {
                places.append(row.place)
            }
            for place in places {
                let stored = try entries.required(at: place, transaction)
                if try drop(stored, transaction) { touched.append(stored.hash) }
            }
            try dropForked(subject, erasure, transaction)
        }
        return touched
    }

    /// Drops the erased bodies of an entry with the rows that follow from them.
    /// - Returns: whether anything was held.
    private func drop(
        _ stored: StoredEntry,
        _ transaction: borrowing WriteTransaction
    ) throws -> Bool {
        let erased = try erased(stored.entry, hash: stored.hash, transaction)
        guard !erased.isEmpty else { return false }
        try dropDerived(stored, Set(erased.keys), transaction)
        var wasHeld = false
        for index in erased.keys.sorted() {
            let bodies = BodyAliases(tables: tables)
            if try bodies.erase(stored, index: index, transaction) { wasHeld = true }
        }
        return wasHeld
    }

    private func dropDerived(
        _ stored: StoredEntry,
        _ erased: Set<Int>,
        _ transaction: borrowing WriteTransaction
    ) throws {
        guard stored.entry.kind == .submit,
            let facts = try HeadRows(tables: tables).facts(of: stored.place, transaction),
            let key = try KeyRows(tables: tables)
                .number(ofHash: stored.entry.keyHash, transaction)
        else { return }
        // Without its record nothing says any more which files a version has.
        let isRecordErased = erased.contains(0)
        for (index, row) in EntryApplier.sourceRows(stored.entry, facts, key: key, at: stored.place)
        where isRecordErased || erased.contains(index) {
            _ = try transaction.delete(row, in: tables.sourceHashes)
        }
        if isRecordErased, let audit = tables.audit {
            _ = try transaction.delete(AuditRow(stored.entry, at: stored.place).key, in: audit)
        }
    }

    /// Drops the bodies of an entry that is kept as evidence of a fork.
    private func dropForked(
        _ subject: Hash256,
        _ erasure: Entry,
        _ transaction: borrowing WriteTransaction
    ) throws {
        var forks: [[UInt8]] = []
        _ = try transaction.forEach(in: tables.forks) {
            (key: RawSpan, value: RawSpan) throws -> ScanStep in
            let key = key.withUnsafeBytes { Array($0) }
            guard key.suffix(Hash256.byteCount).elementsEqual(subject.bytes) else {
                return .continue
            }
            // Eight bytes of time and four of length stand before the header.
            let value = try Sealed.open(value, table: "forks", key: key)
            if Entry(value.dropFirst(12))?.keyHash == erasure.keyHash { forks.append(key) }
            return .continue
        }
        for fork in forks {
            var chunks: [[UInt8]] = []
            _ = try transaction.forEach(in: tables.forkBodies, prefix: fork) {
                (key: RawSpan, _: RawSpan) throws -> ScanStep in
                chunks.append(key.withUnsafeBytes { Array($0) })
                return .continue
            }
            // Evidence of a fork is its headers: all bodies of the entry go.
            for chunk in chunks { _ = try transaction.delete(chunk, in: tables.forkBodies) }
        }
    }
}
