import CLMDB

extension WriteTransaction {
    /// Deletes a key with all its values.
    ///
    /// - Parameters:
    ///   - key: 1 to 511 bytes.
    ///   - database: a table of this environment.
    /// - Returns: whether the key was present.
    /// - Throws: ``LMDBError`` `.badKeySize`, `.valueLent`, `.foreignDatabase`, `.mapFull`,
    ///   `.badTransaction`.
    /// Source: `mdb_del`.
    @discardableResult
    public func delete<Key: ByteSource & ~Escapable>(
        _ key: Key,
        in database: Database
    ) throws(LMDBError) -> Bool {
        let context = transactionContext
        try context.validate(database, "mdb_del")
        try context.admitUpdate("mdb_del")
        return try key.withBytes { (bytes) throws(LMDBError) in
            try validateKey(bytes, "mdb_del")
            var name = MDB_val(bytes)
            let status = mdb_del(context.handle, database.handle, &name, nil)
            if status == MDB_NOTFOUND { return false }
            try check(status, "mdb_del")
            return true
        }
    }

    /// Deletes one value of the sorted set of a key.
    ///
    /// - Parameters:
    ///   - key: 1 to 511 bytes.
    ///   - value: the value, 1 to 511 bytes or the fixed size.
    ///   - database: a table with sorted sets.
    /// - Returns: whether the key had the value.
    /// - Throws: ``LMDBError`` as ``delete(_:in:)``; `.incompatible` for a table without sorted
    ///   sets, where LMDB would delete the key whatever its value.
    /// Source: `mdb_del`.
    @discardableResult
    public func delete<Key: ByteSource & ~Escapable, Value: ByteSource & ~Escapable>(
        _ key: Key,
        _ value: Value,
        in database: Database
    ) throws(LMDBError) -> Bool {
        let context = transactionContext
        try context.validate(database, "mdb_del")
        guard database.options.duplicateSorted else {
            throw LMDBError(.incompatible, "mdb_del")
        }
        try context.admitUpdate("mdb_del")
        return try key.withBytes { (keyBytes) throws(LMDBError) in
            try validateKey(keyBytes, "mdb_del")
            return try value.withBytes { (valueBytes) throws(LMDBError) in
                try database.validate(valueByteCount: valueBytes.count, "mdb_del")
                var name = MDB_val(keyBytes)
                var data = MDB_val(valueBytes)
                let status = mdb_del(context.handle, database.handle, &name, &data)
                if status == MDB_NOTFOUND { return false }
                try check(status, "mdb_del")
                return true
            }
        }
    }

    /// Deletes all entries of a table and keeps the table.
    ///
    /// - Parameter database: a named table of this environment.
    /// - Throws: ``LMDBError`` `.incompatible` for the unnamed table, whose entries are the other
    ///   tables; `.valueLent`, `.foreignDatabase`, `.badTransaction`.
    /// Source: `mdb_drop`.
    public func empty(_ database: Database) throws(LMDBError) {
        let context = transactionContext
        try context.validate(database, "mdb_drop")
        guard database.name != nil else {
            throw LMDBError(.incompatible, "mdb_drop")
        }
        try context.admitUpdate("mdb_drop")
        try check(mdb_drop(context.handle, database.handle, 0), "mdb_drop")
    }
}
