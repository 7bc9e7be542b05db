/// Many short texts looked for in one pass over bytes.
///
/// Their beginnings are hashed, so that a byte which begins none of them costs one table look-up.
struct Needles: Sendable {
    /// The texts, in the order of their numbers.
    let words: [[UInt8]]
    private let heads: [Int16]
    private let next: [Int16]

    private static let tableSize = 4096

    /// Prepares the search.
    /// - Parameter texts: texts of at least two bytes; the first of two that fit at one place wins.
    init(_ texts: [String]) {
        words = texts.map { Array($0.utf8) }
        var heads = [Int16](repeating: -1, count: Self.tableSize)
        var next = [Int16](repeating: -1, count: words.count)
        for (index, word) in words.enumerated().reversed() where word.count >= 2 {
            let slot = Self.slot(word[0], word[1], word.count > 2 ? word[2] : 0)
            next[index] = heads[slot]
            heads[slot] = Int16(clamping: index)
        }
        self.heads = heads
        self.next = next
    }

    /// Two bytes decide for ASCII and two-byte scalars, three for all others.
    private static func slot(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
        let low = first < 0xE0 ? 0 : Int(third)
        return (Int(first) &* 61 ^ Int(second) &* 17 ^ low &* 5) & (tableSize - 1)
    }

    /// Whether one of the texts stands anywhere in another.
    func occur(in text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { bytes in
            heads.withUnsafeBufferPointer { heads in
                var index = 0
                while index + 1 < bytes.count {
                    if word(bytes, at: index, heads) != nil { return true }
                    index += ByteText.width(bytes[index])
                }
                return false
            }
        } ?? words.contains { text.holds(String(decoding: $0, as: UTF8.self)) }
    }

    /// The text that begins at an offset; nil when none does.
    func word(in text: UnsafeBufferPointer<UInt8>, at index: Int) -> [UInt8]? {
        guard index >= 0, index + 1 < text.count else { return nil }
        return heads.withUnsafeBufferPointer { word(text, at: index, $0) }.map { words[$0] }
    }

    /// Number of the text that begins at an offset, which has a byte behind it.
    @inline(__always)
    private func word(
        _ text: UnsafeBufferPointer<UInt8>,
        at index: Int,
        _ heads: UnsafeBufferPointer<Int16>
    ) -> Int? {
        let third = index + 2 < text.count ? text[index + 2] : 0
        var candidate = heads[Self.slot(text[index], text[index + 1], third)]
        while candidate >= 0 {
            if ByteText.holds(text, words[Int(candidate)], at: index) { return Int(candidate) }
            candidate = next[Int(candidate)]
        }
        return nil
    }

    /// Calls back for every place at which one of the texts begins.
    /// - Parameters:
    ///   - text: UTF-8.
    ///   - body: takes the number of the text and its offset.
    func scan(_ text: UnsafeBufferPointer<UInt8>, _ body: (_ word: Int, _ offset: Int) -> Void) {
        heads.withUnsafeBufferPointer { heads in
            var index = 0
            while index + 1 < text.count {
                if let word = word(text, at: index, heads) { body(word, index) }
                index += ByteText.width(text[index])
            }
        }
    }
}

/// Reading UTF-8 without making strings; nothing traps on damaged text.
enum ByteText {
    /// Bytes of the scalar that begins with a byte; 1 for a byte that begins none.
    static func width(_ byte: UInt8) -> Int {
        byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    }

    /// Whether a word stands at an offset.
    static func holds(_ text: UnsafeBufferPointer<UInt8>, _ word: [UInt8], at offset: Int) -> Bool {
        guard offset >= 0, text.count - offset >= word.count else { return false }
        for index in word.indices where text[offset + index] != word[index] { return false }
        return true
    }

    /// Number of scalars within a range of bytes.
    static func scalars(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var count = 0
        var index = max(0, start)
        while index < min(end, text.count) {
            if text[index] & 0xC0 != 0x80 { count += 1 }
            index += 1
        }
        return count
    }

    /// Offset of the scalar before an offset.
    static func before(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) -> Int {
        var index = offset - 1
        while index > 0, text[index] & 0xC0 == 0x80 { index -= 1 }
        return max(0, index)
    }

    /// The bytes of the scalar at an offset as one number; 0 behind the end.
    static func code(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) -> UInt32 {
        guard offset >= 0, offset < text.count else { return 0 }
        let width = width(text[offset])
        var code: UInt32 = 0
        for index in offset..<min(offset + width, text.count) {
            code = code << 8 | UInt32(text[index])
        }
        return code
    }

    /// A range of bytes as a text.
    static func string(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> String {
        let lower = min(max(0, start), text.count)
        return String(decoding: text[lower..<max(lower, min(end, text.count))], as: UTF8.self)
    }

    /// Whether the scalar at an offset is a digit, also a full-width one.
    static func isDigit(_ code: UInt32) -> Bool {
        (0x30...0x39).contains(code) || (0xEFBC90...0xEFBC99).contains(code)
    }

    /// Whether a scalar ends a clause: marks, brackets, quotation marks, line feeds and tabs.
    static func endsClause(_ code: UInt32) -> Bool {
        switch code {
        case 0, 0x09, 0x0A, 0x0D, 0x21, 0x22, 0x28, 0x29, 0x2C, 0x3A, 0x3B, 0x3F, 0x5B, 0x5D: true
        case 0xE38081, 0xE38082: true  // 、 。
        case 0xE3808A...0xE38091: true  // 《》「」『』【】
        case 0xE28098...0xE2809D, 0xE280A6: true  // quotation marks, …
        case 0xEFBC81, 0xEFBC88, 0xEFBC89, 0xEFBC8C, 0xEFBC9A, 0xEFBC9B, 0xEFBC9F: true
        default: false
        }
    }

    /// Whether a scalar ends a sentence.
    static func endsSentence(_ code: UInt32) -> Bool {
        switch code {
        case 0, 0x09, 0x0A, 0x0D, 0x3B, 0xE38082, 0xEFBC9B, 0xEFBC81: true
        default: false
        }
    }

    /// Whether a scalar is white space.
    static func isBlank(_ code: UInt32) -> Bool {
        code == 0x20 || code == 0xC2A0 || code == 0xE38080 || (0xE28080...0xE2808B).contains(code)
    }
}
