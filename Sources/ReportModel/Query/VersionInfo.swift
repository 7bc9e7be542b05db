/// Status of a version: the last review that names it decides.
public enum VersionStatus: String, Hashable, Sendable, CaseIterable {
    case submitted
    case approved
    case returned
    case retracted
}

/// One version of a record, without its bodies.
public struct VersionInfo: Hashable, Sendable {
    /// The key.
    public var key: String
    /// Version number.
    public var number: Int
    /// Hash of the entry.
    public var hash: Hash256
    /// Hashes of the entries that it follows.
    public var parents: [Hash256]
    /// The log.
    public var log: LogID
    /// Place in the log.
    public var sequence: UInt64
    /// When the owning node recorded it.
    public var recordedAt: Timestamp
    /// When this node stored it.
    public var arrivedAt: Timestamp
    /// Name of the owning node.
    public var node: String
    /// Comment of the last review.
    public var comment: String?
    /// Status.
    public var status: VersionStatus
    /// Other heads of the key, when there are several.
    public var conflict: [String]

    /// Makes a version.
    public init(
        key: String,
        number: Int,
        hash: Hash256,
        parents: [Hash256],
        log: LogID,
        sequence: UInt64,
        recordedAt: Timestamp,
        arrivedAt: Timestamp,
        node: String,
        comment: String? = nil,
        status: VersionStatus = .submitted,
        conflict: [String] = []
    ) {
        self.key = key
        self.number = number
        self.hash = hash
        self.parents = parents
        self.log = log
        self.sequence = sequence
        self.recordedAt = recordedAt
        self.arrivedAt = arrivedAt
        self.node = node
        self.comment = comment
        self.status = status
        self.conflict = conflict
    }

    /// Identifier for programs: `N-<first 8 hex digits of the entry hash>`.
    public var id: String { "\(number)-\(hash.shortHex)" }

    /// The object under `version` of a record that was got.
    ///
    /// Source: record schema, paragraph on `version`. The arrival is left out: it differs from
    /// node to node.
    public var json: JSONValue {
        .object([
            "number": .integer(number),
            "id": .string(id),
            "parents": .array(parents.map { .string($0.hex) }),
            "log": .string(log.description),
            "sequence": .integer(Int(clamping: sequence)),
            "recordedAt": .string(recordedAt.description),
            "node": .string(node),
            "comment": .optional(comment),
            "conflict": .strings(conflict),
        ])
    }
}
