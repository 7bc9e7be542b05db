import LMDB
import ReportModel

/// The files of documents, read for the text that is in them.
struct SourceFiles {
    /// A document whose text can be made.
    struct Wanted: Sendable {
        var document: UInt32
        /// Where its files are: the version itself, also for a reading of it.
        var place: EntryPlace
        var files: [File]
        var people: [String]
    }

    /// One file.
    struct File: Sendable {
        var index: Int
        var name: String
        var byteCount: UInt64
    }

    let tables: Tables

    private var bodies: BodyRows { BodyRows(tables) }

    /// The documents that come next.
    /// - Returns: up to `end` nothing else has files that a text can be made of.
    func next<T: ReadOperations & ~Copyable>(
        after position: UInt64,
        _ transaction: borrowing T
    ) throws -> (wanted: [Wanted], end: UInt64) {
        var items: [(arrival: UInt64, row: FeedRow)] = []
        try transaction.forEach(
            in: tables.feed,
            from: .excluding(RowKey.number(position)),
            limit: SearchLimits.batchTextCount
        ) { (key: RawSpan, value: RawSpan) throws -> ScanStep in
            items.append(try FeedRow.item(key, value))
            return .continue
        }
        var wanted: [Wanted] = []
        for item in items where item.row.key > 0 {
            if let document = try self.wanted(item.arrival, item.row.place, transaction) {
                wanted.append(document)
            }
        }
        return (wanted, items.last?.arrival ?? position)
    }

    private func wanted<T: ReadOperations & ~Copyable>(
        _ arrival: UInt64,
        _ place: EntryPlace,
        _ transaction: borrowing T
    ) throws -> Wanted? {
        guard let document = UInt32(exactly: arrival),
            let stored = try EntryRows(tables: tables).entry(at: place, transaction),
            let record = CurrentDocument.recordIndex(stored.entry),
            try transaction.contains(
                RowKey.body(place, record, chunk: 0),
                in: tables.bodies
            ),
            let version = try CurrentDocument(tables: tables).version(stored, transaction),
            try areHeld(of: version, transaction)
        else { return nil }
        let indices = version.entry.bodies.indices.filter {
            version.entry.bodies[$0].kind == .source
        }
        guard !indices.isEmpty, let people = try people(of: stored, version, transaction) else {
            return nil
        }
        let names = try HeadRows(tables: tables).facts(of: version.place, transaction)?.sourceNames
        var files: [File] = []
        var byteCount: UInt64 = 0
        for (number, index) in indices.enumerated() {
            let count = version.entry.bodies[index].byteCount
            guard count <= SearchLimits.maximumSourceByteCount,
                byteCount + count <= SearchLimits.maximumSourcesByteCount
            else { continue }
            byteCount += count
            let name = names.flatMap { $0.indices.contains(number) ? $0[number] : nil }
            files.append(File(index: index, name: name ?? "", byteCount: count))
        }
        guard !files.isEmpty else { return nil }
        return Wanted(document: document, place: version.place, files: files, people: people)
    }

    /// The bytes of a file; nil when it is not here any more, or a picture.
    func bytes<T: ReadOperations & ~Copyable>(
        of file: File,
        at place: EntryPlace,
        _ transaction: borrowing T
    ) throws -> [UInt8]? {
        let body = try bodies.body(at: place, index: file.index, transaction)
        guard let bytes = body?.bytes, !Self.isPicture(bytes) else { return nil }
        return bytes
    }

    /// Whether all files of a version are held: else nothing of its text is found or shown.
    func areHeld<T: ReadOperations & ~Copyable>(
        of version: StoredEntry,
        _ transaction: borrowing T
    ) throws -> Bool {
        for (index, body) in version.entry.bodies.enumerated() where body.kind == .source {
            let key = RowKey.body(version.place, index, chunk: 0)
            guard try transaction.contains(key, in: tables.bodies) else { return false }
        }
        return true
    }

    /// What must be blanked; nil when a list of people is not here, so that nobody knows.
    private func people<T: ReadOperations & ~Copyable>(
        of stored: StoredEntry,
        _ version: StoredEntry,
        _ transaction: borrowing T
    ) throws -> [String]? {
        var names: [String] = []
        for entry in stored.place == version.place ? [version] : [stored, version] {
            for (index, body) in entry.entry.bodies.enumerated() where body.kind == .people {
                guard let list = try bodies.body(at: entry.place, index: index, transaction),
                    let people = SourceText.people(list.bytes)
                else { return nil }
                names += people
            }
        }
        // A longer name goes before one that stands in it.
        return Set(names).sorted {
            ($1.unicodeScalars.count, $0) < ($0.unicodeScalars.count, $1)
        }
    }

    /// Whether a file is a picture, by the bytes it begins with.
    private static func isPicture(_ bytes: [UInt8]) -> Bool {
        let beginnings: [[UInt8]] = [
            [0x89, 0x50, 0x4E, 0x47], [0xFF, 0xD8, 0xFF], Array("GIF8".utf8),
            [0x49, 0x49, 0x2A, 0x00], [0x4D, 0x4D, 0x00, 0x2A],
        ]
        // Four zero bytes behind the size tell a bitmap from a text that begins with these letters.
        let isBitmap =
            bytes.starts(with: "BM".utf8) && bytes.dropFirst(6).prefix(4) == [0, 0, 0, 0]
        return isBitmap || beginnings.contains { bytes.starts(with: $0) }
    }
}
