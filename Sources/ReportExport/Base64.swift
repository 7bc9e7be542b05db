/// Base64 with padding, without line breaks.
///
/// Source: RFC 4648 section 4.
public enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }()

    /// Appends the text of bytes.
    /// - Parameters:
    ///   - bytes: any bytes.
    ///   - text: where the letters go.
    public static func encode(_ bytes: [UInt8], to text: inout [UInt8]) {
        text.reserveCapacity(text.count + (bytes.count + 2) / 3 * 4)
        var index = 0
        while index + 2 < bytes.count {
            append(bytes[index], bytes[index + 1], bytes[index + 2], to: &text)
            index += 3
        }
        let rest = bytes.count - index
        guard rest > 0 else { return }
        let second = rest == 2 ? bytes[index + 1] : 0
        append(bytes[index], second, 0, to: &text)
        let pad = UInt8(ascii: "=")
        text[text.count - 1] = pad
        if rest == 1 { text[text.count - 2] = pad }
    }

    private static func append(
        _ first: UInt8,
        _ second: UInt8,
        _ third: UInt8,
        to text: inout [UInt8]
    ) {
        text.append(alphabet[Int(first >> 2)])
        text.append(alphabet[Int((first & 3) << 4 | second >> 4)])
        text.append(alphabet[Int((second & 15) << 2 | third >> 6)])
        text.append(alphabet[Int(third & 63)])
    }

    /// Bytes of a text; nil unless it is padded base64 whose unused bits are zero.
    /// - Parameter text: letters without white space.
    /// - Returns: the bytes.
    public static func decode(_ text: String) -> [UInt8]? {
        let letters = Array(text.utf8)
        guard letters.count.isMultiple(of: 4) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(letters.count / 4 * 3)
        let padding = letters.suffix(2).count { $0 == UInt8(ascii: "=") }
        for index in stride(from: 0, to: letters.count, by: 4) {
            let isLast = index + 4 == letters.count
            let kept = isLast ? 4 - padding : 4
            var group: UInt32 = 0
            for offset in 0..<4 {
                guard offset < kept else {
                    guard letters[index + offset] == UInt8(ascii: "=") else { return nil }
                    group <<= 6
                    continue
                }
                let value = values[Int(letters[index + offset])]
                guard value < 64 else { return nil }
                group = group << 6 | UInt32(value)
            }
            bytes.append(UInt8(truncatingIfNeeded: group >> 16))
            if kept > 2 { bytes.append(UInt8(truncatingIfNeeded: group >> 8)) }
            if kept > 3 { bytes.append(UInt8(truncatingIfNeeded: group)) }
            let unused: UInt32 = kept == 2 ? 0xFFFF : kept == 3 ? 0xFF : 0
            guard group & unused == 0 else { return nil }
        }
        return bytes
    }
}
