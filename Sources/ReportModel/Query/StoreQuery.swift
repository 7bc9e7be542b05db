/// A question about what is stored, with one JSON object as its answer.
///
/// Library, line protocol and command line carry every question alike. To add one: a verb and a case
/// here, a type of ``QueryForm`` for its arguments, and a line in ``ReportStoring/answer(_:roster:)``.
///
/// Source: docs/protocol.md section 3.
public enum StoreQuery: Hashable, Sendable {
    /// A page of records: `{rows, next}`.
    case list(ListQuery)
    /// Every entry about one key, oldest first: `{items}`.
    case history(KeyQuery)
    /// Notes about one key, oldest first: `{items}`.
    case notes(KeyQuery)
    /// Versions that wait for a review, the oldest first: `{items, next}`.
    case queue(QueueQuery)
    /// Erasures, forced facts, new readings and moves, the oldest first: `{items, next}`.
    case audit(AuditQuery)
    /// A proof of one version: the object of ``Proof``.
    case prove(ProveQuery)
    /// A search for text: the object of ``SearchPage``.
    case search(SearchQuery)
    /// What the store takes on the disk: the object of ``DiskUse``.
    case diskUse(EmptyQuery)
    /// What changed between two versions.
    case diff(DiffQuery)
    /// Figures over many records.
    case stats(StatsQuery)
    /// One unit over the years.
    case trend(TrendQuery)
    /// Who has not filed, by the roster that the node was configured with.
    case missing(MissingQuery)

    /// Who holds one version: the object of ``WitnessAnswer``.
    case witnesses(KeyQuery)

    /// Verbs of questions, as the line protocol writes them.
    public enum Verb: String, Hashable, Sendable, CaseIterable {
        case list = "LIST"
        case history = "HISTORY"
        case notes = "NOTES"
        case queue = "QUEUE"
        case audit = "AUDIT"
        case prove = "PROVE"
        case search = "SEARCH"
        case diskUse = "DU"
        case diff = "DIFF"
        case stats = "STATS"
        case trend = "TREND"
        case missing = "MISSING"
        case witnesses = "WITNESSES"

        /// The arguments of the verb, as `HELP` prints them.
        public var usage: String { form.usage }

        fileprivate var form: any QueryForm.Type {
            switch self {
            case .list: ListQuery.self
            case .history, .notes, .witnesses: KeyQuery.self
            case .queue: QueueQuery.self
            case .audit: AuditQuery.self
            case .prove: ProveQuery.self
            case .search: SearchQuery.self
            case .diskUse: EmptyQuery.self
            case .diff: DiffQuery.self
            case .stats: StatsQuery.self
            case .trend: TrendQuery.self
            case .missing: MissingQuery.self
            }
        }
    }

    /// The verb.
    public var verb: Verb {
        switch self {
        case .list: .list
        case .history: .history
        case .notes: .notes
        case .queue: .queue
        case .audit: .audit
        case .prove: .prove
        case .search: .search
        case .diskUse: .diskUse
        case .diff: .diff
        case .stats: .stats
        case .trend: .trend
        case .missing: .missing
        case .witnesses: .witnesses
        }
    }

    /// The arguments.
    public var arguments: QueryArguments { form.arguments }

    /// Lookups each of which must name one key.
    public var lookups: [Lookup] { form.lookups }

    private var form: any QueryForm {
        switch self {
        case .list(let query): query
        case .history(let query), .notes(let query), .witnesses(let query): query
        case .queue(let query): query
        case .audit(let query): query
        case .prove(let query): query
        case .search(let query): query
        case .diskUse(let query): query
        case .diff(let query): query
        case .stats(let query): query
        case .trend(let query): query
        case .missing(let query): query
        }
    }

    /// Reads a question.
    /// - Parameters:
    ///   - verb: the verb.
    ///   - arguments: what follows it.
    /// - Throws: ``ReportError`` `usage` that says which argument is wrong.
    public init(_ verb: Verb, _ arguments: QueryArguments) throws(ReportError) {
        var rest = arguments
        switch verb {
        case .list: self = .list(try ListQuery(taking: &rest))
        case .history: self = .history(try KeyQuery(taking: &rest))
        case .notes: self = .notes(try KeyQuery(taking: &rest))
        case .queue: self = .queue(try QueueQuery(taking: &rest))
        case .audit: self = .audit(try AuditQuery(taking: &rest))
        case .prove: self = .prove(try ProveQuery(taking: &rest))
        case .search: self = .search(try SearchQuery(taking: &rest))
        case .diskUse: self = .diskUse(EmptyQuery(taking: &rest))
        case .diff: self = .diff(try DiffQuery(taking: &rest))
        case .stats: self = .stats(try StatsQuery(taking: &rest))
        case .trend: self = .trend(try TrendQuery(taking: &rest))
        case .missing: self = .missing(try MissingQuery(taking: &rest))
        case .witnesses: self = .witnesses(try KeyQuery(taking: &rest))
        }
        try rest.finish()
    }
}

/// The arguments of a question.
public protocol QueryForm: Hashable, Sendable {
    /// The arguments as `HELP` prints them.
    static var usage: String { get }
    /// Takes what it needs from arguments.
    init(taking arguments: inout QueryArguments) throws(ReportError)
    /// The arguments that ``init(taking:)`` reads back.
    var arguments: QueryArguments { get }
    /// Lookups each of which must name one key.
    var lookups: [Lookup] { get }
}

extension QueryForm {
    /// No lookup that must name one key.
    public var lookups: [Lookup] { [] }
}

/// A question about one key.
public struct KeyQuery: QueryForm {
    /// Must name one key.
    public var key: Lookup

    /// Makes a question.
    /// - Parameter key: must name one key.
    public init(_ key: Lookup) { self.key = key }

    /// The arguments as `HELP` prints them.
    public static let usage = "<lookup>"

    /// Takes the lookup.
    /// - Throws: ``ReportError`` `usage`.
    public init(taking arguments: inout QueryArguments) throws(ReportError) {
        key = try arguments.requiredLookup()
    }

    /// The lookup as an argument.
    public var arguments: QueryArguments { QueryArguments(positional: [key.description]) }

    /// The lookup.
    public var lookups: [Lookup] { [key] }
}
