import ReportModel

/// When to try again: 1 s, 2 s, 4 s … 5 minutes, each time between half of it and all of it.
///
/// The random half keeps a thousand counties from coming back in the same second.
public struct ReconnectSchedule: Hashable, Sendable {
    /// Shortest full delay.
    public let initial: Duration
    /// Longest full delay.
    public let maximum: Duration
    /// Attempts since the last session that was worth something.
    public private(set) var failureCount = 0

    /// Makes a schedule.
    /// - Parameters:
    ///   - initial: full delay after the first failure.
    ///   - maximum: longest full delay.
    public init(initial: Duration = .seconds(1), maximum: Duration = .seconds(300)) {
        self.initial = initial
        self.maximum = maximum
    }

    /// The delay before the next attempt; it grows with every call.
    /// - Parameter generator: random numbers.
    /// - Returns: a time between half of the full delay and all of it.
    public mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let doublings = min(failureCount, 20)
        let full = min(initial * (1 << doublings), maximum)
        failureCount += 1
        return full / 2 + full / 2 * Double.random(in: 0...1, using: &generator)
    }

    /// A session that stood as long as the longest delay is worth a quick attempt, whatever ended it.
    private var proof: Duration { maximum }

    /// Begins anew after a session that ended well or with its line, or stood for long; one that a fault
    /// ended soon would end so again.
    /// - Parameter end: how the session ended.
    public mutating func note(_ end: PeerSessionEnd) {
        if end.established >= proof { return reset() }
        switch end.code {
        case nil, .unreachable, .timedOut: if end.wasEstablished { reset() }
        default: break
        }
    }

    /// Begins anew: a session was established and made progress.
    public mutating func reset() { failureCount = 0 }
}
