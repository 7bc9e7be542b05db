import CLMDB

/// What both kinds of transactions can do; write `some ReadOperations & ~Copyable` for a helper
/// that serves both.
public protocol ReadOperations: ~Copyable {
    /// What the operations work on; of no use outside this module.
    var transactionContext: TransactionContext { get }
}

extension ReadOperations where Self: ~Copyable {
    /// The number of the snapshot, or of the commit to be.
    ///
    /// Source: `mdb_txn_id`.
    public var transactionID: Int { mdb_txn_id(transactionContext.handle) }

    /// Whether updates are possible: true in a write transaction.
    public var isWriting: Bool { transactionContext.ledger != nil }

    /// Lends the value of a key, or the first of its values, to a closure.
    ///
    /// The span lies in the map and is valid only inside the closure; in a write transaction no
    /// update is allowed meanwhile.
    /// - Parameters:
    ///   - key: 1 to 511 bytes.
    ///   - database: a table of this environment.
    ///   - body: reads the value; what it returns must be owned.
    /// - Returns: what the body returns, or nil when the key is absent.
    /// - Throws: what the body throws; ``LMDBError`` `.badKeySize`, `.foreignDatabase`,
    ///   `.badTransaction`.
    /// - Complexity: one descent of the tree, no allocation, no copy.
    /// Source: `mdb_get`.
    @discardableResult
    @_disfavoredOverload
    public func get<Key: ByteSource & ~Escapable, Result>(
        _ key: Key,
        in database: Database,
        _ body: (RawSpan) throws -> Result
    ) throws -> Result? {
        let context = transactionContext
        guard let value = try context.find(key, database) else { return nil }
        context.beginLease()
        defer { context.endLease() }
        return try body(value.bytes)
    }

    /// Lends the value of a key to a closure, with the error type of the closure kept.
    ///
    /// - Parameters:
    ///   - key: 1 to 511 bytes.
    ///   - database: a table of this environment.
    ///   - body: reads the value; what it returns must be owned.
    /// - Returns: what the body returns, or nil when the key is absent.
    /// - Throws: what the body throws, or the failure of LMDB in the same type.
    /// Source: `mdb_get`.
    @discardableResult
    public func get<Key: ByteSource & ~Escapable, Result, Failure: TransactionFailure>(
        _ key: Key,
        in database: Database,
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure.Raised) -> Result? {
        let context = transactionContext
        let found: UnsafeRawBufferPointer?
        do throws(LMDBError) {
            found = try context.find(key, database)
        } catch {
            throw Failure.raised(byLMDB: error)
        }
        guard let value = found else { return nil }
        context.beginLease()
        defer { context.endLease() }
        do throws(Failure) {
            return try body(value.bytes)
        } catch {
            throw Failure.raised(byBody: error)
        }
    }

    /// Copies the value of a key, or the first of its values.
    ///
    /// - Parameters:
    ///   - key: 1 to 511 bytes.
    ///   - database: a table of this environment.
    /// - Returns: the value, or nil when the key is absent.
    /// - Throws: ``LMDBError`` as ``get(_:in:_:)-(_,_,(RawSpan)->Result)`` does.
    public func copyValue<Key: ByteSource & ~Escapable>(
        _ key: Key,
        in database: Database
    ) throws(LMDBError) -> [UInt8]? {
        try transactionContext.find(key, database).map { [UInt8]($0) }
    }

    /// Copies the value of a key that an array holds: the same without types that are looked up in
    /// each call.
    ///
    /// - Parameters:
    ///   - key: 1 to 511 bytes.
    ///   - database: a table of this environment.
    /// - Returns: the value, or nil when the key is absent.
    /// - Throws: ``LMDBError`` as the generic form does.
    public func copyValue(_ key: [UInt8], in database: Database) throws(LMDBError) -> [UInt8]? {
        try transactionContext.find(key, database).map { [UInt8]($0) }
    }

    /// Tells whether a key is present.
    ///
    /// - Parameters:
    ///   - key: 1 to 511 bytes.
    ///   - database: a table of this environment.
    /// - Returns: whether it has a value, be it an empty one.
    /// - Throws: ``LMDBError`` `.badKeySize`, `.foreignDatabase`, `.badTransaction`.
    public func contains<Key: ByteSource & ~Escapable>(
        _ key: Key,
        in database: Database
    ) throws(LMDBError) -> Bool {
        try transactionContext.find(key, database) != nil
    }

    /// Returns the sizes of a table.
    ///
    /// - Parameter database: a table of this environment.
    /// - Returns: pages by kind, depth and entries.
    /// - Throws: ``LMDBError`` `.foreignDatabase`, `.badTransaction`.
    /// Source: `mdb_stat`.
    public func statistics(of database: Database) throws(LMDBError) -> Statistics {
        let context = transactionContext
        try context.validate(database, "mdb_stat")
        var found = MDB_stat()
        try check(mdb_stat(context.handle, database.handle, &found), "mdb_stat")
        return Statistics(found)
    }

    /// Returns the number of entries of a table; each value of a sorted set counts.
    ///
    /// - Parameter database: a table of this environment.
    /// - Returns: the number.
    /// - Throws: ``LMDBError`` `.foreignDatabase`, `.badTransaction`.
    public func count(_ database: Database) throws(LMDBError) -> Int {
        try statistics(of: database).entryCount
    }
}
