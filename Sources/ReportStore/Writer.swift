import Dispatch
import Failpoints
import Glibc
import LMDB
import ReportModel
import Synchronization

/// The only writer of a store: requests that wait share one transaction and one fsync.
///
/// Requests run one after the other on a serial queue, each within the shared write transaction;
/// those that arrive while others run join them. Their answers are given after the commit. A request that is refused must not have changed
/// anything; any other error ends the whole transaction, and its requests run again one by one.
final class Writer: Sendable {
    /// What a request does within the transaction; returns what happens after the commit.
    typealias Work =
        @Sendable (borrowing WriteTransaction) throws -> @Sendable () -> Void

    /// One request.
    struct Request: Sendable {
        /// Bytes that count against the limit of a batch.
        var byteCount: Int
        /// Bytes that a commit has when this one does not join it any more, but waits for the next; nil: it joins any,
        /// unless it is a large one.
        var fullByteCount: Int?
        /// Runs within the transaction.
        var work: Work
        /// Told when the request failed.
        var fail: @Sendable (ReportError) -> Void
    }

    private struct State {
        var waiting: [Request] = []
        var isRunning = false
        /// When the commit under way began.
        var busySince: ContinuousClock.Instant?
        var poison: ReportError?
        var isClosed = false
    }

    private let environment: Environment
    private let queue = DispatchQueue(label: "reportd.store.writer")
    private let state = Mutex(State())
    private let refusal: @Sendable () -> ReportError?
    private let beginBatch: @Sendable () -> Void
    private let finishBatch: @Sendable (borrowing WriteTransaction) throws -> Void
    private let endBatch: @Sendable () -> Void
    private let onCommit: @Sendable (CommitFacts) -> Void
    private let onAbort: @Sendable () -> Void
    private let onAnswered: @Sendable () -> Void

    /// Makes a writer.
    /// - Parameters:
    ///   - environment: the environment; written by nobody else.
    ///   - refusal: why nothing may be written at this moment, for want of room; nil: it may.
    ///   - beginBatch: called in each transaction before its requests.
    ///   - finishBatch: called in each transaction after its requests: signs the head.
    ///   - endBatch: called in each transaction at its end, whether it is committed or given up.
    ///   - onCommit: called after each commit, before its requests are answered.
    ///   - onAbort: called when a transaction was given up with all it changed.
    ///   - onAnswered: called after the answers of each commit, for what nobody waits for.
    init(
        environment: Environment,
        refusal: @escaping @Sendable () -> ReportError? = { nil },
        beginBatch: @escaping @Sendable () -> Void = {},
        finishBatch: @escaping @Sendable (borrowing WriteTransaction) throws -> Void,
        endBatch: @escaping @Sendable () -> Void = {},
        onCommit: @escaping @Sendable (CommitFacts) -> Void,
        onAbort: @escaping @Sendable () -> Void = {},
        onAnswered: @escaping @Sendable () -> Void = {}
    ) {
        self.environment = environment
        self.refusal = refusal
        self.beginBatch = beginBatch
        self.finishBatch = finishBatch
        self.endBatch = endBatch
        self.onCommit = onCommit
        self.onAbort = onAbort
        self.onAnswered = onAnswered
    }

    /// Hands in a request; its answer comes through its own closures.
    func submit(_ request: Request) {
        if let refusal = refusal() { return request.fail(refusal) }
        let refusal: ReportError? = state.withLock { state in
            if let poison = state.poison { return poison }
            if state.isClosed { return ReportError(.internal, "the store is closed") }
            guard state.waiting.count < StoreLimits.maximumWaitingRequestCount else {
                return ReportError(
                    .noSpace,
                    "too many writes wait",
                    hint: "try again in a moment"
                )
            }
            state.waiting.append(request)
            if !state.isRunning {
                state.isRunning = true
                queue.async { self.drain() }
            }
            return nil
        }
        if let refusal { request.fail(refusal) }
    }

