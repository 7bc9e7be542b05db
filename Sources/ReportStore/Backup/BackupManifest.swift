public import ReportModel

/// What a backup holds.
///
/// Source: docs/format.md section 7.
public struct BackupManifest: Hashable, Sendable {
    /// Name and version of the form.
    public static let format = "reportd.backup/1"

    /// What kind of backup it is.
    public enum Kind: String, Sendable {
        /// A whole store.
        case full
        /// Entries after the positions of another backup.
        case increment
    }

    /// What kind of backup it is.
    public var kind: Kind
    /// The store's identifier: 32 hexadecimal digits.
    public var store: String
    /// The node.
    public var node: NodeID
    /// Name of the node.
    public var name: String
    /// The log that the node appended to.
    public var ownLog: LogID
    /// How far each log is held.
    public var positions: [LogPosition]
    /// How far each log was held where an increment begins; empty in a full backup.
    public var since: [LogPosition]
    /// Arrival number of the newest entry.
    public var arrival: UInt64
    /// Format of the store.
    public var storeFormat: UInt32
    /// Version of the program.
    public var program: String
    /// When it was made.
    public var madeAt: Timestamp
    /// Bytes of the data, without the manifest.
    public var byteCount: Int
    /// SHA-256 of the data; nil in an increment, which ends with it.
    public var digest: Hash256?
    /// The node's secret key; nil unless it was asked for.
    public var key: [UInt8]?

    /// The manifest as an object.
    public var json: JSONValue {
        .object([
            "format": .string(Self.format), "kind": .string(kind.rawValue),
            "store": .string(store), "node": .string(node.description), "name": .string(name),
            "ownLog": .string(ownLog.description), "logs": .array(positions.map(\.json)),
            "since": .array(since.map(\.json)), "arrival": .integer(Int(clamping: arrival)),
            "storeFormat": .integer(Int(storeFormat)), "program": .string(program),
            "madeAt": .string(madeAt.description), "bytes": .integer(byteCount),
            "sha256": .optional(digest?.hex),
            "key": .optional(key.map { HexText.text($0) }),
        ])
    }

    /// The manifest without the secret key, to be shown.
    public var publicJSON: JSONValue {
        var members = json.objectValue ?? [:]
        members["key"] = key == nil ? .null : "present"
        return .object(members)
    }

    /// Reads a manifest.
    /// - Parameter json: what ``json`` gives.
    /// - Throws: ``ReportError`` `unreadable`, `unsupported` for another form.
    public init(json: JSONValue) throws(ReportError) {
        guard let format = json["format"]?.stringValue, format.hasPrefix("reportd.backup/") else {
            throw ReportError(.unreadable, "this is no backup of reportd")
        }
        guard format == Self.format else {
            throw ReportError(.unsupported, "backups of the form '\(format)' are not known")
        }
        guard let kind = (json["kind"]?.stringValue).flatMap(Kind.init(rawValue:)),
            let store = json["store"]?.stringValue,
            let node = (json["node"]?.stringValue).flatMap({ NodeID(parsing: $0) }),
            let name = json["name"]?.stringValue,
            let ownLog = (json["ownLog"]?.stringValue).flatMap({ LogID(hex: $0) }),
            let positions = Self.positions(json["logs"]), let since = Self.positions(json["since"]),
            let arrival = json["arrival"]?.integerValue, arrival >= 0,
            let storeFormat = json["storeFormat"]?.integerValue,
            let program = json["program"]?.stringValue,
            let madeAt = (json["madeAt"]?.stringValue).flatMap({ Timestamp(parsing: $0) }),
            let byteCount = json["bytes"]?.integerValue, byteCount >= 0
        else { throw ReportError(.unreadable, "the manifest of the backup is not understood") }
        self.kind = kind
        self.store = store
        self.node = node
        self.name = name
        self.ownLog = ownLog
        self.positions = positions
        self.since = since
        self.arrival = UInt64(arrival)
        self.storeFormat = UInt32(clamping: storeFormat)
        self.program = program
        self.madeAt = madeAt
        self.byteCount = byteCount
        digest = (json["sha256"]?.stringValue).flatMap { Hash256(hex: $0) }
        key = (json["key"]?.stringValue).flatMap { HexText.bytes($0) }
    }

    private static func positions(_ json: JSONValue?) -> [LogPosition]? {
        guard let array = json?.arrayValue else { return nil }
        let positions = array.compactMap { row -> LogPosition? in
            guard let log = (row["log"]?.stringValue).flatMap({ LogID(hex: $0) }),
                let sequence = row["sequence"]?.integerValue, sequence >= 0,
                let hash = (row["hash"]?.stringValue).flatMap({ Hash256(hex: $0) })
            else { return nil }
            return LogPosition(log: log, sequence: UInt64(sequence), hash: hash)
        }
        return positions.count == array.count ? positions : nil
    }

    /// The manifest of a store as it is in one snapshot.
    init(kind: Kind, of store: Store) throws(ReportError) {
        let facts = try store.backupFacts()
        self.kind = kind
        self.store = HexText.text(facts.store)
        node = store.node
        name = store.nodeName
        ownLog = facts.ownLog
        positions = facts.positions
        since = []
        arrival = facts.arrival
        storeFormat = facts.format
        program = ReportdVersion.text
        madeAt = store.clock()
        byteCount = 0
    }
}
