import Glibc

extension CanonicalReader {
    /// Reads a whole number as it is written: no sign of zero, no leading zero, 64 bits.
    mutating func integer() throws(NotCanonical) -> Int {
        var end = offset
        let isNegative = end < bytes.count && bytes[end] == UInt8(ascii: "-")
        if isNegative { end += 1 }
        let digits = end
        var number = 0
        while end < bytes.count, (48...57).contains(bytes[end]) {
            let digit = Int(bytes[end] - 48)
            end += 1
            // As many digits as 64 bits surely hold.
            if end - digits <= 18 {
                number = number &* 10 &+ (isNegative ? -digit : digit)
                continue
            }
            let (shifted, isFirstOver) = number.multipliedReportingOverflow(by: 10)
            // Negative numbers reach one further, so they are counted downwards.
            let (sum, isSecondOver) =
                isNegative
                ? shifted.subtractingReportingOverflow(digit)
                : shifted.addingReportingOverflow(digit)
            guard !isFirstOver, !isSecondOver else { throw NotCanonical() }
            number = sum
        }
        guard end > digits, bytes[digits] != 48 || end - digits == 1 && !isNegative else {
            throw NotCanonical()
        }
        offset = end
        return number
    }

    /// Reads a string with the escapes that the writer uses where it uses them.
    mutating func string() throws(NotCanonical) -> String {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
            throw NotCanonical()
        }
        let start = offset + 1
        let end = JSONText.plainEnd(in: bytes, from: start)
        guard end < bytes.count else { throw NotCanonical() }
        guard bytes[end] == UInt8(ascii: "\"") else { return try escapedString(start, end) }
        let text = try validText(UnsafeBufferPointer(rebasing: bytes[start..<end]))
        offset = end + 1
        return text
    }

    /// Reads a string from which no fact follows; empty when such are left out.
    mutating func text() throws(NotCanonical) -> String {
        guard leavesTextsOut else { return try string() }
        try passText()
        return ""
    }

    /// Reads a quotation, of which the facts ask whether it is a bare number.
    ///
    /// When texts are left out, ``elision`` stands for one that is surely none.
    mutating func quotation(_ lead: StaticString) throws(NotCanonical) -> String {
        try pass(lead)
        guard leavesTextsOut else { return try string() }
        let start = offset + 1
        try passText()
        for byte in bytes[start..<offset - 1] {
            switch byte {
            case 48...57, UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "%"),
                UInt8(ascii: "-"), UInt8(ascii: " "):
                continue
            // Bytes of such characters in their wide form.
            case 0xEF, 0xBC, 0x90...0x99, 0x8C, 0x8E, 0x85: continue
            default: return Self.elision
            }
        }
        // Without an escape the bytes are the text.
        return String(
            decoding: UnsafeBufferPointer(rebasing: bytes[start..<offset - 1]),
            as: UTF8.self
        )
    }

    /// What stands for a quotation that is no bare number.
    static let elision = "…"

    /// Passes over a string that ``string()`` would read.
    private mutating func passText() throws(NotCanonical) {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
            throw NotCanonical()
        }
        var next = offset + 1
        while true {
            // An escape stands for one byte of ASCII, so that no sequence of UTF-8 goes on behind it.
            guard let end = UTF8Check.plainEnd(in: bytes, from: next),
                end + 1 < bytes.count || end < bytes.count && bytes[end] == UInt8(ascii: "\"")
            else { throw NotCanonical() }
            next = end
            if bytes[end] == UInt8(ascii: "\"") { break }
            guard bytes[end] == UInt8(ascii: "\\") else { throw NotCanonical() }
            _ = try escape(at: &next)
        }
        offset = next + 1
    }

    /// The text that the bytes are, which must be UTF-8.
    ///
    /// What is repaired is not what was there. Asking for validation costs more: its generic types
    /// are looked up in every call.
    private func validText(_ raw: UnsafeBufferPointer<UInt8>) throws(NotCanonical) -> String {
        var text = String(decoding: raw, as: UTF8.self)
        let isSame = text.withUTF8 { text in
            guard let start = text.baseAddress, let rawStart = raw.baseAddress else {
                return raw.isEmpty
            }
            return text.count == raw.count && memcmp(start, rawStart, raw.count) == 0
        }
        guard isSame else { throw NotCanonical() }
        return text
    }

    private mutating func escapedString(
        _ start: Int,
        _ firstEscape: Int
    ) throws(NotCanonical) -> String {
        var raw = Array(bytes[start..<firstEscape])
        var next = firstEscape
        while next + 1 < bytes.count {
            if bytes[next] == UInt8(ascii: "\"") {
                let text = try raw.withUnsafeBufferPointer {
                    raw throws(NotCanonical) -> String in
                    try validText(raw)
                }
                offset = next + 1
                return text
            }
            guard bytes[next] == UInt8(ascii: "\\") else { throw NotCanonical() }
            raw.append(try escape(at: &next))
            let end = JSONText.plainEnd(in: bytes, from: next)
            raw.append(contentsOf: bytes[next..<end])
            next = end
        }
        throw NotCanonical()
    }

    /// Reads the escape whose backslash is at `next`; a byte follows it.
    private func escape(at next: inout Int) throws(NotCanonical) -> UInt8 {
        let letter = bytes[next + 1]
        next += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return letter
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "u"): return try control(at: &next)
        default: throw NotCanonical()
        }
    }

    /// Reads the four digits of a control character that has no letter of its own.
    private func control(at next: inout Int) throws(NotCanonical) -> UInt8 {
        guard bytes.count - next >= 4, bytes[next] == 48, bytes[next + 1] == 48 else {
            throw NotCanonical()
        }
        let low: UInt8
        switch bytes[next + 3] {
        case let digit where (48...57).contains(digit): low = digit - 48
        case let digit where (97...102).contains(digit): low = digit - 87
        default: throw NotCanonical()
        }
        guard bytes[next + 2] == 48 || bytes[next + 2] == 49 else { throw NotCanonical() }
        let value = (bytes[next + 2] - 48) << 4 | low
        switch value {
        case 0x08, 0x09, 0x0A, 0x0C, 0x0D: throw NotCanonical()
        default: break
        }
        next += 4
        return value
    }

    /// Reads any object as a tree.
    /// - Parameters:
    ///   - lead: what leads to it.
    ///   - depth: how many objects and arrays it lies in.
    /// - Returns: its members.
    /// - Throws: ``NotCanonical``.
    mutating func object(
        _ lead: StaticString,
        depth: Int
    ) throws(NotCanonical) -> [String: JSONValue] {
        try pass(lead)
        if passIf("{}") { return [:] }
        let (members, end) = try tree(depth: depth)
        guard JSONValue.object(members).canonicalBytes.elementsEqual(bytes[offset..<end]) else {
            throw NotCanonical()
        }
        offset = end
        return members
    }

    /// Passes over the members that follow the last known one, to the end of their object.
    /// - Parameters:
    ///   - known: names that must not stand there.
    ///   - depth: how many objects and arrays their object lies in.
    /// - Throws: ``NotCanonical`` also when there are none.
    mutating func passUnknownMembers(
        but known: Set<String>,
        depth: Int
    ) throws(NotCanonical) {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: ",") else { throw NotCanonical() }
        let (members, end) = try tree(depth: depth)
        guard !members.isEmpty, known.isDisjoint(with: members.keys) else { throw NotCanonical() }
        offset = end
    }

    /// The members of the object whose brace, or a comma in place of it, stands here.
    private func tree(
        depth: Int
    ) throws(NotCanonical) -> (members: [String: JSONValue], end: Int) {
        guard offset < bytes.count,
            bytes[offset] == UInt8(ascii: "{") || bytes[offset] == UInt8(ascii: ",")
        else { throw NotCanonical() }
        var parser = JSONParser(bytes: Array(bytes[offset...]), isValid: false)
        guard case .object(let members)? = try? parser.parseObject(depth: depth) else {
            throw NotCanonical()
        }
        return (members, offset + parser.offset)
    }
}
