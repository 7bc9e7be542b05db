import Dispatch
import LMDB
public import ReportModel
import Synchronization

/// Runs the overwriting of freed pages beside the writer, one run at a time.
final class Scrubber: Sendable {
    private let queue = DispatchQueue(label: "reportd.store.scrub", qos: .utility)
    private let isClosed = Atomic(false)

    /// Runs work after what waits; nothing once the store is closing.
    func run(_ work: @escaping @Sendable () -> Void, otherwise: @escaping @Sendable () -> Void) {
        queue.async { [self] in
            if isClosed.load(ordering: .acquiring) { otherwise() } else { work() }
        }
    }

    /// Waits for a run under way and lets no other begin.
    func close() {
        isClosed.store(true, ordering: .releasing)
        queue.sync {}
    }
}

/// What follows an erasure outside of its transaction.
extension Store {
    /// Remembers, with the erasure, that free pages hold what was erased.
    func rememberScrub(_ transaction: borrowing WriteTransaction) throws {
        let meta = Metadata(tables)
        _ = try meta.increment(.scrubPending, transaction)
    }

    /// Overwrites what erasures freed; nothing is done when nothing is left to overwrite.
    ///
    /// Pages that a reader still sees are left for a later call: a node repeats it every minute, and
    /// the store at its next opening.
    /// - Returns: whether everything that was erased is overwritten.
    /// - Throws: ``ReportError`` `read-only`, `no-space`, `integrity`.
    public func scrub() async throws(ReportError) -> Bool {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Bool, ReportError>, Never>) in
            scrubber.run {
                continuation.resume(
                    returning: Result { () throws(ReportError) in try self.scrubNow() }
                )
            } otherwise: {
                continuation.resume(returning: .success(false))
            }
        }
        return try result.get()
    }

    /// Begins to overwrite what erasures freed, when anything is left; a failure leaves it to the next
    /// call.
    public func scrubLater() {
        let isPending = try? read { (transaction: borrowing ReadTransaction) throws -> Bool in
            try Metadata(tables).bytes(.scrubPending, transaction) != nil
        }
        guard isPending == true else { return }
        scrubber.run {
            _ = try? self.scrubNow()
        } otherwise: {
        }
    }

    private func scrubNow() throws(ReportError) -> Bool {
        let writer = try writer()
        let pending = try read { (transaction: borrowing ReadTransaction) throws -> UInt64? in
            let meta = Metadata(tables)
            guard try meta.bytes(.scrubPending, transaction) != nil else { return nil }
            return try meta.counter(.scrubPending, transaction)
        }
        guard let pending else { return true }
        let isDone = try StoreFailure.mapped {
            // The erasure was committed by then.
            let last = try environment.information.lastTransactionID
            let waiting = try environment.scrubFreePages().firstWaitingTransactionID
            return waiting.map { $0 > last } ?? true
        }
        guard isDone else { return false }
        return try writer.performBlocking { [self] transaction in
            let meta = Metadata(tables)
            // An erasure that came meanwhile has a number of its own.
            guard try meta.counter(.scrubPending, transaction) == pending else { return false }
            _ = try transaction.delete(Metadata.Name.scrubPending.key, in: tables.meta)
            return true
        }
    }
}
