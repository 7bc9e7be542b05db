import LMDB
public import ReportModel
import Synchronization

/// What follows an erasure outside of its transaction.
extension Store {
    /// Remembers, with the erasure, that free pages hold what was erased.
    func rememberScrub(_ transaction: borrowing WriteTransaction) throws {
        try Metadata(table: tables.meta).put(.scrubPending, [1], transaction)
    }

    /// Tells those who keep copies, and overwrites what the erasure freed.
    func afterErasure(of entries: [Hash256]) {
        eraseObserver.withLock { $0 }?(entries)
    }

    /// Sets who is told of erasures, such as a search index that must forget.
    /// - Parameter observer: called after the commit with the hashes of the entries that lost bodies.
    public func onErase(_ observer: @escaping @Sendable ([Hash256]) -> Void) {
        eraseObserver.withLock { $0 = observer }
    }
}
