/// How alike two labels are, by the pairs of neighbouring scalars that they share.
struct Likeness {
    private let pairs: Set<UInt64>

    /// Prepares a label; digits, blanks and marks do not count.
    init(_ label: String) {
        var pairs: Set<UInt64> = []
        var last: UInt32?
        for scalar in RuleText.normalised(label).unicodeScalars {
            if let last { pairs.insert(UInt64(last) << 32 | UInt64(scalar.value)) }
            last = scalar.value
        }
        self.pairs = pairs
    }

    /// Number of different pairs.
    var size: Int { pairs.count }

    /// Twice the shared pairs in a thousand of all.
    func share(with other: Likeness) -> Int {
        let all = pairs.count + other.pairs.count
        guard all > 0 else { return 0 }
        let small = pairs.count < other.pairs.count ? pairs : other.pairs
        let large = pairs.count < other.pairs.count ? other.pairs : pairs
        return 2000 * small.reduce(0) { $0 + (large.contains($1) ? 1 : 0) } / all
    }
}
