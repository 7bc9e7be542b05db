/// What an auditor wants to see: erasures, forced facts, new readings and moves.
///
/// Source: docs/protocol.md section 3.9.
public struct AuditQuery: QueryForm {
    /// Only keys that it matches; nil for all.
    public var within: Lookup?
    /// Only entries recorded at or after this time.
    public var since: Timestamp?
    /// Most rows.
    public var limit: Int
    /// Continue after this entry, as `next` of the page before names it.
    public var after: String?

    /// Makes a question.
    /// - Parameters:
    ///   - within: only keys that it matches.
    ///   - since: only entries recorded at or after this time.
    ///   - limit: most rows.
    ///   - after: continue after this entry.
    public init(
        within: Lookup? = nil,
        since: Timestamp? = nil,
        limit: Int = WorkflowLimits.defaultPageCount,
        after: String? = nil
    ) {
        self.within = within
        self.since = since
        self.limit = limit
        self.after = after
    }

    /// The arguments as `HELP` prints them.
    public static let usage = "[<lookup>] [since=T] [limit=N] [after=HASH]"

    /// Takes what it needs.
    /// - Throws: ``ReportError`` `usage`.
    public init(taking arguments: inout QueryArguments) throws(ReportError) {
        within = try arguments.lookup()
        since = try arguments.time("since", bareDate: .beginning)
        limit =
            try arguments.integer("limit", in: 1...WorkflowLimits.maximumPageCount)
            ?? WorkflowLimits.defaultPageCount
        after = arguments.text("after")
    }

    /// The arguments that are read back.
    public var arguments: QueryArguments {
        var arguments = QueryArguments()
        arguments.append(within?.description)
        arguments.set("since", since?.description)
        if limit != WorkflowLimits.defaultPageCount { arguments.set("limit", String(limit)) }
        arguments.set("after", after)
        return arguments
    }
}
