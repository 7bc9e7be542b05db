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
        if let number = try number(in: tables.keyHashes, hash.bytes, transaction) { return number }
        return try tables.tails.keys(transaction).find(hash, tables, transaction)?.number
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

    /// What a look-up of the number of a key gave.
    enum Found: Sendable {
        /// It was not looked for.
        case unknown
        /// There is none in this transaction.
        case absent
        case number(UInt64)
    }

    /// The number of a key by its hash; a new one when there is none yet.
    /// - Parameters:
    ///   - hash: hash of the key.
    ///   - key: the key, when a record tells it; makes the key findable.
    ///   - found: what is known of its number.
    ///   - transaction: the transaction.
    /// - Returns: the number.
    /// - Throws: `LMDBError`, ``ReportError`` `integrity`.
    func numberOrNew(
        hash: Hash256,
        naming key: ReportKey? = nil,
        found: Found = .unknown,
        _ transaction: borrowing WriteTransaction
    ) throws -> UInt64 {
        let held: UInt64? =
            switch found {
            case .unknown: try number(ofHash: hash, transaction)
            case .absent: nil
            case .number(let number): number
            }
        if let number = held {
            if let key, try text(of: number, transaction) == nil {
                try name(number, key, hash, transaction)
            }
            return number
        }
        let number = try Metadata(tables).increment(.nextKey, transaction)
        if let key {
            try name(number, key, hash, transaction)
        } else {
            try transaction.put(RowKey.number(number), hash.bytes, in: tables.keyIds)
        }
        return number
    }

    /// Makes a key findable by its parts; its row in `keys` is written with its heads.
    private func name(
        _ number: UInt64,
        _ key: ReportKey,
        _ hash: Hash256,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let text = Array(key.text.utf8)
        try transaction.put(RowKey.number(number), hash.bytes + text, in: tables.keyIds)
        var rows: [[UInt8]] = []
        for part in text.split(separator: 0x2F, omittingEmptySubsequences: false).dropFirst() {
            let row = RowKey.namePart(part, year: key.year, key: number)
            // A district may have the name of its city.
            guard !rows.contains(row) else { continue }
            rows.append(row)
            try transaction.put(row, [UInt8](), in: tables.nameParts)
        }
        _ = try Metadata(tables).increment(.keyCount, transaction)
    }
}