    /// Runs work in a transaction of its place in the order, and waits for the commit.
    func perform<R: Sendable>(
        byteCount: Int = 0,
        _ work: @escaping @Sendable (borrowing WriteTransaction) throws -> R
    ) async throws(ReportError) -> R {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<R, ReportError>, Never>) in
            submit(
                Request(byteCount: byteCount) { transaction in
                    let value = try work(transaction)
                    return { continuation.resume(returning: .success(value)) }
                } fail: { error in
                    continuation.resume(returning: .failure(error))
                }
            )
        }
        return try result.get()
    }

    /// The same for a caller that blocks its thread.
    func performBlocking<R: Sendable>(
        byteCount: Int = 0,
        fullByteCount: Int? = nil,
        _ work: @escaping @Sendable (borrowing WriteTransaction) throws -> R
    ) throws(ReportError) -> R {
        let box = Mutex<Result<R, ReportError>?>(nil)
        let done = DispatchSemaphore(value: 0)
        submit(
            Request(byteCount: byteCount, fullByteCount: fullByteCount) { transaction in
                let value = try work(transaction)
                return {
                    box.withLock { $0 = .success(value) }
                    done.signal()
                }
            } fail: { error in
                box.withLock { $0 = .failure(error) }
                done.signal()
            }
        )
        done.wait()
        guard let result = box.withLock({ $0 }) else {
            throw ReportError(.internal, "a write gave no answer")
        }
        return try result.get()
    }

    /// How it stands.
    var condition: WriterCondition {
        state.withLock { state in
            WriterCondition(
                waitingCount: state.waiting.count,
                busyFor: state.busySince.map { .now - $0 },
                failure: state.poison
            )
        }
    }

    /// Refuses further requests and waits until those that wait are done.
    func close() {
        state.withLock { $0.isClosed = true }
        queue.sync {}
    }

    private func drain() {
        while true {
            var batch = Batch()
            join(&batch)
            if batch.requests.isEmpty { return }
            commit(batch)
        }
    }

    /// Requests that share a commit.
    private struct Batch {
        var requests: [Request] = []
        var byteCount = 0
        /// Whether requests that arrive while it runs may share the commit as well.
        var isOpen = true
    }

    /// Adds the requests that wait, as many as there is room for.
    private func join(_ batch: inout Batch) {
        guard batch.isOpen else { return }
        state.withLock { state in
            var count = 0
            while count < state.waiting.count,
                batch.requests.count < StoreLimits.maximumBatchRequestCount
            {
                let request = state.waiting[count]
                // What would come on top waits for the next commit, which is prepared meanwhile.
                if batch.byteCount >= request.fullByteCount ?? .max { break }
                let byteCount = batch.byteCount + request.byteCount
                if !batch.requests.isEmpty, byteCount > StoreLimits.maximumBatchByteCount { break }
                batch.requests.append(request)
                batch.byteCount = byteCount
                count += 1
            }
            state.waiting.removeFirst(count)
            if batch.requests.isEmpty { state.isRunning = false }
        }
    }

    private func commit(_ first: Batch) {
        var batch = first
        var answers: [@Sendable () -> Void] = []
        let start = ContinuousClock.now
        state.withLock { $0.busySince = start }
        defer { state.withLock { $0.busySince = nil } }
        do {
            try environment.write { (transaction: borrowing WriteTransaction) throws in
                beginBatch()
                defer { endBatch() }
                while answers.count < batch.requests.count {
                    let request = batch.requests[answers.count]
                    do {
                        answers.append(try request.work(transaction))
                    } catch let refusal as Refusal {
                        answers.append { request.fail(refusal.error) }
                    }
                    if answers.count == batch.requests.count { join(&batch) }
                }
                try finishBatch(transaction)
            }
        } catch {
            onAbort()
            let failure = outOfRoom(error) ?? StoreFailure.reportError(error)
            if poison(for: error, failure) || batch.requests.count == 1
                || failure.code == .unreachable
            {
                for request in batch.requests { request.fail(failure) }
            } else {
                // One of them met damage or asked for too much: the others must not pay for it.
                for request in batch.requests { commit(Batch(requests: [request], isOpen: false)) }
            }
            return
        }
        onCommit(
            CommitFacts(
                requestCount: batch.requests.count,
                byteCount: batch.byteCount,
                duration: .now - start
            )
        )
        Failpoint.storeAnswer.around { for answer in answers { answer() } }
        onAnswered()
    }

    /// What an error means when a disk that became full caused it; nil when it did not.
    ///
    /// liblmdb takes a write that was cut short for want of room for a fault of the device. Nothing
    /// of the commit is seen then, and its pages are written anew by the next.
    /// Source: `mdb_page_flush` of liblmdb 0.9.24, "short write, filesystem full?".
    private func outOfRoom(_ error: any Error) -> ReportError? {
        guard let code = (error as? LMDBError)?.code, code == .inputOutput,
            let room = DiskRoom(of: environment.path),
            room.freeByteCount < StoreLimits.shortWriteRoomByteCount
        else { return nil }
        return ReportError(.noSpace, "the disk of the store is full", hint: "make room on it")
    }

    /// After damage nothing is written any more until the store is opened anew.
    /// - Returns: whether the error was such damage.
    private func poison(for error: any Error, _ failure: ReportError) -> Bool {
        guard failure.code != .noSpace, let code = (error as? LMDBError)?.code, code.isDamage
        else { return false }
        refuseAll(
            ReportError(
                failure.code,
                "the store takes no writes since: \(failure.message)",
                hint: "look at the disk and run reportctl verify, then start the node again"
            )
        )
        return true
    }

    /// Refuses everything from now on, until the store is opened anew; the first reason stays.
    func refuseAll(_ error: ReportError) {
        state.withLock { state in
            if state.poison == nil { state.poison = error }
        }
    }

    /// Why everything is refused; nil when it is not.
    var refusalOfAll: ReportError? { state.withLock { $0.poison } }
}

/// A request that was refused before it changed anything; the others of its batch go on.
struct Refusal: Error {
    let error: ReportError
}

/// Errors of LMDB in the words of the store.
enum StoreFailure {
    static func reportError(_ error: any Error) -> ReportError {
        if let error = error as? ReportError { return error }
        if let error = error as? Refusal { return error.error }
        guard let error = error as? LMDBError else {
            return ReportError(.internal, "the store failed: \(error)")
        }
        if error.code == .alreadyOpen {
            return ReportError(.conflict, "this process has the store open already")
        }
        let code: ReportError.Code =
            switch error.code {
            case .mapFull, .noSpace, .fileTooLarge: .noSpace
            case .readOnly: .readOnly
            case .permissionDenied: .notAllowed
            case .noSuchFile: .notFound
            case .corrupted, .pageNotFound, .panic, .invalidFile, .inputOutput: .integrity
            // What liblmdb answers in a transaction that met a damaged page before.
            case .badTransaction: .integrity
            case .temporarilyUnavailable: .conflict
            default: error.rawCode == EROFS ? .readOnly : .internal
            }
        return ReportError(code, "\(error)")
    }

    /// That liblmdb does nothing any more until the store is opened anew, reads included.
    static func givenUp(_ error: any Error) -> ReportError {
        ReportError(
            .integrity,
            "a commit could not be ended, and the store must be opened anew: \(error)",
            hint: "a node does so by itself when its disk is well again"
        )
    }

    /// Runs a body and puts its errors in the words of the store.
    static func mapped<R>(_ body: () throws -> R) throws(ReportError) -> R {
        do {
            return try body()
        } catch {
            throw reportError(error)
        }
    }
}
