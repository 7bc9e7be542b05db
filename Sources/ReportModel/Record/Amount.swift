/// A stated amount of money.
///
/// Source: record schema.
public struct Amount: Hashable, Sendable {
    /// The words that name it, as printed.
    public var label: String
    /// Role from the record schema, or `other`.
    public var role: String
    /// Unsigned decimal as printed, without thousands separators.
    public var value: String
    /// Unit as printed: 元, 万元, 亿元.
    public var unit: String
    /// The exact value in 元, plain decimal.
    public var yuan: String
    /// up, down or nil for a change.
    public var direction: String?
    /// Whether the text says 约, 余, 多 or 近.
    public var approximate: Bool
    /// The year the amount belongs to, when the text says so.
    public var year: Int?
    /// Code of the functional classification.
    public var functionCode: String?
    /// Name of the project it belongs to.
    public var project: String?
    /// Index into the record's `parts`.
    public var part: Int
    /// Where it stands.
    public var place: Place

    /// Makes the value from its fields, which stand in the order of the record schema.
    public init(
        label: String,
        role: String,
        value: String,
        unit: String,
        yuan: String,
        direction: String? = nil,
        approximate: Bool,
        year: Int? = nil,
        functionCode: String? = nil,
        project: String? = nil,
        part: Int,
        place: Place
    ) {
        self.label = label
        self.role = role
        self.value = value
        self.unit = unit
        self.yuan = yuan
        self.direction = direction
        self.approximate = approximate
        self.year = year
        self.functionCode = functionCode
        self.project = project
        self.part = part
        self.place = place
    }
}

extension Amount: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "label": .string(label),
            "role": .string(role),
            "value": .string(value),
            "unit": .string(unit),
            "yuan": .string(yuan),
            "direction": .optional(direction),
            "approximate": .bool(approximate),
            "year": .optional(year),
            "functionCode": .optional(functionCode),
            "project": .optional(project),
            "part": .integer(part),
            "place": place.json,
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "Amount")
        self.init(
            label: try reader.string("label"),
            role: try reader.string("role"),
            value: try reader.string("value"),
            unit: try reader.string("unit"),
            yuan: try reader.string("yuan"),
            direction: try reader.optionalString("direction"),
            approximate: try reader.bool("approximate"),
            year: try reader.optionalInteger("year"),
            functionCode: try reader.optionalString("functionCode"),
            project: try reader.optionalString("project"),
            part: try reader.integer("part"),
            place: try reader.value("place")
        )
    }
}
