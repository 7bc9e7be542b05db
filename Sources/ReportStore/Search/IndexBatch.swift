import LMDB
import ReportModel

/// One new segment in the making: reports read from the store.
struct IndexBatch {
    /// A report and what is known of it.
    struct Document {
        var number: UInt32
        var row: DocumentRow
        var text: SourceText?
    }

    /// The position that it begins after.
    let start: UInt64
    /// The position that it comes up to.
    private(set) var end: UInt64
    private(set) var documents: [Document] = []
    /// The document that is current of each key that something was said of; nil: none is known yet.
    private(set) var current: [UInt64: UInt32?] = [:]

    /// Documents that lost something by an entry of the batch.
    private(set) var losses: [DocumentLoss] = []

    private let tables: Tables
    private let texts: [UInt32: SourceText?]
    private var record = RecordOccurrences()
    private var folding = TextFolding()

    init(tables: Tables, after start: UInt64, texts: [UInt32: SourceText?] = [:]) {
        self.tables = tables
        self.start = start
        self.texts = texts
        end = start
    }

    /// Reads entries until there are enough.
    /// - Parameters:
    ///   - occurrences: takes the bigrams.
    ///   - through: the last entry that may be read: up to it the texts of files are there.
    ///   - transaction: a snapshot of the store.
    /// - Throws: ``ReportError`` when the store is damaged or has too many entries.
    mutating func read<T: ReadOperations & ~Copyable>(
        into occurrences: inout OccurrenceBuffer,
        through: UInt64 = .max,
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
        for item in items where item.arrival <= through {
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
        if stored.entry.kind == .erase {
            for subject in stored.entry.subjects {
                losses += try CurrentDocument(tables: tables).losses(of: subject, transaction)
            }
        }
        guard let index = CurrentDocument.recordIndex(stored.entry),
            let body = try BodyRows(tables).body(at: place, index: index, transaction)
        else { return }
        var row = DocumentRow()
        row.key = key
        let version = try CurrentDocument(tables: tables).version(stored, transaction)
        row.number = version?.entry.number ?? 0
        row.keyHash = stored.entry.keyHash.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        row.entryHash = stored.hash.bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        if let text = try KeyRows(tables: tables).text(of: key, transaction),
            let key = try? ReportKey(parsing: text)
        {
            row.year = UInt16(clamping: key.year)
        }
        let ordinal = documents.count
        record.forEach(in: body.bytes) {
            row.region = $0
        } _: { scalars, points in
            occurrences.add(scalars, document: ordinal, points: points)
        }
        var document = Document(number: number, row: row)
        // What was erased since its text was made is not taken.
        if let text = texts[number] ?? nil, let version,
            try SourceFiles(tables: tables).areHeld(of: version, transaction)
        {
            text.bytes.withUnsafeBufferPointer { bytes in
                folding.reset()
                folding.add(json: bytes)
            }
            let points = SearchField.text.points
            occurrences.add(folding.scalars, document: ordinal, points: points)
            document.text = text
        }
        documents.append(document)
    }
}

/// A document that lost its record, or only a file of it, by an erasure.
struct DocumentLoss: Hashable {
    var document: UInt32
    var isRecord: Bool
}

/// Which entry holds the text that a key stands for now.
struct CurrentDocument {
    let tables: Tables

    /// The index of the record among the bodies of an entry; nil when it makes or reads no version.
    static func recordIndex(_ entry: Entry) -> Int? {
        guard entry.kind == .submit || entry.kind == .reparse else { return nil }
        return entry.bodies.firstIndex { $0.kind == .record }
    }

    /// What the documents of a version and of its readings have lost.
    func losses<T: ReadOperations & ~Copyable>(
        of subject: Hash256,
        _ transaction: borrowing T
    ) throws -> [DocumentLoss] {
        var places: [EntryPlace] = []
        if let place = try EntryRows(tables: tables).place(of: subject, transaction) {
            places.append(place)
        }
        for row in try JudgementRows(tables: tables).rows(about: subject, transaction)
        where row.kind == .reparse {
            places.append(row.place)
        }
        return try places.compactMap { try loss(at: $0, transaction) }
    }

    private func loss<T: ReadOperations & ~Copyable>(
        at place: EntryPlace,
        _ transaction: borrowing T
    ) throws -> DocumentLoss? {
        guard let stored = try EntryRows(tables: tables).entry(at: place, transaction),
            let index = Self.recordIndex(stored.entry),
            let document = UInt32(exactly: stored.arrival)
        else { return nil }
        let key = RowKey.body(place, index, chunk: 0)
        guard try transaction.contains(key, in: tables.bodies) else {
            return DocumentLoss(document: document, isRecord: true)
        }
        guard let version = try version(stored, transaction),
            try !SourceFiles(tables: tables).areHeld(of: version, transaction)
        else { return nil }
        return DocumentLoss(document: document, isRecord: false)
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
