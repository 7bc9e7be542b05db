/// A heading as printed.
///
/// Source: record schema.
public struct Section: Hashable, Sendable {
    /// Number as printed: 一, （二）, 3.
    public var number: String?
    /// Text without the number.
    public var title: String
    /// Depth from 0.
    public var level: Int
    /// Where it stands.
    public var place: Place

    /// Makes the value from its fields, which stand in the order of the record schema.
    public init(
        number: String? = nil,
        title: String,
        level: Int,
        place: Place
    ) {
        self.number = number
        self.title = title
        self.level = level
        self.place = place
    }
}

extension Section: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "number": .optional(number),
            "title": .string(title),
            "level": .integer(level),
            "place": place.json,
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "Section")
        self.init(
            number: try reader.optionalString("number"),
            title: try reader.string("title"),
            level: try reader.integer("level"),
            place: try reader.value("place")
        )
    }
}
