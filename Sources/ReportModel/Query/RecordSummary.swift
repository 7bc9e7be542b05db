/// The line that a list, a table of candidates or a reviewer's queue shows of a record.
public struct RecordSummary: Hashable, Sendable {
    /// The winner among the key's heads.
    public var version: VersionInfo
    /// Evaluated year.
    public var year: Int
    /// Full name of the unit as printed.
    public var unit: String?
    /// The record's kind.
    public var kind: String
    /// Title as printed.
    public var title: String?
    /// Total score as printed.
    public var score: String?
    /// Grade as printed.
    public var grade: String?
    /// Execution rate in per cent as printed.
    public var executionRate: String?
    /// Region code.
    public var regionCode: String?
    /// Findings by severity.
    public var findings: FindingCounts
    /// Whether the record's body was erased or was never sent to this node.
    public var isWithheld: Bool
    /// When the first version was recorded; nil where that was not looked up.
    public var filedAt: Timestamp?
    /// Kinds of the record's parts, none twice; nil where they were not looked up.
    public var partKinds: [PartKind]?
    /// What the judgement that gave the status says; nil where nothing was said or looked up.
    public var comment: String?

    /// Makes a summary.
    public init(
        version: VersionInfo,
        year: Int,
        unit: String? = nil,
        kind: String,
        title: String? = nil,
        score: String? = nil,
        grade: String? = nil,
        executionRate: String? = nil,
        regionCode: String? = nil,
        findings: FindingCounts = FindingCounts(),
        isWithheld: Bool = false,
        filedAt: Timestamp? = nil,
        partKinds: [PartKind]? = nil,
        comment: String? = nil
    ) {
        self.version = version
        self.year = year
        self.unit = unit
        self.kind = kind
        self.title = title
        self.score = score
        self.grade = grade
        self.executionRate = executionRate
        self.regionCode = regionCode
        self.findings = findings
        self.isWithheld = isWithheld
        self.filedAt = filedAt
        self.partKinds = partKinds
        self.comment = comment
    }

    /// The object of one row of `list` and of `candidates`.
    ///
    /// `withheld` stands in it only when it is true; only rows of `list` have `filedAt`, `partKinds`
    /// and, where something was said, `comment`.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "key": .string(version.key),
            "year": .integer(year),
            "unit": .optional(unit),
            "kind": .string(kind),
            "title": .optional(title),
            "version": .integer(version.number),
            "id": .string(version.id),
            "status": .string(version.status.rawValue),
            "score": .optional(score),
            "grade": .optional(grade),
            "executionRate": .optional(executionRate),
            "region": .optional(regionCode),
            "recordedAt": .string(version.recordedAt.description),
            "findings": findings.json,
            "conflict": .bool(!version.conflict.isEmpty),
        ]
        if isWithheld { members["withheld"] = true }
        if let filedAt { members["filedAt"] = .string(filedAt.description) }
        if let comment { members["comment"] = .string(comment) }
        if let partKinds { members["partKinds"] = .strings(partKinds.map(\.rawValue)) }
        return .object(members)
    }
}
