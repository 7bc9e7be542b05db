import Synchronization

/// Counts how many observations were at most so large.
///
/// For things that happen some thousand times a second at most: each observation takes a lock.
final class Histogram: Sendable {
    /// The counts at one moment.
    struct Snapshot: Hashable, Sendable {
        /// Upper ends of the buckets, ascending.
        var bounds: [Double]
        /// Observations in each bucket, not added up.
        var counts: [Int]
        /// All observations, those beyond the last bucket too.
        var count: Int
        /// Their sum.
        var sum: Double
    }

    private let state: Mutex<Snapshot>

    /// Makes a histogram without observations.
    /// - Parameter bounds: upper ends of the buckets, ascending.
    init(_ bounds: [Double]) {
        state = Mutex(
            Snapshot(
                bounds: bounds,
                counts: [Int](repeating: 0, count: bounds.count),
                count: 0,
                sum: 0
            )
        )
    }

    /// Counts one observation.
    func observe(_ value: Double) {
        state.withLock { state in
            state.count += 1
            state.sum += value
            if let index = state.bounds.firstIndex(where: { value <= $0 }) {
                state.counts[index] += 1
            }
        }
    }

    /// The counts at this moment.
    var snapshot: Snapshot { state.withLock { $0 } }
}
