// Dispatch sources may be used from any thread; the module does not say so.
@preconcurrency import Dispatch
import Synchronization

/// Lets one task wait for news or for a time, whichever comes first; it may also wake without either.
final class WakeSignal: Sendable {
    private struct State {
        var isSet = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())
    private let timer: any DispatchSourceTimer

    init() {
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "reportd.inbox.wake"))
        timer.setEventHandler { [weak self] in self?.set() }
        timer.activate()
    }

    deinit { timer.cancel() }

    /// Wakes the waiter, or makes the next wait return at once.
    func set() {
        let waiter = state.withLock { state in
            state.isSet = true
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// Returns after a ``set()``, when the time is over or when the task is cancelled.
    func wait(for duration: Duration) async {
        let (seconds, attoseconds) = max(.zero, min(duration, .seconds(3600))).components
        let delay = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        timer.schedule(deadline: .now() + .nanoseconds(delay))
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isSet || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            set()
        }
        state.withLock { $0.isSet = false }
    }
}
