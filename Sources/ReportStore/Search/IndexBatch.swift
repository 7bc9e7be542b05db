import LMDB
import ReportModel

/// One new segment in the making: reports read from the store.
struct IndexBatch {
    /// A report and what is known of it.
    struct Document {
        var number: UInt32
        var row: DocumentRow
    }

    /// The position that it begins after.
    let start: UInt64
    /// The position that it comes up to.
    private(set) var end: UInt64
    private(set) var documents: [Document] = []
    /// The document that is current of each key that something was said of; nil: none is known yet.
    private(set) var current: [UInt64: UInt32?] = [:]

    /// Documents whose record was dropped by an entry of the batch.
    private(set) var erased: [UInt32] = []

    private let tables: Tables
    private var folding = TextFolding()

    init(tables: Tables, after start: UInt64) {
        self.tables = tables
        self.start = start
        end = start
    }

    /// Reads entries until there are enough.
    /// - Parameters:
    ///   - occurrences: takes the bigrams.
    ///   - transaction: a snapshot of the store.
    /// - Throws: ``ReportError`` when the store is damaged or has too many entries.
    mutating func read<T: ReadOperations & ~Copyable>(
        into occurrences: inout OccurrenceBuffer,
        _ transaction: borrowing T
    ) throws {
        var items: [(arrival: UInt64, row: FeedRow)] = []
        try transaction.forEach(
            in: tables.feed,
            from: .excluding(RowKey.number(start)),
            limit: SearchLimits.batchEntryCount
        ) { (key: RawSpan, value: RawSpan) throws -> ScanStep in
            items.append(try FeedRow.item(key, value))
            return .continue
        }
        var keys: Set<UInt64> = []
        for item in items {
            guard item.arrival <= SearchLimits.maximumDocument else {
                throw ReportError(.tooLarge, "the search numbers no more entries than 2^32")
            }
            end = item.arrival
            if item.row.key > 0 {
                keys.insert(item.row.key)
                try add(item.arrival, item.row, to: &occurrences, transaction)
            }
            if occurrences.count >= SearchLimits.batchOccurrenceCount { break }
            if documents.count >= SearchLimits.batchDocumentCount { break }
        }
        for key in keys {
            let document = try CurrentDocument(tables: tables).arrival(of: key, transaction)
            current[key] = .some(document.flatMap { $0 <= end ? UInt32(exactly: $0) : nil })
        }
    }

    /// Takes what an erasure speaks of, when the record is gone: versions and readings of them.
    private mutating func addErased<T: ReadOperations & ~Copyable>(
        _ erasure: Entry,
        _ transaction: borrowing T
    ) throws {
        for subject in erasure.subjects {
            var places: [EntryPlace] = []
            if let place = try EntryRows(tables: tables).place(of: subject, transaction) {
                places.append(place)
            }
            for row in try JudgementRows(tables: tables).rows(about: subject, transaction)
            where row.kind == .reparse {
                places.append(row.place)
            }
            for place in places {
                let document = try CurrentDocument(tables: tables).erased(at: place, transaction)
                if let document { erased.append(document) }
            }
        }
    }

    private mutating func add<T: ReadOperations & ~Copyable>(
        _ arrival: UInt64,
        _ feed: FeedRow,
        to occurrences: inout OccurrenceBuffer,
        _ transaction: borrowing T
    ) throws {
        let (place, key) = (feed.place, feed.key)
        guard let stored = try EntryRows(tables: tables).entry(at: place, transaction),
            let number = UInt32(exactly: arrival)
        else { return }
        if stored.entry.kind == .erase { try addErased(stored.entry, transaction) }
        guard let index = CurrentDocument.recordIndex(stored.entry),
            let body = try BodyRows(table: tables.bodies).body(at: place, index: index, transaction)
        else { return }
        var row = DocumentRow()
        row.key = key
        row.number =
            try CurrentDocument(tables: tables).version(stored, transaction)?.entry.number ?? 0
        row.keyHash = stored.entry.keyHash.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        row.entryHash = stored.hash.bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        if let text = try KeyRows(tables: tables).text(of: key, transaction),
            let key = try? ReportKey(parsing: text)
        {
            row.year = UInt16(clamping: key.year)
        }
        addText(body.bytes, &row, to: &occurrences)
        documents.append(Document(number: number, row: row))
    }

