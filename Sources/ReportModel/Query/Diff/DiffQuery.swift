/// What changed between two versions.
///
/// Source: docs/queries.md section 5.
public struct DiffQuery: QueryForm {
    /// The older version, or the only one named: then it is compared with the one that it follows.
    public var first: Lookup
    /// The newer version; it may be one of another key.
    public var second: Lookup?
    /// Which moment.
    public var moment: Moment

    /// Makes a question.
    /// - Parameters:
    ///   - first: the older version, or the only one named.
    ///   - second: the newer version.
    ///   - moment: which moment.
    public init(_ first: Lookup, _ second: Lookup? = nil, at moment: Moment = .now) {
        self.first = first
        self.second = second
        self.moment = moment
    }

    /// The arguments as `HELP` prints them.
    public static let usage = "<lookup> [<lookup>] [as-of=T] [known-here=T]"

    /// Takes one or two lookups and the moment.
    /// - Throws: ``ReportError`` `usage`.
    public init(taking arguments: inout QueryArguments) throws(ReportError) {
        first = try arguments.requiredLookup()
        second = try arguments.lookup()
        moment = try arguments.moment()
    }

    /// The arguments that ``init(taking:)`` reads back.
    public var arguments: QueryArguments {
        var arguments = QueryArguments(positional: [first.description])
        arguments.append(second?.description)
        arguments.set(moment)
        return arguments
    }

    /// The lookups.
    public var lookups: [Lookup] { [first] + (second.map { [$0] } ?? []) }
}

extension ReportStoring {
    /// Compares two versions.
    /// - Parameter query: which ones.
    /// - Returns: what changed.
    /// - Throws: ``ReportError`` `not-found` also when a version follows no other; `ambiguous`;
    ///   `erased`.
    func diff(_ query: DiffQuery) async throws(ReportError) -> RecordDiff {
        if let second = query.second {
            return RecordDiff(
                from: try await record(query.first, query.moment).json,
                to: try await record(second, query.moment).json
            )
        }
        let newer = try await record(query.first, query.moment)
        let older = try await older(than: newer.version, query.moment)
        return RecordDiff(from: try await record(older, query.moment).json, to: newer.json)
    }

    private func record(
        _ lookup: Lookup,
        _ moment: Moment
    ) async throws(ReportError) -> (json: JSONValue, version: VersionInfo) {
        let answer = try await get(lookup, body: .record, at: moment)
        guard let json = try? JSONValue(parsing: answer.bytes) else {
            throw ReportError(.integrity, "the record of \(answer.version.key) is no JSON")
        }
        return (json, answer.version)
    }

    /// The version that another one follows: of several the one with the greatest number.
    private func older(
        than version: VersionInfo,
        _ moment: Moment
    ) async throws(ReportError) -> Lookup {
        guard let key = try? ReportKey(parsing: version.key) else {
            throw ReportError(.internal, "\(version.key) is no key")
        }
        let items = try await history(Lookup(key))
        let before = items.map(\.version).filter { version.parents.contains($0.hash) }
        guard let last = before.max(by: { ($0.number, $0.hash) < ($1.number, $1.hash) }),
            let selector = VersionSelector(last.id)
        else {
            throw ReportError(
                .notFound,
                "version \(version.number) of \(version.key) follows no other; name two versions"
            )
        }
        return Lookup(key, version: selector)
    }
}
