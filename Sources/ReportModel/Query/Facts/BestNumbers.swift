/// The first number of each role of one list, in the order in which the roles came.
struct BestNumbers {
    private(set) var entries: [(role: String, rank: Int, value: ExactDecimal)] = []
    /// Places of the entries by role; empty while they are few, when looking at all is less work.
    private var places: [String: Int] = [:]
    private static let fewCount = 16

    func place(of role: String) -> Int? {
        places.isEmpty ? entries.firstIndex { $0.role == role } : places[role]
    }

    /// Notes a number of a role: at the place that ``place(of:)`` has given for it.
    mutating func put(_ role: String, at place: Int?, rank: Int, value: ExactDecimal) {
        if let place {
            entries[place].rank = rank
            entries[place].value = value
            return
        }
        if !places.isEmpty {
            places[role] = entries.count
        } else if entries.count == Self.fewCount {
            for (place, entry) in entries.enumerated() { places[entry.role] = place }
            places[role] = entries.count
        }
        if entries.isEmpty { entries.reserveCapacity(Self.fewCount) }
        entries.append((role, rank, value))
    }

    /// The number of the first role by some order; nil when the order has none of the roles.
    func leading(_ ranks: [String: Int]) -> ExactDecimal? {
        var first: (rank: Int, value: ExactDecimal)?
        for entry in entries {
            guard let rank = ranks[entry.role], rank < first?.rank ?? .max else { continue }
            first = (rank, entry.value)
        }
        return first?.value
    }
}
