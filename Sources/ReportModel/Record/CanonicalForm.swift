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
    /// - Returns: the record and the bytes that are stored of it.
    /// - Throws: ``NotCanonical`` for everything else; then the record is to be read as a tree.
    static func read(
        _ reader: inout CanonicalReader,
        depth: Int
    ) throws(NotCanonical) -> (record: Record, form: CanonicalForm) {
        let start = reader.offset
        let (record, sources) = try members(&reader, depth: depth)
        let end = reader.offset
        if reader.passIf("}") {
            let bytes = Array(reader.bytes[start..<reader.offset])
            return (record, CanonicalForm(bytes: bytes, sources: sources))
        }
        try reader.passUnknownMembers(but: memberNames, depth: depth)
        var bytes = Array(reader.bytes[start..<end])
        bytes.append(UInt8(ascii: "}"))
        return (record, CanonicalForm(bytes: bytes, sources: sources))
    }

    /// Reads the members that the schema has, with the place where the value of `sources` begins.
    private static func members(
        _ reader: inout CanonicalReader,
        depth: Int
    ) throws(NotCanonical) -> (record: Record, sources: Int) {
        let start = reader.offset
        var record = Record(parser: "", rules: "")
        record.amounts = try reader.values("{\"amounts\":")
        record.counts = try reader.values(",\"counts\":")
        record.executionLines = try reader.values(",\"executionLines\":")
        record.executionRate = try reader.optionalString(",\"executionRate\":")
        record.findings = try reader.values(",\"findings\":")
        record.given = try reader.object(",\"given\":", depth: depth + 1)
        record.grade = try reader.optionalString(",\"grade\":")
        record.improvements = try reader.values(",\"improvements\":")
        record.indicators = try reader.values(",\"indicators\":")
        record.key = try reader.optionalString(",\"key\":")
        record.kind = try reader.string(",\"kind\":")
        record.parser = try reader.string(",\"parser\":")
        record.parts = try reader.values(",\"parts\":")
        record.problems = try reader.values(",\"problems\":")
        record.projects = try reader.values(",\"projects\":")
        record.rates = try reader.values(",\"rates\":")
        record.region = try reader.value(",\"region\":")
        record.remarks = try reader.values(",\"remarks\":")
        record.reportDate = try reader.optionalString(",\"reportDate\":")
        record.rules = try reader.string(",\"rules\":")
        guard try reader.string(",\"schema\":") == Record.schema else { throw NotCanonical() }
        record.score = try reader.optionalString(",\"score\":")
        record.scores = try reader.values(",\"scores\":")
        record.sections = try reader.values(",\"sections\":")
        try reader.pass(",\"sources\":")
        let sources = reader.offset - start
        record.sources = try reader.values()
        record.staffing = try reader.values(",\"staffing\":")
        record.title = try reader.optionalString(",\"title\":")
        record.unit = try reader.value(",\"unit\":")
        record.unread = try reader.values(",\"unread\":")
        record.year = try reader.optionalInteger(",\"year\":")
        return (record, sources)
    }

    /// Reads bytes that are a record as the store writes it, and nothing else; nil for any other.
    fileprivate static func whole(
        _ bytes: [UInt8],
        leavesTextsOut: Bool
    ) -> (record: Record, sources: Int)? {
        bytes.withUnsafeBufferPointer { bytes in
            var reader = CanonicalReader(bytes, leavesTextsOut: leavesTextsOut)
            guard let (record, sources) = try? members(&reader, depth: 0), reader.passIf("}"),
                reader.isAtEnd
            else { return nil }
            return (record, sources)
        }
    }
}

/// A record without the texts from which no fact follows.
///
/// Reading it decides as ``Record/init(canonical:)`` does which bytes are a record, by the same
/// grammar; what it leaves out is empty, and a quotation that is no bare number is another one.
package struct RecordOutline: Sendable {
    /// The record with empty texts.
    package var record: Record
    /// The place where the value of the member `sources` begins.
    package var sources: Int

    /// Reads bytes that are a record as the store writes it, and nothing else; nil for any other.
    /// - Parameter bytes: canonical JSON.
    package init?(canonical bytes: [UInt8]) {
        guard let (record, sources) = Record.whole(bytes, leavesTextsOut: true) else { return nil }
        self.record = record
        self.sources = sources
    }
}

extension Record {
    /// Reads bytes that are a record as the store writes it, and nothing else; nil for any other.
    /// - Parameter bytes: canonical JSON.
    package init?(canonical bytes: [UInt8]) {
        guard let (record, _) = Record.whole(bytes, leavesTextsOut: false) else { return nil }
        self = record
    }
}

extension Region: CanonicalReadable {
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let candidates: [Candidate] = try reader.values("{\"candidates\":")
        let city = try reader.optionalString(",\"city\":")
        let code = try reader.optionalString(",\"code\":")
        let district = try reader.optionalString(",\"district\":")
        let local = try reader.bool(",\"local\":")
        let province = try reader.optionalString(",\"province\":")
        try reader.pass("}")
        self.init(
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

        init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
            let city = try reader.optionalString("{\"city\":")
            let code = try reader.optionalString(",\"code\":")
            let district = try reader.optionalString(",\"district\":")
            let province = try reader.optionalString(",\"province\":")
            try reader.pass("}")
            region = Region(code: code, province: province, city: city, district: district)
        }
    }
}

extension Person: CanonicalReadable {
    init(canonical reader: inout CanonicalReader) throws(NotCanonical) {
        let name = try reader.string("{\"name\":")
        let place: Place = try reader.value(",\"place\":")
        let role = try reader.optionalString(",\"role\":")
        try reader.pass("}")
        self.init(name: name, role: role, place: place)
    }
}
