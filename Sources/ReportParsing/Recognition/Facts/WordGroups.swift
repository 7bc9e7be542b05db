/// Numbers of words in groups that share a key scalar, each group in the order it was given.
struct WordGroups: Sendable {
    /// Numbers of words, group behind group.
    let order: [Int]
    /// Keys under their hash; `UInt32.max` where there is none.
    private let keys: [UInt32]
    /// The group of each key in ``order``.
    private let groups: [Range<Int>]
    private let shift: UInt32

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
        var order: [Int] = []
        var keys = [UInt32](repeating: .max, count: 1 << bits)
        var groups = [Range<Int>](repeating: 0..<0, count: 1 << bits)
        for key in distinct {
            var slot = Int((key &* 0x9E37_79B1) >> shift)
            while keys[slot] != .max { slot = (slot + 1) & (keys.count - 1) }
            let words = members[key] ?? []
            keys[slot] = key
            groups[slot] = order.count..<order.count + words.count
            order += words
        }
        self.order = order
        self.keys = keys
        self.groups = groups
    }

    /// Range in ``order`` of the words with a key; empty when there are none.
    @inline(__always)
    func range(of key: UInt32) -> Range<Int> {
        var slot = Int((key &* 0x9E37_79B1) >> shift)
        while keys[slot] != key {
            if keys[slot] == .max { return 0..<0 }
            slot = (slot + 1) & (keys.count - 1)
        }
        return groups[slot]
    }
}
