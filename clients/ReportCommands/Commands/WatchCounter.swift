import Synchronization

/// Counts entries up to a limit.
final class WatchCounter: Sendable {
    private let limit: Int?
    private let count = Mutex(0)

    init(limit: Int?) { self.limit = limit }

    /// Counts one entry; false when it was the last one wanted.
    func countOne() -> Bool {
        let total = count.withLock { count in
            count += 1
            return count
        }
        return limit.map { total < $0 } ?? true
    }
}
