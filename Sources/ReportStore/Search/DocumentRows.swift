import LMDB
import ReportModel

/// What the ranking needs of a report, so that it reads no head row.
struct DocumentRow: Hashable {
    static let byteCount = 32

    var year: UInt16 = 0
    /// GB/T 2260 code; 999999 when it is not known.
    var region: UInt32 = 999_999
    var key: UInt64 = 0
    var keyHash: UInt64 = 0
    var number: UInt32 = 0
    var entryHash: UInt32 = 0

    func append(to bytes: inout [UInt8]) {
        bytes.appendBigEndian(year)
        bytes.appendBigEndian(UInt16(0))
        bytes.appendBigEndian(region)
        bytes.appendBigEndian(key)
        bytes.appendBigEndian(keyHash)
        bytes.appendBigEndian(number)
        bytes.appendBigEndian(entryHash)
    }

    init() {}

    init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        func load<T: FixedWidthInteger>(_ place: Int, _ type: T.Type) -> T {
            T(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + place, as: T.self))
        }
        year = load(0, UInt16.self)
        region = load(4, UInt32.self)
        key = load(8, UInt64.self)
        keyHash = load(16, UInt64.self)
        number = load(24, UInt32.self)
        entryHash = load(28, UInt32.self)
    }
}

/// What is known of a document beside its row.
struct DocumentFlags: OptionSet, Hashable {
    let rawValue: UInt8

    /// A record of it is indexed.
    static let indexed = DocumentFlags(rawValue: 1)
    /// It was the current version of its key when the index came to it.
    static let current = DocumentFlags(rawValue: 2)
    /// Its bodies were erased; it is never found.
    static let erased = DocumentFlags(rawValue: 4)
    /// The text of its files is indexed and kept.
    static let text = DocumentFlags(rawValue: 8)
    /// A file of it was erased after its text was indexed: only its record is left.
    static let stripped = DocumentFlags(rawValue: 16)
}

/// The tables `documents` and `flags` for reading: blocks are looked up once.
struct DocumentReader {
    private let database: SearchDatabase
    private var lastRows: (number: UInt32, bytes: [UInt8])?
    private var lastFlags: (number: UInt32, bytes: [UInt8])?

    init(_ database: SearchDatabase) { self.database = database }

    mutating func row<T: ReadOperations & ~Copyable>(
        _ document: UInt32,
        _ transaction: borrowing T
    ) throws -> DocumentRow {
        let perBlock = UInt32(SearchLimits.documentsInBlock)
        let number = document / perBlock
        if lastRows?.number != number {
            let bytes = try DocumentRows(database).rows(number, transaction)
            lastRows = (number, bytes)
        }
        guard let bytes = lastRows?.bytes else { return DocumentRow() }
        let offset = Int(document % perBlock) * DocumentRow.byteCount
        guard offset + DocumentRow.byteCount <= bytes.count else { return DocumentRow() }
        return bytes.withUnsafeBytes { DocumentRow($0, at: offset) }
    }

    mutating func flags<T: ReadOperations & ~Copyable>(
        _ document: UInt32,
        _ transaction: borrowing T
    ) throws -> DocumentFlags {
        let perBlock = UInt32(SearchLimits.flagsInBlock)
        let number = document / perBlock
        if lastFlags?.number != number {
            lastFlags = (number, try DocumentRows(database).flags(number, transaction))
        }
        guard let bytes = lastFlags?.bytes else { return [] }
        let offset = Int(document % perBlock)
        return offset < bytes.count ? DocumentFlags(rawValue: bytes[offset]) : []
    }
}

/// The tables `documents`, `flags` and `current`, block by block.
struct DocumentRows {
    private let database: SearchDatabase

    init(_ database: SearchDatabase) { self.database = database }

    func rows<T: ReadOperations & ~Copyable>(
        _ number: UInt32,
        _ transaction: borrowing T
    ) throws -> [UInt8] {
        try block(number, in: database.documents, transaction)
    }

