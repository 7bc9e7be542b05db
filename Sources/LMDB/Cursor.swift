import CLMDB

/// A place in a table, lent by `withCursor` and closed when the closure ends.
///
/// A new cursor has no place. A move answers whether there is an entry where it went. Behind the
/// last entry `next` keeps answering false and `previous` goes to the last one; before the first
/// it is the other way round. After a search that found nothing exactly, relative moves throw.
/// In a table with sorted sets an entry is one value of one key.
public struct Cursor: ~Copyable {
    let handle: OpaquePointer
    let context: TransactionContext
    let database: Database
    let state = CursorState()

    init(_ context: TransactionContext, _ database: Database) throws(LMDBError) {
        try context.validate(database, "mdb_cursor_open")
        var opened: OpaquePointer?
        try check(
            mdb_cursor_open(context.handle, database.handle, &opened),
            "mdb_cursor_open"
        )
        guard let opened else {
            throw LMDBError(.panic, "mdb_cursor_open")
        }
        handle = opened
        self.context = context
        self.database = database
    }

    deinit {
        // Lent inside the closure of its transaction, so the transaction still lives.
        mdb_cursor_close(handle)
    }

    /// Goes to the first entry.
    ///
    /// - Returns: whether the table has one.
    /// - Throws: ``LMDBError`` `.badTransaction`, `.corrupted`.
    /// Source: `MDB_FIRST`.
    @discardableResult
    public func first() throws(LMDBError) -> Bool {
        try move(MDB_FIRST, whenAbsent: .behindLast)
    }

    /// Goes to the last entry.
    ///
    /// - Returns: whether the table has one.
    /// - Throws: ``LMDBError`` `.badTransaction`, `.corrupted`.
    /// Source: `MDB_LAST`.
    @discardableResult
    public func last() throws(LMDBError) -> Bool {
        try move(MDB_LAST, whenAbsent: .beforeFirst)
    }

    /// Goes to the next entry, or to the first when the cursor has no place yet.
    ///
    /// - Returns: whether there is one.
    /// - Throws: ``LMDBError`` `.noPosition`, `.badTransaction`, `.corrupted`.
    /// Source: `MDB_NEXT`.
    @discardableResult
    public func next() throws(LMDBError) -> Bool {
        try step(forward: true, MDB_NEXT)
    }

    /// Goes to the entry before, or to the last when the cursor has no place yet.
    ///
    /// - Returns: whether there is one.
    /// - Throws: ``LMDBError`` `.noPosition`, `.badTransaction`, `.corrupted`.
    /// Source: `MDB_PREV`.
    @discardableResult
    public func previous() throws(LMDBError) -> Bool {
        try step(forward: false, MDB_PREV)
    }

    /// Goes to the first value of the next key, or to the first entry without a place.
    ///
    /// - Returns: whether there is one.
    /// - Throws: ``LMDBError`` `.noPosition`, `.badTransaction`, `.corrupted`.
    /// Source: `MDB_NEXT_NODUP`.
    @discardableResult
    public func nextKey() throws(LMDBError) -> Bool {
        try step(forward: true, MDB_NEXT_NODUP)
    }

    /// Goes to the last value of the key before, or to the last entry without a place.
    ///
    /// - Returns: whether there is one.
    /// - Throws: ``LMDBError`` `.noPosition`, `.badTransaction`, `.corrupted`.
    /// Source: `MDB_PREV_NODUP`.
    @discardableResult
    public func previousKey() throws(LMDBError) -> Bool {
        try step(forward: false, MDB_PREV_NODUP)
    }

    /// Goes to the first entry whose key is not before the given one.
    ///
    /// - Parameter key: at most 511 bytes; an empty one means the first entry.
    /// - Returns: whether there is one.
    /// - Throws: ``LMDBError`` `.badKeySize`, `.badTransaction`, `.corrupted`.
    /// Source: `MDB_SET_RANGE`.
    @discardableResult
    public func seek<Key: ByteSource & ~Escapable>(
        atLeast key: Key
    ) throws(LMDBError) -> Bool {
        try key.withBytes { (bytes) throws(LMDBError) in
            if bytes.isEmpty { return try first() }
            try validateKey(bytes, "mdb_cursor_get")
            return try move(MDB_SET_RANGE, key: MDB_val(bytes), whenAbsent: .behindLast)
        }
    }

    /// Goes to the first entry of a key.
    ///
    /// - Parameter key: 1 to 511 bytes.
    /// - Returns: whether the key is present; when not, the cursor has no place.
    /// - Throws: ``LMDBError`` `.badKeySize`, `.badTransaction`, `.corrupted`.
    /// Source: `MDB_SET_KEY`.
    @discardableResult
    public func seek<Key: ByteSource & ~Escapable>(
        exactly key: Key
    ) throws(LMDBError) -> Bool {
        try key.withBytes { (bytes) throws(LMDBError) in
            try validateKey(bytes, "mdb_cursor_get")
            return try move(MDB_SET_KEY, key: MDB_val(bytes), whenAbsent: .lost)
        }
    }

    /// Lends the key and the value at the place to a closure.
    ///
    /// In a write transaction no update is allowed meanwhile.
    /// - Parameter body: reads key and value; what it returns must be owned.
    /// - Returns: what the body returns, or nil when the cursor is at no entry.
    /// - Throws: what the body throws; ``LMDBError`` `.badTransaction`.
    @discardableResult
    @_disfavoredOverload
    public func withEntry<Result>(
        _ body: (_ key: RawSpan, _ value: RawSpan) throws -> Result
    ) throws -> Result? {
        guard let entry = try entry() else { return nil }
        context.beginLease()
        defer { context.endLease() }
        return try body(entry.key.bytes, entry.value.bytes)
    }

    /// Lends the key and the value at the place, with the error type of the closure kept.
    ///
    /// - Parameter body: reads key and value; what it returns must be owned.
    /// - Returns: what the body returns, or nil when the cursor is at no entry.
    /// - Throws: what the body throws, or the failure of LMDB in the same type.
    @discardableResult
    public func withEntry<Result, Failure: TransactionFailure>(
        _ body: (_ key: RawSpan, _ value: RawSpan) throws(Failure) -> Result
    ) throws(Failure.Raised) -> Result? {
        let found: (key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)?
        do throws(LMDBError) {
            found = try entry()
        } catch {
            throw Failure.raised(byLMDB: error)
        }
        guard let found else { return nil }
        context.beginLease()
        defer { context.endLease() }
        do throws(Failure) {
            return try body(found.key.bytes, found.value.bytes)
        } catch {
            throw Failure.raised(byBody: error)
        }
    }

    /// Copies the key at the place.
    ///
    /// - Returns: the key, or nil when the cursor is at no entry.
    /// - Throws: ``LMDBError`` `.badTransaction`.
    public func copyKey() throws(LMDBError) -> [UInt8]? {
        try entry().map { [UInt8]($0.key) }
    }

    /// Copies the value at the place.
    ///
    /// - Returns: the value, or nil when the cursor is at no entry.
    /// - Throws: ``LMDBError`` `.badTransaction`.
    public func copyValue() throws(LMDBError) -> [UInt8]? {
        try entry().map { [UInt8]($0.value) }
    }
}
