/// A constant set of a few Unicode scalars, looked up without hashing.
struct ScalarSet: Sendable, ExpressibleByStringLiteral {
    private let scalars: [Unicode.Scalar]
    /// A bit for each value of the lower six bits of its scalars.
    private let mask: UInt64

    init(stringLiteral text: String) {
        scalars = text.scalarArray
        mask = scalars.reduce(0) { $0 | 1 << UInt64($1.value & 63) }
    }

    /// Whether a scalar is in the set.
    func contains(_ scalar: Unicode.Scalar) -> Bool {
        mask >> UInt64(scalar.value & 63) & 1 != 0 && scalars.contains(scalar)
    }
}
