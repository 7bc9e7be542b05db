/// A question about what is stored, with one JSON object as its answer.
///
/// Library, line protocol and command line carry every question alike. To add one: a verb and a case
/// here, a type of ``QueryForm`` for its arguments, and a line in ``ReportStoring/answer(_:)``.
///
/// Source: docs/protocol.md section 3.
public enum StoreQuery: Hashable, Sendable {
    /// A page of records: `{rows, next}`.
    case list(ListQuery)
    /// Every entry about one key, oldest first: `{items}`.
    case history(KeyQuery)
    /// Notes about one key, oldest first: `{items}`.
    case notes(KeyQuery)
    /// What changed between two versions.
    case diff(DiffQuery)
    /// Figures over many records.
    case stats(StatsQuery)
    /// One unit over the years.
    case trend(TrendQuery)
    /// Who has not filed, by the roster that the node was configured with.
    case missing(MissingQuery)
    /// A proof of one version: the object of ``Proof``.
    case prove(ProveQuery)
    /// What the store takes on the disk: the object of ``DiskUse``.
    case diskUse(EmptyQuery)

    /// Verbs of questions, as the line protocol writes them.
    public enum Verb: String, Hashable, Sendable, CaseIterable {
        case list = "LIST"
        case history = "HISTORY"
        case notes = "NOTES"
        case diff = "DIFF"
        case stats = "STATS"
        case trend = "TREND"
        case missing = "MISSING"
        case prove = "PROVE"
        case diskUse = "DU"

        /// The arguments of the verb, as `HELP` prints them.
        public var usage: String { form.usage }

        fileprivate var form: any QueryForm.Type {
            switch self {
            case .list: ListQuery.self
            case .history, .notes: KeyQuery.self
            case .diff: DiffQuery.self
            case .stats: StatsQuery.self
            case .trend: TrendQuery.self
            case .missing: MissingQuery.self
            case .prove: ProveQuery.self
            case .diskUse: EmptyQuery.self
            }
        }
    }

    /// The verb.
    public var verb: Verb {
        switch self {
        case .list: .list
        case .history: .history
        case .notes: .notes
        case .diff: .diff
        case .stats: .stats
        case .trend: .trend
        case .missing: .missing
        case .prove: .prove
        case .diskUse: .diskUse
        }
    }

    /// The arguments.
    public var arguments: QueryArguments { form.arguments }

    /// Lookups each of which must name one key.
    public var lookups: [Lookup] { form.lookups }

    private var form: any QueryForm {
        switch self {
        case .list(let query): query
        case .history(let query), .notes(let query): query
        case .diff(let query): query
        case .stats(let query): query
        case .trend(let query): query
        case .missing(let query): query
        case .prove(let query): query
        case .diskUse(let query): query
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
        case .diff: self = .diff(try DiffQuery(taking: &rest))
        case .stats: self = .stats(try StatsQuery(taking: &rest))
        case .trend: self = .trend(try TrendQuery(taking: &rest))
        case .missing: self = .missing(try MissingQuery(taking: &rest))
        case .prove: self = .prove(try ProveQuery(taking: &rest))
        case .diskUse: self = .diskUse(EmptyQuery(taking: &rest))
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
