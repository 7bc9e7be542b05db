/// Who has not filed, held against a roster.
///
/// Source: docs/queries.md section 6.
public struct MissingQuery: QueryForm {
    /// Evaluated years; nil for those of the roster.
    public var years: ClosedRange<Int>?
    /// A region at any level: a name, a path or a code.
    public var region: String?
    /// Reserved word of a kind; nil for all.
    public var kind: String?
    /// The day from which days overdue are counted; nil for the present.
    public var day: Timestamp?
    /// Which moment the records are looked at.
    public var moment: Moment

    /// Makes a question.
    /// - Parameters:
    ///   - years: evaluated years.
    ///   - region: a region at any level.
    ///   - kind: reserved word of a kind.
    ///   - day: the day from which days overdue are counted.
    ///   - moment: which moment.
    public init(
        years: ClosedRange<Int>? = nil,
        region: String? = nil,
        kind: String? = nil,
        day: Timestamp? = nil,
        at moment: Moment = .now
    ) {
        self.years = years
        self.region = region
        self.kind = kind
        self.day = day
        self.moment = moment
    }

    /// The arguments as `HELP` prints them.
    public static let usage =
        "[year=Y[..Z]] [region=R] [kind=K] [day=T] [as-of=T] [known-here=T]"

    /// Takes years, region, kind, day and moment.
    /// - Throws: ``ReportError`` `usage`.
    public init(taking arguments: inout QueryArguments) throws(ReportError) {
        years = try arguments.years("year")
        region = arguments.text("region")
        kind = arguments.text("kind")
        if let kind, !ReportKind.reservedWords.contains(kind) {
            throw ReportError(
                .usage,
                "'\(kind)' is no kind",
                hint: "one of " + ReportKind.reservedWords.joined(separator: " ")
            )
        }
        day = try arguments.time("day")
        moment = try arguments.moment()
    }

    /// The arguments that ``init(taking:)`` reads back.
    public var arguments: QueryArguments {
        var arguments = QueryArguments()
        arguments.set("year", years.map { "\($0.lowerBound)..\($0.upperBound)" })
        arguments.set("region", region)
        arguments.set("kind", kind)
        arguments.set("day", day?.description)
        arguments.set(moment)
        return arguments
    }

    /// Holds a roster against the pages of a list.
    /// - Parameters:
    ///   - roster: who is expected.
    ///   - page: answers one page, `{rows, next}`.
    /// - Returns: the object of docs/protocol.md section 3.15.
    /// - Throws: ``ReportError`` of a page; `usage` when the region is none.
    public func answer(
        _ roster: Roster,
        page: (ListQuery) async throws(ReportError) -> JSONValue
    ) async throws(ReportError) -> JSONValue {
        var check = try RosterCheck(roster, self, now: .now)
        guard var list = check.list else { return check.json }
        while true {
            let answer = try await page(list)
            for row in answer["rows"]?.arrayValue ?? [] { check.add(row) }
            guard let next = answer["next"]?.stringValue, next != list.filter.after else {
                return check.json
            }
            list.filter.after = next
        }
    }
}
