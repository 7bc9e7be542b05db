/// What flags, an inbox or a form say about a file.
///
/// Facts fill in what the document lacks; with `force` they override it, and that is recorded.
///
/// Source: DESIGN section 7, record schema row `given`.
public struct GivenFacts: Hashable, Sendable {
    /// The evaluated year.
    public var year: Int?
    /// A region's name, path (`湛江市/麻章区`) or six-digit code.
    public var region: String?
    /// The unit's name.
    public var unit: String?
    /// The kind, as in a key.
    public var kind: String?
    /// Whether given facts win over the document.
    public var force: Bool
    /// Where the facts come from: `flags`, `inbox`, `form`, `folder`.
    public var origin: String

    /// Makes a set of given facts; without arguments nothing is given.
    /// - Parameters:
    ///   - year: the evaluated year.
    ///   - region: name, path or code.
    ///   - unit: the unit's name.
    ///   - kind: the kind.
    ///   - force: whether given facts win over the document.
    ///   - origin: where the facts come from.
    public init(
        year: Int? = nil,
        region: String? = nil,
        unit: String? = nil,
        kind: String? = nil,
        force: Bool = false,
        origin: String = "flags"
    ) {
        self.year = year
        self.region = region
        self.unit = unit
        self.kind = kind
        self.force = force
        self.origin = origin
    }
}

extension GivenFacts: RecordValue {
    /// The facts as an object; absent facts are `null`.
    public var json: JSONValue {
        .object([
            "year": .optional(year),
            "region": .optional(region),
            "unit": .optional(unit),
            "kind": .optional(kind),
            "force": .bool(force),
            "origin": .string(origin),
        ])
    }

    /// Reads what ``json`` writes.
    /// - Parameter json: an object.
    /// - Throws: ``RecordError`` that names the field which is of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "GivenFacts")
        self.init(
            year: try reader.optionalInteger("year"),
            region: try reader.optionalString("region"),
            unit: try reader.optionalString("unit"),
            kind: try reader.optionalString("kind"),
            force: json["force"]?.boolValue ?? false,
            origin: try reader.optionalString("origin") ?? "flags"
        )
    }
}
