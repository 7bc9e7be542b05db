/// The bytes that the store keeps of a record.
package struct CanonicalForm: Sendable {
    /// Canonical JSON.
    package var bytes: [UInt8]
    /// The place where the value of the member `sources` begins.
    package var sources: Int
}

extension Record {
    /// Names of the members that the schema has.
    static let memberNames: Set<String> = [
        "amounts", "counts", "executionLines", "executionRate", "findings", "given", "grade",
        "improvements", "indicators", "key", "kind", "parser", "parts", "problems", "projects",
        "rates", "region", "remarks", "reportDate", "rules", "schema", "score", "scores",
        "sections", "sources", "staffing", "title", "unit", "unread", "year",
    ]

    /// Reads a record that is written as the store writes it, with that form.
    ///
    /// Members that the schema does not know may follow, as `status` and `version` do in what `get`
    /// prints; the form is without them.
    /// - Parameters:
    ///   - reader: stands at the record.
    ///   - depth: how many objects and arrays the record lies in.
    /// - Returns: the record, or what the reader keeps of it, and the bytes that are stored of it.
    /// - Throws: ``NotCanonical`` for everything else; then the record is to be read as a tree.
    static func read(
        _ reader: inout CanonicalReader,
        depth: Int
    ) throws(NotCanonical) -> (outline: RecordOutline, form: CanonicalForm) {
        let start = reader.offset
        let (outline, sources) = try members(&reader, depth: depth)
        let end = reader.offset
        if reader.passIf("}") {
            let bytes = Array(reader.bytes[start..<reader.offset])
            return (outline, CanonicalForm(bytes: bytes, sources: sources))
        }
        try reader.passUnknownMembers(but: memberNames, depth: depth)
        var bytes = Array(reader.bytes[start..<end])
        bytes.append(UInt8(ascii: "}"))
        return (outline, CanonicalForm(bytes: bytes, sources: sources))
    }

    /// Reads the members that the schema has, with the place where the value of `sources` begins.
    private static func members(
        _ reader: inout CanonicalReader,
        depth: Int
    ) throws(NotCanonical) -> (outline: RecordOutline, sources: Int) {
        let start = reader.offset
        var record = Record(parser: "", rules: "")
        record.amounts = try reader.values("{\"amounts\":")
        record.counts = try reader.counted(",\"counts\":").values
        record.executionLines = try reader.counted(",\"executionLines\":").values
        record.executionRate = try reader.optionalString(",\"executionRate\":")
        record.findings = try reader.values(",\"findings\":")
        record.given = try reader.object(",\"given\":", depth: depth + 1)
        record.grade = try reader.optionalString(",\"grade\":")
        record.improvements = try reader.counted(",\"improvements\":").values
        let indicators: (values: [Indicator], count: Int) = try reader.counted(",\"indicators\":")
        record.key = try reader.optionalString(",\"key\":")
        record.kind = try reader.string(",\"kind\":")
        record.parser = try reader.string(",\"parser\":")
        record.parts = try reader.values(",\"parts\":")
        let problems: (values: [ListedItem], count: Int) = try reader.counted(",\"problems\":")
        record.projects = try reader.counted(",\"projects\":").values
        record.rates = try reader.values(",\"rates\":")
        record.region = try reader.value(",\"region\":")
        record.remarks = try reader.counted(",\"remarks\":").values
        record.reportDate = try reader.optionalString(",\"reportDate\":")
        record.rules = try reader.string(",\"rules\":")
        guard try reader.string(",\"schema\":") == Record.schema else { throw NotCanonical() }
        record.score = try reader.optionalString(",\"score\":")
        record.scores = try reader.counted(",\"scores\":").values
        record.sections = try reader.counted(",\"sections\":").values
        try reader.pass(",\"sources\":")
        let sources = reader.offset - start
        record.sources = try reader.values()
        record.staffing = try reader.values(",\"staffing\":")
        record.title = try reader.optionalString(",\"title\":")
        record.unit = try reader.value(",\"unit\":")
        record.unread = try reader.counted(",\"unread\":").values
        record.year = try reader.optionalInteger(",\"year\":")
        record.indicators = indicators.values
        record.problems = problems.values
        let outline = RecordOutline(
            record: record,
            indicatorCount: indicators.count,
            problemCount: problems.count
        )
        return (outline, sources)
    }

