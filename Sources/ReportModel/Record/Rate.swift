/// A stated percentage.
///
/// Source: record schema.
public struct Rate: Hashable, Sendable {
    /// The words that name it, as printed.
    public var label: String
    /// execution, share, growth, control or other.
    public var role: String
    /// Unsigned decimal without the per cent sign.
    public var percent: String
    /// up, down or nil.
    public var direction: String?
    /// Points that the line can reach, for the execution line of a fund block.
    public var weight: String?
    /// Points that the line was given, for the execution line of a fund block.
    public var score: String?
    /// Index into the record's `parts`.
    public var part: Int
    /// Where it stands.
    public var place: Place

    /// Makes the value from its fields, which stand in the order of the record schema.
    public init(
        label: String,
        role: String,
        percent: String,
        direction: String? = nil,
        weight: String? = nil,
        score: String? = nil,
        part: Int,
        place: Place
    ) {
        self.label = label
        self.role = role
        self.percent = percent
        self.direction = direction
        self.weight = weight
        self.score = score
        self.part = part
        self.place = place
    }
}

extension Rate: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "label": .string(label),
            "role": .string(role),
            "percent": .string(percent),
            "direction": .optional(direction),
            "weight": .optional(weight),
            "score": .optional(score),
            "part": .integer(part),
            "place": place.json,
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "Rate")
        self.init(
            label: try reader.string("label"),
            role: try reader.string("role"),
            percent: try reader.string("percent"),
            direction: try reader.optionalString("direction"),
            weight: try reader.optionalString("weight"),
            score: try reader.optionalString("score"),
            part: try reader.integer("part"),
            place: try reader.value("place")
        )
    }
}
