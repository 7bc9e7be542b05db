import CLMDB

/// A snapshot of all tables, lent by `Environment.read`.
///
/// It cannot be copied, stored, or handed to another thread, and ends with the closure.
public struct ReadTransaction: ~Copyable, ReadOperations {
    /// What the operations work on; of no use outside this module.
    public let transactionContext: TransactionContext

    init(handle: OpaquePointer, environmentID: UInt64) {
        transactionContext = TransactionContext(
            handle: handle,
            environmentID: environmentID,
            ledger: nil
        )
    }

    /// Gives the snapshot up and returns the handle, to be renewed or ended.
    borrowing func finish() -> OpaquePointer {
        mdb_txn_reset(transactionContext.handle)
        return transactionContext.handle
    }
}
