/// The verbs of requests.
///
/// Source: docs/protocol.md section 3.
public enum Verb: String, Hashable, Sendable, CaseIterable {
    case ping = "PING"
    case help = "HELP"
    case version = "VERSION"
    case get = "GET"
    case resolve = "RESOLVE"
    case list = "LIST"
    case history = "HISTORY"
    case watch = "WATCH"
    case note = "NOTE"
    case notes = "NOTES"
    case status = "STATUS"
    case verify = "VERIFY"
    case put = "PUT"
    case parse = "PARSE"
    case putRecord = "PUTREC"
    case quit = "QUIT"
    case hello = "HELLO"
    case auth = "AUTH"

    /// Largest payload that follows the line; nil when none does.
    public var maximumPayloadByteCount: Int? {
        switch self {
        case .put, .parse: WireLimits.maximumFileByteCount
        case .putRecord: WireLimits.maximumRecordByteCount
        case .note: WireLimits.maximumNoteByteCount
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
        case .list:
            "LIST [<lookup>] [province=P] [city=C] [district=D] [unit=U] [kind=K] [status=S]"
                + " [since=T] [limit=N] [after=KEY] \(moment)"
        case .history: "HISTORY <lookup>"
        case .watch: "WATCH [<lookup>] [from=POSITION]"
        case .note: "NOTE <bytes> <lookup>"
        case .notes: "NOTES <lookup>"
        case .status: "STATUS"
        case .verify: "VERIFY"
        case .put: "PUT <bytes> name=NAME \(given) [if-version=N]"
        case .parse: "PARSE <bytes> name=NAME \(given) [people=1]"
        case .putRecord: "PUTREC <bytes> [if-version=N]"
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
