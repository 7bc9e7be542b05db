/// The unit that filed.
///
/// Source: record schema.
public struct UnitIdentity: Hashable, Sendable {
    /// Most complete printed form without codes and 本级.
    public var name: String?
    /// Name without its region; the unit part of the key.
    public var shortName: String?
    /// 本级, 汇总 or nil.
    public var scope: String?
    /// Other spellings found.
    public var aliases: [String]

    /// Makes the value from its fields, which stand in the order of the record schema.
    public init(
        name: String? = nil,
        shortName: String? = nil,
        scope: String? = nil,
        aliases: [String] = []
    ) {
        self.name = name
        self.shortName = shortName
        self.scope = scope
        self.aliases = aliases
    }
}

extension UnitIdentity: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "name": .optional(name),
            "shortName": .optional(shortName),
            "scope": .optional(scope),
            "aliases": .strings(aliases),
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "UnitIdentity")
        self.init(
            name: try reader.optionalString("name"),
            shortName: try reader.optionalString("shortName"),
            scope: try reader.optionalString("scope"),
            aliases: try reader.strings("aliases")
        )
    }
}
