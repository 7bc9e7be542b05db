/// A value of the record schema: it writes and reads its own JSON object.
public protocol RecordValue: Sendable {
    /// The JSON form of the record schema.
    var json: JSONValue { get }
    /// Reads the JSON form of the record schema.
    /// - Parameter json: what ``json`` writes.
    /// - Throws: ``RecordError`` that names the offending field.
    init(json: JSONValue) throws(RecordError)
}

/// A record that is not of the schema.
public struct RecordError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Type and field, such as `Amount.value`.
    public let field: String
    /// What was expected there.
    public let expected: String

    /// The field with what was expected.
    public var description: String { "record: \(field) must be \(expected)" }
}

/// Reads the fields of one JSON object; absent fields count as `null`.
struct FieldReader {
    private let members: [String: JSONValue]
    private let type: String

    init(_ json: JSONValue, in type: String) throws(RecordError) {
        guard case .object(let members) = json else {
            throw RecordError(field: type, expected: "an object")
        }
        self.members = members
        self.type = type
    }

    private func fail(_ name: String, _ expected: String) -> RecordError {
        RecordError(field: "\(type).\(name)", expected: expected)
    }

    func json(_ name: String) -> JSONValue { members[name] ?? .null }

    func string(_ name: String) throws(RecordError) -> String {
        guard let text = members[name]?.stringValue else { throw fail(name, "a string") }
        return text
    }

    func optionalString(_ name: String) throws(RecordError) -> String? {
        guard let value = members[name], !value.isNull else { return nil }
        guard let text = value.stringValue else { throw fail(name, "a string or null") }
        return text
    }

    func integer(_ name: String) throws(RecordError) -> Int {
        guard let number = members[name]?.integerValue else { throw fail(name, "an integer") }
        return number
    }

    func optionalInteger(_ name: String) throws(RecordError) -> Int? {
        guard let value = members[name], !value.isNull else { return nil }
        guard let number = value.integerValue else { throw fail(name, "an integer or null") }
        return number
    }

    func bool(_ name: String) throws(RecordError) -> Bool {
        guard let flag = members[name]?.boolValue else { throw fail(name, "true or false") }
        return flag
    }

    func strings(_ name: String) throws(RecordError) -> [String] {
        var texts: [String] = []
        for element in try elements(name) {
            guard let text = element.stringValue else { throw fail(name, "strings") }
            texts.append(text)
        }
        return texts
    }

    func rawValue<T: RawRepresentable<String>>(_ name: String) throws(RecordError) -> T {
        guard let value = T(rawValue: try string(name)) else {
            throw fail(name, "a known word of the schema")
        }
        return value
    }

    func value<T: RecordValue>(_ name: String) throws(RecordError) -> T {
        try T(json: json(name))
    }

    func optionalValue<T: RecordValue>(_ name: String) throws(RecordError) -> T? {
        guard let value = members[name], !value.isNull else { return nil }
        return try T(json: value)
    }

    func values<T: RecordValue>(_ name: String) throws(RecordError) -> [T] {
        var values: [T] = []
        for element in try elements(name) { values.append(try T(json: element)) }
        return values
    }

    private func elements(_ name: String) throws(RecordError) -> [JSONValue] {
        guard let value = members[name], !value.isNull else { return [] }
        guard let elements = value.arrayValue else { throw fail(name, "an array") }
        return elements
    }
}
