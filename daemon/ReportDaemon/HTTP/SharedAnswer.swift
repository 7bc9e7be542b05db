import Synchronization

/// Makes one answer at a time; whoever asks meanwhile gets the same.
///
/// What an answer reads may hang, as with a disk that does not answer: then one thread waits for it, however
/// often and by however many it is asked for.
final class SharedAnswer<Value: Sendable>: Sendable {
    private struct State {
        var isUnderWay = false
        var lastNumber = 0
        var waiters: [Int: CheckedContinuation<Value?, Never>] = [:]
    }

    private let state = Mutex(State())

    /// How many wait for the answer that is under way.
    var waiterCount: Int { state.withLock { $0.waiters.count } }

    /// The answer that is under way, or a new one.
    /// - Parameter make: makes a new one; goes on when whoever began it does not wait any more.
    /// - Returns: the answer; nil when the caller's task is cancelled.
    func value(_ make: @escaping @Sendable () async -> Value) async -> Value? {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let begins = state.withLock { state -> Bool? in
                    guard !Task.isCancelled else { return nil }
                    state.waiters[number] = continuation
                    defer { state.isUnderWay = true }
                    return !state.isUnderWay
                }
                switch begins {
                case nil: continuation.resume(returning: nil)
                case true?: Task { self.end(await make()) }
                case false?: break
                }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume(returning: nil)
        }
    }

    private func end(_ value: Value) {
        let waiters = state.withLock { state in
            state.isUnderWay = false
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }
}
