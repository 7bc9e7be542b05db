import Synchronization

/// Counts commits and wakes those who wait for the next one.
final class CommitSignal: Sendable {
    private struct State {
        var count: UInt64 = 0
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<UInt64, Never>] = [:]
    }

    private let state = Mutex(State())

    /// Number of commits so far.
    var count: UInt64 { state.withLock { $0.count } }

    /// Counts a commit.
    func advance() {
        let (count, waiters) = state.withLock { state in
            state.count += 1
            defer { state.waiters = [:] }
            return (state.count, Array(state.waiters.values))
        }
        for waiter in waiters { waiter.resume(returning: count) }
    }

    /// Returns when the count differs from `seen`, or when the task is cancelled.
    func wait(after seen: UInt64) async -> UInt64 {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let count: UInt64? = state.withLock { state in
                    if state.count != seen || Task.isCancelled { return state.count }
                    state.waiters[number] = continuation
                    return nil
                }
                if let count { continuation.resume(returning: count) }
            }
        } onCancel: {
            let (waiter, count) = state.withLock { state in
                (state.waiters.removeValue(forKey: number), state.count)
            }
            waiter?.resume(returning: count)
        }
    }
}
