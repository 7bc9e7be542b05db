import LMDB
import ReportCompression
import ReportModel

/// The table `texts`: the text of documents' files, in chunks.
///
/// Source: docs/format.md section 8.
struct TextRows {
    private let database: SearchDatabase

    /// Bytes of the first chunk before the text: how long the text is.
    private static let headByteCount = 8

    init(_ database: SearchDatabase) { self.database = database }

    private static func key(_ document: UInt32, _ chunk: Int) -> [UInt8] {
        RowKey.number(document) + RowKey.number(UInt32(truncatingIfNeeded: chunk))
    }

    /// Writes the text of a document.
    func put(
        _ text: SourceText,
        of document: UInt32,
        _ transaction: borrowing WriteTransaction
    ) throws {
        var rest = text.stored[...]
        for (chunk, count) in ChunkLayout.byteCounts(of: rest.count).enumerated() {
            var value: [UInt8] = []
            if chunk == 0 { value.appendBigEndian(UInt64(text.bytes.count)) }
            value += rest.prefix(count)
            rest = rest.dropFirst(count)
            try transaction.put(Self.key(document, chunk), Sealed.seal(value), in: database.texts)
        }
    }

    /// The text of a document; nil when it has none.
    func text<T: ReadOperations & ~Copyable>(
        of document: UInt32,
        _ transaction: borrowing T
    ) throws -> [UInt8]? {
        var stored: [UInt8] = []
        _ = try transaction.forEach(in: database.texts, prefix: RowKey.number(document)) {
            (_: RawSpan, value: RawSpan) throws -> ScanStep in
            stored += try SearchDatabase.open(value)
            return .continue
        }
        guard !stored.isEmpty else { return nil }
        var reader = ByteReader(stored[...])
        guard let count = reader.integer(UInt64.self),
            count <= UInt64(SearchLimits.maximumTextByteCount)
        else { throw SearchDamage() }
        stored.removeFirst(Self.headByteCount)
        if stored.count == Int(count) { return stored }
        guard let text = Compression.decompressed(stored, byteCount: Int(count)) else {
            throw SearchDamage()
        }
        return text
    }

    /// Removes the text of a document.
    func remove(_ document: UInt32, _ transaction: borrowing WriteTransaction) throws {
        var keys: [[UInt8]] = []
        _ = try transaction.forEach(in: database.texts, prefix: RowKey.number(document)) {
            (key: RawSpan, _: RawSpan) throws -> ScanStep in
            keys.append(key.withUnsafeBytes { Array($0) })
            return .continue
        }
        for key in keys { try transaction.delete(key, in: database.texts) }
    }
}
