extension String {
    /// Whether a text stands anywhere in this one; compares bytes and is linear.
    func holds(_ word: String) -> Bool {
        let found = utf8.withContiguousStorageIfAvailable { text in
            word.utf8.withContiguousStorageIfAvailable { needle in
                ByteSearch.first(needle, in: text) != nil
            }
        }
        return (found ?? nil) ?? contains(word)
    }

    /// Whether one of several texts stands anywhere in this one.
    func holds(anyOf words: [String]) -> Bool { words.contains(where: holds) }

    /// Number of times a text stands in this one, counted to a limit.
    func count(of word: String, limit: Int) -> Int {
        let found = utf8.withContiguousStorageIfAvailable { text in
            word.utf8.withContiguousStorageIfAvailable { needle in
                var count = 0
                var start = 0
                while count < limit, let at = ByteSearch.first(needle, in: text, from: start) {
                    count += 1
                    start = at + needle.count
                }
                return count
            }
        }
        return (found ?? nil) ?? 0
    }

    /// The beginning of the text as ``squeezed`` gives it, for looking at its first words.
    var squeezedHead: String { scalarArray(upTo: 24).squeezed.string }

    /// The text without white space, full-width letters, digits and brackets being made plain.
    var squeezed: String { isSqueezed ? self : scalarArray.squeezed.string }

    /// Whether the text holds nothing that ``squeezed`` leaves out or makes plain.
    private var isSqueezed: Bool {
        utf8.withContiguousStorageIfAvailable { bytes in
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                if byte < 0x80 {
                    if byte <= 0x20 || byte == 0x28 || byte == 0x29 || byte == 0x3A { return false }
                } else if byte == 0xC2 || byte == 0xE2 || byte == 0xE3 || byte == 0xEF {
                    guard index + 2 < bytes.count else { return false }
                    if Self.isLoose(byte, bytes[index + 1], bytes[index + 2]) { return false }
                }
                index += 1
            }
            return true
        } ?? false
    }

    /// Whether a scalar that begins with three bytes is a blank, a full-width letter or a digit.
    private static func isLoose(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        switch (first, second) {
        case (0xC2, _): second == 0xA0
        case (0xE2, 0x80): (0x80...0x8F).contains(third) || third == 0xA8 || third == 0xA9
        case (0xE3, 0x80): third == 0x80
        case (0xEF, 0xBB): third == 0xBF
        case (0xEF, 0xBC): (0x90...0x99).contains(third) || (0xA1...0xBA).contains(third)
        case (0xEF, 0xBD): (0x81...0x9A).contains(third)
        default: false
        }
    }
}

extension StringProtocol {
    /// The first place where a word stands, compared byte by byte.
    func range(of word: String) -> Range<String.Index>? {
        let found = utf8.withContiguousStorageIfAvailable { text in
            word.utf8.withContiguousStorageIfAvailable { ByteSearch.first($0, in: text) }
        }
        guard case .some(.some(.some(let offset))) = found else { return nil }
        let start = utf8.index(startIndex, offsetBy: offset)
        return start..<utf8.index(start, offsetBy: word.utf8.count)
    }

    /// Whether the text begins with a word, byte by byte.
    func begins(_ word: String) -> Bool { holds(word) { _ in 0 } }

    /// Whether the text ends with a word, byte by byte.
    func ends(_ word: String) -> Bool { holds(word) { $0 - word.utf8.count } }

    /// Whether a word stands at an offset that follows from the number of bytes.
    @inline(__always)
    private func holds(_ word: String, at offset: (Int) -> Int) -> Bool {
        let found = utf8.withContiguousStorageIfAvailable { text in
            word.utf8.withContiguousStorageIfAvailable { word in
                guard text.count >= word.count else { return false }
                let start = offset(text.count)
                for index in word.indices where text[start + index] != word[index] { return false }
                return true
            }
        }
        let start = offset(utf8.count)
        return (found ?? nil)
            ?? (start >= 0 && utf8.dropFirst(start).starts(with: word.utf8))
    }
}

/// Ways of comparing printed text.
enum TextSearch {
    /// The ASCII form of a full-width letter or digit; brackets become full-width.
    static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A:
            Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
        case 0x28: "（"
        case 0x29: "）"
        case 0x3A: "："
        default: scalar
        }
    }

    /// A text without what stands in round brackets.
    static func withoutBrackets(_ text: String) -> String {
        var depth = 0
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "（" || scalar == "(" {
                depth += 1
            } else if scalar == "）" || scalar == ")" {
                depth = max(0, depth - 1)
            } else if depth == 0 {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// Whether a scalar is a Chinese character.
    static func isHan(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x4E00 && scalar.value <= 0x9FFF
            || scalar.value >= 0x3400 && scalar.value <= 0x4DBF || scalar == "〇"
    }
}
