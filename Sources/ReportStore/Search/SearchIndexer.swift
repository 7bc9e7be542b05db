import Dispatch
import LMDB
public import ReportModel
import Synchronization

/// Follows the log of a store and keeps its search index up with it.
///
/// Every step is one transaction of the search environment and of nothing else: killed at any moment,
/// the next one goes on. Two of them at work on one store hinder each other, but spoil nothing.
public final class SearchIndexer: Sendable {
    private let store: Store
    private let queue = DispatchQueue(label: "reportd.store.search", qos: .utility)

    /// Makes an indexer.
    /// - Parameter store: the store; open for reading is enough.
    public init(_ store: Store) { self.store = store }

    /// Follows the log until the task is cancelled.
    ///
    /// What goes wrong is told and tried again after a pause that grows.
    /// - Parameter report: told what went wrong.
    public func run(report: @escaping @Sendable (ReportError) -> Void = { _ in }) async {
        let isStopped = StopFlag()
        await withTaskCancellationHandler {
            await follow(isStopped, report)
        } onCancel: {
            isStopped.set()
        }
    }

    private func follow(
        _ isStopped: StopFlag,
        _ report: @Sendable (ReportError) -> Void
    ) async {
        var pause = SearchLimits.gatherMilliseconds
        while !isStopped.isSet {
            let seen = store.commits.count
            do {
                try await work { work in
                    try work.catchUp(mergesAll: true) { _, _ in !isStopped.isSet }
                    if !isStopped.isSet { try work.scrub() }
                }
                pause = SearchLimits.gatherMilliseconds
                if store.commits.count == seen { _ = await store.waitForCommit(after: seen) }
            } catch {
                report(error)
                pause = min(2 * pause, SearchLimits.longestPauseMilliseconds)
            }
            try? await Task.sleep(for: .milliseconds(pause))
        }
    }

    /// Indexes everything that the store holds at the moment.
    /// - Parameter progress: told up to which position of how many it is indexed; ends the work by
    ///   answering false.
    /// - Throws: ``ReportError`` when the folder of the search cannot be written.
    public func catchUp(
        progress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Bool = { _, _ in true }
    ) async throws(ReportError) {
        try await work { try $0.catchUp(mergesAll: false, progress: progress) }
    }

    /// Merges until nothing is left to merge; forgets for good what was erased.
    /// - Throws: ``ReportError``.
    public func settle() async throws(ReportError) {
        try await work { try $0.settle() }
    }

    /// Drops erased reports from everything that is found, writes their segments anew without them
    /// and overwrites the pages where they stood.
    ///
    /// The indexer does the same by itself when it comes to the entry that erases them.
    /// - Parameter entries: hashes of the entries whose records were dropped.
    /// - Throws: ``ReportError``.
    public func forget(_ entries: [Hash256]) async throws(ReportError) {
        let store = store
        let documents = try store.read {
            (transaction: borrowing ReadTransaction) throws -> [UInt32] in
            try entries.compactMap { hash in
                guard let place = try EntryRows(tables: store.tables).place(of: hash, transaction)
                else { return nil }
                return try CurrentDocument(tables: store.tables).erased(at: place, transaction)
            }
        }
        try await work { work in
            try work.forget(documents)
            try work.settle()
        }
    }

    /// Makes the index anew from nothing.
    /// - Parameter progress: told up to which position of how many it is indexed.
    /// - Throws: ``ReportError``.
    public func rebuild(
        progress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) async throws(ReportError) {
        store.searchBox.markDamaged()
        try await work { work in
            try work.catchUp(mergesAll: true) { done, total in
                progress(done, total)
                return true
            }
        }
    }

    /// Runs on a thread of its own, so that no task of others waits for it.
    private func work(
        _ body: @escaping @Sendable (SearchWork) throws -> Void
    ) async throws(ReportError) {
        let store = store
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Void, ReportError>, Never>) in
            queue.async {
                do {
                    try store.searchBox.withWritable { try body(SearchWork(store, $0)) }
                    continuation.resume(returning: .success(()))
                } catch {
                    continuation.resume(returning: .failure(StoreFailure.reportError(error)))
                }
            }
        }
        try result.get()
    }
}

/// Says to work on another thread that it shall end.
private final class StopFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
}
