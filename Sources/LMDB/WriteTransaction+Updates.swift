import CLMDB

/// How a value is stored.
public struct PutOptions: OptionSet, Sendable {
    /// The bits.
    public let rawValue: UInt32

    /// Makes a set out of its bits.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Fails with `.keyExists` when the key is present.
    public static let noOverwrite = PutOptions(rawValue: UInt32(MDB_NOOVERWRITE))
    /// Fails with `.keyExists` when the key has this value already; sorted sets only.
    public static let noDuplicate = PutOptions(rawValue: UInt32(MDB_NODUPDATA))
    /// Stores behind the last key, without a search; fails with `.keyExists` when it does not
    /// belong there.
    public static let append = PutOptions(rawValue: UInt32(MDB_APPEND))
    /// Stores behind the last value of the last key; sorted sets only.
    public static let appendDuplicate = PutOptions(rawValue: UInt32(MDB_APPENDDUP))

    /// Refuses unknown bits, and those of sorted sets for a plain table.
    func validate(_ database: Database) throws(LMDBError) {
        let known: PutOptions = [.noOverwrite, .noDuplicate, .append, .appendDuplicate]
        guard isSubset(of: known) else {
            throw LMDBError(.invalidOption, "mdb_put")
        }
        guard
            database.options.duplicateSorted
                || isDisjoint(with: [.noDuplicate, .appendDuplicate])
        else {
            throw LMDBError(.incompatible, "mdb_put")
        }
    }
}

extension WriteTransaction {
    /// Stores a value: in place of the old one, or into the sorted set of the key.
    ///
    /// - Parameters:
    ///   - key: 1 to 511 bytes.
    ///   - value: at most 4 GiB less one byte; in a sorted set 1 to 511 bytes, or the fixed size.
    ///   - database: a table of this environment.
    ///   - options: what to refuse, and where to store.
    /// - Throws: ``LMDBError`` `.keyExists`, `.mapFull`, `.badKeySize`, `.badValueSize`,
    ///   `.valueLent`, `.foreignDatabase`, `.incompatible`, `.badTransaction`.
    /// Source: `mdb_put`.
    public func put<Key: ByteSource & ~Escapable, Value: ByteSource & ~Escapable>(
        _ key: Key,
        _ value: Value,
        in database: Database,
        options: PutOptions = []
    ) throws(LMDBError) {
        try store(key, value, in: database, options)
    }

    /// Stores a value that arrays hold: the same without types that are looked up in each call.
    ///
    /// - Parameters:
    ///   - key: 1 to 511 bytes.
    ///   - value: at most 4 GiB less one byte; in a sorted set 1 to 511 bytes, or the fixed size.
    ///   - database: a table of this environment.
    ///   - options: what to refuse, and where to store.
    /// - Throws: ``LMDBError`` as the generic form.
    /// Source: `mdb_put`.
    public func put(
        _ key: [UInt8],
        _ value: [UInt8],
        in database: Database,
        options: PutOptions = []
    ) throws(LMDBError) {
        try store(key, value, in: database, options)
    }

    private func store<Key: ByteSource & ~Escapable, Value: ByteSource & ~Escapable>(
        _ key: Key,
        _ value: Value,
        in database: Database,
        _ options: PutOptions
    ) throws(LMDBError) {
        let context = transactionContext
        try context.validate(database, "mdb_put")
        try options.validate(database)
        try context.admitUpdate("mdb_put")
        try key.withBytes { (keyBytes) throws(LMDBError) in
            try validateKey(keyBytes, "mdb_put")
            try value.withBytes { (valueBytes) throws(LMDBError) in
                try database.validate(valueByteCount: valueBytes.count, "mdb_put")
                var name = MDB_val(keyBytes)
                var data = MDB_val(valueBytes)
                try check(
                    mdb_put(context.handle, database.handle, &name, &data, options.rawValue),
                    "mdb_put"
                )
            }
        }
    }

    /// Stores a value unless the key is present.
    ///
    /// - Parameters:
    ///   - key: 1 to 511 bytes.
    ///   - value: as for ``put(_:_:in:options:)``.
    ///   - database: a table of this environment.
    /// - Returns: whether it was stored.
    /// - Throws: ``LMDBError`` as ``put(_:_:in:options:)``, without `.keyExists`.
    public func insert<Key: ByteSource & ~Escapable, Value: ByteSource & ~Escapable>(
        _ key: Key,
        _ value: Value,
        in database: Database
    ) throws(LMDBError) -> Bool {
        do throws(LMDBError) {
            try put(key, value, in: database, options: .noOverwrite)
            return true
        } catch  where error.code == .keyExists {
            return false
        }
    }

