/// Signs of symbol fonts as characters that every font has.
///
/// Source: the encodings of the fonts Wingdings, Wingdings 2 and Symbol, which Word stores at
/// U+F020 to U+F0FF (ISO/IEC 29500-1 section 17.3.3.30).
enum DocxSymbols {
    private static let wingdings: [UInt32: Unicode.Scalar] = [
        0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x75: "◆",
        0x9F: "•", 0xA1: "○", 0xA7: "■", 0xA8: "□", 0xAB: "★", 0xD8: "➢", 0xE0: "→", 0xFB: "×",
        0xFC: "√", 0xFD: "☒", 0xFE: "☑", 0x76: "◆", 0xF0: "→",
    ]
    private static let wingdings2: [UInt32: Unicode.Scalar] = [
        0x4F: "×", 0x50: "√", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0x98: "●",
        0xA2: "■", 0xA3: "□", 0x99: "○", 0x30: "□",
    ]
    private static let symbol: [UInt32: Unicode.Scalar] = [
        0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB7: "•", 0xB9: "≠", 0xBB: "≈",
        0xB0: "°", 0xA5: "∞", 0xD7: "·", 0xAE: "→", 0xE5: "∑", 0x25: "%", 0x2B: "+", 0x2D: "−",
        0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ", 0x44: "Δ", 0x53: "Σ", 0x6D: "μ", 0x70: "π",
    ]

    /// The character for a code of a font; nil for a sign without meaning.
    static func character(_ code: UInt32, font: String?) -> Unicode.Scalar? {
        let folded = (font ?? "").lowercased()
        let place = code >= 0xF000 && code <= 0xF0FF ? code - 0xF000 : code
        if folded.hasPrefix("wingdings 2") { return wingdings2[place] }
        if folded.hasPrefix("wingdings") { return wingdings[place] }
        if folded.hasPrefix("symbol") {
            if let known = symbol[place] { return known }
            return place >= 0x20 && place < 0x7F ? Unicode.Scalar(place) : nil
        }
        if code >= 0xF000, code <= 0xF0FF { return wingdings[place] ?? wingdings2[place] }
        return Unicode.Scalar(code)
    }

    /// A text with the signs of symbol fonts replaced; nearly always the text itself.
    static func plain(_ text: String, font: String?) -> String {
        // U+F000 to U+F0FF are EF 80 80 to EF 83 BF in UTF-8.
        guard text.utf8.contains(0xEF) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.value >= 0xF000, scalar.value <= 0xF0FF {
                if let plain = character(scalar.value, font: font) { result.append(plain) }
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }
}
