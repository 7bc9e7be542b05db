public import ReportModel

/// A version of a record as `get` prints it, ready for tables.
public struct ExportedRecord: Sendable {
    /// The record.
    public var record: Record
    /// The key.
    public var key: ReportKey
    /// Version number.
    public var number: Int
    /// Version id for programs.
    public var id: String
    /// Status of the version.
    public var status: String
    /// When the owning node recorded it.
    public var recordedAt: Timestamp
    /// Name of the owning node.
    public var node: String
    /// Ids of other current versions.
    public var conflict: [String]
    /// Names and telephone numbers; empty unless they were asked for.
    public var people: [Person] = []

    /// Reads what `get` prints.
    /// - Parameter bytes: a record with `status` and `version`.
    /// - Throws: ``ReportError`` `internal` when it is not understood.
    public init(printed bytes: [UInt8]) throws(ReportError) {
        guard let json = try? JSONValue(parsing: bytes) else { throw Self.strange("JSON") }
        do throws(RecordError) {
            record = try Record(json: json)
        } catch {
            throw Self.strange("\(error)")
        }
        guard let text = record.key, let key = try? ReportKey(parsing: text) else {
            throw Self.strange("key")
        }
        guard let version = json["version"], let number = version["number"]?.integerValue,
            let id = version["id"]?.stringValue,
            let time = version["recordedAt"]?.stringValue.flatMap({ Timestamp(parsing: $0) })
        else { throw Self.strange("version") }
        self.key = key
        self.number = number
        self.id = id
        recordedAt = time
        status = json["status"]?.stringValue ?? ""
        node = version["node"]?.stringValue ?? ""
        conflict = version["conflict"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    private static func strange(_ what: String) -> ReportError {
        ReportError(.internal, "a record is not understood: \(what)")
    }

    /// Reads the people of the version.
    /// - Parameter bytes: what `get --people` prints.
    /// - Throws: ``ReportError`` `internal` when they are not understood.
    public mutating func addPeople(printed bytes: [UInt8]) throws(ReportError) {
        guard let elements = (try? JSONValue(parsing: bytes))?.arrayValue else {
            throw Self.strange("people")
        }
        var people: [Person] = []
        for element in elements {
            guard let person = try? Person(json: element) else { throw Self.strange("people") }
            people.append(person)
        }
        self.people = people
    }
}
