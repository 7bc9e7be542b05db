import CLMDB

extension ReadOperations where Self: ~Copyable {
    /// Lends a cursor over a table, which is closed when the body ends.
    ///
    /// - Parameters:
    ///   - database: a table of this environment.
    ///   - body: moves the cursor; what it returns must be owned.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws; ``LMDBError`` `.foreignDatabase`, `.badTransaction`.
    /// - Complexity: two allocations.
    /// Source: `mdb_cursor_open`, `mdb_cursor_close`.
    @discardableResult
    @_disfavoredOverload
    public func withCursor<Result>(
        on database: Database,
        _ body: (borrowing Cursor) throws -> Result
    ) throws -> Result {
        let cursor = try Cursor(transactionContext, database)
        return try body(cursor)
    }

    /// Lends a cursor over a table, with the error type of the body kept.
    ///
    /// - Parameters:
    ///   - database: a table of this environment.
    ///   - body: moves the cursor; what it returns must be owned.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws, or the failure of LMDB in the same type.
    @discardableResult
    public func withCursor<Result, Failure: TransactionFailure>(
        on database: Database,
        _ body: (borrowing Cursor) throws(Failure) -> Result
    ) throws(Failure.Raised) -> Result {
        let cursor: Cursor
        do throws(LMDBError) {
            cursor = try Cursor(transactionContext, database)
        } catch {
            throw Failure.raised(byLMDB: error)
        }
        do throws(Failure) {
            return try body(cursor)
        } catch {
            throw Failure.raised(byBody: error)
        }
    }
}
