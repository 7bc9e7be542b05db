/// Whether bytes of JSON are UTF-8, without making a text of them.
///
/// Source: RFC 3629 section 4; Unicode table 3-7.
enum UTF8Check {
    /// The place of the first control character, quotation mark or backslash; the end without one.
    ///
    /// One way over the bytes finds that place and looks at all before it.
    /// - Parameters:
    ///   - bytes: any bytes.
    ///   - start: where to begin, within the bytes or at their end.
    /// - Returns: an offset; nil when what stands before it is no whole number of well-formed sequences.
    static func plainEnd(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        let text = UnsafeRawBufferPointer(bytes)
        var offset = start
        while offset < text.count {
            if text.count - offset >= 8 {
                let word = text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                let marks = JSONText.marks(in: word)
                let wide = UInt64(littleEndian: word) & 0x8080_8080_8080_8080
                let plainCount = (marks | wide).trailingZeroBitCount / 8
                if plainCount > 0 {
                    offset += plainCount
                    continue
                }
                if marks & 0x80 != 0 { return offset }
                let chineseCount = chineseByteCount(UInt64(littleEndian: word))
                if chineseCount > 0 {
                    offset += chineseCount
                    continue
                }
            }
            let first = text[offset]
            if first < 0x20 || first == 0x22 || first == 0x5C { return offset }
            let length = sequenceLength(text, at: offset)
            if length == 0 { return nil }
            offset += length
        }
        return offset
    }

    /// Bytes of most of Chinese at the beginning of a word: 6, 3 or 0.
    ///
    /// Sequences of three bytes, the first of which leaves the others free.
    @inline(__always)
    private static func chineseByteCount(_ word: UInt64) -> Int {
        let (first, second) = (word & 0x0F, word >> 24 & 0x0F)
        guard word & 0x00C0_C0F0 == 0x0080_80E0, first != 0, first != 0x0D else { return 0 }
        guard word & 0xC0C0_F000_0000 == 0x8080_E000_0000, second != 0, second != 0x0D
        else { return 3 }
        return 6
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
