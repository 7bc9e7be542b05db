/// Finds the positions of entries by a word of Unicode scalars, without making strings of what is looked for.
///
/// Words are kept under a hash of their scalars and compared when found.
struct NameIndex: Sendable {
    /// A hash that grows scalar by scalar, so that all prefixes of a text cost one pass.
    struct Hash: Hashable, Sendable {
        private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

        mutating func add(_ scalar: Unicode.Scalar) {
            value = (value ^ UInt64(scalar.value)) &* 0x100_0000_01B3
        }
    }

    private struct Entry: Sendable {
        var word: String
        var position: Int
        /// The entry before this one under the same hash, or -1.
        var before: Int
    }

    private var entries: [Entry] = []
    private var newest: [UInt64: Int]
    /// A bit for each value of the upper bits of the hashes, for a first look without hashing again.
    private var signs = [UInt64](repeating: 0, count: 1 << (Self.signBits - 6))

    private static let signBits = 16

    /// The bit of a hash among the signs.
    private static func sign(_ hash: UInt64) -> Int { Int(hash >> UInt64(64 - signBits)) }

    init(capacity: Int) {
        entries.reserveCapacity(capacity)
        newest = Dictionary(minimumCapacity: capacity)
    }

    mutating func add(_ word: String, position: Int) {
        var hash = Hash()
        for scalar in word.unicodeScalars { hash.add(scalar) }
        let sign = Self.sign(hash.value)
        signs[sign >> 6] |= 1 << UInt64(sign & 63)
        let before = newest.updateValue(entries.count, forKey: hash.value) ?? -1
        entries.append(Entry(word: word, position: position, before: before))
    }

    /// The positions under a word, in the order they were added.
    func positions(of word: ArraySlice<Unicode.Scalar>, hash: Hash) -> [Int] {
        let sign = Self.sign(hash.value)
        guard signs[sign >> 6] >> UInt64(sign & 63) & 1 != 0, var index = newest[hash.value]
        else { return [] }
        var found: [Int] = []
        while index >= 0 {
            let entry = entries[index]
            if entry.word.unicodeScalars.elementsEqual(word) { found.append(entry.position) }
            index = entry.before
        }
        return found.reversed()
    }

    /// The positions under a word, in the order they were added.
    func positions(of word: String) -> [Int] {
        let scalars = Array(word.unicodeScalars)
        var hash = Hash()
        for scalar in scalars { hash.add(scalar) }
        return positions(of: scalars[...], hash: hash)
    }
}
