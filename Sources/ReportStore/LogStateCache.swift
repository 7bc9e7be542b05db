import ReportModel
import Synchronization

/// The states of all logs as of one commit.
final class LogStateCache: Sendable {
    private struct State {
        var count: UInt64 = 0
        var states: [LogState]?
    }

    private let state = Mutex(State())

    /// The states, if they were read when there were so many commits.
    func states(at count: UInt64) -> [LogState]? {
        state.withLock { $0.count == count ? $0.states : nil }
    }

    /// Keeps what was read when there were at least so many commits.
    func put(_ states: [LogState], at count: UInt64) {
        state.withLock { state in
            guard count >= state.count else { return }
            state = State(count: count, states: states)
        }
    }
}