    /// Stores a value that the body writes in place.
    ///
    /// The bytes are zero at first, unless the body promises to write each of them. When the body
    /// throws, the value is incomplete, so the
    /// transaction can no longer be committed.
    /// - Parameters:
    ///   - key: 1 to 511 bytes.
    ///   - byteCount: the size of the value.
    ///   - database: a table without sorted sets.
    ///   - options: `noOverwrite` and `append` apply.
    ///   - isFilled: whether the body writes every byte; one that it leaves out is what was in memory before.
    ///   - body: writes the value.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws; ``LMDBError`` as ``put(_:_:in:options:)``, `.incompatible`
    ///   for a table with sorted sets.
    /// Source: `mdb_put` with `MDB_RESERVE`.
    @discardableResult
    @_disfavoredOverload
    public func reserve<Key: ByteSource & ~Escapable, Result>(
        _ key: Key,
        byteCount: Int,
        in database: Database,
        options: PutOptions = [],
        isFilled: Bool = false,
        _ body: (inout MutableRawSpan) throws -> Result
    ) throws -> Result {
        let buffer = try reserveBuffer(key, byteCount, database, options, isFilled)
        let context = transactionContext
        context.beginLease()
        defer { context.endLease() }
        do {
            var span = MutableRawSpan(_unsafeBytes: buffer)
            return try body(&span)
        } catch {
            context.ledger?.failure = LMDBError(.badTransaction, "reserve")
            throw error
        }
    }

    /// Stores a value that the body writes in place, with the error type of the body kept.
    ///
    /// See the untyped form for what happens when the body throws.
    /// - Parameters:
    ///   - key: 1 to 511 bytes.
    ///   - byteCount: the size of the value.
    ///   - database: a table without sorted sets.
    ///   - options: `noOverwrite` and `append` apply.
    ///   - isFilled: whether the body writes every byte; one that it leaves out is what was in memory before.
    ///   - body: writes the value.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws, or the failure of LMDB in the same type.
    @discardableResult
    public func reserve<Key: ByteSource & ~Escapable, Result, Failure: TransactionFailure>(
        _ key: Key,
        byteCount: Int,
        in database: Database,
        options: PutOptions = [],
        isFilled: Bool = false,
        _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure.Raised) -> Result {
        let buffer: UnsafeMutableRawBufferPointer
        do throws(LMDBError) {
            buffer = try reserveBuffer(key, byteCount, database, options, isFilled)
        } catch {
            throw Failure.raised(byLMDB: error)
        }
        let context = transactionContext
        context.beginLease()
        defer { context.endLease() }
        do throws(Failure) {
            var span = MutableRawSpan(_unsafeBytes: buffer)
            return try body(&span)
        } catch {
            context.ledger?.failure = LMDBError(.badTransaction, "reserve")
            throw Failure.raised(byBody: error)
        }
    }

    private func reserveBuffer<Key: ByteSource & ~Escapable>(
        _ key: Key,
        _ byteCount: Int,
        _ database: Database,
        _ options: PutOptions,
        _ isFilled: Bool
    ) throws(LMDBError) -> UnsafeMutableRawBufferPointer {
        let context = transactionContext
        try context.validate(database, "mdb_put")
        try options.validate(database)
        guard !database.options.duplicateSorted else {
            throw LMDBError(.incompatible, "mdb_put")
        }
        guard (0...Limits.maximumValueByteCount).contains(byteCount) else {
            throw LMDBError(.badValueSize, "mdb_put")
        }
        try context.admitUpdate("mdb_put")
        return try key.withBytes { (keyBytes) throws(LMDBError) in
            try validateKey(keyBytes, "mdb_put")
            var name = MDB_val(keyBytes)
            var data = MDB_val(mv_size: byteCount, mv_data: nil)
            let flags = options.rawValue | UInt32(MDB_RESERVE)
            try check(mdb_put(context.handle, database.handle, &name, &data, flags), "mdb_put")
            let buffer = UnsafeMutableRawBufferPointer(start: data.mv_data, count: byteCount)
            // liblmdb leaves here what was in the memory before.
            if !isFilled { buffer.initializeMemory(as: UInt8.self, repeating: 0) }
            return buffer
        }
    }
}
