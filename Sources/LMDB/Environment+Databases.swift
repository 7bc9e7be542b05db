import CLMDB

extension Environment {
    /// Returns a table, opened or created at the first call and kept open.
    ///
    /// Tables are opened outside of transactions, best all at the start: a transaction older than
    /// the handle cannot use it. A table that is open already may be asked for anywhere.
    /// - Parameters:
    ///   - name: 1 to 511 bytes without a zero byte, or nil for the unnamed table, which holds
    ///     the names of the others.
    ///   - options: the shape of the table, which must be the one it was made with.
    /// - Returns: the table.
    /// - Throws: ``LMDBError`` `.notFound` when it is absent and not to be created; `.incompatible`
    ///   when it was made with other options; `.databasesFull`; `.transactionsLive` when this
    ///   thread is inside a transaction and the table is not open yet; `.readOnly`;
    ///   `.invalidOption`.
    /// Source: `mdb_dbi_open`, `mdb_dbi_flags`.
    public func database(
        named name: String?,
        options: Database.Options = Database.Options()
    ) throws(LMDBError) -> Database {
        if let known = try knownTable(name, options) {
            return known
        }
        try options.validate()
        guard name.map({ (1...511).contains($0.utf8.count) && !$0.utf8.contains(0) }) ?? true else {
            throw LMDBError(.invalidOption, "mdb_dbi_open")
        }
        guard !gate.isHeldByThisThread else {
            throw LMDBError(.transactionsLive, "mdb_dbi_open")
        }
        // LMDB allows one opening at a time in a process.
        return try openingTables.withLock { _ throws(LMDBError) in
            if let known = try knownTable(name, options) {
                return known
            }
            let handle: MDB_dbi
            do throws(LMDBError) {
                handle = try openTableReading(name, options)
            } catch  where error.code == .notFound && options.creates {
                guard !self.options.readOnly else {
                    throw LMDBError(.readOnly, "mdb_dbi_open")
                }
                handle = try write { (transaction) throws(LMDBError) in
                    try Self.openTable(
                        transaction.transactionContext.handle,
                        name,
                        options,
                        flags: UInt32(MDB_CREATE)
                    )
                }
            }
            let table = Database(
                handle: handle,
                name: name,
                options: options,
                environmentID: id
            )
            tables.withLock { $0[name] = table }
            return table
        }
    }

    private func knownTable(
        _ name: String?,
        _ options: Database.Options
    ) throws(LMDBError) -> Database? {
        guard !gate.isClosed else {
            throw LMDBError(.closed, "mdb_dbi_open")
        }
        guard let known = tables.withLock({ $0[name] }) else { return nil }
        guard known.options.hasShape(of: options) else {
            throw LMDBError(.incompatible, "mdb_dbi_open")
        }
        return known
    }

    /// Opens a table that exists, without waiting for a writer.
    private func openTableReading(
        _ name: String?,
        _ options: Database.Options
    ) throws(LMDBError) -> MDB_dbi {
        try retryingResize { () throws(LMDBError) -> MDB_dbi in
            let environment = try gate.enter("mdb_dbi_open")
            defer { gate.leave() }
            let transaction = try Self.renewOrBegin(nil, environment)
            let table: MDB_dbi
            do throws(LMDBError) {
                table = try Self.openTable(transaction, name, options, flags: 0)
            } catch {
                mdb_txn_abort(transaction)
                throw error
            }
            // Only a commit, even of a read, keeps the handle.
            try check(mdb_txn_commit(transaction), "mdb_txn_commit")
            return table
        }
    }

    private static func openTable(
        _ transaction: OpaquePointer,
        _ name: String?,
        _ options: Database.Options,
        flags: UInt32
    ) throws(LMDBError) -> MDB_dbi {
        var table: MDB_dbi = 0
        let shape = options.flags
        let asked = name == nil ? 0 : shape | flags
        try check(mdb_dbi_open(transaction, name, asked, &table), "mdb_dbi_open")
        var found: UInt32 = 0
        try check(mdb_dbi_flags(transaction, table, &found), "mdb_dbi_flags")
        guard found == shape else {
            throw LMDBError(.incompatible, "mdb_dbi_open")
        }
        return table
    }
}
