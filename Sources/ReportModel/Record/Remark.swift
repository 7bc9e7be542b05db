/// A passage of running text that rules look at.
///
/// Source: record schema, row `remarks`; absent in records made before it was added.
public struct Remark: Hashable, Sendable {
    /// template-residue, scope, reason or item-definition.
    public var kind: String
    /// What the passage is about: the sort of leftover, the item that is defined.
    public var label: String
    /// The passage as printed; names of people are masked.
    public var text: String
    /// Index into the record's `parts`.
    public var part: Int
    /// Where it stands.
    public var place: Place

    /// Makes the value from its fields, which stand in the order of the record schema.
    public init(kind: String, label: String, text: String, part: Int, place: Place) {
        self.kind = kind
        self.label = label
        self.text = text
        self.part = part
        self.place = place
    }
}

extension Remark: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "kind": .string(kind),
            "label": .string(label),
            "text": .string(text),
            "part": .integer(part),
            "place": place.json,
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "Remark")
        self.init(
            kind: try reader.string("kind"),
            label: try reader.string("label"),
            text: try reader.string("text"),
            part: try reader.integer("part"),
            place: try reader.value("place")
        )
    }
}

extension Remark: CanonicalWritable {
    func appendCanonical(to bytes: inout ByteWriter) {
        bytes.append("{\"kind\":", kind)
        bytes.append(",\"label\":", label)
        bytes.append(",\"part\":", part)
        bytes.append(",\"place\":", place)
        bytes.append(",\"text\":", text)
        bytes.append("}")
    }
}
