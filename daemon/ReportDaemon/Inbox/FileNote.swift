import ReportModel

/// What the journal holds about a file that is in work.
///
/// Without a decision the file may or may not be stored; with one it only has to be put away.
struct FileNote: Sendable {
    /// What was decided, with everything needed to finish without reading the document again.
    struct Decision: Sendable {
        var outcome: InboxOutcome
        /// Where the file goes.
        var target: InboxPath
        /// The receipt for people, line by line.
        var lines: [String]
        /// The receipt for programs.
        var receipt: JSONValue
        /// Files that end with this decision: the form in 待处理 and its twin.
        var removals: [InboxPath]
        var key: String?
        var version: String?
        var code: ReportError.Code?
        /// The place of the stored version, when the city's acknowledgement is awaited.
        var place: VersionPlace?
        var form: PendingForm
    }

    var path: InboxPath
    /// Hash of the content; nil for a file that is too large to be read.
    var hash: Hash256?
    var stamp: FileStamp
    var attempts: Int
    /// When the first attempt with this content began.
    var notedAt: Timestamp
    var decision: Decision?
}

/// The place of a version: log and sequence.
struct VersionPlace: Hashable, Sendable {
    var log: LogID
    var sequence: UInt64

    init(log: LogID, sequence: UInt64) {
        self.log = log
        self.sequence = sequence
    }

    init(_ version: VersionInfo) { self.init(log: version.log, sequence: version.sequence) }

    var json: JSONValue {
        ["log": .string(log.description), "sequence": .string(String(sequence))]
    }

    init?(json: JSONValue?) {
        guard let log = json?["log"]?.stringValue.flatMap({ LogID(hex: $0) }),
            let sequence = json?["sequence"]?.stringValue.flatMap({ UInt64($0) })
        else { return nil }
        self.init(log: log, sequence: sequence)
    }
}

extension FileNote {
    var json: JSONValue {
        .object([
            "format": 1,
            "path": path.json,
            "hash": .optional(hash?.hex),
            "stamp": stamp.json,
            "attempts": .integer(attempts),
            "notedAt": .integer(Int(clamping: notedAt.milliseconds)),
            "decision": decision?.json ?? .null,
        ])
    }

    /// Reads a note; nil when another program wrote it.
    init?(bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), let path = InboxPath(json: json["path"]),
            let stamp = FileStamp(json: json["stamp"]),
            let attempts = json["attempts"]?.integerValue,
            let notedAt = json["notedAt"]?.integerValue
        else { return nil }
        self.init(
            path: path,
            hash: json["hash"]?.stringValue.flatMap { Hash256(hex: $0) },
            stamp: stamp,
            attempts: attempts,
            notedAt: Timestamp(milliseconds: UInt64(clamping: notedAt))
        )
        if let element = json["decision"], !element.isNull {
            guard let decision = Decision(json: element) else { return nil }
            self.decision = decision
        }
    }
}

extension FileNote.Decision {
    var json: JSONValue {
        .object([
            "outcome": .string(outcome.rawValue),
            "target": target.json,
            "lines": .strings(lines),
            "receipt": receipt,
            "removals": .array(removals.map(\.json)),
            "key": .optional(key),
            "version": .optional(version),
            "code": .optional(code?.rawValue),
            "place": place?.json ?? .null,
            "form": form.json,
        ])
    }

    init?(json: JSONValue) {
        guard let outcome = json["outcome"]?.stringValue.flatMap(InboxOutcome.init),
            let target = InboxPath(json: json["target"]), let receipt = json["receipt"]
        else { return nil }
        self.init(
            outcome: outcome,
            target: target,
            lines: (json["lines"]?.arrayValue ?? []).compactMap(\.stringValue),
            receipt: receipt,
            removals: (json["removals"]?.arrayValue ?? []).compactMap { InboxPath(json: $0) },
            key: json["key"]?.stringValue,
            version: json["version"]?.stringValue,
            code: json["code"]?.stringValue.flatMap(ReportError.Code.init),
            place: VersionPlace(json: json["place"]),
            form: PendingForm(json: json["form"])
        )
    }
}

extension InboxPath {
    var json: JSONValue { .string(HexText.text(bytes)) }

    init?(json: JSONValue?) {
        guard let bytes = json?.stringValue.flatMap({ HexText.bytes($0) }), !bytes.isEmpty else {
            return nil
        }
        self.init(bytes: bytes)
    }
}
