/// SplitMix64: a case is the same on every machine and in every run.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
package struct FuzzGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The generator of one case.
    /// - Parameters:
    ///   - seed: seed of the whole run.
    ///   - number: number of the case.
    package init(seed: UInt64, number: Int) {
        state = seed &* 0xD134_2543_DE82_EF95 &+ UInt64(truncatingIfNeeded: number)
        _ = next()
    }

    /// The next number.
    /// - Returns: 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A number from 0 on.
    package mutating func below(_ count: Int) -> Int {
        Int.random(in: 0..<max(1, count), using: &self)
    }

    /// True once in so many times.
    package mutating func once(in count: Int) -> Bool { below(count) == 0 }

    /// One of the values, which are not none.
    package mutating func pick<T>(_ values: [T]) -> T { values[below(values.count)] }

    /// A range within a count, at most so long, often short.
    package mutating func range(in count: Int, longest: Int) -> Range<Int> {
        let start = below(count)
        let length = once(in: 3) ? below(longest) : below(min(longest, 16))
        return start..<min(count, start + length)
    }
}
