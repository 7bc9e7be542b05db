/// Changes that know nothing of a format.
package enum ByteMutator {
    private static let extremes: [UInt8] = [0, 1, 0x0A, 0x20, 0x3C, 0x7F, 0x80, 0xC0, 0xFE, 0xFF]

    /// Changes a few places: flips, deletes, doubles, inserts, cuts, splices with another file.
    package static func change(
        _ bytes: inout [UInt8],
        other: [UInt8],
        _ random: inout FuzzGenerator
    ) {
        for _ in 0..<(1 + random.below(6)) {
            if bytes.isEmpty { bytes = [random.pick(extremes)] }
            step(&bytes, other: other, &random)
        }
    }

    private static func step(
        _ bytes: inout [UInt8],
        other: [UInt8],
        _ random: inout FuzzGenerator
    ) {
        let range = random.range(in: bytes.count, longest: bytes.count / 4 + 1)
        switch random.below(9) {
        case 0: bytes[range.lowerBound] ^= 1 << UInt8(random.below(8))
        case 1: bytes[range.lowerBound] = random.pick(extremes)
        case 2: bytes.removeSubrange(range)
        case 3: bytes.insert(contentsOf: Array(bytes[range]), at: random.below(bytes.count + 1))
        case 4:
            let block = (0..<(1 + random.below(12))).map { _ in UInt8(random.below(256)) }
            bytes.insert(contentsOf: block, at: range.lowerBound)
        case 5:
            let value = random.pick(extremes)
            for index in range.prefix(8) { bytes[index] = value }
        case 6 where random.once(in: 2): bytes.removeSubrange(range.lowerBound...)
        case 7 where !other.isEmpty:
            let piece = random.range(in: other.count, longest: other.count / 2 + 1)
            bytes.replaceSubrange(range, with: other[piece])
        case 8 where !other.isEmpty && random.once(in: 2):
            bytes.replaceSubrange(range.lowerBound..., with: other[random.below(other.count)...])
        default: bytes.swapAt(range.lowerBound, random.below(bytes.count))
        }
    }
}
