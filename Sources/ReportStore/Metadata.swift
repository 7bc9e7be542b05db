import LMDB
import ReportModel

/// Single values of a store.
struct Metadata: Sendable {
    enum Name: Int, CaseIterable {
        case format, store, node, ownLog, machine
        case arrival, nextRef, nextKey, keyCount, versionCount
        case hashedArrival, hashedKey
        case auditSince, scrubPending, rebuild, hold

        /// The name in the table.
        var key: [UInt8] { Name.keys[rawValue] }

        /// In the order of the cases, whose numbers are looked up more often than any of these.
        private static let keys = [
            "format", "store", "node", "ownLog", "machine", "arrival", "nextRef", "nextKey",
            "keyCount",
            "versionCount", "hashedArrival", "hashedKey", "auditSince", "scrubPending", "rebuild",
            "hold",
        ].map { Array($0.utf8) }
    }

    /// Format that this program writes.
    static let format: UInt32 = 2

    let table: Database
    private let memory: WriterMemory?

    /// The values of a store.
    init(_ tables: Tables) {
        table = tables.meta
        memory = tables.writerMemory
    }

    /// The values of a store that is not open yet.
    init(table: Database) {
        self.table = table
        memory = nil
    }

    func bytes<T: ReadOperations & ~Copyable>(
        _ name: Name,
        _ transaction: borrowing T
    ) throws -> [UInt8]? {
        try transaction.copyValue(name.key, in: table)
    }

    func put(
        _ name: Name,
        _ value: [UInt8],
        _ transaction: borrowing WriteTransaction
    ) throws {
        memory?.forget(name)
        try transaction.put(name.key, value, in: table)
    }

    func counter<T: ReadOperations & ~Copyable>(
        _ name: Name,
        default missing: UInt64 = 0,
        _ transaction: borrowing T
    ) throws -> UInt64 {
        if transaction.isWriting, let value = memory?.counter(name) { return value }
        guard let bytes = try bytes(name, transaction) else { return missing }
        var reader = ByteReader(bytes[...])
        guard bytes.count == 8, let value = reader.integer(UInt64.self) else {
            throw Sealed.damaged("meta", name.key)
        }
        return value
    }

    /// Adds one to a counter and returns its new value.
    func increment(_ name: Name, _ transaction: borrowing WriteTransaction) throws -> UInt64 {
        let value = try counter(name, transaction) + 1
        if memory?.keep(name, value) == true { return value }
        try put(name, RowKey.number(value), transaction)
        return value
    }

}
