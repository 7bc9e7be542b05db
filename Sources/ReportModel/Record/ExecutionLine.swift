/// The line of budget execution in a fund block: the one that has points.
///
/// It counts towards the total score beside the rows of indicators and stands apart from them, so
/// that it is kept when the form leaves its figures empty.
///
/// Source: record schema, an added field.
public struct ExecutionLine: Hashable, Sendable {
    /// The words that name the line, as printed.
    public var label: String
    /// Unsigned decimal without the per cent sign; nil when none is printed.
    public var percent: String?
    /// Points that can be reached.
    public var weight: String?
    /// Points that were given.
    public var score: String?
    /// Project the table belongs to.
    public var project: String?
    /// Index into the record's `parts`.
    public var part: Int
    /// Where its label stands.
    public var place: Place

    /// Makes the value from its fields.
    public init(
        label: String,
        percent: String? = nil,
        weight: String? = nil,
        score: String? = nil,
        project: String? = nil,
        part: Int,
        place: Place
    ) {
        self.label = label
        self.percent = percent
        self.weight = weight
        self.score = score
        self.project = project
        self.part = part
        self.place = place
    }
}

extension ExecutionLine: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "label": .string(label),
            "percent": .optional(percent),
            "weight": .optional(weight),
            "score": .optional(score),
            "project": .optional(project),
            "part": .integer(part),
            "place": place.json,
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "ExecutionLine")
        self.init(
            label: try reader.string("label"),
            percent: try reader.optionalString("percent"),
            weight: try reader.optionalString("weight"),
            score: try reader.optionalString("score"),
            project: try reader.optionalString("project"),
            part: try reader.integer("part"),
            place: try reader.value("place")
        )
    }
}
