import CLMDB
import Failpoints

/// The one write transaction of an environment, lent by `Environment.write`.
///
/// It reads its own changes. It cannot be copied, stored, or handed to another thread, and ends
/// with the closure. While a value of it is lent, updates are refused, because an update may move
/// or free the page under the value.
public struct WriteTransaction: ~Copyable, ReadOperations {
    /// What the operations work on; of no use outside this module.
    public let transactionContext: TransactionContext
    private var live: OpaquePointer?

    init(handle: OpaquePointer, environmentID: UInt64) {
        transactionContext = TransactionContext(
            handle: handle,
            environmentID: environmentID,
            ledger: WriteLedger()
        )
        live = handle
    }

    deinit {
        // Reached with a handle only when neither commit nor abort was called.
        if let live {
            mdb_txn_abort(live)
        }
    }

    /// Commits; whatever comes of it, the handle is gone and must not be aborted.
    consuming func commit() throws(LMDBError) {
        if let failure = transactionContext.ledger?.failure {
            abort()
            throw failure
        }
        guard let handle = live.take() else { return }
        try check(Failpoint.commit.around { mdb_txn_commit(handle) }, "mdb_txn_commit")
    }

    /// Gives all changes up.
    consuming func abort() {
        guard let handle = live.take() else { return }
        mdb_txn_abort(handle)
    }
}
