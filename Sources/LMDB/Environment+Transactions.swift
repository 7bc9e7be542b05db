import CLMDB
import CPageFault

extension Environment {
    /// Reads from one snapshot of all tables.
    ///
    /// The snapshot is the last commit before the call and does not change. The transaction and
    /// everything it lends end with the body. A read may begin inside a read or a write of the
    /// same thread; inside a write it does not see the changes of that write. A long read keeps
    /// replaced pages from being reused, so the file grows.
    /// - Parameter body: the reads; what it returns must be owned.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws; ``LMDBError`` `.readersFull`, `.closed`, `.mapResized`.
    /// - Complexity: no allocation and no system call once a reset transaction is at hand.
    /// Source: `mdb_txn_begin`, `mdb_txn_renew`, `mdb_txn_reset`.
    @discardableResult
    @_disfavoredOverload
    public func read<Result>(
        _ body: (borrowing ReadTransaction) throws -> Result
    ) throws -> Result {
        let transaction = ReadTransaction(handle: try beginRead(), environmentID: id)
        defer { gate.leaveReader(keeping: transaction.finish()) }
        return try body(transaction)
    }

    /// Reads from one snapshot of all tables, with the error type of the body kept.
    ///
    /// See ``read(_:)-(_)`` for what the body may do.
    /// - Parameter body: the reads; what it returns must be owned.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws, or the failure of LMDB in the same type.
    @discardableResult
    public func read<Result, Failure: TransactionFailure>(
        _ body: (borrowing ReadTransaction) throws(Failure) -> Result
    ) throws(Failure.Raised) -> Result {
        let handle: OpaquePointer
        do throws(LMDBError) {
            handle = try beginRead()
        } catch {
            throw Failure.raised(byLMDB: error)
        }
        let transaction = ReadTransaction(handle: handle, environmentID: id)
        defer { gate.leaveReader(keeping: transaction.finish()) }
        do throws(Failure) {
            return try body(transaction)
        } catch {
            throw Failure.raised(byBody: error)
        }
    }

    /// Changes tables in one transaction, which commits when the body returns.
    ///
    /// Waits for the writer of any other thread or process. When the body throws, nothing is
    /// changed. When the commit fails, nothing is changed and the error is thrown. A commit that
    /// returns is on the disk, unless the environment was opened with less durability.
    /// - Parameter body: the changes; what it returns must be owned.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws; ``LMDBError`` `.readOnly`, `.nestedWrite` when this thread
    ///   is inside a write already, `.mapFull`, `.badTransaction` when an update inside the body
    ///   failed and the body went on, `.noSpace` and other errors of the system.
    /// Source: `mdb_txn_begin`, `mdb_txn_commit`, `mdb_txn_abort`.
    @discardableResult
    @_disfavoredOverload
    public func write<Result>(
        _ body: (borrowing WriteTransaction) throws -> Result
    ) throws -> Result {
        let transaction = try beginWrite()
        defer { endWrite() }
        let result: Result
        do {
            result = try body(transaction)
        } catch {
            transaction.abort()
            throw error
        }
        do throws(LMDBError) {
            try checkFaults()
        } catch {
            transaction.abort()
            throw error
        }
        try transaction.commit()
        return result
    }

    /// Changes tables in one transaction, with the error type of the body kept.
    ///
    /// See ``write(_:)-(_)`` for what happens when the body throws or the commit fails.
    /// - Parameter body: the changes; what it returns must be owned.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws, or the failure of LMDB in the same type.
    @discardableResult
    public func write<Result, Failure: TransactionFailure>(
        _ body: (borrowing WriteTransaction) throws(Failure) -> Result
    ) throws(Failure.Raised) -> Result {
        let transaction: WriteTransaction
        do throws(LMDBError) {
            transaction = try beginWrite()
        } catch {
            throw Failure.raised(byLMDB: error)
        }
        defer { endWrite() }
        let result: Result
        do throws(Failure) {
            result = try body(transaction)
        } catch {
            transaction.abort()
            throw Failure.raised(byBody: error)
        }
        do throws(LMDBError) {
            try checkFaults()
        } catch {
            transaction.abort()
            throw Failure.raised(byLMDB: error)
        }
        do throws(LMDBError) {
            try transaction.commit()
        } catch {
            throw Failure.raised(byLMDB: error)
        }
        return result
    }

