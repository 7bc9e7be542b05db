/// A judgement of one or many versions by a reviewer.
///
/// Source: DESIGN section 3, entries of kind `review`; docs/protocol.md section 3.7.
public struct ReviewCommand: Hashable, Sendable {
    /// Each must name one key; with a version, that one is judged, else the current one.
    public var lookups: [Lookup]
    /// What is said of them.
    public var verdict: Verdict
    /// Why; must be there when versions are returned.
    public var comment: String?
    /// Who judges.
    public var by: String?

    /// Makes a command.
    /// - Parameters:
    ///   - lookups: what is judged.
    ///   - verdict: what is said.
    ///   - comment: why.
    ///   - by: who judges.
    /// - Throws: ``ReportError`` `usage` without a comment where one must be, or without lookups.
    public init(
        _ lookups: [Lookup],
        _ verdict: Verdict,
        comment: String? = nil,
        by: String? = nil
    ) throws(ReportError) {
        guard (1...WorkflowLimits.maximumLookupCount).contains(lookups.count) else {
            throw ReportError(
                .usage,
                "a review names 1 to \(WorkflowLimits.maximumLookupCount) records"
            )
        }
        if verdict == .returned { try WorkflowLimits.required(comment ?? "", "the comment") }
        try WorkflowLimits.check(comment, "the comment")
        try WorkflowLimits.check(by: by)
        self.lookups = lookups
        self.verdict = verdict
        self.comment = comment
        self.by = by
    }

    /// Reads the object that ``json`` makes.
    /// - Parameter json: an object.
    /// - Throws: ``ReportError`` `usage` that says what is wrong.
    public init(json: JSONValue) throws(ReportError) {
        guard let verdict = Verdict(word: json["verdict"]?.stringValue ?? "") else {
            throw ReportError(.usage, "verdict must be one of approve, return, undo")
        }
        try self.init(
            try json.lookups(limit: WorkflowLimits.maximumLookupCount),
            verdict,
            comment: json["comment"]?.stringValue,
            by: json["by"]?.stringValue
        )
    }

    /// The object `{lookups, verdict, comment, by}`.
    public var json: JSONValue {
        var members = detail.objectValue ?? [:]
        members["lookups"] = .strings(lookups.map(\.description))
        return .object(members)
    }

    /// What is kept with each version that is judged.
    public var detail: JSONValue {
        [
            "verdict": .string(verdict.word), "comment": .optional(comment), "by": .optional(by),
        ]
    }
}
