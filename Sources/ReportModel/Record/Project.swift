/// A project named with its money.
///
/// Source: record schema.
public struct Project: Hashable, Sendable {
    /// Name as printed.
    public var name: String
    /// Project code as printed.
    public var code: String?
    /// Budget as printed.
    public var budget: String?
    /// Executed amount as printed.
    public var executed: String?
    /// Unit of both amounts.
    public var unit: String?
    /// Index into the record's `parts`.
    public var part: Int
    /// Where it stands.
    public var place: Place

    /// Makes the value from its fields, which stand in the order of the record schema.
    public init(
        name: String,
        code: String? = nil,
        budget: String? = nil,
        executed: String? = nil,
        unit: String? = nil,
        part: Int,
        place: Place
    ) {
        self.name = name
        self.code = code
        self.budget = budget
        self.executed = executed
        self.unit = unit
        self.part = part
        self.place = place
    }
}

extension Project: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "name": .string(name),
            "code": .optional(code),
            "budget": .optional(budget),
            "executed": .optional(executed),
            "unit": .optional(unit),
            "part": .integer(part),
            "place": place.json,
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "Project")
        self.init(
            name: try reader.string("name"),
            code: try reader.optionalString("code"),
            budget: try reader.optionalString("budget"),
            executed: try reader.optionalString("executed"),
            unit: try reader.optionalString("unit"),
            part: try reader.integer("part"),
            place: try reader.value("place")
        )
    }
}
