/// A stated total score.
///
/// Source: record schema.
public struct TotalScore: Hashable, Sendable {
    /// Points as printed.
    public var total: String
    /// Full marks when stated.
    public var full: String?
    /// Grade as printed.
    public var grade: String?
    /// Index into the record's `parts`.
    public var part: Int
    /// Where it stands.
    public var place: Place

    /// Makes the value from its fields, which stand in the order of the record schema.
    public init(
        total: String,
        full: String? = nil,
        grade: String? = nil,
        part: Int,
        place: Place
    ) {
        self.total = total
        self.full = full
        self.grade = grade
        self.part = part
        self.place = place
    }
}

extension TotalScore: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "total": .string(total),
            "full": .optional(full),
            "grade": .optional(grade),
            "part": .integer(part),
            "place": place.json,
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "TotalScore")
        self.init(
            total: try reader.string("total"),
            full: try reader.optionalString("full"),
            grade: try reader.optionalString("grade"),
            part: try reader.integer("part"),
            place: try reader.value("place")
        )
    }
}
