/// What a JSON string may hold as it is.
enum JSONText {
    /// The place of the first control character, quotation mark or backslash; the end without one.
    /// - Parameters:
    ///   - bytes: UTF-8.
    ///   - start: where to begin, within the bytes or at their end.
    /// - Returns: an offset.
    static func plainEnd(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let text = UnsafeRawBufferPointer(bytes)
        var offset = start
        while text.count - offset >= 8 {
            let found = marks(in: text.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            if found != 0 { return offset + found.trailingZeroBitCount / 8 }
            offset += 8
        }
        while offset < text.count {
            let byte = text[offset]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C { return offset }
            offset += 1
        }
        return offset
    }

    /// Where in eight bytes a control character, quotation mark or backslash stands.
    /// - Parameter bytes: a word as it lies in memory.
    /// - Returns: a word whose lowest bit that is set is the high bit of the first such byte, in the
    ///   order of memory; zero without one. Bits above it mean nothing.
    @inline(__always)
    static func marks(in bytes: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let word = UInt64(littleEndian: bytes)
        let quote = word ^ (0x22 &* ones)
        let backslash = word ^ (0x5C &* ones)
        // The high bit of a byte that is below 0x20, or zero; a borrow only follows a hit.
        var found = (word &- 0x20 &* ones) & ~word
        found |= (quote &- ones) & ~quote
        found |= (backslash &- ones) & ~backslash
        return found & (0x80 &* ones)
    }
}
