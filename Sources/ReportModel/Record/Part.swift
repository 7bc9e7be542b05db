/// One of the documents that a filing holds.
///
/// Source: record schema.
public struct Part: Hashable, Sendable {
    /// What the part is.
    public var kind: PartKind
    /// Title as printed.
    public var title: String?
    /// Index into the record's `sources`.
    public var source: Int
    /// Where the part begins; the range covers its title or first line.
    public var place: Place

    /// Makes the value from its fields, which stand in the order of the record schema.
    public init(
        kind: PartKind,
        title: String? = nil,
        source: Int,
        place: Place
    ) {
        self.kind = kind
        self.title = title
        self.source = source
        self.place = place
    }
}

extension Part: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "kind": .string(kind.rawValue),
            "title": .optional(title),
            "source": .integer(source),
            "place": place.json,
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "Part")
        self.init(
            kind: try reader.rawValue("kind"),
            title: try reader.optionalString("title"),
            source: try reader.integer("source"),
            place: try reader.value("place")
        )
    }
}
