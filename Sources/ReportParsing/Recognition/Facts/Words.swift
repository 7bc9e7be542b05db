/// Text as Unicode scalars, the unit in which places are counted.
typealias Scalars = [Unicode.Scalar]

extension Unicode.Scalar {
    /// Whether this prints as nothing: spaces of all widths, tabs, carriage returns, marks.
    var isBlank: Bool {
        switch value {
        case 0x20, 0x09, 0x0D, 0x0B, 0x0C, 0xA0, 0x3000, 0x2002...0x200F, 0xFEFF, 0x202F, 0x205F:
            true
        default: false
        }
    }

    /// The digit of 0...9 or ０...９.
    var digit: UInt8? {
        switch value {
        case 0x30...0x39: UInt8(truncatingIfNeeded: value - 0x30)
        case 0xFF10...0xFF19: UInt8(truncatingIfNeeded: value - 0xFF10)
        default: nil
        }
    }

    /// Whether this is a Chinese character.
    var isHan: Bool { (0x3400...0x9FFF).contains(value) }
}

/// Words looked for in text, longest first.
struct Words: Sendable, ExpressibleByArrayLiteral {
    let words: [Scalars]
    /// One bit for each remainder of the first and of the last scalars: most positions of a text
    /// are refused by one look at it.
    private let firsts: ScalarMask
    private let lasts: ScalarMask

    init(arrayLiteral elements: String...) { self.init(elements) }

    /// Words given as strings.
    init(_ texts: [String]) {
        words = texts.map { Array($0.unicodeScalars) }.filter { !$0.isEmpty }
            .sorted { $0.count > $1.count }
        firsts = ScalarMask(words.compactMap(\.first))
        lasts = ScalarMask(words.compactMap(\.last))
    }

    private static func matches(_ word: Scalars, _ text: Scalars, at start: Int) -> Bool {
        guard start >= 0, start + word.count <= text.count else { return false }
        for index in word.indices where text[start + index] != word[index] { return false }
        return true
    }

    /// Length of the longest word at a position.
    func length(in text: Scalars, at start: Int) -> Int? {
        guard start >= 0, start < text.count, firsts.mayContain(text[start]) else { return nil }
        for word in words where Self.matches(word, text, at: start) { return word.count }
        return nil
    }

    /// Length of the longest word that ends at a position.
    func length(in text: Scalars, endingAt end: Int) -> Int? {
        guard end > 0, end <= text.count, lasts.mayContain(text[end - 1]) else { return nil }
        for word in words where Self.matches(word, text, at: end - word.count) {
            return word.count
        }
        return nil
    }

    /// Start of the last word within a range.
    func lastStart(in text: Scalars, from lower: Int, to upper: Int) -> Int? {
        var index = min(upper, text.count) - 1
        while index >= max(0, lower) {
            if let length = length(in: text, at: index), index + length <= upper { return index }
            index -= 1
        }
        return nil
    }

    /// Whether one of the words stands anywhere in the text.
    func occur(in text: Scalars) -> Bool {
        lastStart(in: text, from: 0, to: text.count) != nil
    }

    /// Whether one of the words begins the text.
    func begin(_ text: Scalars) -> Bool { length(in: text, at: 0) != nil }

    /// Whether one of the words ends the text.
    func end(_ text: Scalars) -> Bool { length(in: text, endingAt: text.count) != nil }

    /// Whether the text is one of the words.
    func contain(_ text: Scalars) -> Bool { words.contains(text) }

    /// Whether the text is made of these words alone.
    func compose(_ text: Scalars) -> Bool {
        var index = 0
        while index < text.count {
            guard let length = length(in: text, at: index) else { return false }
            index += length
        }
        return true
    }
}

extension Array where Element == Unicode.Scalar {
    /// The scalars as a string.
    var string: String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: self)
        return String(text)
    }

    /// The text without blanks and line feeds, with full-width ASCII made half-width.
    var compact: Scalars {
        var result: Scalars = []
        result.reserveCapacity(count)
        for scalar in self where !scalar.isBlank && scalar != "\n" {
            if (0xFF01...0xFF5E).contains(scalar.value),
                let narrow = Unicode.Scalar(scalar.value - 0xFEE0)
            {
                result.append(narrow)
            } else {
                result.append(scalar)
            }
        }
        return result
    }
}

/// A set of scalars by their remainder modulo 256; it may hold more than was put in.
struct ScalarMask: Sendable {
    private var bits: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init(_ scalars: [Unicode.Scalar]) {
        for scalar in scalars {
            let bit = UInt64(1) << UInt64(scalar.value & 63)
            switch (scalar.value >> 6) & 3 {
            case 0: bits.0 |= bit
            case 1: bits.1 |= bit
            case 2: bits.2 |= bit
            default: bits.3 |= bit
            }
        }
    }

    /// False when the scalar was surely not put in.
    func mayContain(_ scalar: Unicode.Scalar) -> Bool {
        let word: UInt64
        switch (scalar.value >> 6) & 3 {
        case 0: word = bits.0
        case 1: word = bits.1
        case 2: word = bits.2
        default: word = bits.3
        }
        return word >> UInt64(scalar.value & 63) & 1 == 1
    }
}
