import LMDB
public import ReportModel

extension Store {
    /// Appends a note about a finding of a version; see ``ReportStoring``.
    public func append(
        _ note: Note,
        about lookup: Lookup
    ) async throws(ReportError) -> NoteItem {
        try await command(byteCount: note.text.utf8.count) { [self] transaction in
            try append(note, about: lookup, transaction)
        }
    }

    private func append(
        _ note: Note,
        about lookup: Lookup,
        _ transaction: borrowing WriteTransaction
    ) throws -> NoteItem {
        let target = try target(lookup, transaction)
        let appended = try append(
            Statement(
                kind: .note,
                keyHash: target.stored.entry.keyHash,
                subjects: [target.stored.hash],
                bodies: [Self.detail(note.json, about: target.key)],
                referred: [target.stored.entry.recordedAt]
            ),
            transaction
        )
        return NoteItem(
            note: note,
            key: target.key.text,
            version: target.version.id,
            recordedAt: appended.entry.recordedAt,
            node: nodeName,
            hash: appended.hash
        )
    }

    /// Notes about one key, oldest first; see ``ReportStoring``.
    public func notes(_ lookup: Lookup) async throws(ReportError) -> [NoteItem] {
        try read { (transaction: borrowing ReadTransaction) throws -> [NoteItem] in
            let hit = try single(lookup, at: .now, transaction)
            return try notes(ofKey: hit.number, hit.key.text, transaction)
        }
    }

    /// Notes about a key, oldest first.
    func notes<T: ReadOperations & ~Copyable>(
        ofKey number: UInt64,
        _ text: String,
        _ transaction: borrowing T
    ) throws -> [NoteItem] {
        var items: [(log: LogID, sequence: UInt64, item: NoteItem)] = []
        for place in try places(ofKey: number, transaction) {
            if let item = try noteItem(place, key: text, transaction) {
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

    /// The note at a place; nil for another kind, and for one whose body is not here or is no note.
    private func noteItem<T: ReadOperations & ~Copyable>(
        _ place: EntryPlace,
        key: String,
        _ transaction: borrowing T
    ) throws -> NoteItem? {
        let entries = EntryRows(tables: tables)
        let stored = try entries.required(at: place, transaction)
        guard stored.entry.kind == .note,
            let body = try BodyRows(tables).body(at: place, index: 0, transaction),
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
