/// The text form of keys and certificates.
///
/// Source: RFC 7468 section 3, RFC 4648 section 4.
public enum PEM {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    /// Text of bytes.
    /// - Parameters:
    ///   - label: such as `CERTIFICATE`.
    ///   - bytes: DER.
    /// - Returns: lines of 64 characters between BEGIN and END, with a line feed at the end.
    public static func text(_ label: String, _ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits =
                group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
            for place in 0..<4 {
                let index = Int(bits >> (18 - 6 * UInt32(place)) & 63)
                text.append(place <= group.count ? alphabet[index] : UInt8(ascii: "="))
            }
            if start % 48 == 45 || start + 3 >= bytes.count { text.append(UInt8(ascii: "\n")) }
        }
        return
            "-----BEGIN \(label)-----\n\(String(decoding: text, as: UTF8.self))-----END \(label)-----\n"
    }
    /// The bytes of the first block of a label; nil when there is none that can be read.
    /// - Parameters:
    ///   - label: such as `PRIVATE KEY`.
    ///   - text: lines, with others around the block.
    /// - Returns: DER, or nil.
    public static func bytes(_ label: String, in text: [UInt8]) -> [UInt8]? {
        let lines = text.split(whereSeparator: { $0 == 10 || $0 == 13 })
        guard
            let start = lines.firstIndex(where: {
                $0.elementsEqual("-----BEGIN \(label)-----".utf8)
            }),
            let end = lines[start...].firstIndex(where: {
                $0.elementsEqual("-----END \(label)-----".utf8)
            })
        else { return nil }
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for character in lines[(start + 1)..<end].joined() where character != UInt8(ascii: "=") {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return bytes
    }
}
