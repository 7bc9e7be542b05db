import CLMDB

// Updates at the place; a cursor of a read transaction throws `.readOnly`.
extension Cursor {
    /// Stores a value and goes to it.
    ///
    /// - Parameters:
    ///   - key: 1 to 511 bytes.
    ///   - value: as for `WriteTransaction.put`.
    ///   - options: what to refuse, and where to store.
    /// - Throws: ``LMDBError`` `.readOnly` and as `WriteTransaction.put`.
    /// Source: `mdb_cursor_put`.
    public func put<Key: ByteSource & ~Escapable, Value: ByteSource & ~Escapable>(
        _ key: Key,
        _ value: Value,
        options: PutOptions = []
    ) throws(LMDBError) {
        try options.validate(database)
        try context.admitUpdate("mdb_cursor_put")
        try key.withBytes { (keyBytes) throws(LMDBError) in
            try validateKey(keyBytes, "mdb_cursor_put")
            try value.withBytes { (valueBytes) throws(LMDBError) in
                try database.validate(valueByteCount: valueBytes.count, "mdb_cursor_put")
                try store(keyBytes, valueBytes, options.rawValue)
            }
        }
    }

    /// Replaces the value at the place.
    ///
    /// - Parameter value: any size.
    /// - Returns: whether the cursor was at an entry.
    /// - Throws: ``LMDBError`` `.readOnly`; `.incompatible` in a table with sorted sets, where the
    ///   old value is deleted and the new one put instead; as `WriteTransaction.put`.
    /// Source: `mdb_cursor_put` with `MDB_CURRENT`.
    @discardableResult
    public func replaceCurrent<Value: ByteSource & ~Escapable>(
        _ value: Value
    ) throws(LMDBError) -> Bool {
        guard !database.options.duplicateSorted else {
            throw LMDBError(.incompatible, "mdb_cursor_put")
        }
        try context.admitUpdate("mdb_cursor_put")
        // The key lies in the page that is about to change, so it is copied.
        guard let key = try copyKey() else { return false }
        try key.withBytes { (keyBytes) throws(LMDBError) in
            try value.withBytes { (valueBytes) throws(LMDBError) in
                try database.validate(valueByteCount: valueBytes.count, "mdb_cursor_put")
                try store(keyBytes, valueBytes, UInt32(MDB_CURRENT))
            }
        }
        return true
    }

    /// Deletes the entry at the place.
    ///
    /// The cursor is then at no entry: `next` goes to the one that followed, `previous` to the one
    /// before.
    /// - Parameter allDuplicates: whether all values of the key are deleted.
    /// - Returns: whether the cursor was at an entry.
    /// - Throws: ``LMDBError`` `.readOnly`; `.valueLent`; `.incompatible` for all duplicates in a
    ///   table without sorted sets; `.mapFull`, `.badTransaction`.
    /// Source: `mdb_cursor_del`.
    @discardableResult
    public func deleteCurrent(allDuplicates: Bool = false) throws(LMDBError) -> Bool {
        guard !allDuplicates || database.options.duplicateSorted else {
            throw LMDBError(.incompatible, "mdb_cursor_del")
        }
        try context.admitUpdate("mdb_cursor_del")
        guard try entry() != nil else { return false }
        let flags = allDuplicates ? UInt32(MDB_NODUPDATA) : 0
        state.isRead = false
        let status = mdb_cursor_del(handle, flags)
        state.place = status == 0 ? .gap : .lost
        try check(status, "mdb_cursor_del")
        return true
    }

    private func store(
        _ key: UnsafeRawBufferPointer,
        _ value: UnsafeRawBufferPointer,
        _ flags: UInt32
    ) throws(LMDBError) {
        var name = MDB_val(key)
        var data = MDB_val(value)
        state.isRead = false
        let status = mdb_cursor_put(handle, &name, &data, flags)
        // On failure the cursor is left near the place, which is no place to go on from.
        state.place = status == 0 ? .entry : .lost
        try check(status, "mdb_cursor_put")
    }
}
