extension Region: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "code": .optional(code),
            "province": .optional(province),
            "city": .optional(city),
            "district": .optional(district),
            "local": .bool(local),
            "candidates": .array(
                candidates.map { candidate in
                    .object([
                        "code": .optional(candidate.code),
                        "province": .optional(candidate.province),
                        "city": .optional(candidate.city),
                        "district": .optional(candidate.district),
                    ])
                }
            ),
        ])
    }

    /// Reads the JSON object of the record schema.
    /// - Parameter json: an object with the fields of this type.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "Region")
        var candidates: [Region] = []
        for element in reader.json("candidates").arrayValue ?? [] {
            let fields = try FieldReader(element, in: "Region.candidates")
            candidates.append(
                Region(
                    code: try fields.optionalString("code"),
                    province: try fields.optionalString("province"),
                    city: try fields.optionalString("city"),
                    district: try fields.optionalString("district")
                )
            )
        }
        self.init(
            code: try reader.optionalString("code"),
            province: try reader.optionalString("province"),
            city: try reader.optionalString("city"),
            district: try reader.optionalString("district"),
            local: try reader.bool("local"),
            candidates: candidates
        )
    }
}
