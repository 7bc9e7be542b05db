import LMDB
import ReportModel

/// Numbers of keys, and the tables that find them.
struct KeyRows: Sendable {
    let tables: Tables

    /// The number of a key; nil when it is not known.
    func number<T: ReadOperations & ~Copyable>(
        of text: String,
        _ transaction: borrowing T
    ) throws -> UInt64? {
        try number(in: tables.keys, Array(text.utf8), transaction)
    }

    func number<T: ReadOperations & ~Copyable>(
        ofHash hash: Hash256,
        _ transaction: borrowing T
    ) throws -> UInt64? {
        try number(in: tables.keyHashes, hash.bytes, transaction)
    }

    private func number<T: ReadOperations & ~Copyable>(
        in table: Database,
        _ key: [UInt8],
        _ transaction: borrowing T
    ) throws -> UInt64? {
        guard !key.isEmpty, key.count <= StoreLimits.maximumRowKeyByteCount,
            let bytes = try transaction.copyValue(key, in: table)
        else { return nil }
        var reader = ByteReader(bytes[...])
        return reader.integer(UInt64.self)
    }

    /// The text of a key; nil while no record of it has been seen.
    func text<T: ReadOperations & ~Copyable>(
        of number: UInt64,
        _ transaction: borrowing T
    ) throws -> String? {
        guard let bytes = try transaction.copyValue(RowKey.number(number), in: tables.keyIds),
            bytes.count > Hash256.byteCount
        else { return nil }
        return String(decoding: bytes[Hash256.byteCount...], as: UTF8.self)
    }

    /// The number of a key by its hash; a new one when there is none yet.
    func numberOrNew(
        hash: Hash256,
        _ transaction: borrowing WriteTransaction
    ) throws -> UInt64 {
        if let number = try number(ofHash: hash, transaction) { return number }
        let meta = Metadata(table: tables.meta)
        let number = try meta.increment(.nextKey, transaction)
        try transaction.put(hash.bytes, RowKey.number(number), in: tables.keyHashes)
        try transaction.put(RowKey.number(number), hash.bytes, in: tables.keyIds)
        return number
    }

    /// Makes a key findable once a record has told its text.
    func name(
        _ number: UInt64,
        _ key: ReportKey,
        _ transaction: borrowing WriteTransaction
    ) throws {
        guard try text(of: number, transaction) == nil else { return }
        let hash = Entry.keyHash(of: key.text)
        try transaction.put(
            RowKey.number(number),
            hash.bytes + Array(key.text.utf8),
            in: tables.keyIds
        )
        try transaction.put(Array(key.text.utf8), RowKey.number(number), in: tables.keys)
        for part in Set(key.parts.dropFirst()) {
            try transaction.put(
                RowKey.namePart(String(part), year: key.year, key: number),
                [UInt8](),
                in: tables.nameParts
            )
        }
        _ = try Metadata(table: tables.meta).increment(.keyCount, transaction)
    }
}
