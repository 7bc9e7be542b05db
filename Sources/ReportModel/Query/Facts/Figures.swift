/// Sum, mean, least and greatest of one number over records.
public struct Figures: Hashable, Sendable {
    /// Records that have the number.
    public private(set) var count = 0
    /// Sum of the values.
    public private(set) var sum = ExactDecimal.zero
    /// The least value and the first key that has it.
    public private(set) var minimum: (value: ExactDecimal, key: String)? {
        get { least.map { ($0.value, $0.key) } }
        set { least = newValue.map { End(value: $0.value, key: $0.key) } }
    }
    /// The greatest value and the first key that has it.
    public private(set) var maximum: (value: ExactDecimal, key: String)? {
        get { greatest.map { ($0.value, $0.key) } }
        set { greatest = newValue.map { End(value: $0.value, key: $0.key) } }
    }

    private struct End: Hashable, Sendable {
        var value: ExactDecimal
        var key: String
    }

    private var least: End?
    private var greatest: End?

    /// Makes figures of nothing.
    public init() {}

    /// Adds a value.
    /// - Parameters:
    ///   - value: the value.
    ///   - key: key of its record; asked for only when it is needed.
    public mutating func add(_ value: ExactDecimal, key: @autoclosure () -> String) {
        count += 1
        sum = sum + value
        if least.map({ value < $0.value }) ?? true { least = End(value: value, key: key()) }
        if greatest.map({ $0.value < value }) ?? true {
            greatest = End(value: value, key: key())
        }
    }

    /// Sum divided by count, rounded half away from zero; nil without values.
    /// - Parameter places: decimal places.
    /// - Returns: the mean.
    public func mean(places: Int) -> ExactDecimal? {
        sum.ratio(to: ExactDecimal(count), places: places)
    }

    /// The object `{count, sum, mean, min, minKey, max, maxKey}`; null where there is no value.
    /// - Parameter measure: the number, which says how a mean is rounded.
    /// - Returns: the object.
    public func json(_ measure: Measure) -> JSONValue {
        [
            "count": .integer(count),
            "sum": count == 0 ? .null : .string(sum.plainText),
            "mean": .optional(mean(places: measure.meanPlaces)?.plainText),
            "min": .optional(least?.value.plainText), "minKey": .optional(least?.key),
            "max": .optional(greatest?.value.plainText), "maxKey": .optional(greatest?.key),
        ]
    }
}

/// The answer to a ``StatsQuery``.
public struct StatsAnswer: Sendable {
    /// Records with the same year, city … and their figures.
    public struct Group: Sendable {
        /// What they have in common, in the order of the groupings; an empty text where a key has
        /// no such part.
        public var parts: [String]
        /// Number of records.
        public var count = 0
        /// Figures in the order of the measures.
        public var figures: [Figures]

        /// Makes an empty group.
        /// - Parameters:
        ///   - parts: what its records have in common.
        ///   - measureCount: number of measures.
        public init(parts: [String], measureCount: Int) {
            self.parts = parts
            figures = Array(repeating: Figures(), count: measureCount)
        }
    }

    /// What was asked.
    public var query: StatsQuery
    /// Groups in ascending order of what they have in common.
    public var groups: [Group] = []
    /// All records together, without （汇总） records beside single units.
    public var total: Group
    /// Records left out because they were retracted.
    public var retractedCount = 0
    /// （汇总） records left out of sums over several units.
    public var consolidatedCount = 0
    /// Records by kind: figures over several kinds count the same money several times.
    public var kinds: [String: Int] = [:]

    /// Makes an answer about nothing.
    /// - Parameter query: what was asked.
    public init(_ query: StatsQuery) {
        self.query = query
        total = Group(parts: [], measureCount: query.measures.count)
    }

    /// The object of docs/protocol.md section 3.13.
    public var json: JSONValue {
        [
            "of": .strings(query.measures.map(\.description)),
            "by": .strings(query.groupings.map(\.rawValue)),
            "groups": .array(
                groups.map { group in
                    var by: [String: JSONValue] = [:]
                    for (grouping, part) in zip(query.groupings, group.parts) {
                        by[grouping.rawValue] =
                            grouping == .year
                            ? .optional(Int(part)) : part.isEmpty ? .null : .string(part)
                    }
                    return [
                        "by": .object(by), "count": .integer(group.count), "values": values(group),
                    ]
                }
            ),
            "total": ["count": .integer(total.count), "values": values(total)],
            "kinds": .object(kinds.mapValues { .integer($0) }),
            "leftOut": [
                "retracted": .integer(retractedCount), "consolidated": .integer(consolidatedCount),
            ],
        ]
    }

    private func values(_ group: Group) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for (measure, figures) in zip(query.measures, group.figures) {
            members[measure.description] = figures.json(measure)
        }
        return .object(members)
    }
}
