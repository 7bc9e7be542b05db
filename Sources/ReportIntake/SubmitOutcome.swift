public import ReportModel

/// What became of one file that was handed in.
public struct SubmitOutcome: Sendable {
    /// The three ends a readable file can come to.
    public enum Outcome: String, Sendable {
        /// A new version is on disk.
        case stored
        /// The current version holds the same file already.
        case duplicate
        /// Nothing was stored; `error` says why.
        case rejected
    }

    /// File name.
    public var file: String
    /// What became of it.
    public var outcome: Outcome
    /// The version stored or repeated.
    public var version: VersionInfo?
    /// The record that was stored, or that the parser made of a rejected file.
    public var record: Record?
    /// Whether the file was joined to the parts that the record had.
    public var isSupplement: Bool
    /// Titles of parts that the head had and the new version no longer has.
    public var droppedParts: [String]
    /// How many files a filing of several has; nil for a single file.
    public var files: FileCount?
    /// Why nothing was stored.
    public var error: ReportError?

    /// Makes an outcome.
    public init(
        file: String,
        outcome: Outcome,
        version: VersionInfo? = nil,
        record: Record? = nil,
        isSupplement: Bool = false,
        droppedParts: [String] = [],
        files: FileCount? = nil,
        error: ReportError? = nil
    ) {
        self.file = file
        self.outcome = outcome
        self.version = version
        self.record = record
        self.isSupplement = isSupplement
        self.droppedParts = droppedParts
        self.files = files
        self.error = error
    }

    /// The object `{file, outcome, key, version, duplicateOf, findings, supplement, files, error}`.
    ///
    /// Source: DESIGN section 7.
    public var json: JSONValue {
        var versionJSON = JSONValue.null
        if let version {
            versionJSON = ["number": .integer(version.number), "id": .string(version.id)]
        }
        let findings = record.map { FindingCounts($0.findings).json } ?? .null
        return .object([
            "file": .string(file),
            "outcome": .string(outcome.rawValue),
            "key": .optional(version?.key ?? record?.key),
            "version": versionJSON,
            "duplicateOf": outcome == .duplicate ? .optional(version?.number) : .null,
            "findings": outcome == .rejected ? .null : findings,
            "supplement": .bool(isSupplement),
            "files": files?.json ?? .null,
            "error": error?.json ?? .null,
        ])
    }
}
