import Dispatch
import ReportModel
import Synchronization

/// Threads and connections for reading files, so that neither commits nor answers wait for them.
///
/// A thread that waits for a database is one of these, never one that other answers need; and nobody
/// waits longer than a bound, for a turn or for the database.
final class FileReaders: Sendable {
    private struct State {
        var patience = PostgresLimits.fileSeconds
        var next = 0
        var waitingCount = 0
        /// Sessions that nobody reads with.
        var free: [PostgresSession]
    }

    private let sessions: [PostgresSession]
    private let queues: [DispatchQueue]
    private let state: Mutex<State>
    /// Counts the sessions that nobody reads with.
    private let turns = DispatchSemaphore(value: PostgresLimits.fileReaderCount)

    init(_ address: PostgresAddress) {
        let sessions = (0..<PostgresLimits.fileReaderCount).map { _ in PostgresSession(address) }
        self.sessions = sessions
        // Serial ones have a thread each, beside those that tasks share.
        queues = sessions.indices.map { DispatchQueue(label: "reportd.postgres.files.\($0)") }
        state = Mutex(State(free: sessions))
    }

    /// Seconds that a reader waits at most for its turn, and at most for the database; less in tests.
    var patience: Double {
        get { state.withLock { $0.patience } }
        set { state.withLock { $0.patience = newValue } }
    }

    func close() { for session in sessions { session.close() } }

    /// Reads with one of the connections; blocks the thread.
    /// - Throws: ``ReportError``; `unreachable` when no turn comes.
    func read<R>(_ body: (PostgresConnection) throws -> R) throws(ReportError) -> R {
        let patience = patience
        // More threads than connections: they take turns.
        guard turns.wait(timeout: .now() + patience) == .success else { throw Self.isBusy }
        defer { turns.signal() }
        guard let session = state.withLock({ $0.free.popLast() }) else { throw Self.isBusy }
        defer { state.withLock { $0.free.append(session) } }
        return try session.read(until: PostgresSession.now + patience, body)
    }

    /// Runs work on one of the threads.
    /// - Throws: what it throws; ``ReportError`` `unreachable` when no turn comes.
    func run<R: Sendable>(
        _ work: @escaping @Sendable () throws(ReportError) -> R
    ) async throws(ReportError) -> R {
        let (queue, end) = try turn().get()
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<R, ReportError>, Never>) in
            queue.async { [self] in
                state.withLock { $0.waitingCount -= 1 }
                continuation.resume(
                    returning: Result { () throws(ReportError) in
                        guard PostgresSession.now < end else { throw Self.isBusy }
                        return try work()
                    }
                )
            }
        }
        return try result.get()
    }

    private func turn() -> Result<(queue: DispatchQueue, end: Double), ReportError> {
        state.withLock { state in
            guard state.waitingCount < PostgresLimits.maximumWaitingReaderCount else {
                return .failure(Self.isBusy)
            }
            state.waitingCount += 1
            state.next = (state.next + 1) % queues.count
            return .success((queues[state.next], PostgresSession.now + state.patience))
        }
    }

    private static var isBusy: ReportError {
        ReportError(
            .unreachable,
            "the database does not answer: other readers of files wait for it",
            hint: "try again in a moment"
        )
    }
}
