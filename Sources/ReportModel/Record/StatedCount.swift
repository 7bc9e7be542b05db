/// A stated number of things other than staff and money, such as 12场 or 3个项目.
///
/// Source: record schema, row `counts`; absent in records made before it was added.
public struct StatedCount: Hashable, Sendable {
    /// The words around the number that name what is counted, as printed.
    public var label: String
    /// The number as printed, in ASCII digits.
    public var count: String
    /// Counting word as printed: 个, 家, 辆, 批次.
    public var unit: String
    /// `planned` for a target, nil for what is or was.
    public var stage: String?
    /// Whether the text says 约, 余, 多 or 近.
    public var approximate: Bool
    /// Index into the record's `parts`.
    public var part: Int
    /// Where it stands.
    public var place: Place

    /// Makes the value from its fields, which stand in the order of the record schema.
    public init(
        label: String,
        count: String,
        unit: String,
        stage: String? = nil,
        approximate: Bool = false,
        part: Int,
        place: Place
    ) {
        self.label = label
        self.count = count
        self.unit = unit
        self.stage = stage
        self.approximate = approximate
        self.part = part
        self.place = place
    }
}

extension StatedCount: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "label": .string(label),
            "count": .string(count),
            "unit": .string(unit),
            "stage": .optional(stage),
            "approximate": .bool(approximate),
            "part": .integer(part),
            "place": place.json,
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "StatedCount")
        self.init(
            label: try reader.string("label"),
            count: try reader.string("count"),
            unit: try reader.string("unit"),
            stage: try reader.optionalString("stage"),
            approximate: try reader.bool("approximate"),
            part: try reader.integer("part"),
            place: try reader.value("place")
        )
    }
}

extension StatedCount: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"approximate\":", approximate)
        bytes.append(",\"count\":", count)
        bytes.append(",\"label\":", label)
        bytes.append(",\"part\":", part)
        bytes.append(",\"place\":", place)
        bytes.append(",\"stage\":", stage)
        bytes.append(",\"unit\":", unit)
        bytes.append("}")
    }
}
