extension Filing {
    /// Reads the payload of `PUTREC`: `{"record":{…},"people":[…]}`.
    ///
    /// The record is read as the schema has it and written anew, so members that the schema does not
    /// know are not stored. The files that it lists are not here: the filing is a record only.
    /// - Parameters:
    ///   - payload: JSON.
    ///   - ifVersion: the version that must be the current one.
    /// - Throws: ``ReportError`` `usage` that names the offending member, or says what the key should be.
    ///
    /// Source: docs/protocol.md 3.4; record schema.
    public init(importing payload: [UInt8], ifVersion: Int? = nil) throws(ReportError) {
        if let (outline, form, people) = Self.canonical(payload) {
            let key = try Self.checkedKey(of: outline.record)
            self.init(key: key, outline: outline, form: form, people: people, ifVersion: ifVersion)
            isRecordOnly = true
            return
        }
        let json = try Self.json(payload)
        guard let members = json.objectValue, let recordJSON = members["record"] else {
            throw ReportError(.usage, "the payload is JSON: {record, people}")
        }
        try self.init(
            importing: recordJSON,
            people: members["people"] ?? .null,
            ifVersion: ifVersion
        )
    }

    /// Takes a record that was made elsewhere; see ``init(importing:ifVersion:)``.
    /// - Parameters:
    ///   - recordJSON: an object of the record schema.
    ///   - peopleJSON: names and telephone numbers; null for none.
    ///   - ifVersion: the version that must be the current one.
    /// - Throws: ``ReportError`` `usage` that names the offending member, or says what the key should be.
    public init(
        importing recordJSON: JSONValue,
        people peopleJSON: JSONValue,
        ifVersion: Int? = nil
    ) throws(ReportError) {
        let record: Record
        var people: [Person] = []
        do throws(RecordError) {
            record = try Record(json: recordJSON)
            if !peopleJSON.isNull {
                guard let elements = peopleJSON.arrayValue else {
                    throw RecordError(field: "people", expected: "an array")
                }
                for element in elements { people.append(try Person(json: element)) }
            }
        } catch {
            throw ReportError(.usage, "\(error)")
        }
        try self.init(importing: record, people: people, ifVersion: ifVersion)
    }

    private init(
        importing record: Record,
        people: [Person],
        ifVersion: Int?
    ) throws(ReportError) {
        let key = try Self.checkedKey(of: record)
        self.init(key: key, record: record, people: people, sources: [], ifVersion: ifVersion)
        isRecordOnly = true
    }

    /// Reads a payload whose record is written as the store writes it; nil for any other.
    ///
    /// The record is an outline: nobody but the store has asked for it yet, and that needs the facts. Nothing is accepted here that the tree of the payload would not give, and what is not accepted
    /// is read as a tree, which also says what is wrong.
    package static func canonical(
        _ payload: [UInt8]
    ) -> (outline: RecordOutline, form: CanonicalForm, people: [Person])? {
        payload.withUnsafeBufferPointer { payload in
            try? canonical(payload)
        }
    }

    private static func canonical(
        _ payload: UnsafeBufferPointer<UInt8>
    ) throws(NotCanonical) -> (outline: RecordOutline, form: CanonicalForm, people: [Person]) {
        var reader = CanonicalReader(payload)
        var people: [Person] = []
        let hasPeople = reader.passIf("{\"people\":")
        if hasPeople {
            people = try reader.values()
            try reader.pass(",\"record\":")
        } else {
            try reader.pass("{\"record\":")
        }
        reader.leavesTextsOut = true
        let (outline, form) = try Record.read(&reader, depth: 1)
        reader.leavesTextsOut = false
        // What `get` prints is a line.
        _ = reader.passIf("\n")
        if !hasPeople, reader.passIf(",\"people\":") { people = try reader.values() }
        try reader.pass("}")
        guard reader.isAtEnd || payload[reader.offset...].elementsEqual([0x0A]) else {
            throw NotCanonical()
        }
        return (outline, form, people)
    }

    private static func json(_ payload: [UInt8]) throws(ReportError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: payload)
        } catch {
            throw ReportError(.usage, "\(error)")
        }
    }

    /// The key of a record whose hashes of files are written as they must be.
    private static func checkedKey(of record: Record) throws(ReportError) -> ReportKey {
        let key = try key(of: record)
        for source in record.sources where Hash256(hex: source.sha256)?.hex != source.sha256 {
            throw ReportError(.usage, "record: SourceFile.sha256 must be 64 digits of lower case")
        }
        return key
    }

    /// The record's key, which must be written as this project writes it and agree with the record.
    private static func key(of record: Record) throws(ReportError) -> ReportKey {
        guard let text = record.key else { throw ReportError(.noKey, "the record has no key") }
        let key: ReportKey
        do throws(KeyError) {
            key = try ReportKey(parsing: text)
        } catch {
            throw ReportError(.usage, "the record's key is none: \(error)")
        }
        guard key.text.utf8.elementsEqual(text.utf8) else {
            throw ReportError(.usage, "the record's key is written \(key.text)")
        }
        guard record.year == nil || record.year == key.year else {
            throw ReportError(.usage, "the record's year is not that of its key")
        }
        return key
    }
}
