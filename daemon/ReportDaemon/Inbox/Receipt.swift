import ReportIntake
import ReportModel

/// Everything a receipt says.
struct Receipt: Sendable {
    /// The name under which the file lies in the outcome folder.
    var name: [UInt8]
    /// The outcome.
    var outcome: InboxOutcome
    /// What came back from the intake; for a file that was never read, only its error.
    var submitted: SubmitOutcomeFacts
    /// What was given.
    var given: GivenFacts
    /// Size in bytes.
    var size: Int64
    /// Hash of the content; nil when the file was not read.
    var hash: Hash256?
    /// When the outcome was known.
    var time: Timestamp
    /// The form as it is filled in, for a file in 待处理.
    var form = PendingForm()
    /// The divisions that the form's region is looked up in.
    var divisions = Divisions.standard
    /// The proof that the version stands in the log; null for a file that was not stored.
    var proof = JSONValue.null

    /// Key of the version, or of the record.
    var key: String? { submitted.version?.key ?? submitted.record?.key }

    /// The receipt for programs.
    var json: JSONValue {
        let record = submitted.record
        let findings = record?.findings ?? []
        var version = JSONValue.null
        if let stored = submitted.version {
            version = [
                "number": .integer(stored.number), "id": .string(stored.id),
                "log": .string(stored.log.description),
                "sequence": .integer(Int(clamping: stored.sequence)),
                "recordedAt": .string(stored.recordedAt.description),
            ]
        }
        return .object([
            "schema": "reportd.receipt/1",
            "file": .string(FileName.display(name)),
            "outcome": .string(outcome.rawValue),
            "processedAt": .string(time.description),
            "bytes": .integer(Int(size)),
            "sha256": .optional(hash?.hex),
            "key": .optional(key),
            "year": .optional(record?.year),
            "region": record?.region.json ?? .null,
            "unit": record?.unit.json ?? .null,
            "kind": .optional(record?.kind),
            "version": version,
            "duplicateOf": outcome == .duplicate ? .optional(submitted.version?.number) : .null,
            "files": submitted.files?.json ?? .null,
            "supplement": .bool(submitted.isSupplement),
            "droppedParts": .strings(Array(submitted.droppedParts.prefix(Self.listLimit))),
            "counts": record == nil ? .null : FindingCounts(findings).json,
            "findings": .array(
                findings.prefix(InboxLimits.maximumQuotedFindingCount).map { finding in
                    [
                        "rule": .string(finding.rule),
                        "severity": .string(finding.severity.rawValue),
                        "message": .string(ReceiptWords.line(finding.message)),
                    ]
                }
            ),
            "lacks": .strings(record.map(ReceiptLacks.lines) ?? []),
            "error": submitted.error?.json ?? .null,
            "given": given.json,
            "form": outcome == .pending ? form.json : .null,
            "cityReceivedAt": .null,
            "cityName": .null,
            "returned": .null,
            "review": .null,
            "proof": proof,
        ])
    }

    static let listLimit = InboxLimits.maximumListItemCount
}

/// The part of an intake's answer that a receipt tells.
struct SubmitOutcomeFacts: Sendable {
    var version: VersionInfo?
    var record: Record?
    var isSupplement = false
    var droppedParts: [String] = []
    var files: FileCount?
    var error: ReportError?
}
