import Synchronization

/// A counter with a few labels, each with a few values.
final class LabelledCounter: Sendable {
    private let names: [String]
    private let counts: Mutex<[[String]: Int]>

    /// Makes a counter.
    /// - Parameters:
    ///   - names: the names of its labels.
    ///   - known: values that are told as 0 from the start, so that the first one is seen to rise.
    init(_ names: [String], known: [[String]] = []) {
        self.names = names
        counts = Mutex(Dictionary(known.map { ($0, 0) }) { first, _ in first })
    }

    /// Counts one.
    func count(_ values: String...) { counts.withLock { $0[values, default: 0] += 1 } }

    /// The counts in the order of their labels.
    var samples: [MetricFamily.Sample] {
        let counts = counts.withLock { $0 }
        return counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { values, count in
            MetricFamily.Sample(
                labels: zip(names, values).map { .init($0, $1) },
                value: .integer(count)
            )
        }
    }
}