    func flags<T: ReadOperations & ~Copyable>(
        _ number: UInt32,
        _ transaction: borrowing T
    ) throws -> [UInt8] {
        try block(number, in: database.flags, transaction)
    }

    func flags<T: ReadOperations & ~Copyable>(
        of document: UInt32,
        _ transaction: borrowing T
    ) throws -> DocumentFlags {
        var reader = DocumentReader(database)
        return try reader.flags(document, transaction)
    }

    private func block<T: ReadOperations & ~Copyable>(
        _ number: UInt32,
        in table: Database,
        _ transaction: borrowing T
    ) throws -> [UInt8] {
        let bytes = try transaction.get(RowKey.number(number), in: table) {
            (value: RawSpan) throws in try SearchDatabase.open(value)
        }
        return bytes ?? []
    }

    /// The document that is flagged as current for a key.
    func currentDocument<T: ReadOperations & ~Copyable>(
        of key: UInt64,
        _ transaction: borrowing T
    ) throws -> UInt32? {
        guard let bytes = try transaction.copyValue(RowKey.number(key), in: database.current),
            bytes.count == 4
        else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// Changes of documents that are written together.
struct DocumentChanges {
    private let database: SearchDatabase
    private var rows: [UInt32: [UInt8]] = [:]
    private var flags: [UInt32: [UInt8]] = [:]
    private var current: [UInt64: UInt32?] = [:]

    init(_ database: SearchDatabase) { self.database = database }

    mutating func put(
        _ row: DocumentRow,
        of document: UInt32,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let perBlock = UInt32(SearchLimits.documentsInBlock)
        let number = document / perBlock
        var block = try rows[number] ?? DocumentRows(database).rows(number, transaction)
        rows[number] = nil
        let start = Int(document % perBlock) * DocumentRow.byteCount
        if block.count < start + DocumentRow.byteCount {
            let missing = start + DocumentRow.byteCount - block.count
            block.append(contentsOf: repeatElement(0, count: missing))
        }
        var bytes: [UInt8] = []
        row.append(to: &bytes)
        block.replaceSubrange(start..<start + DocumentRow.byteCount, with: bytes)
        rows[number] = block
    }

    mutating func change(
        _ document: UInt32,
        _ transaction: borrowing WriteTransaction,
        _ body: (inout DocumentFlags) -> Void
    ) throws {
        let perBlock = UInt32(SearchLimits.flagsInBlock)
        let number = document / perBlock
        var block = try flags[number] ?? DocumentRows(database).flags(number, transaction)
        flags[number] = nil
        let offset = Int(document % perBlock)
        if block.count <= offset {
            block.append(contentsOf: repeatElement(0, count: offset + 1 - block.count))
        }
        var value = DocumentFlags(rawValue: block[offset])
        body(&value)
        block[offset] = value.rawValue
        flags[number] = block
    }

    /// Flags a document as the current one of a key, and the one before no more.
    mutating func setCurrent(
        _ document: UInt32?,
        of key: UInt64,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let before: UInt32?
        if let changed = current[key] {
            before = changed
        } else {
            before = try DocumentRows(database).currentDocument(of: key, transaction)
        }
        guard before != document else { return }
        if let before { try change(before, transaction) { $0.remove(.current) } }
        if let document { try change(document, transaction) { $0.insert(.current) } }
        current[key] = .some(document)
    }

    /// Writes what was changed.
    func write(_ transaction: borrowing WriteTransaction) throws {
        for (number, block) in rows {
            try transaction.put(RowKey.number(number), Sealed.seal(block), in: database.documents)
        }
        for (number, block) in flags {
            try transaction.put(RowKey.number(number), Sealed.seal(block), in: database.flags)
        }
        for (key, document) in current {
            if let document {
                try transaction.put(
                    RowKey.number(key),
                    RowKey.number(document),
                    in: database.current
                )
            } else {
                try transaction.delete(RowKey.number(key), in: database.current)
            }
        }
    }
}
