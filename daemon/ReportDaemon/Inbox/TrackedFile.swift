/// What an inbox remembers about a file without an outcome.
struct TrackedFile {
    enum State {
        /// Its stamp is watched until it stays the same.
        case settling
        /// It stands in the queue.
        case ready
        /// An attempt is under way.
        case working
        /// The last attempt failed; another follows.
        case waiting
    }

    var state = State.settling
    /// What it looked like at the last look; nil before the first.
    var stamp: LookStamp?
    /// How long it has to stay the same.
    var quiet: Duration
    /// Looks that found it the same.
    var quietLooks = 0
    /// When it was first seen or last seen to change.
    var lastChange: ContinuousClock.Instant
    /// The deadline that counts.
    var turn = 0
    /// Attempts that failed.
    var attempts = 0
    /// Whether something happened to it while it was in work.
    var isTouched = false
    /// Why it waits, as it was last told.
    var waiting: WaitingFile?
}

/// Growing delays after faults.
struct Backoff {
    /// Faults in a row.
    private(set) var count = 0
    private(set) var until: ContinuousClock.Instant?

    mutating func fail(at now: ContinuousClock.Instant, _ timing: InboxTiming) {
        count += 1
        until = now + Self.delay(count, timing)
    }

    mutating func succeed() { self = Backoff() }

    /// The delay after a number of faults: it doubles up to a ceiling, less up to a quarter.
    static func delay(_ count: Int, _ timing: InboxTiming) -> Duration {
        let doubled = timing.retryFloor * (1 << min(max(count - 1, 0), 16))
        return min(doubled, timing.retryCeiling) * Double.random(in: 0.75...1)
    }
}
