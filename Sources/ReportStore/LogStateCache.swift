import ReportModel
import Synchronization

/// The states of all logs in one snapshot of the store.
final class LogStateCache: Sendable {
    private struct State {
        var snapshot = 0
        var states: [LogState]?
    }

    private let state = Mutex(State())

    /// The states, if they are those of a snapshot.
    /// - Parameter snapshot: number of the transaction that it shows last.
    /// - Returns: nil when they were not read of it.
    func states(of snapshot: Int) -> [LogState]? {
        state.withLock { $0.snapshot == snapshot ? $0.states : nil }
    }

    /// Keeps the states of a snapshot, unless a newer one was read.
    func put(_ states: [LogState], of snapshot: Int) {
        state.withLock { state in
            guard snapshot >= state.snapshot else { return }
            state = State(snapshot: snapshot, states: states)
        }
    }
}
