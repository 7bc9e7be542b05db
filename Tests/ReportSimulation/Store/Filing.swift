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

    /// The text of a key, which tells its region; without a number that of one under which several offices file.
    static func key(_ number: Int?, of region: String) -> String {
        (number.map { "key \($0)" } ?? "shared") + " of " + region
    }

    /// The region that a key tells.
    static func region(of key: String) -> String {
        let words = key.split(separator: " ")
        return words.last.map(String.init) ?? key
    }

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
    /// The region that a report, or a judgement of it, states beside the key whose hash its entry has.
    static func region(of body: [UInt8], hash: Hash256) -> String? {
        guard let json = try? JSONValue(parsing: body), let key = json["key"]?.stringValue,
            Entry.keyHash(of: key) == hash
        else { return nil }
        return json["path"]?.stringValue
    }

    /// The key that a report, or a judgement of it, states.
    static func key(of body: [UInt8]) -> String? {
        (try? JSONValue(parsing: body))?["key"]?.stringValue
    }
}
