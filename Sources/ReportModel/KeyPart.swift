internal import Crypto
@_spi(_Unicode) internal import Swift

/// The cleaning of the parts of a key.
///
/// Source: DESIGN section 3, Parts.
public enum KeyPart {
    /// Returns a part as it stands in a key; text that is clean already is returned as it is.
    ///
    /// Full-width letters and digits become ASCII, `()` become `（）`, `/` becomes `／`, `@` `＠` and a leading `.`
    /// `．`. White space, control characters and every other scalar that is not seen (format characters, default
    /// ignorable code points) are removed. The result is in NFC. It is empty when nothing is left.
    public static func clean(_ text: String) -> String {
        isClean(text) ? text : cleanSlowly(text)
    }

    /// Splits text at each slash; empty parts are kept.
    ///
    /// The bytes are looked at, not the characters: a combining mark after a slash joins it in one character.
    package static func split(_ text: some StringProtocol) -> [Substring] {
        let whole = Substring(text).utf8
        return whole.split(separator: 0x2F, omittingEmptySubsequences: false).map(Substring.init)
    }

    /// Says whether cleaning would leave the text as it is, without false yes.
    ///
    /// The answer no only means that the text has to be looked at closely.
    static func isClean(_ text: some StringProtocol) -> Bool {
        var first = true
        for scalar in text.unicodeScalars {
            guard isPlain(scalar.value), !(first && scalar == ".") else { return false }
            first = false
        }
        return true
    }

    /// Scalars that stay as they are and never join with a neighbour under NFC.
    @inline(__always)
    static func isPlain(_ value: UInt32) -> Bool {
        switch value {
        case 0x4E00...0x9FFF: true
        // ASCII that is seen, but for ( ) / and @.
        case 0x21...0x27, 0x2A...0x2E, 0x30...0x3F, 0x41...0x7E: true
        // Brackets, commas and quotes of Chinese text.
        case 0xFF08, 0xFF09, 0xFF0C, 0xFF0F, 0xFF20, 0xFF0E, 0x3001, 0x3002, 0x3008...0x3011: true
        case 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x00B7: true
        default: false
        }
    }

    private static func cleanSlowly(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isPlain(scalar.value), scalar != "." || !scalars.isEmpty {
                scalars.append(scalar)
            } else if let mapped = mapped(scalar, isFirst: scalars.isEmpty) {
                scalars.append(mapped)
            }
        }
        var normal = String.UnicodeScalarView()
        for scalar in String(scalars)._nfc {
            normal.append(scalar)
        }
        return String(normal)
    }

    private static func mapped(_ scalar: Unicode.Scalar, isFirst: Bool) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x28: "（"
        case 0x29: "）"
        case 0x2F: "／"
        case 0x40: "＠"
        case 0x2E where isFirst: "．"
        case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A:
            Unicode.Scalar(scalar.value - 0xFEE0)
        default: isRemoved(scalar) ? nil : scalar
        }
    }

    private static func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        if properties.isWhitespace || properties.isDefaultIgnorableCodePoint { return true }
        switch properties.generalCategory {
        case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }

    /// Cuts a part at a scalar so that it has at most a number of bytes, and ends it in `~` and 8 hex digits.
    ///
    /// The digits are the first of the SHA-256 of the whole part in UTF-8. At least one scalar stays in front, so a
    /// result may be 13 bytes long when less is asked for.
    static func cut(_ part: String, toByteCount limit: Int) -> String {
        let digits = SHA256.hash(data: Array(part.utf8)).prefix(4)
        let alphabet = Array("0123456789abcdef")
        var tail = "~"
        for byte in digits {
            tail.append(alphabet[Int(byte >> 4)])
            tail.append(alphabet[Int(byte & 15)])
        }
        var head = String.UnicodeScalarView()
        var count = tail.utf8.count
        for scalar in part.unicodeScalars {
            count += UTF8.width(scalar)
            if count > limit, !head.isEmpty { break }
            head.append(scalar)
        }
        return String(head) + tail
    }

    /// Cuts the longest of the parts until all of them joined by slashes have at most the bytes of a key.
    ///
    /// - Parameters:
    ///   - parts: The cleaned parts of a key.
    ///   - fixed: Positions that are never cut: the year and the kind.
    static func fit(_ parts: inout [String], fixed: Set<Int>) {
        var total = parts.reduce(parts.count - 1) { $0 + $1.utf8.count }
        var open = parts.indices.filter { !fixed.contains($0) }
        while total > KeyLimits.maximumKeyByteCount,
            let longest = open.max(by: { parts[$0].utf8.count < parts[$1].utf8.count })
        {
            let before = parts[longest].utf8.count
            let excess = total - KeyLimits.maximumKeyByteCount
            parts[longest] = cut(parts[longest], toByteCount: before - excess)
            total += parts[longest].utf8.count - before
            open.removeAll { $0 == longest }
        }
    }
}
