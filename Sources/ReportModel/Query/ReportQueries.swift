/// Which moment a query is about.
public enum Moment: Hashable, Sendable {
    /// Everything held.
    case now
    /// Entries recorded up to this time; the same on every node.
    case asOf(Timestamp)
    /// Entries that had arrived at this node by this time.
    case knownHere(Timestamp)
}

/// Which body of a version a `get` wants.
public enum BodySelector: Hashable, Sendable {
    /// The record with `status` and `version` inserted, and a line feed.
    case record
    /// Names and telephone numbers.
    case people
    /// A source file by its index in the record's `sources`.
    case source(Int)
}

/// A found version with the bytes asked for.
public struct GetAnswer: Sendable {
    /// The version.
    public var version: VersionInfo
    /// The bytes asked for, as they are printed.
    public var bytes: [UInt8]
    /// File name, for a source.
    public var name: String?

    /// Makes an answer.
    public init(version: VersionInfo, bytes: [UInt8], name: String? = nil) {
        self.version = version
        self.bytes = bytes
        self.name = name
    }
}

/// One page of a list.
public struct ListPage: Sendable {
    /// Rows in ascending order of key.
    public var rows: [RecordSummary]
    /// Key to continue after; nil on the last page.
    public var next: String?

    /// Makes a page.
    public init(rows: [RecordSummary], next: String?) {
        self.rows = rows
        self.next = next
    }

    /// The object `{rows, next}`.
    public var json: JSONValue {
        ["rows": .array(rows.map(\.json)), "next": .optional(next)]
    }
}

/// One entry in the history of a key or in the change feed.
public struct HistoryItem: Hashable, Sendable {
    /// Local order of arrival, from 1, which is the position of a watcher; nil outside the feed.
    public var arrival: UInt64?
    /// Kind of the entry.
    public var kind: EntryKind
    /// The version that the entry made, or the entry's own data in the same shape.
    public var version: VersionInfo
    /// Findings of the version's record.
    public var findings: FindingCounts?
    /// Names of the source files.
    public var sources: [String]
    /// What a note or judgement says; of a version that was moved to its key, what the move says.
    public var detail: JSONValue?
    /// Versions that a note or judgement speaks of, as `N-<first 8 hex digits of the entry hash>`;
    /// those that are not held here by the 8 digits alone.
    public var about: [String]

    /// Makes an item.
    public init(
        arrival: UInt64? = nil,
        kind: EntryKind,
        version: VersionInfo,
        findings: FindingCounts? = nil,
        sources: [String] = [],
        detail: JSONValue? = nil,
        about: [String] = []
    ) {
        self.arrival = arrival
        self.kind = kind
        self.version = version
        self.findings = findings
        self.sources = sources
        self.detail = detail
        self.about = about
    }

    /// The version's object with `key`, `kind`, `status`, `findings`, `sources`, `detail` and `about` of
    /// entries that speak of versions, and `position` in the feed.
    public var json: JSONValue {
        var members = version.json.objectValue ?? [:]
        members["key"] = .string(version.key)
        members["kind"] = .string(kind.name)
        members["status"] = .string(version.status.rawValue)
        members["findings"] = findings?.json ?? .null
        members["sources"] = .strings(sources)
        if let detail { members["detail"] = detail }
        if !about.isEmpty { members["about"] = .strings(about) }
        if let arrival { members["position"] = .integer(Int(clamping: arrival)) }
        return .object(members)
    }
}

/// Result of checking a whole store.
public struct VerifyReport: Sendable {
    /// Entries whose header, chain and hash were checked.
    public var entryCount = 0
    /// Bodies whose salted hash was checked.
    public var bodyCount = 0
    /// Bodies that are not here: erased, or never sent.
    public var absentBodyCount = 0
    /// Logs checked, with the signature of their heads.
    public var logCount = 0
    /// Derived rows checked against the log.
    public var derivedRowCount = 0
    /// What is wrong, each with its place; empty when all is well.
    public var problems: [String] = []
    /// What is no fault and worth telling, such as forked logs whose owners were released.
    public var notes: [String] = []
    /// Whether pages of the data file are damaged, so that nothing may be written to it.
    public var hasDamagedPages = false

    /// Makes an empty report.
    public init() {}

