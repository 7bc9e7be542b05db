/// A stated number of people.
///
/// Source: record schema.
public struct Staffing: Hashable, Sendable {
    /// authorised, authorised-administrative, authorised-institution, serving, serving-
    /// administrative, serving-institution, retired, contract or other.
    public var role: String
    /// The number as printed, in ASCII digits.
    public var count: String
    /// The words that name it, as printed.
    public var label: String
    /// Counting word as printed: 人, 名, 个.
    public var unit: String?
    /// Index into the record's `parts`.
    public var part: Int
    /// Where it stands.
    public var place: Place

    /// Makes the value from its fields, which stand in the order of the record schema.
    public init(
        role: String,
        count: String,
        label: String,
        unit: String? = nil,
        part: Int,
        place: Place
    ) {
        self.role = role
        self.count = count
        self.label = label
        self.unit = unit
        self.part = part
        self.place = place
    }
}

extension Staffing: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "role": .string(role),
            "count": .string(count),
            "label": .string(label),
            "unit": .optional(unit),
            "part": .integer(part),
            "place": place.json,
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "Staffing")
        self.init(
            role: try reader.string("role"),
            count: try reader.string("count"),
            label: try reader.string("label"),
            unit: try reader.optionalString("unit"),
            part: try reader.integer("part"),
            place: try reader.value("place")
        )
    }
}
