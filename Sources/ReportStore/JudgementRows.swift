import LMDB
import ReportModel

/// The table `judgements`, and what follows from it.
struct JudgementRows: Sendable {
    let tables: Tables

    private var bodies: BodyRows { BodyRows(tables) }

    /// Entries that speak of one, in the order in which they count.
    func rows<T: ReadOperations & ~Copyable>(
        about subject: Hash256,
        _ transaction: borrowing T
    ) throws -> [JudgementRow] {
        guard let table = tables.judgements else { return [] }
        let count = try transaction.count(table)
        guard count > 0 else { return [] }
        let unspoken = WriterMemory.Unspoken(hash: subject, rowCount: count)
        if transaction.isWriting, tables.writerMemory.holds(unspoken) { return [] }
        var rows: [JudgementRow] = []
        _ = try transaction.forEach(in: table, prefix: subject.bytes) {
            (key: RawSpan, value: RawSpan) throws -> ScanStep in
            rows.append(try Self.row(key, value))
            return .continue
        }
        if transaction.isWriting, rows.isEmpty { tables.writerMemory.keep(unspoken) }
        return rows
    }

    /// Reads one row.
    static func row(_ key: RawSpan, _ value: RawSpan) throws -> JudgementRow {
        let key = key.withUnsafeBytes { Array($0) }
        let value = try Sealed.open(value, table: "judgements", key: key)
        guard let row = JudgementRow(key: key, value: value) else {
            throw Sealed.damaged("judgements", key)
        }
        return row
    }

    /// What the entries that speak of a version make of it at a moment.
    func state<T: ReadOperations & ~Copyable>(
        of version: Hash256,
        keyHash: Hash256,
        at moment: Moment,
        _ transaction: borrowing T
    ) throws -> VersionState {
        let rows = try rows(about: version, transaction)
        if rows.isEmpty { return VersionState() }
        return VersionState(rows.filter { $0.keyHash == keyHash && $0.counts(at: moment) })
    }

    /// The newest reading whose record is here; nil: the version's own.
    func reading<T: ReadOperations & ~Copyable>(
        _ state: VersionState,
        _ transaction: borrowing T
    ) throws -> EntryPlace? {
        for row in state.readings.reversed()
        where try transaction.contains(RowKey.body(row.place, 0, chunk: 0), in: tables.bodies) {
            return row.place
        }
        return nil
    }

    /// The version whose record stands at a place: the entry itself, or the one that it read anew.
    func version<T: ReadOperations & ~Copyable>(
        at place: EntryPlace,
        _ transaction: borrowing T
    ) throws -> StoredEntry {
        let entries = EntryRows(tables: tables)
        let stored = try entries.required(at: place, transaction)
        guard stored.entry.kind == .reparse, let subject = stored.entry.subjects.first,
            let place = try entries.place(of: subject, transaction)
        else { return stored }
        return try entries.required(at: place, transaction)
    }

    /// What a review or another entry says; nil when it says nothing or its words are not here.
    func detail<T: ReadOperations & ~Copyable>(
        at place: EntryPlace,
        _ transaction: borrowing T
    ) throws -> JSONValue? {
        let entry = try EntryRows(tables: tables).required(at: place, transaction).entry
        guard let index = entry.bodies.firstIndex(where: { $0.kind == .detail }),
            let body = try bodies.body(at: place, index: index, transaction)
        else { return nil }
        return try? JSONValue(parsing: body.bytes)
    }

    /// The words of the judgement that gave a version its status.
    func comment<T: ReadOperations & ~Copyable>(
        _ state: VersionState,
        _ transaction: borrowing T
    ) throws -> String? {
        guard let row = state.judgement, let detail = try detail(at: row.place, transaction) else {
            return nil
        }
        let text = (detail["comment"] ?? detail["reason"])?.stringValue
        guard row.kind == .rekey, let to = detail["to"]?.stringValue else { return text }
        return "已改报到 \(to)" + (text.map { "：\($0)" } ?? "")
    }

    /// Writes the rows of an entry.
    func put(
        _ entry: Entry,
        at place: EntryPlace,
        arrivedAt: Timestamp,
        _ transaction: borrowing WriteTransaction
    ) throws {
        guard let table = tables.judgements else { return }
        for row in Self.rows(of: entry, at: place, arrivedAt: arrivedAt) {
            try transaction.put(row.key, Sealed.seal(row.value), in: table)
        }
    }

    /// The rows that an entry has.
    static func rows(
        of entry: Entry,
        at place: EntryPlace,
        arrivedAt: Timestamp
    ) -> [JudgementRow] {
        guard JudgementRow.kinds.contains(entry.kind), entry.keyHash != .zero else { return [] }
        return Set(entry.subjects).sorted().map {
            JudgementRow(entry, subject: $0, place: place, arrivedAt: arrivedAt)
        }
    }
}