    /// Reads bytes that are a record as the store writes it, and nothing else; nil for any other.
    fileprivate static func whole(
        _ bytes: [UInt8],
        leavesTextsOut: Bool
    ) -> (outline: RecordOutline, sources: Int)? {
        bytes.withUnsafeBufferPointer { bytes in
            var reader = CanonicalReader(bytes, leavesTextsOut: leavesTextsOut)
            guard let (outline, sources) = try? members(&reader, depth: 0), reader.passIf("}"),
                reader.isAtEnd
            else { return nil }
            return (outline, sources)
        }
    }
}

/// A record without what no fact follows from.
///
/// Reading it decides as ``Record/init(canonical:)`` does which bytes are a record, by the same
/// grammar; of what it leaves out texts and lists are empty, and a quotation that is no bare number is
/// another one.
package struct RecordOutline: Hashable, Sendable {
    /// The record with empty texts and lists.
    package var record: Record
    /// Number of indicators, which the record may be without.
    package var indicatorCount: Int
    /// Number of problems, which the record may be without.
    package var problemCount: Int

    /// Reads bytes that are a record as the store writes it, and nothing else; nil for any other.
    /// - Parameter bytes: canonical JSON.
    /// - Returns: the outline, and the place where the value of the member `sources` begins.
    package static func read(canonical bytes: [UInt8]) -> (outline: RecordOutline, sources: Int)? {
        Record.whole(bytes, leavesTextsOut: true)
    }
}

extension RecordOutline {
    /// What facts follow from of a record in memory, with all else that it has.
    /// - Parameter record: the record.
    package init(_ record: Record) {
        self.init(
            record: record,
            indicatorCount: record.indicators.count,
            problemCount: record.problems.count
        )
    }
}

extension Record {
    /// Reads bytes that are a record as the store writes it, and nothing else; nil for any other.
    /// - Parameter bytes: canonical JSON.
    package init?(canonical bytes: [UInt8]) {
        guard let (outline, _) = Record.whole(bytes, leavesTextsOut: false) else { return nil }
        self = outline.record
    }
}

extension Region: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let candidates: [Candidate] = try reader.values("{\"candidates\":")
        let city = try reader.optionalString(",\"city\":")
        let code = try reader.optionalString(",\"code\":")
        let district = try reader.optionalString(",\"district\":")
        let local = try reader.bool(",\"local\":")
        let province = try reader.optionalString(",\"province\":")
        try reader.pass("}")
        return Self(
            code: code,
            province: province,
            city: city,
            district: district,
            local: local,
            candidates: candidates.map(\.region)
        )
    }

    /// One of several regions that share a name: it has fewer members.
    private struct Candidate: CanonicalReadable {
        let region: Region

        static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
            let city = try reader.optionalString("{\"city\":")
            let code = try reader.optionalString(",\"code\":")
            let district = try reader.optionalString(",\"district\":")
            let province = try reader.optionalString(",\"province\":")
            try reader.pass("}")
            return Candidate(
                region: Region(code: code, province: province, city: city, district: district)
            )
        }
    }
}

extension Person: CanonicalReadable {
    static func read(_ reader: inout CanonicalReader) throws(NotCanonical) -> Self {
        let name = try reader.string("{\"name\":")
        let place: Place = try reader.value(",\"place\":")
        let role = try reader.optionalString(",\"role\":")
        try reader.pass("}")
        return Self(name: name, role: role, place: place)
    }
}
