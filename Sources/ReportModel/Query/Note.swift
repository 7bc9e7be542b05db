/// What somebody says about a finding: an explanation, or that an earlier one no longer holds.
///
/// It is kept under the finding's fingerprint, so it holds for the next version as well.
///
/// Source: DESIGN section 3, entries of kind `note`; docs/format.md section 1.3.
public struct Note: Hashable, Sendable {
    /// Bytes of the longest text.
    public static let maximumTextByteCount = 8 << 10
    /// Bytes of the longest name.
    public static let maximumAuthorByteCount = 200

    /// The finding's fingerprint.
    public var fingerprint: String
    /// The explanation; empty when one is withdrawn.
    public var text: String
    /// Who says so.
    public var author: String?
    /// Whether earlier explanations of this finding no longer hold.
    public var isWithdrawal: Bool { text.isEmpty }

    /// Makes a note.
    /// - Parameters:
    ///   - fingerprint: 16 hexadecimal digits.
    ///   - text: the explanation; empty exactly for a withdrawal.
    ///   - author: who says so.
    /// - Throws: ``ReportError`` `usage` when the fingerprint is none or a text is too long.
    public init(
        fingerprint: String,
        text: String,
        author: String? = nil
    ) throws(ReportError) {
        let digits = fingerprint.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
        }
        guard digits, fingerprint.utf8.count == 16 else {
            throw ReportError(
                .usage,
                "'\(fingerprint)' is no fingerprint of a finding",
                hint: "reportctl check KEY shows the findings"
            )
        }
        guard text.utf8.count <= Self.maximumTextByteCount,
            author?.utf8.count ?? 0 <= Self.maximumAuthorByteCount
        else {
            throw ReportError(.tooLarge, "a note has at most \(Self.maximumTextByteCount) bytes")
        }
        self.fingerprint = fingerprint
        self.text = text
        self.author = author
    }

    /// Reads the object that ``json`` makes.
    /// - Parameter json: an object.
    /// - Throws: ``ReportError`` `usage` that says what is wrong.
    public init(json: JSONValue) throws(ReportError) {
        try self.init(
            fingerprint: json["fingerprint"]?.stringValue ?? "",
            text: json["text"]?.stringValue ?? "",
            author: json["author"]?.stringValue
        )
    }

    /// The object `{author, fingerprint, text}`, which is the entry's body `detail`.
    public var json: JSONValue {
        [
            "author": .optional(author), "fingerprint": .string(fingerprint),
            "text": .string(text),
        ]
    }
}

/// A note as it stands in a log.
public struct NoteItem: Hashable, Sendable {
    /// What was said.
    public var note: Note
    /// The record's key.
    public var key: String
    /// The version that was spoken of, as `N-<first 8 hex digits of the entry hash>`; nil when it is
    /// not held here.
    public var version: String?
    /// When the owning node recorded it.
    public var recordedAt: Timestamp
    /// Name of the owning node.
    public var node: String
    /// Hash of the entry.
    public var hash: Hash256

    /// Makes the value from its fields.
    public init(
        note: Note,
        key: String,
        version: String?,
        recordedAt: Timestamp,
        node: String,
        hash: Hash256
    ) {
        self.note = note
        self.key = key
        self.version = version
        self.recordedAt = recordedAt
        self.node = node
        self.hash = hash
    }

    /// Reads the object that ``json`` makes.
    /// - Parameter json: an object.
    /// - Throws: ``ReportError`` `internal` when a field is missing.
    public init(json: JSONValue) throws(ReportError) {
        guard let key = json["key"]?.stringValue,
            let hash = json["hash"]?.stringValue.flatMap({ Hash256(hex: $0) }),
            let time = json["recordedAt"]?.stringValue.flatMap({ Timestamp(parsing: $0) })
        else { throw ReportError(.internal, "the note is not understood") }
        self.init(
            note: try Note(json: json),
            key: key,
            version: json["version"]?.stringValue,
            recordedAt: time,
            node: json["node"]?.stringValue ?? "",
            hash: hash
        )
    }

    /// The note's object with `key`, `version`, `recordedAt`, `node` and `hash`.
    public var json: JSONValue {
        var members = note.json.objectValue ?? [:]
        members["key"] = .string(key)
        members["version"] = .optional(version)
        members["recordedAt"] = .string(recordedAt.description)
        members["node"] = .string(node)
        members["hash"] = .string(hash.hex)
        return .object(members)
    }

    /// The explanations that hold: for each fingerprint the last note, unless it is a withdrawal.
    /// - Parameter items: the notes of a key, oldest first.
    /// - Returns: the last word on each finding.
    public static func holding(_ items: [NoteItem]) -> [String: NoteItem] {
        var result: [String: NoteItem] = [:]
        for item in items {
            result[item.note.fingerprint] = item.note.isWithdrawal ? nil : item
        }
        return result
    }
}
