extension JSONValue {
    /// The canonical bytes of the value: no white space, members sorted by UTF-16 code units.
    ///
    /// Source: RFC 8785 (JSON Canonicalization Scheme).
    public var canonicalBytes: [UInt8] {
        var bytes = ByteWriter(capacity: 1024)
        appendCanonical(to: &bytes)
        return bytes.bytes
    }

    /// The canonical form as text.
    public var canonicalText: String {
        var bytes = ByteWriter(capacity: 1024)
        appendCanonical(to: &bytes)
        return bytes.text
    }

    /// Appends the canonical form to `bytes`.
    package func appendCanonical(to bytes: inout ByteWriter) {
        switch self {
        case .null: bytes.append("null")
        case .bool(let flag): bytes.append("", flag)
        case .integer(let number): bytes.appendDecimal(number)
        case .string(let text): bytes.appendString(text)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.appendCanonical(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            Self.appendObject(members, to: &bytes)
        }
    }

    private static func appendObject(_ members: [String: JSONValue], to bytes: inout ByteWriter) {
        bytes.append(UInt8(ascii: "{"))
        for (index, member) in sorted(members).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.appendString(member.key)
            bytes.append(UInt8(ascii: ":"))
            member.value.appendCanonical(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Members by the UTF-16 code units of their names, which for ASCII is the order of Swift.
    private static func sorted(
        _ members: [String: JSONValue]
    ) -> [(key: String, value: JSONValue)] {
        guard members.keys.allSatisfy({ $0.utf8.allSatisfy { $0 < 0x80 } }) else {
            return members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
        }
        return members.sorted { $0.key < $1.key }
    }
}
