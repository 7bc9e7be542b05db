extension JSONParser {
    /// Parses the string whose opening quotation mark is at the current offset.
    mutating func parseString() throws(JSONError) -> String {
        offset += 1
        let start = offset
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                let text = try validated(bytes[start..<offset])
                offset += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try parseEscaped(from: start) }
            guard byte >= 0x20 else { throw error("a control character must be escaped") }
            offset += 1
        }
        throw error("the string has no end")
    }

    private func error(_ message: String) -> JSONError {
        JSONError(message: message, offset: offset)
    }

    private func validated(_ slice: ArraySlice<UInt8>) throws(JSONError) -> String {
        if isValid { return slice.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }
        guard let text = String(validating: slice, as: UTF8.self) else {
            throw error("the string is not valid UTF-8")
        }
        return text
    }

    private mutating func parseEscaped(from start: Int) throws(JSONError) -> String {
        var raw = Array(bytes[start..<offset])
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                let text = try validated(raw[...])
                offset += 1
                return text
            case UInt8(ascii: "\\"):
                offset += 1
                try appendEscape(to: &raw)
            case 0..<0x20:
                throw error("a control character must be escaped")
            default:
                raw.append(byte)
                offset += 1
            }
        }
        throw error("the string has no end")
    }

    private mutating func appendEscape(to raw: inout [UInt8]) throws(JSONError) {
        guard offset < bytes.count else { throw error("the escape has no end") }
        let byte = bytes[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): raw.append(byte)
        case UInt8(ascii: "b"): raw.append(0x08)
        case UInt8(ascii: "t"): raw.append(0x09)
        case UInt8(ascii: "n"): raw.append(0x0A)
        case UInt8(ascii: "f"): raw.append(0x0C)
        case UInt8(ascii: "r"): raw.append(0x0D)
        case UInt8(ascii: "u"): try appendUnicodeEscape(to: &raw)
        default: throw error("unknown escape")
        }
    }

    private mutating func appendUnicodeEscape(to raw: inout [UInt8]) throws(JSONError) {
        let first = try hexUnit()
        var value = UInt32(first)
        if (0xD800..<0xDC00).contains(first) {
            guard offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
                bytes[offset + 1] == UInt8(ascii: "u")
            else { throw error("a surrogate stands alone") }
            offset += 2
            let second = try hexUnit()
            guard (0xDC00..<0xE000).contains(second) else {
                throw error("a surrogate stands alone")
            }
            value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw error("a surrogate stands alone") }
        raw.append(contentsOf: String(scalar).utf8)
    }

    private mutating func hexUnit() throws(JSONError) -> UInt16 {
        guard offset + 4 <= bytes.count,
            let text = String(validating: bytes[offset..<offset + 4], as: UTF8.self),
            text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let unit = UInt16(text, radix: 16)
        else { throw error("four hexadecimal digits are expected") }
        offset += 4
        return unit
    }
}
