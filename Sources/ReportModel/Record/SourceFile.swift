/// One file of a filing, as evidence.
///
/// Source: record schema.
public struct SourceFile: Hashable, Sendable {
    /// File name as it was dropped; not part of the record's digest.
    public var name: String
    /// Format by content, such as txt, docx or pdf.
    public var format: String
    /// Size in bytes.
    public var bytes: Int
    /// SHA-256 of the bytes as 64 lower-case hexadecimal digits.
    public var sha256: String
    /// Character encoding of a text file; nil for other formats.
    public var encoding: String?
    /// Number of pages; nil where the format has none.
    public var pages: Int?
    /// Whether the text was read from pictures, so that any character may be wrong.
    public var isOptical: Bool

    /// Makes the value from its fields, which stand in the order of the record schema.
    public init(
        name: String,
        format: String,
        bytes: Int,
        sha256: String,
        encoding: String? = nil,
        pages: Int? = nil,
        isOptical: Bool = false
    ) {
        self.name = name
        self.format = format
        self.bytes = bytes
        self.sha256 = sha256
        self.encoding = encoding
        self.pages = pages
        self.isOptical = isOptical
    }
}

extension SourceFile: RecordValue {
    /// The JSON object of the record schema; `ocr` stands in it only when it is true.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name),
            "format": .string(format),
            "bytes": .integer(bytes),
            "sha256": .string(sha256),
            "encoding": .optional(encoding),
            "pages": .optional(pages),
        ]
        if isOptical { members["ocr"] = .bool(true) }
        return .object(members)
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "SourceFile")
        self.init(
            name: try reader.string("name"),
            format: try reader.string("format"),
            bytes: try reader.integer("bytes"),
            sha256: try reader.string("sha256"),
            encoding: try reader.optionalString("encoding"),
            pages: try reader.optionalInteger("pages"),
            isOptical: reader.json("ocr") == .bool(true)
        )
    }
}
