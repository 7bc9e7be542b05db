/// Something in the file that could not be read.
///
/// Source: record schema.
public struct UnreadItem: Hashable, Sendable {
    /// What it is.
    public var what: String
    /// Why it was not read.
    public var reason: String
    /// Where it stands, when that is known.
    public var place: Place?

    /// Makes the value from its fields, which stand in the order of the record schema.
    public init(
        what: String,
        reason: String,
        place: Place? = nil
    ) {
        self.what = what
        self.reason = reason
        self.place = place
    }
}

extension UnreadItem: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "what": .string(what),
            "reason": .string(reason),
            "place": place?.json ?? .null,
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "UnreadItem")
        self.init(
            what: try reader.string("what"),
            reason: try reader.string("reason"),
            place: try reader.optionalValue("place")
        )
    }
}