    /// Takes the texts of a record; a quotation that repeats another text is not taken twice.
    private mutating func addText(
        _ record: [UInt8],
        _ row: inout DocumentRow,
        to occurrences: inout OccurrenceBuffer
    ) {
        let number = documents.count
        var seen: Set<UInt64> = []
        var count = 0
        record.withUnsafeBufferPointer { record in
            var quotes: [UnsafeBufferPointer<UInt8>] = []
            func take(_ piece: RecordText.Piece) -> Bool {
                folding.reset()
                folding.add(json: piece.bytes)
                count += folding.scalars.count
                guard count <= SearchLimits.maximumDocumentScalarCount else { return false }
                occurrences.add(folding.scalars, document: number, points: piece.field.points)
                return true
            }
            RecordText.forEach(in: record) { piece in
                if piece.field == .quote {
                    quotes.append(piece.bytes)
                    return true
                }
                seen.insert(Sealed.checksum(UnsafeRawBufferPointer(piece.bytes)))
                if piece.field == .region, let code = Self.code(piece.bytes) { row.region = code }
                return take(piece)
            }
            for quote in quotes
            where seen.insert(Sealed.checksum(UnsafeRawBufferPointer(quote))).inserted {
                guard take(RecordText.Piece(field: .quote, bytes: quote)) else { break }
            }
        }
    }

    /// A region's code: six digits.
    private static func code(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32? {
        guard bytes.count == 6 else { return nil }
        var code: UInt32 = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            code = code * 10 + UInt32(byte - 0x30)
        }
        return code
    }
}

/// Which entry holds the text that a key stands for now.
struct CurrentDocument {
    let tables: Tables

    /// The index of the record among the bodies of an entry; nil when it makes or reads no version.
    static func recordIndex(_ entry: Entry) -> Int? {
        guard entry.kind == .submit || entry.kind == .reparse else { return nil }
        return entry.bodies.firstIndex { $0.kind == .record }
    }

    /// The document of an entry whose record is not here; nil when it is, or never was to be.
    func erased<T: ReadOperations & ~Copyable>(
        at place: EntryPlace,
        _ transaction: borrowing T
    ) throws -> UInt32? {
        guard let stored = try EntryRows(tables: tables).entry(at: place, transaction),
            let index = Self.recordIndex(stored.entry),
            try !transaction.contains(RowKey.body(place, index, chunk: 0), in: tables.bodies)
        else { return nil }
        return UInt32(exactly: stored.arrival)
    }

    /// The place of the record of the current version; nil when there is none.
    func place<T: ReadOperations & ~Copyable>(
        of key: UInt64,
        _ transaction: borrowing T
    ) throws -> EntryPlace? {
        try HeadRows(tables: tables).row(key, transaction)?.record
    }

    /// The version that an entry makes, or reads anew.
    func version<T: ReadOperations & ~Copyable>(
        _ stored: StoredEntry,
        _ transaction: borrowing T
    ) throws -> StoredEntry? {
        guard stored.entry.kind == .reparse else { return stored }
        let rows = EntryRows(tables: tables)
        guard let subject = stored.entry.subjects.first,
            let place = try rows.place(of: subject, transaction)
        else { return nil }
        return try rows.entry(at: place, transaction)
    }

    /// The arrival number of that entry.
    func arrival<T: ReadOperations & ~Copyable>(
        of key: UInt64,
        _ transaction: borrowing T
    ) throws -> UInt64? {
        guard let place = try place(of: key, transaction) else { return nil }
        return try EntryRows(tables: tables).entry(at: place, transaction)?.arrival
    }
}
