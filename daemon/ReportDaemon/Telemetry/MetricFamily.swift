/// Figures of one name, as they stand at one moment.
struct MetricFamily: Sendable {
    /// What kind of figure it is.
    enum Kind: String, Sendable {
        /// Only grows until the node is started again.
        case counter
        /// Goes up and down.
        case gauge
        /// Counts by size.
        case histogram
    }

    /// One label: a name of letters, and any text.
    struct Label: Hashable, Sendable {
        var name: String
        var value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// One figure.
    enum Value: Sendable {
        case integer(Int)
        case number(Double)
        case histogram(Histogram.Snapshot)
    }

    /// A figure with its labels.
    struct Sample: Sendable {
        var labels: [Label]
        var value: Value
    }

    var name: String
    var help: String
    var kind: Kind
    var samples: [Sample]

    /// A family with samples.
    init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample] = []) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// A family with one figure without labels.
    init(_ name: String, _ kind: Kind, _ help: String, _ value: Value?) {
        self.init(name, kind, help, value.map { [Sample(labels: [], value: $0)] } ?? [])
    }

    /// Adds a figure.
    mutating func add(_ labels: [Label], _ value: Value) {
        samples.append(Sample(labels: labels, value: value))
    }
}

extension Duration {
    /// Seconds with their fractions.
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
