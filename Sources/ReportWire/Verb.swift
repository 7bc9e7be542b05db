public import ReportModel

/// The verbs of requests.
///
/// Source: docs/protocol.md section 3.
public enum Verb: Hashable, Sendable, CaseIterable, RawRepresentable {
    case ping
    case help
    case version
    case get
    case resolve
    /// A question with one JSON object as its answer.
    case query(StoreQuery.Verb)
    /// Something that is written, given as a JSON object.
    case command(StoreCommand.Verb)
    case watch
    case status
    case verify
    case put
    case parse
    case putRecord
    /// A newcomer with a token, which has no certificate yet.
    case join
    /// A new certificate for the key of the connection.
    case renew
    case quit
    case hello
    case auth

    /// Every verb, in the order in which `HELP` lists them.
    public static let allCases: [Verb] =
        [.ping, .help, .version, .get, .resolve]
        + StoreQuery.Verb.allCases.map { .query($0) }
        + StoreCommand.Verb.allCases.map { .command($0) }
        + [.watch, .status, .verify, .put, .parse, .putRecord, .join, .renew, .quit, .hello, .auth]

    private static let byWord = Dictionary(
        allCases.map { ($0.rawValue, $0) },
        uniquingKeysWith: { first, _ in first }
    )

    /// The verb of a word in upper case; nil when there is none.
    public init?(rawValue: String) {
        guard let verb = Self.byWord[rawValue] else { return nil }
        self = verb
    }

    /// The word in upper case.
    public var rawValue: String {
        switch self {
        case .ping: "PING"
        case .help: "HELP"
        case .version: "VERSION"
        case .get: "GET"
        case .resolve: "RESOLVE"
        case .query(let verb): verb.rawValue
        case .command(let verb): verb.rawValue
        case .watch: "WATCH"
        case .status: "STATUS"
        case .verify: "VERIFY"
        case .put: "PUT"
        case .parse: "PARSE"
        case .putRecord: "PUTREC"
        case .join: "JOIN"
        case .renew: "RENEW"
        case .quit: "QUIT"
        case .hello: "HELLO"
        case .auth: "AUTH"
        }
    }

    /// Largest payload that follows the line; nil when none does.
    public var maximumPayloadByteCount: Int? {
        switch self {
        case .put, .parse: WireLimits.maximumFileByteCount
        case .putRecord: WireLimits.maximumRecordByteCount
        case .command: WireLimits.maximumCommandByteCount
        default: nil
        }
    }

    /// The form of the line, as `HELP` prints it.
    public var usage: String {
        let moment = "[as-of=T] [known-here=T]"
        let given = "[year=Y] [region=R] [unit=U] [kind=K] [force=1]"
        return switch self {
        case .ping: "PING"
        case .help: "HELP"
        case .version: "VERSION"
        case .get: "GET <lookup> \(moment) [body=record|people|source] [source=N]"
        case .resolve: "RESOLVE <lookup> \(moment)"
        case .query(let verb): "\(verb.rawValue) \(verb.usage)"
        case .command(let verb): "\(verb.rawValue) <bytes>"
        case .watch: "WATCH [<lookup>] [from=POSITION]"
        case .status: "STATUS"
        case .verify: "VERIFY"
        case .put: "PUT <bytes> name=NAME \(given) [if-version=N]"
        case .parse: "PARSE <bytes> name=NAME \(given) [people=1]"
        case .putRecord: "PUTREC <bytes> [if-version=N]"
        case .join: "JOIN 1 <token> <secret> <key> <signature>"
        case .renew: "RENEW"
        case .quit: "QUIT"
        case .hello: "HELLO 1 peer|client <key> <nonce>"
        case .auth: "AUTH <signature>"
        }
    }

    /// The text that `HELP` answers: one line for each verb of a client.
    public static var helpText: String {
        allCases.filter { $0 != .hello && $0 != .auth }.map { $0.usage + "\n" }.joined()
    }
}
