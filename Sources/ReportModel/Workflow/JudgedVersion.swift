/// What became of a version that a command spoke of.
public struct JudgedVersion: Hashable, Sendable {
    /// The version, with the status that it has now.
    public var version: VersionInfo
    /// Hash of the entry that was appended.
    public var entry: Hash256
    /// When it was recorded.
    public var recordedAt: Timestamp

    /// Makes the value from its fields.
    public init(version: VersionInfo, entry: Hash256, recordedAt: Timestamp) {
        self.version = version
        self.entry = entry
        self.recordedAt = recordedAt
    }

    /// The object `{key, version, number, status, comment, entry, recordedAt}`.
    public var json: JSONValue {
        [
            "key": .string(version.key), "version": .string(version.id),
            "number": .integer(version.number), "status": .string(version.status.rawValue),
            "comment": .optional(version.comment), "entry": .string(entry.hex),
            "recordedAt": .string(recordedAt.description),
        ]
    }
}
