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

    private let texts: (any SourceTexts)?

    /// Makes an indexer.
    /// - Parameters:
    ///   - store: the store; open for reading is enough.
    ///   - texts: who makes text of files; nil: only records are indexed.
    public init(_ store: Store, texts: (any SourceTexts)? = nil) {
        self.store = store
        self.texts = texts
    }

    /// Follows the log until the task is cancelled.
    ///
    /// What goes wrong is told and tried again after a pause that grows.
    /// - Parameter report: told what went wrong.
    public func run(report: @escaping @Sendable (ReportError) -> Void = { _ in }) async {
        let isStopped = StopFlag()
        await withTaskCancellationHandler {
            await follow(isStopped, report)
            await texts?.rest()
        } onCancel: {
            isStopped.set()
        }
    }

    private func follow(
        _ isStopped: StopFlag,
        _ report: @Sendable (ReportError) -> Void
    ) async {
        var pause = SearchLimits.gatherMilliseconds
        let gate = FloodGate()
        while !isStopped.isSet {
            let seen = store.commits.count
            do {
                try await bringUp(mergesAll: true, gate: gate) { _, _ in !isStopped.isSet }
                if !isStopped.isSet { try await work { try $0.scrub() } }
                pause = SearchLimits.gatherMilliseconds
                if store.commits.count == seen {
                    await texts?.rest()
                    _ = await store.waitForCommit(after: seen)
                }
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
        try await bringUp(mergesAll: false, progress)
        await texts?.rest()
    }

    /// Indexes step by step; the texts of a step's files are made before it, outside of transactions.
    private func bringUp(
        mergesAll: Bool,
        gate: FloodGate? = nil,
        _ progress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Bool
    ) async throws(ReportError) {
        let memory = MemoryBox()
        while let plan = try await prepare(memory, gate, progress) {
            let isDone = try await work { work in
                try memory.state.withLock { try work.step(plan, mergesAll: mergesAll, &$0) }
            }
            if isDone { return }
        }
    }

    /// Makes the texts that the next step takes.
    /// - Returns: the step; nil when the work shall end.
    private func prepare(
        _ memory: MemoryBox,
        _ gate: FloodGate?,
        _ progress: @Sendable (_ done: UInt64, _ total: UInt64) -> Bool
    ) async throws(ReportError) -> SearchWork.Plan? {
        let readsFiles = texts != nil
        var plan = try await work { try $0.plan(readsFiles: readsFiles) }
        while let gate, gate.isShut(total: plan.total), progress(plan.position, plan.total) {
            try? await Task.sleep(for: .milliseconds(SearchLimits.gatherMilliseconds))
            plan = try await work { try $0.plan(readsFiles: readsFiles) }
        }
        guard progress(plan.position, plan.total) else { return nil }
        guard let texts else { return plan }
        memory.forget(upTo: plan.position)
        var byteCount = 0
        for wanted in plan.wanted {
            if byteCount >= SearchLimits.batchTextByteCount {
                plan.through = UInt64(wanted.document) - 1
                break
            }
            if !memory.knows(wanted.document) {
                let text = try await text(of: wanted, texts)
                // Who was told to end gives no text any more.
                guard progress(plan.position, plan.total) else { return nil }
                memory.put(text, of: wanted.document)
            }
            byteCount += memory.byteCount(of: wanted.document)
        }
        return plan
    }

    private func text(
        of wanted: SourceFiles.Wanted,
        _ texts: any SourceTexts
    ) async throws(ReportError) -> SourceText? {
        var found: [String] = []
        var count = 0
        for file in wanted.files where count < SearchLimits.maximumDocumentScalarCount {
            let bytes = try await work { try $0.bytes(of: file, at: wanted.place) }
            guard let bytes, let text = await texts.text(of: bytes, name: file.name) else {
                continue
            }
            count += text.unicodeScalars.count
            found.append(text)
        }
        guard !found.isEmpty else { return nil }
        let all = found
        return try await work { _ in SourceText(all, people: wanted.people) }
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
    /// - Parameter entries: hashes of the entries whose bodies were dropped.
    /// - Throws: ``ReportError``.
    public func forget(_ entries: [Hash256]) async throws(ReportError) {
        let store = store
        let losses = try store.read {
            (transaction: borrowing ReadTransaction) throws -> [DocumentLoss] in
            try entries.flatMap {
                try CurrentDocument(tables: store.tables).losses(of: $0, transaction)
            }
        }
        try await work { work in
            try work.forget(losses)
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
        try await bringUp(mergesAll: true) { done, total in
            progress(done, total)
            return true
        }
        await texts?.rest()
    }

    /// Runs on a thread of its own, so that no task of others waits for it.
    private func work<R: Sendable>(
        _ body: @escaping @Sendable (SearchWork) throws -> R
    ) async throws(ReportError) -> R {
        let store = store
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<R, ReportError>, Never>) in
            queue.async {
                do {
                    let value = try store.searchBox.withWritable { try body(SearchWork(store, $0)) }
                    continuation.resume(returning: .success(value))
                } catch {
                    continuation.resume(returning: .failure(StoreFailure.reportError(error)))
                }
            }
        }
        return try result.get()
    }
}

/// The memory of the work, which goes from thread to thread.
private final class MemoryBox: Sendable {
    let state = Mutex(IndexMemory())

    func knows(_ document: UInt32) -> Bool { state.withLock { $0.texts[document] != nil } }

    func put(_ text: SourceText?, of document: UInt32) {
        state.withLock { $0.texts[document] = .some(text) }
    }

    func byteCount(of document: UInt32) -> Int {
        state.withLock { ($0.texts[document] ?? nil)?.bytes.count ?? 0 }
    }

    /// Drops texts that are indexed.
    func forget(upTo position: UInt64) {
        state.withLock { state in state.texts = state.texts.filter { $0.key > position } }
    }
}

/// Keeps the indexer back while a flood of entries arrives.
private final class FloodGate: Sendable {
    private let rate = Mutex(ArrivalRate())
    private let start = ContinuousClock.now

    func isShut(total: UInt64) -> Bool {
        rate.withLock { $0.isFlood(total: total, at: start.duration(to: .now)) }
    }
}

/// Says to work on another thread that it shall end.
private final class StopFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
}
