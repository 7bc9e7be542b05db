import LMDB
import ReportModel

/// What the store knows of one log, as its row has it.
struct LogRow: Hashable, Sendable {
    var ref: UInt32
    /// Identifier of the log, which its descriptor hashes to.
    let id: LogID
    var isForked: Bool
    /// Whether an administrator lets the owner of a forked log go on with other logs.
    var isReleased = false
    var held: UInt64
    var last: Hash256
    let descriptor: LogDescriptor
    var head: SignedHead?
    /// When the last entry was recorded; not stored, known while entries are written.
    var lastRecordedAt: Timestamp?

    var position: LogPosition { LogPosition(log: id, sequence: held, hash: last) }

    var state: LogState {
        LogState(
            descriptor: descriptor,
            position: position,
            head: head,
            isForked: isForked,
            isReleased: isReleased
        )
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = [(isForked ? 1 : 0) | (isReleased ? 2 : 0)]
        bytes.appendBigEndian(held)
        last.append(to: &bytes)
        let descriptorBytes = descriptor.bytes
        bytes.appendBigEndian(UInt16(descriptorBytes.count))
        bytes.append(contentsOf: descriptorBytes)
        if let head { bytes.append(contentsOf: head.bytes) }
        return bytes
    }

    init(ref: UInt32, descriptor: LogDescriptor) {
        self.ref = ref
        self.descriptor = descriptor
        id = descriptor.id
        isForked = false
        held = 0
        last = .zero
    }

    init?(ref: UInt32, _ bytes: [UInt8]) {
        var reader = ByteReader(bytes[...])
        guard let flags = reader.integer(UInt8.self), let held = reader.integer(UInt64.self),
            let last = reader.hash(), let count = reader.integer(UInt16.self),
            let descriptorBytes = reader.take(Int(count)),
            let descriptor = LogDescriptor(Array(descriptorBytes))
        else { return nil }
        self.init(ref: ref, descriptor: descriptor)
        isForked = flags & 1 != 0
        isReleased = flags & 2 != 0
        self.held = held
        self.last = last
        guard reader.remaining > 0 else { return }
        guard let headBytes = reader.take(reader.remaining), let head = SignedHead(headBytes) else {
            return nil
        }
        self.head = head
    }
}

/// The tables `logs` and `logIds`.
struct LogRows: Sendable {
    let tables: Tables

    func ref<T: ReadOperations & ~Copyable>(
        of log: LogID,
        _ transaction: borrowing T
    ) throws -> UInt32? {
        guard let bytes = try transaction.copyValue(log.bytes, in: tables.logIds) else {
            return nil
        }
        var reader = ByteReader(bytes[...])
        return reader.integer(UInt32.self)
    }

    func row<T: ReadOperations & ~Copyable>(
        _ ref: UInt32,
        _ transaction: borrowing T
    ) throws -> LogRow {
        if transaction.isWriting, let row = tables.writerMemory.log(ref) { return row }
        let key = RowKey.number(ref)
        let row = try transaction.get(key, in: tables.logs) { (value: RawSpan) throws -> LogRow? in
            LogRow(ref: ref, try Sealed.open(value, table: "logs", key: key))
        }
        guard let row = row.flatMap({ $0 }) else { throw Sealed.damaged("logs", key) }
        return row
    }

    func row<T: ReadOperations & ~Copyable>(
        of log: LogID,
        _ transaction: borrowing T
    ) throws -> LogRow? {
        guard let ref = try ref(of: log, transaction) else { return nil }
        return try row(ref, transaction)
    }

    func all<T: ReadOperations & ~Copyable>(_ transaction: borrowing T) throws -> [LogRow] {
        var rows: [LogRow] = []
        _ = try transaction.forEach(in: tables.logs) {
            (key: RawSpan, value: RawSpan) throws -> ScanStep in
            let keyBytes = key.withUnsafeBytes { Array($0) }
            var reader = ByteReader(keyBytes[...])
            let opened = try Sealed.open(value, table: "logs", key: keyBytes)
            guard let ref = reader.integer(UInt32.self), let row = LogRow(ref: ref, opened) else {
                throw Sealed.damaged("logs", keyBytes)
            }
            let kept = transaction.isWriting ? tables.writerMemory.log(ref) : nil
            rows.append(kept ?? row)
            return .continue
        }
        return rows
    }

