/// Where a value stands in the source file.
///
/// Source: record schema, paragraph on `place`.
public struct Place: Hashable, Sendable {
    /// Index into the record's `sources`.
    public var source: Int
    /// Ordinal of the block in the extracted document; a cell of a table is a block.
    public var block: Int
    /// First Unicode scalar of the range within the block.
    public var start: Int
    /// One past the last Unicode scalar of the range.
    public var end: Int
    /// The exact text of the range; names and telephone numbers of people are masked.
    public var quote: String
    /// Page from 0, for PDF and OFD.
    public var page: Int?
    /// Sheet name, for spreadsheets.
    public var sheet: String?
    /// Cell address such as `B7`, for spreadsheets.
    public var cell: String?

    /// Makes a place.
    /// - Parameters:
    ///   - source: index into the record's `sources`.
    ///   - block: ordinal of the block.
    ///   - start: first Unicode scalar.
    ///   - end: one past the last Unicode scalar.
    ///   - quote: the exact text.
    ///   - page: page from 0.
    ///   - sheet: sheet name.
    ///   - cell: cell address.
    public init(
        source: Int,
        block: Int,
        start: Int,
        end: Int,
        quote: String,
        page: Int? = nil,
        sheet: String? = nil,
        cell: String? = nil
    ) {
        self.source = source
        self.block = block
        self.start = start
        self.end = end
        self.quote = quote
        self.page = page
        self.sheet = sheet
        self.cell = cell
    }
}

extension Place: RecordValue {
    /// The JSON object of the record schema; `page`, `sheet` and `cell` only where known.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "source": .integer(source),
            "block": .integer(block),
            "start": .integer(start),
            "end": .integer(end),
            "quote": .string(quote),
        ]
        if let page { members["page"] = .integer(page) }
        if let sheet { members["sheet"] = .string(sheet) }
        if let cell { members["cell"] = .string(cell) }
        return .object(members)
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "Place")
        self.init(
            source: try reader.integer("source"),
            block: try reader.integer("block"),
            start: try reader.integer("start"),
            end: try reader.integer("end"),
            quote: try reader.string("quote"),
            page: try reader.optionalInteger("page"),
            sheet: try reader.optionalString("sheet"),
            cell: try reader.optionalString("cell")
        )
    }
}
