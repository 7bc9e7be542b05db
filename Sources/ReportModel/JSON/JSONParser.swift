/// A refusal of text that is not the JSON this project accepts.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was expected or too large.
    public let message: String
    /// Offset of the offending byte.
    public let offset: Int

    /// The message with its place.
    public var description: String { "JSON: \(message) at byte \(offset)" }
}

extension JSONValue {
    /// Deepest nesting that the parser follows.
    public static let maximumDepth = 64

    /// Parses one JSON text; white space around it is allowed, anything else is not.
    ///
    /// Numbers must be whole and fit in 64 bits, strings must be valid UTF-8, a member name may
    /// stand only once in an object, nesting ends at ``maximumDepth``.
    /// - Parameter bytes: UTF-8 text of one JSON value.
    /// - Throws: ``JSONError`` that names the first offending byte.
    ///
    /// Source: RFC 8259, restricted as RFC 7493 (I-JSON) does.
    public init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
        var parser = JSONParser(bytes: Array(bytes))
        self = try parser.parseDocument()
    }

    /// Parses one JSON text held in a string.
    /// - Parameter text: one JSON value.
    /// - Throws: ``JSONError`` that names the first offending byte.
    public init(parsing text: String) throws(JSONError) {
        var parser = JSONParser(bytes: Array(text.utf8))
        self = try parser.parseDocument()
    }
}

struct JSONParser {
    let bytes: [UInt8]
    var offset = 0
    /// Whether the whole text is UTF-8: then every string in it is, as it ends at ASCII.
    let isValid: Bool
    /// Members that room is made for at first, and at once where there are more: most objects of
    /// records have no more than that.
    private static let fewMemberCount = 3
    private static let usualMemberCount = 12

    init(bytes: [UInt8]) {
        self.bytes = bytes
        isValid = bytes.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) != nil }
    }

    /// Makes a parser of a piece of text of which it is known or not whether it is UTF-8.
    init(bytes: [UInt8], isValid: Bool) {
        self.bytes = bytes
        self.isValid = isValid
    }

    mutating func parseDocument() throws(JSONError) -> JSONValue {
        let value = try parseValue(depth: 0)
        skipWhitespace()
        guard offset == bytes.count else { throw fail("nothing may follow the value") }
        return value
    }

    private func fail(_ message: String) -> JSONError {
        JSONError(message: message, offset: offset)
    }

    private mutating func skipWhitespace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    private mutating func parseValue(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < JSONValue.maximumDepth else { throw fail("nested too deep") }
        skipWhitespace()
        guard offset < bytes.count else { throw fail("a value is missing") }
        switch bytes[offset] {
        case UInt8(ascii: "{"): return try parseObject(depth: depth)
        case UInt8(ascii: "["): return try parseArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try parseInteger()
        }
    }

    private mutating func literal(
        _ text: StaticString,
        _ value: JSONValue
    ) throws(JSONError) -> JSONValue {
        let count = text.utf8CodeUnitCount
        guard offset + count <= bytes.count else { throw fail("unknown literal") }
        for index in 0..<count where bytes[offset + index] != text.utf8Start[index] {
            throw fail("unknown literal")
        }
        offset += count
        return value
    }

    private mutating func parseInteger() throws(JSONError) -> JSONValue {
        let isNegative = offset < bytes.count && bytes[offset] == UInt8(ascii: "-")
        if isNegative { offset += 1 }
        let digits = offset
        var number = 0
        var isTooLarge = false
        while offset < bytes.count, bytes[offset] >= 48, bytes[offset] <= 57 {
            let digit = Int(bytes[offset] - 48)
            let (shifted, first) = number.multipliedReportingOverflow(by: 10)
            // Negative numbers reach one further, so they are counted downwards.
            let (sum, second) =
                isNegative
                ? shifted.subtractingReportingOverflow(digit)
                : shifted.addingReportingOverflow(digit)
            isTooLarge = isTooLarge || first || second
            number = sum
            offset += 1
        }
        guard offset > digits else { throw fail("a value is expected") }
        if offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "."), UInt8(ascii: "E"), UInt8(ascii: "e"):
                throw fail("only whole numbers are accepted; write fractions as strings")
            default: break
            }
        }
        guard offset - digits == 1 || bytes[digits] != 48 else { throw fail("leading zero") }
        guard !isTooLarge else { throw fail("the number does not fit in 64 bits") }
        return .integer(number)
    }

    private mutating func parseArray(depth: Int) throws(JSONError) -> JSONValue {
        offset += 1
        var elements: [JSONValue] = []
        skipWhitespace()
        if take("]") { return .array(elements) }
        while true {
            elements.append(try parseValue(depth: depth + 1))
            skipWhitespace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw fail("',' or ']' is expected") }
        }
    }

    /// Parses the object whose brace is at the current offset, which is not looked at.
    mutating func parseObject(depth: Int) throws(JSONError) -> JSONValue {
        offset += 1
        skipWhitespace()
        if take("}") { return .object([:]) }
        var members = [String: JSONValue](minimumCapacity: Self.fewMemberCount)
        while true {
            skipWhitespace()
            guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
                throw fail("a member name is expected")
            }
            let name = try parseString()
            skipWhitespace()
            guard take(":") else { throw fail("':' is expected") }
            let value = try parseValue(depth: depth + 1)
            if members.count == Self.fewMemberCount {
                members.reserveCapacity(Self.usualMemberCount)
            }
            guard members.updateValue(value, forKey: name) == nil else {
                throw fail("a member name stands twice")
            }
            skipWhitespace()
            if take("}") { return .object(members) }
            guard take(",") else { throw fail("',' or '}' is expected") }
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }
}