    /// Writes a row: at the end of the writer's transaction, in any other at once.
    func put(_ row: LogRow, _ transaction: borrowing WriteTransaction) throws {
        if tables.writerMemory.keep(row) { return }
        try write(row, transaction)
    }

    /// Writes a row at once.
    func write(_ row: LogRow, _ transaction: borrowing WriteTransaction) throws {
        let bytes = Sealed.seal(row.bytes)
        try transaction.put(RowKey.number(row.ref), bytes, in: tables.logs)
    }

    /// Gives a log a number in this store.
    func add(
        _ descriptor: LogDescriptor,
        _ transaction: borrowing WriteTransaction
    ) throws -> LogRow {
        let ref = try Metadata(tables).increment(.nextRef, transaction)
        let row = LogRow(ref: UInt32(ref), descriptor: descriptor)
        // At once, so that whoever goes through all rows finds it.
        try write(row, transaction)
        try transaction.put(descriptor.id.bytes, RowKey.number(row.ref), in: tables.logIds)
        return row
    }
}

/// An entry as the store keeps it.
struct StoredEntry: Sendable {
    var place: EntryPlace
    var arrival: UInt64
    var arrivedAt: Timestamp
    var header: [UInt8]
    var entry: Entry
    var hash: Hash256
}

/// The tables `entries` and `entryHashes`.
struct EntryRows: Sendable {
    let tables: Tables

    func entry<T: ReadOperations & ~Copyable>(
        at place: EntryPlace,
        _ transaction: borrowing T
    ) throws -> StoredEntry? {
        let key = place.bytes
        let value = try transaction.get(key, in: tables.entries) { (value: RawSpan) throws in
            try Sealed.open(value, table: "entries", key: key)
        }
        guard let value else { return nil }
        var reader = ByteReader(value[...])
        guard let arrival = reader.integer(UInt64.self),
            let arrivedAt = reader.integer(UInt64.self),
            let header = reader.take(reader.remaining), let entry = Entry(header)
        else { throw Sealed.damaged("entries", key) }
        let headerBytes = Array(header)
        return StoredEntry(
            place: place,
            arrival: arrival,
            arrivedAt: Timestamp(milliseconds: arrivedAt),
            header: headerBytes,
            entry: entry,
            hash: Hash256(hashing: headerBytes)
        )
    }

    func place<T: ReadOperations & ~Copyable>(
        of hash: Hash256,
        _ transaction: borrowing T
    ) throws -> EntryPlace? {
        if let bytes = try transaction.copyValue(hash.bytes, in: tables.entryHashes) {
            return EntryPlace(bytes)
        }
        return try tables.tails.entries(transaction).find(hash, tables, transaction)?.place
    }

    /// An entry that a derived row names; its absence is damage.
    func required<T: ReadOperations & ~Copyable>(
        at place: EntryPlace,
        _ transaction: borrowing T
    ) throws -> StoredEntry {
        guard let entry = try entry(at: place, transaction) else {
            throw Sealed.damaged("entries", place.bytes)
        }
        return entry
    }

    func put(
        _ header: [UInt8],
        at place: EntryPlace,
        arrival: UInt64,
        arrivedAt: Timestamp,
        _ transaction: borrowing WriteTransaction
    ) throws {
        var value: [UInt8] = []
        value.reserveCapacity(header.count + 16)
        value.appendBigEndian(arrival)
        value.appendBigEndian(arrivedAt.milliseconds)
        value.append(contentsOf: header)
        try transaction.put(place.bytes, Sealed.seal(value), in: tables.entries)
    }
}
