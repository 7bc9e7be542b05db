public import ReportModel
import Synchronization

/// A clock that stands still until a test moves it.
public final class TestClock: Sendable {
    private let state: Mutex<UInt64>

    /// Makes a clock that stands at 2024-05-30T08:00:00Z unless told otherwise.
    /// - Parameter milliseconds: milliseconds since the epoch.
    public init(milliseconds: UInt64 = 1_717_056_000_000) { state = Mutex(milliseconds) }

    /// The time it shows.
    public var now: Timestamp {
        get { Timestamp(milliseconds: state.withLock { $0 }) }
        set { state.withLock { $0 = newValue.milliseconds } }
    }

    /// Moves the clock on, or back.
    /// - Parameter milliseconds: by how much.
    public func advance(milliseconds: Int) {
        state.withLock { $0 = UInt64(max(0, Int(clamping: $0) + milliseconds)) }
    }

    /// The clock as a store takes it.
    public var closure: @Sendable () -> Timestamp { { self.now } }
}
