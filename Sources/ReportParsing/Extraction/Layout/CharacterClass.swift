/// What a character does at the end of a line.
enum CharacterClass {
    /// Whether a character takes a full square: Chinese text with its marks.
    static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2E80...0x9FFF, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
            0x20000...0x3FFFF, 0x2100...0x22FF, 0x2460...0x24FF, 0x25A0...0x26FF, 0x2018...0x201D,
            0x2026, 0x2014:
            true
        default: false
        }
    }

    /// Whether a character may not stand at the beginning of a line.
    static func staysBehind(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "，", "。", "、", "；", "：", "！", "？", "）", "》", "】", "”", "’", "％", "%", ",", ".",
            ";", ":", ")", "〕", "」", "』":
            true
        default: false
        }
    }

    /// Whether a character belongs to a word or number that a line end does not break.
    static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x25, 0x2B...0x2F, 0x3A, 0x40, 0x5F: true
        case 0xC0...0x24F: true
        default: false
        }
    }

    /// Whether a line end between two characters stands for a blank: between two Latin words, but
    /// not inside a number.
    static func needsBlank(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> Bool {
        guard !"-/_@:".unicodeScalars.contains(left), isLetter(left) || isLetter(right) else {
            return false
        }
        return isWordPart(left) && isWordPart(right)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F: true
        default: false
        }
    }

    /// Width that a line needs for the first thing of a text that cannot be broken.
    /// - Parameters:
    ///   - text: the text of the next line.
    ///   - size: its font size.
    /// - Returns: points; Latin characters are reckoned as half a square.
    static func firstUnitWidth(_ text: String, size: Double) -> Double {
        var width = 0.0
        var hasFirst = false
        var isWord = false
        for scalar in text.unicodeScalars.prefix(40) {
            let square = isWide(scalar) ? size : 0.55 * size
            if !hasFirst {
                width += square
                hasFirst = !"（《“‘〔【(".unicodeScalars.contains(scalar)
                isWord = isWordPart(scalar)
            } else if isWord && isWordPart(scalar) {
                width += square
            } else if staysBehind(scalar) {
                width += square
                isWord = false
            } else {
                break
            }
        }
        return width
    }
}
