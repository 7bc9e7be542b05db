/// One row of a table of performance indicators.
///
/// Source: record schema.
public struct Indicator: Hashable, Sendable {
    /// First-level indicator; repeated over merged cells.
    public var level1: String?
    /// Second-level indicator; repeated over merged cells.
    public var level2: String?
    /// Third-level indicator as printed, without 指标1：.
    public var level3: String?
    /// Target value as printed.
    public var target: String?
    /// Actual value as printed.
    public var actual: String?
    /// Unit of measure from a column of its own.
    public var unit: String?
    /// Points that can be reached.
    public var weight: String?
    /// Points that were given.
    public var score: String?
    /// Reason of a deviation.
    public var note: String?
    /// Project the table belongs to.
    public var project: String?
    /// Index into the record's `parts`.
    public var part: Int
    /// Where the row's third level stands.
    public var place: Place

    /// Makes the value from its fields, which stand in the order of the record schema.
    public init(
        level1: String? = nil,
        level2: String? = nil,
        level3: String? = nil,
        target: String? = nil,
        actual: String? = nil,
        unit: String? = nil,
        weight: String? = nil,
        score: String? = nil,
        note: String? = nil,
        project: String? = nil,
        part: Int,
        place: Place
    ) {
        self.level1 = level1
        self.level2 = level2
        self.level3 = level3
        self.target = target
        self.actual = actual
        self.unit = unit
        self.weight = weight
        self.score = score
        self.note = note
        self.project = project
        self.part = part
        self.place = place
    }
}

extension Indicator: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "level1": .optional(level1),
            "level2": .optional(level2),
            "level3": .optional(level3),
            "target": .optional(target),
            "actual": .optional(actual),
            "unit": .optional(unit),
            "weight": .optional(weight),
            "score": .optional(score),
            "note": .optional(note),
            "project": .optional(project),
            "part": .integer(part),
            "place": place.json,
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "Indicator")
        self.init(
            level1: try reader.optionalString("level1"),
            level2: try reader.optionalString("level2"),
            level3: try reader.optionalString("level3"),
            target: try reader.optionalString("target"),
            actual: try reader.optionalString("actual"),
            unit: try reader.optionalString("unit"),
            weight: try reader.optionalString("weight"),
            score: try reader.optionalString("score"),
            note: try reader.optionalString("note"),
            project: try reader.optionalString("project"),
            part: try reader.integer("part"),
            place: try reader.value("place")
        )
    }
}
