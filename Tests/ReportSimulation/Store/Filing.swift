import ReportModel

/// Something that an office files: a report, or a judgement of one.
struct Filing: Hashable, Sendable {
    /// Number of the filing, unique within a simulation.
    var number: Int
    var region: String
    /// Filings with the same key make versions of one record.
    var key: String
    var kind: EntryKind = .submit
    var byteCount = 0

    /// The body, the same bytes however often it is filed.
    var body: Body {
        let value: JSONValue = [
            "path": .string(region), "filing": .integer(number), "key": .string(key),
            "text": .string(String(repeating: "x", count: byteCount)),
        ]
        let bytes = value.canonicalBytes
        return Body(
            kind: kind == .submit ? .record : .detail,
            salt: Hash256(hashing: Array("salt \(number)".utf8)),
            bytes: bytes
        )
    }
}

/// What simulated stores read from bodies.
enum Filings {
    static func region(of body: [UInt8]) -> String? {
        (try? JSONValue(parsing: body))?["path"]?.stringValue
    }
}
