extension Record: RecordValue {
    /// The JSON object of the record schema.
    public var json: JSONValue {
        .object([
            "schema": .string(Record.schema),
            "parser": .string(parser),
            "rules": .string(rules),
            "key": .optional(key),
            "year": .optional(year),
            "region": region.json,
            "unit": unit.json,
            "kind": .string(kind),
            "title": .optional(title),
            "reportDate": .optional(reportDate),
            "given": .object(given),
            "sources": .array(sources.map(\.json)),
            "parts": .array(parts.map(\.json)),
            "staffing": .array(staffing.map(\.json)),
            "amounts": .array(amounts.map(\.json)),
            "rates": .array(rates.map(\.json)),
            "indicators": .array(indicators.map(\.json)),
            "executionLines": .array(executionLines.map(\.json)),
            "scores": .array(scores.map(\.json)),
            "score": .optional(score),
            "grade": .optional(grade),
            "executionRate": .optional(executionRate),
            "projects": .array(projects.map(\.json)),
            "counts": .array(counts.map(\.json)),
            "remarks": .array(remarks.map(\.json)),
            "problems": .array(problems.map(\.json)),
            "improvements": .array(improvements.map(\.json)),
            "sections": .array(sections.map(\.json)),
            "findings": .array(findings.map(\.json)),
            "unread": .array(unread.map(\.json)),
        ])
    }

    /// Reads the JSON object of the record schema; fields it does not know are passed over.
    /// - Parameter json: an object of the schema `reportd.record/1`.
    /// - Throws: ``RecordError`` that names the field which is missing or of another type.
    public init(json: JSONValue) throws(RecordError) {
        let reader = try FieldReader(json, in: "Record")
        guard try reader.string("schema") == Record.schema else {
            throw RecordError(field: "Record.schema", expected: Record.schema)
        }
        self.init(
            parser: try reader.string("parser"),
            rules: try reader.string("rules"),
            region: try reader.value("region"),
            unit: try reader.value("unit"),
            kind: try reader.string("kind")
        )
        key = try reader.optionalString("key")
        year = try reader.optionalInteger("year")
        title = try reader.optionalString("title")
        reportDate = try reader.optionalString("reportDate")
        given = reader.json("given").objectValue ?? [:]
        sources = try reader.values("sources")
        parts = try reader.values("parts")
        staffing = try reader.values("staffing")
        amounts = try reader.values("amounts")
        rates = try reader.values("rates")
        indicators = try reader.values("indicators")
        executionLines = try reader.values("executionLines")
        scores = try reader.values("scores")
        score = try reader.optionalString("score")
        grade = try reader.optionalString("grade")
        executionRate = try reader.optionalString("executionRate")
        projects = try reader.values("projects")
        counts = try reader.values("counts")
        remarks = try reader.values("remarks")
        problems = try reader.values("problems")
        improvements = try reader.values("improvements")
        sections = try reader.values("sections")
        findings = try reader.values("findings")
        unread = try reader.values("unread")
    }
}
