import CLMDB

extension WriteTransaction {
    /// Runs changes that are kept together or not at all, inside this transaction.
    ///
    /// When the body returns, its changes join this transaction; when it throws, they are
    /// undone and this transaction goes on. Until then this transaction can do nothing else.
    /// - Parameter body: the changes.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws; ``LMDBError`` `.valueLent`, `.badTransaction`.
    /// Source: `mdb_txn_begin` with a parent.
    @discardableResult
    @_disfavoredOverload
    public func nested<Result>(
        _ body: (borrowing WriteTransaction) throws -> Result
    ) throws -> Result {
        let child = try beginChild()
        let result: Result
        do {
            result = try body(child)
        } catch {
            child.abort()
            throw error
        }
        try child.commit()
        return result
    }

    /// Runs nested changes, with the error type of the body kept.
    ///
    /// - Parameter body: the changes.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws, or the failure of LMDB in the same type.
    @discardableResult
    public func nested<Result, Failure: TransactionFailure>(
        _ body: (borrowing WriteTransaction) throws(Failure) -> Result
    ) throws(Failure.Raised) -> Result {
        let child: WriteTransaction
        do throws(LMDBError) {
            child = try beginChild()
        } catch {
            throw Failure.raised(byLMDB: error)
        }
        let result: Result
        do throws(Failure) {
            result = try body(child)
        } catch {
            child.abort()
            throw Failure.raised(byBody: error)
        }
        do throws(LMDBError) {
            try child.commit()
        } catch {
            throw Failure.raised(byLMDB: error)
        }
        return result
    }

    @available(*, noasync)
    private func beginChild() throws(LMDBError) -> WriteTransaction {
        let context = transactionContext
        // The child may change the pages under everything the parent has read so far.
        try context.admitUpdate("mdb_txn_begin")
        var handle: OpaquePointer?
        let environment = mdb_txn_env(context.handle)
        try check(mdb_txn_begin(environment, context.handle, 0, &handle), "mdb_txn_begin")
        guard let handle else {
            throw LMDBError(.panic, "mdb_txn_begin")
        }
        return WriteTransaction(
            handle: handle,
            environmentID: context.environmentID
        )
    }
}
