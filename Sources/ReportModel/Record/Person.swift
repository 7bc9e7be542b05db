/// A printed name or telephone number; kept apart from the record.
///
/// Source: record schema.
public struct Person: Hashable, Sendable {
    /// Name or number as printed.
    public var name: String
    /// What the person is in the document.
    public var role: String?
    /// Where it stands, unmasked.
    public var place: Place

    /// Makes the value from its fields, which stand in the order of the record schema.
    public init(
        name: String,
        role: String? = nil,
        place: Place
    ) {
        self.name = name
        self.role = role
        self.place = place
    }
}

extension Person: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "name": .string(name),
            "role": .optional(role),
            "place": place.json,
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "Person")
        self.init(
            name: try reader.string("name"),
            role: try reader.optionalString("role"),
            place: try reader.value("place")
        )
    }
}
