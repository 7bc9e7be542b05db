import FuzzSupport

/// Changes of JSON that leave it JSON most of the time.
enum JSONMutator {
    private static let values = [
        "null", "true", "0", "-1", "1", "9223372036854775807", "-9223372036854775808",
        "9223372036854775808", "1.5", "1e9", "[]", "{}", "\"\"", "\"\\u0000\"", "\"\\ud800\"",
        "\"ff\"", "[[]]", "[null]", "\"9999-12-31T23:59:59.999Z\"",
    ]

    /// Changes values, members and digits at a few places.
    static func change(_ bytes: inout [UInt8], _ random: inout FuzzGenerator) {
        for _ in 0..<1 + random.below(3) { step(&bytes, &random) }
    }

    private static func step(_ bytes: inout [UInt8], _ random: inout FuzzGenerator) {
        guard bytes.count > 2 else { return }
        let start = random.below(bytes.count)
        let marks: Set<UInt8> = [0x3A, 0x2C, 0x5B]
        guard let colon = bytes[start...].firstIndex(where: { marks.contains($0) }) else { return }
        let end = self.end(of: bytes, after: colon)
        switch random.below(6) {
        case 0, 1: bytes.replaceSubrange(colon + 1..<end, with: Array(random.pick(values).utf8))
        case 2:
            // The value twice, as of an array.
            bytes.insert(contentsOf: [0x2C] + Array(bytes[colon + 1..<end]), at: end)
        case 3:
            let digit = bytes[start...].firstIndex { (0x30...0x39).contains($0) } ?? start
            bytes[digit] = UInt8(ascii: "0") + UInt8(random.below(10))
        case 4: bytes.removeSubrange(colon..<end)
        default:
            let piece = Array(bytes[colon + 1..<end])
            let place = random.below(bytes.count)
            let target = bytes[place...].firstIndex { marks.contains($0) } ?? colon
            bytes.replaceSubrange(target + 1..<self.end(of: bytes, after: target), with: piece)
        }
        if bytes.count > 20_000 { bytes.removeSubrange(20_000...) }
    }

    /// Where the value behind a mark ends.
    private static func end(of bytes: [UInt8], after mark: Int) -> Int {
        var depth = 0
        var isText = false
        var index = mark + 1
        while index < bytes.count {
            let byte = bytes[index]
            if isText {
                if byte == 0x5C { index += 1 } else if byte == 0x22 { isText = false }
            } else if byte == 0x22 {
                isText = true
            } else if byte == 0x5B || byte == 0x7B {
                depth += 1
            } else if byte == 0x5D || byte == 0x7D {
                if depth == 0 { return index }
                depth -= 1
            } else if byte == 0x2C, depth == 0 {
                return index
            }
            index += 1
        }
        return bytes.count
    }
}
