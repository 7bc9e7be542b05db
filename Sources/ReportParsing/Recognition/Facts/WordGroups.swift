/// Numbers of words in groups that share a key scalar, each group in the order it was given.
///
/// Lies in memory of its own, which its owner gives back with ``deallocate()``.
struct WordGroups {
    /// A key with its group.
    private struct Slot {
        /// The scalar; `UInt32.max` where there is none.
        var key: UInt32
        /// The group in ``WordGroups/order``.
        var lower: Int32
        /// One past the group.
        var upper: Int32
    }

    /// Numbers of words, group behind group.
    let order: UnsafeMutablePointer<Int>
    /// Keys under their hash.
    private let slots: UnsafeMutablePointer<Slot>
    private let shift: UInt32
    /// A bit for each value of the lower six bits of the keys, for a first look without memory.
    private let signs: UInt64
    private let mask: Int

    /// Makes groups.
    /// - Parameter keysOfWords: the key of each word, by the word's number.
    init(_ keysOfWords: [UInt32]) {
        var members: [UInt32: [Int]] = [:]
        var distinct: [UInt32] = []
        for (word, key) in keysOfWords.enumerated() {
            if members[key] == nil { distinct.append(key) }
            members[key, default: []].append(word)
        }
        // At most a quarter of the slots is taken, so that a miss is mostly one look.
        var bits: UInt32 = 3
        while 1 << bits < distinct.count * 4 { bits += 1 }
        shift = 32 - bits
        signs = distinct.reduce(0) { $0 | 1 << UInt64($1 & 63) }
        mask = 1 << bits - 1
        slots = .allocate(capacity: 1 << bits)
        slots.initialize(repeating: Slot(key: .max, lower: 0, upper: 0), count: 1 << bits)
        order = .allocate(capacity: keysOfWords.count)
        var count = 0
        for key in distinct {
            var slot = Int((key &* 0x9E37_79B1) >> shift)
            while slots[slot].key != .max { slot = (slot + 1) & mask }
            let lower = count
            for word in members[key] ?? [] {
                (order + count).initialize(to: word)
                count += 1
            }
            slots[slot] = Slot(
                key: key,
                lower: Int32(truncatingIfNeeded: lower),
                upper: Int32(truncatingIfNeeded: count)
            )
        }
    }

    /// Gives the memory back.
    func deallocate() {
        order.deallocate()
        slots.deallocate()
    }

    /// Range in ``order`` of the words with a key; empty when there are none.
    @inline(__always)
    func range(of key: UInt32) -> Range<Int> {
        if signs >> UInt64(key & 63) & 1 == 0 { return 0..<0 }
        var slot = Int((key &* 0x9E37_79B1) >> shift)
        while slots[slot].key != key {
            if slots[slot].key == .max { return 0..<0 }
            slot = (slot &+ 1) & mask
        }
        return Range(uncheckedBounds: (Int(slots[slot].lower), Int(slots[slot].upper)))
    }
}
