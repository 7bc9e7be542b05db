import CLMDB

// Moves inside the sorted set of a key; a table without sorted sets throws `.incompatible`.
extension Cursor {
    /// Goes to the first value of the present key.
    ///
    /// - Returns: whether the cursor is at an entry.
    /// - Throws: ``LMDBError`` `.incompatible`, `.badTransaction`.
    /// Source: `MDB_FIRST_DUP`.
    @discardableResult
    public func firstDuplicate() throws(LMDBError) -> Bool {
        try moveInSet(MDB_FIRST_DUP)
    }

    /// Goes to the last value of the present key.
    ///
    /// - Returns: whether the cursor is at an entry.
    /// - Throws: ``LMDBError`` `.incompatible`, `.badTransaction`.
    /// Source: `MDB_LAST_DUP`.
    @discardableResult
    public func lastDuplicate() throws(LMDBError) -> Bool {
        try moveInSet(MDB_LAST_DUP)
    }

    /// Goes to the next value of the present key.
    ///
    /// - Returns: whether there is one; when not, the cursor stays where it is.
    /// - Throws: ``LMDBError`` `.incompatible`, `.badTransaction`.
    /// Source: `MDB_NEXT_DUP`.
    @discardableResult
    public func nextDuplicate() throws(LMDBError) -> Bool {
        try moveInSet(MDB_NEXT_DUP)
    }

    /// Goes to the value of the present key that is before this one.
    ///
    /// - Returns: whether there is one; when not, the cursor stays where it is.
    /// - Throws: ``LMDBError`` `.incompatible`, `.badTransaction`.
    /// Source: `MDB_PREV_DUP`.
    @discardableResult
    public func previousDuplicate() throws(LMDBError) -> Bool {
        try moveInSet(MDB_PREV_DUP)
    }

    /// Goes to the first value of a key that is not before the given one.
    ///
    /// - Parameters:
    ///   - key: 1 to 511 bytes.
    ///   - value: 1 to 511 bytes, or the fixed size.
    /// - Returns: whether there is one; when not, the cursor has no place.
    /// - Throws: ``LMDBError`` `.incompatible`, `.badKeySize`, `.badValueSize`, `.badTransaction`.
    /// Source: `MDB_GET_BOTH_RANGE`.
    @discardableResult
    public func seek<Key: ByteSource & ~Escapable, Value: ByteSource & ~Escapable>(
        _ key: Key,
        valueAtLeast value: Value
    ) throws(LMDBError) -> Bool {
        try seekPair(key, value, MDB_GET_BOTH_RANGE)
    }

    /// Goes to one value of a key.
    ///
    /// - Parameters:
    ///   - key: 1 to 511 bytes.
    ///   - value: 1 to 511 bytes, or the fixed size.
    /// - Returns: whether the key has the value; when not, the cursor has no place.
    /// - Throws: ``LMDBError`` `.incompatible`, `.badKeySize`, `.badValueSize`, `.badTransaction`.
    /// Source: `MDB_GET_BOTH`.
    @discardableResult
    public func seek<Key: ByteSource & ~Escapable, Value: ByteSource & ~Escapable>(
        _ key: Key,
        valueExactly value: Value
    ) throws(LMDBError) -> Bool {
        try seekPair(key, value, MDB_GET_BOTH)
    }

    /// Counts the values of the present key.
    ///
    /// - Returns: the number, or 0 when the cursor is at no entry.
    /// - Throws: ``LMDBError`` `.incompatible`, `.badTransaction`.
    /// Source: `mdb_cursor_count`.
    public func countDuplicates() throws(LMDBError) -> Int {
        try requireSets("mdb_cursor_count")
        guard try entry() != nil else { return 0 }
        var count = 0
        try check(mdb_cursor_count(handle, &count), "mdb_cursor_count")
        return count
    }

    private func requireSets(_ operation: @autoclosure () -> String) throws(LMDBError) {
        guard database.options.duplicateSorted else {
            throw LMDBError(.incompatible, operation())
        }
    }

    private func moveInSet(_ operation: MDB_cursor_op) throws(LMDBError) -> Bool {
        try requireSets("mdb_cursor_get")
        guard try entry() != nil else { return false }
        // liblmdb answers with the value alone, so the key is read again when it is asked for.
        return try move(operation, readsEntry: false, whenAbsent: .entry)
    }

    private func seekPair<Key: ByteSource & ~Escapable, Value: ByteSource & ~Escapable>(
        _ key: Key,
        _ value: Value,
        _ operation: MDB_cursor_op
    ) throws(LMDBError) -> Bool {
        try requireSets("mdb_cursor_get")
        return try key.withBytes { (keyBytes) throws(LMDBError) in
            try validateKey(keyBytes, "mdb_cursor_get")
            return try value.withBytes { (valueBytes) throws(LMDBError) in
                try database.validate(valueByteCount: valueBytes.count, "mdb_cursor_get")
                return try move(
                    operation,
                    key: MDB_val(keyBytes),
                    value: MDB_val(valueBytes),
                    readsEntry: false,
                    whenAbsent: .lost
                )
            }
        }
    }
}
