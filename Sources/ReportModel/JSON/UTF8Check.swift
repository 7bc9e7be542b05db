/// Whether bytes are UTF-8, without making a text of them.
///
/// Source: RFC 3629 section 4; Unicode table 3-7.
enum UTF8Check {
    /// Whether the bytes are a whole number of well-formed sequences.
    static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let text = UnsafeRawBufferPointer(bytes)
        var offset = 0
        while offset < text.count {
            if text.count - offset >= 8 {
                let word = text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                if word & 0x8080_8080_8080_8080 == 0 {
                    offset += 8
                    continue
                }
                // Most of Chinese: three bytes, the first of which leaves the others free.
                let three = UInt32(truncatingIfNeeded: UInt64(littleEndian: word))
                if three & 0x00C0_C0F0 == 0x0080_80E0, three & 0x0F != 0, three & 0x0F != 0x0D {
                    offset += 3
                    continue
                }
            }
            let length = sequenceLength(text, at: offset)
            if length == 0 { return false }
            offset += length
        }
        return true
    }

    /// Bytes of the well-formed sequence at an offset; 0 when there is none.
    private static func sequenceLength(_ text: UnsafeRawBufferPointer, at offset: Int) -> Int {
        let first = text[offset]
        if first < 0x80 { return 1 }
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0:
            length = 3
            second = 0xA0...0xBF
        case 0xED:
            length = 3
            second = 0x80...0x9F
        case 0xE1...0xEF: length = 3
        case 0xF0:
            length = 4
            second = 0x90...0xBF
        case 0xF1...0xF3: length = 4
        case 0xF4:
            length = 4
            second = 0x80...0x8F
        default: return 0
        }
        guard text.count - offset >= length, second.contains(text[offset + 1]) else { return 0 }
        for index in 2..<max(2, length) where text[offset + index] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
