/// A generator whose whole sequence follows from its seed, so that a failed run can be repeated.
///
/// Source: xorshift64* (S. Vigna, "An experimental exploration of Marsaglia's xorshift generators").
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Makes a generator.
    /// - Parameter seed: any number.
    public init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }

    /// Random bytes.
    /// - Parameter count: how many.
    /// - Returns: the bytes.
    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 32) }
    }
}