    /// Refuses to write once a reader met a page that the disk does not give: zeros lie over it, and a
    /// writer would take them for what was there.
    private func checkFaults() throws(LMDBError) {
        guard pageFaultCount == 0 else { throw LMDBError(.corrupted, "SIGBUS") }
    }

    /// Begins a read; the caller gives the handle back with `leaveReader`.
    @available(*, noasync)
    private func beginRead() throws(LMDBError) -> OpaquePointer {
        try retryingResize { () throws(LMDBError) -> OpaquePointer in
            let (environment, idle) = try gate.enterReader("mdb_txn_begin")
            do throws(LMDBError) {
                return try Self.renewOrBegin(idle, environment)
            } catch {
                gate.leave()
                throw error
            }
        }
    }

    /// Begins a write; the caller ends it with `endWrite` after commit or abort.
    @available(*, noasync)
    private func beginWrite() throws(LMDBError) -> WriteTransaction {
        guard !options.readOnly else {
            throw LMDBError(.readOnly, "mdb_txn_begin")
        }
        guard !gate.isWriterThisThread else {
            // LMDB would wait for itself for ever.
            throw LMDBError(.nestedWrite, "mdb_txn_begin")
        }
        try checkFaults()
        let handle = try retryingResize { () throws(LMDBError) -> OpaquePointer in
            let environment = try gate.enter("mdb_txn_begin")
            do throws(LMDBError) {
                return try Self.begin(environment, flags: 0)
            } catch {
                gate.leave()
                throw error
            }
        }
        gate.setWriter(true)
        cpagefault_enter_write()
        return WriteTransaction(handle: handle, environmentID: id)
    }

    private func endWrite() {
        cpagefault_leave_write()
        gate.setWriter(false)
        gate.leave()
    }

    /// Repeats a begin after the map was adopted that another process made greater.
    func retryingResize<Result>(
        _ begin: () throws(LMDBError) -> Result
    ) throws(LMDBError) -> Result {
        var attempt = 1
        while true {
            do throws(LMDBError) {
                return try begin()
            } catch {
                guard
                    error.code == .mapResized, !gate.isHeldByThisThread,
                    attempt < Limits.maximumResizeAttemptCount
                else {
                    throw error
                }
                attempt += 1
                try adoptMapSize()
            }
        }
    }

    /// Makes a read transaction out of a reset one or, without one, anew.
    static func renewOrBegin(
        _ idle: OpaquePointer?,
        _ environment: OpaquePointer
    ) throws(LMDBError) -> OpaquePointer {
        if let idle {
            let status = mdb_txn_renew(idle)
            if status != 0 {
                mdb_txn_abort(idle)
            }
            try check(status, "mdb_txn_renew")
            return idle
        }
        do throws(LMDBError) {
            return try begin(environment, flags: UInt32(MDB_RDONLY))
        } catch  where error.code == .readersFull {
            // Slots of dead processes may be among the taken ones.
            var dead: Int32 = 0
            try check(mdb_reader_check(environment, &dead), "mdb_reader_check")
            guard dead > 0 else { throw error }
            return try begin(environment, flags: UInt32(MDB_RDONLY))
        }
    }

    static func begin(
        _ environment: OpaquePointer,
        flags: UInt32
    ) throws(LMDBError) -> OpaquePointer {
        var handle: OpaquePointer?
        try check(mdb_txn_begin(environment, nil, flags, &handle), "mdb_txn_begin")
        guard let handle else {
            throw LMDBError(.panic, "mdb_txn_begin")
        }
        return handle
    }
}
