import LMDB
public import ReportModel

extension Store {
    /// Appends a note about a finding of a version; see ``ReportStoring``.
    public func append(
        _ note: Note,
        about lookup: Lookup
    ) async throws(ReportError) -> NoteItem {
        let body = Body(kind: .detail, bytes: note.json.canonicalBytes)
        return try await writer().perform(byteCount: body.bytes.count) { [self] transaction in
            do {
                return try append(note, body, about: lookup, transaction)
            } catch let error as ReportError where error.code != .integrity {
                throw Refusal(error: error)
            }
        }
    }

    private func append(
        _ note: Note,
        _ body: Body,
        about lookup: Lookup,
        _ transaction: borrowing WriteTransaction
    ) throws -> NoteItem {
        let hit = try single(lookup, at: .now, transaction)
        let view = MomentView(tables: tables, moment: .now)
        let (place, version) = try chosen(lookup, hit, view, transaction)
        let subject = try EntryRows(tables: tables).required(at: place, transaction)
        var log = try LogRows(tables: tables).row(ownRef, transaction)
        let entry = Entry(
            kind: .note,
            log: log.descriptor.id,
            sequence: log.held + 1,
            previous: log.last,
            recordedAt: try nextTime(log, after: [subject.entry.recordedAt], transaction),
            keyHash: Entry.keyHash(of: hit.key.text),
            number: 0,
            parents: [],
            subjects: [version.hash],
            bodies: [body.reference]
        )
        let header = entry.bytes
        let incoming = EntryApplier.Incoming(
            entry: entry,
            header: header,
            hash: Hash256(hashing: header),
            bodies: [body],
            facts: nil
        )
        try EntryApplier(tables: tables).apply(
            incoming,
            to: &log,
            arrivedAt: clock(),
            transaction
        )
        try LogRows(tables: tables).put(log, transaction)
        return NoteItem(
            note: note,
            key: hit.key.text,
            version: version.id,
            recordedAt: entry.recordedAt,
            node: log.descriptor.name,
            hash: incoming.hash
        )
    }

    /// Notes about one key, oldest first; see ``ReportStoring``.
    public func notes(_ lookup: Lookup) async throws(ReportError) -> [NoteItem] {
        try read { (transaction: borrowing ReadTransaction) throws -> [NoteItem] in
            let hit = try single(lookup, at: .now, transaction)
            var items: [(log: LogID, sequence: UInt64, item: NoteItem)] = []
            for place in try places(ofKey: hit.number, transaction) {
                if let item = try noteItem(place, key: hit.key.text, transaction) {
                    let log = try LogRows(tables: tables).row(place.log, transaction)
                    items.append((log.descriptor.id, place.sequence, item))
                }
            }
            // The order of arrival differs from node to node, this one does not.
            items.sort { left, right in
                (left.item.recordedAt.milliseconds, left.log, left.sequence)
                    < (right.item.recordedAt.milliseconds, right.log, right.sequence)
            }
            return items.map(\.item)
        }
    }

    /// The note at a place; nil for another kind, and for one whose body is not here or is no note.
    private func noteItem<T: ReadOperations & ~Copyable>(
        _ place: EntryPlace,
        key: String,
        _ transaction: borrowing T
    ) throws -> NoteItem? {
        let entries = EntryRows(tables: tables)
        let stored = try entries.required(at: place, transaction)
        guard stored.entry.kind == .note,
            let body = try BodyRows(table: tables.bodies).body(at: place, index: 0, transaction),
            body.kind == .detail, let json = try? JSONValue(parsing: body.bytes),
            let note = try? Note(json: json)
        else { return nil }
        var version: String?
        if let subject = stored.entry.subjects.first,
            let place = try entries.place(of: subject, transaction)
        {
            let number = try entries.required(at: place, transaction).entry.number
            version = "\(number)-\(subject.shortHex)"
        }
        let log = try LogRows(tables: tables).row(place.log, transaction)
        return NoteItem(
            note: note,
            key: key,
            version: version,
            recordedAt: stored.entry.recordedAt,
            node: log.descriptor.name,
            hash: stored.hash
        )
    }
}
