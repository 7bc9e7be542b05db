/// What waits for a reviewer: current versions without a judgement.
///
/// Source: docs/protocol.md section 3.9.
public struct QueueQuery: QueryForm {
    /// What comes first; rows that are alike in it come by age.
    public enum Order: String, Hashable, Sendable, CaseIterable {
        /// The oldest first.
        case age
        /// The earliest deadline of the roster first; what has no deadline last.
        case deadline
        /// Most findings without an explanation first, graver ones before others.
        case open
    }

    /// Only keys that it matches; nil for all.
    public var within: Lookup?
    /// Whether findings without an explanation are counted; they are when they make the order.
    public var countsOpenFindings: Bool
    /// What comes first.
    public var order: Order
    /// The day from which days to and from deadlines are counted; nil for the present.
    public var day: Timestamp?
    /// Most rows.
    public var limit: Int
    /// Continue after this row, as `next` of the page before names it.
    public var after: String?

    /// Makes a question.
    /// - Parameters:
    ///   - within: only keys that it matches.
    ///   - countsOpenFindings: whether findings without an explanation are counted.
    ///   - order: what comes first.
    ///   - day: the day from which days to and from deadlines are counted.
    ///   - limit: most rows.
    ///   - after: continue after this row.
    public init(
        within: Lookup? = nil,
        countsOpenFindings: Bool = false,
        order: Order = .age,
        day: Timestamp? = nil,
        limit: Int = WorkflowLimits.defaultPageCount,
        after: String? = nil
    ) {
        self.within = within
        self.countsOpenFindings = countsOpenFindings
        self.order = order
        self.day = day
        self.limit = limit
        self.after = after
    }

    /// The arguments as `HELP` prints them.
    public static let usage =
        "[<lookup>] [order=age|deadline|open] [open=1] [day=T] [limit=N] [after=TOKEN]"

    /// Takes what it needs.
    /// - Throws: ``ReportError`` `usage`.
    public init(taking arguments: inout QueryArguments) throws(ReportError) {
        within = try arguments.lookup()
        countsOpenFindings = try arguments.flag("open")
        order = try arguments.word("order") ?? .age
        day = try arguments.time("day")
        limit =
            try arguments.integer("limit", in: 1...WorkflowLimits.maximumPageCount)
            ?? WorkflowLimits.defaultPageCount
        after = arguments.text("after")
    }

    /// The arguments that are read back.
    public var arguments: QueryArguments {
        var arguments = QueryArguments()
        arguments.append(within?.description)
        if countsOpenFindings { arguments.set("open", "1") }
        if order != .age { arguments.set("order", order.rawValue) }
        arguments.set("day", day?.description)
        if limit != WorkflowLimits.defaultPageCount { arguments.set("limit", String(limit)) }
        arguments.set("after", after)
        return arguments
    }
}
