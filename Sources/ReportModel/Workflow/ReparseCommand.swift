/// New readings of stored versions with today's parser.
///
/// Source: DESIGN section 3, entries of kind `reparse`.
public struct ReparseCommand: Hashable, Sendable {
    /// Each must name one key; with a version, that one is read, else the current one.
    public var lookups: [Lookup]
    /// Only records that an older parser made are read; nil: all.
    public var olderThan: String?
    /// Whether it is only told what would change.
    public var isRehearsal: Bool
    /// Why.
    public var reason: String?
    /// Who says so.
    public var by: String?

    /// Makes a command.
    /// - Parameters:
    ///   - lookups: what is read.
    ///   - olderThan: version of a parser.
    ///   - isRehearsal: whether it is only told what would change.
    ///   - reason: why.
    ///   - by: who says so.
    /// - Throws: ``ReportError`` `usage` without lookups.
    public init(
        _ lookups: [Lookup],
        olderThan: String? = nil,
        isRehearsal: Bool = false,
        reason: String? = nil,
        by: String? = nil
    ) throws(ReportError) {
        guard (1...WorkflowLimits.maximumReadingCount).contains(lookups.count) else {
            throw ReportError(
                .usage,
                "1 to \(WorkflowLimits.maximumReadingCount) records are read anew at a time"
            )
        }
        try WorkflowLimits.check(reason, "the reason")
        try WorkflowLimits.check(by: by)
        self.lookups = lookups
        self.olderThan = olderThan
        self.isRehearsal = isRehearsal
        self.reason = reason
        self.by = by
    }

    /// Reads the object that ``json`` makes.
    /// - Parameter json: an object.
    /// - Throws: ``ReportError`` `usage` that says what is wrong.
    public init(json: JSONValue) throws(ReportError) {
        try self.init(
            try json.lookups(limit: WorkflowLimits.maximumReadingCount),
            olderThan: json["olderThan"]?.stringValue,
            isRehearsal: json["rehearsal"]?.boolValue ?? false,
            reason: json["reason"]?.stringValue,
            by: json["by"]?.stringValue
        )
    }

    /// The object `{lookups, olderThan, rehearsal, reason, by}`.
    public var json: JSONValue {
        [
            "lookups": .strings(lookups.map(\.description)), "olderThan": .optional(olderThan),
            "rehearsal": .bool(isRehearsal), "reason": .optional(reason), "by": .optional(by),
        ]
    }
}

/// A new reading of a version, ready to be appended.
public struct Reading: Sendable {
    /// The version that was read.
    public var version: Hash256
    /// The record that was read before, as it is stored; the append fails when it is another by then.
    public var before: Hash256
    /// What was read; its key is that of the version.
    public var record: Record
    /// Names and telephone numbers.
    public var people: [Person]
    /// Why.
    public var reason: String?
    /// Who says so.
    public var by: String?

    /// Makes a reading.
    public init(
        of version: Hash256,
        before: Hash256,
        record: Record,
        people: [Person],
        reason: String? = nil,
        by: String? = nil
    ) {
        self.version = version
        self.before = before
        self.record = record
        self.people = people
        self.reason = reason
        self.by = by
    }
}
