/// Something in a filing that contradicts itself.
///
/// Source: record schema.
public struct Finding: Hashable, Sendable {
    /// Identifier of the rule, such as WEIGHT-SUM.
    public var rule: String
    /// How grave it is.
    public var severity: Severity
    /// Plain Chinese.
    public var message: String
    /// What the document says.
    public var stated: String?
    /// What follows from its other numbers.
    public var computed: String?
    /// The quoted places.
    public var places: [Place]
    /// Hash of rule, normalised labels and ordinal, without numbers: survives the next version.
    public var fingerprint: String

    /// Makes the value from its fields, which stand in the order of the record schema.
    public init(
        rule: String,
        severity: Severity,
        message: String,
        stated: String? = nil,
        computed: String? = nil,
        places: [Place],
        fingerprint: String
    ) {
        self.rule = rule
        self.severity = severity
        self.message = message
        self.stated = stated
        self.computed = computed
        self.places = places
        self.fingerprint = fingerprint
    }
}

extension Finding: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "rule": .string(rule),
            "severity": .string(severity.rawValue),
            "message": .string(message),
            "stated": .optional(stated),
            "computed": .optional(computed),
            "places": .array(places.map(\.json)),
            "fingerprint": .string(fingerprint),
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "Finding")
        self.init(
            rule: try reader.string("rule"),
            severity: try reader.rawValue("severity"),
            message: try reader.string("message"),
            stated: try reader.optionalString("stated"),
            computed: try reader.optionalString("computed"),
            places: try reader.values("places"),
            fingerprint: try reader.string("fingerprint")
        )
    }
}