    /// Reads the object that ``json`` writes; nil for any other.
    /// - Parameter json: an object.
    public init?(json: JSONValue) {
        guard let problems = json["problems"]?.arrayValue, json["sound"]?.boolValue != nil else {
            return nil
        }
        func count(_ name: String) -> Int { json[name]?.integerValue ?? 0 }
        entryCount = count("entries")
        bodyCount = count("bodies")
        absentBodyCount = count("absentBodies")
        logCount = count("logs")
        derivedRowCount = count("derivedRows")
        self.problems = problems.compactMap(\.stringValue)
        notes = json["notes"]?.arrayValue?.compactMap(\.stringValue) ?? []
        hasDamagedPages = json["damagedPages"]?.boolValue ?? false
    }

    /// Whether nothing is wrong.
    public var isSound: Bool { problems.isEmpty }

    /// The report as an object.
    public var json: JSONValue {
        [
            "sound": .bool(isSound), "entries": .integer(entryCount),
            "bodies": .integer(bodyCount), "absentBodies": .integer(absentBodyCount),
            "logs": .integer(logCount), "derivedRows": .integer(derivedRowCount),
            "problems": .strings(problems), "notes": .strings(notes),
            "damagedPages": .bool(hasDamagedPages),
        ]
    }
}

/// Figures of a store for `status`.
public struct StoreStatus: Sendable {
    /// The node.
    public var node: NodeID
    /// Name of the node.
    public var name: String
    /// The log that it appends to.
    public var ownLog: LogID
    /// Every log held.
    public var logs: [LogState]
    /// Number of keys.
    public var keyCount: Int
    /// Number of versions.
    public var versionCount: Int
    /// Arrival number of the newest entry.
    public var arrival: UInt64
    /// Bytes used in the store's file.
    public var usedByteCount: Int
    /// Newest acknowledgements, one for each log and peer.
    public var acknowledgements: [Acknowledgement]
    /// The newest stamp of each log where it is more than 24 hours ahead of this node's clock.
    public var aheadOfClock: [LogID: Timestamp] = [:]
    /// Room on the store's file system; nil when the system does not tell.
    public var disk: DiskCondition?
    /// Why nothing is appended at present; nil when appends are taken.
    public var hold: FilingHold?

    /// Makes a status.
    public init(
        node: NodeID,
        name: String,
        ownLog: LogID,
        logs: [LogState],
        keyCount: Int,
        versionCount: Int,
        arrival: UInt64,
        usedByteCount: Int,
        acknowledgements: [Acknowledgement]
    ) {
        self.node = node
        self.name = name
        self.ownLog = ownLog
        self.logs = logs
        self.keyCount = keyCount
        self.versionCount = versionCount
        self.arrival = arrival
        self.usedByteCount = usedByteCount
        self.acknowledgements = acknowledgements
    }

    /// The status as an object.
    public var json: JSONValue {
        [
            "node": .string(node.description), "name": .string(name),
            "ownLog": .string(ownLog.description), "keys": .integer(keyCount),
            "versions": .integer(versionCount), "position": .integer(Int(clamping: arrival)),
            "usedBytes": .integer(usedByteCount), "disk": disk?.json ?? .null,
            "hold": hold?.json ?? .null,
            "logs": .array(
                logs.map { log in
                    [
                        "log": .string(log.descriptor.id.description),
                        "node": .string(log.descriptor.node.description),
                        "name": .string(log.descriptor.name),
                        "held": .integer(Int(clamping: log.position.sequence)),
                        "signed": .integer(Int(clamping: log.head?.size ?? 0)),
                        "hash": .string(log.position.hash.hex),
                        "forked": .bool(log.isForked),
                        "aheadOfClock": .optional(
                            aheadOfClock[log.descriptor.id]?.description
                        ),
                    ]
                }
            ),
            "acknowledgements": .array(
                acknowledgements.map { acknowledgement in
                    [
                        "log": .string(acknowledgement.position.log.description),
                        "sequence": .integer(Int(clamping: acknowledgement.position.sequence)),
                        "by": .string(acknowledgement.node.description),
                        "receivedAt": .string(acknowledgement.receivedAt.description),
                    ]
                }
            ),
        ]
    }
}
