/// One item of a list of problems or improvements.
///
/// Source: record schema.
public struct ListedItem: Hashable, Sendable {
    /// The item without its number.
    public var text: String
    /// Index into the record's `parts`.
    public var part: Int
    /// Where it stands.
    public var place: Place

    /// Makes the value from its fields, which stand in the order of the record schema.
    public init(
        text: String,
        part: Int,
        place: Place
    ) {
        self.text = text
        self.part = part
        self.place = place
    }
}

extension ListedItem: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "text": .string(text),
            "part": .integer(part),
            "place": place.json,
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "ListedItem")
        self.init(
            text: try reader.string("text"),
            part: try reader.integer("part"),
            place: try reader.value("place")
        )
    }
}
