public import ReportModel

/// A request of a client.
///
/// Lookups are text: what they mean is the server's business.
///
/// Source: docs/protocol.md section 3.
public enum Request: Hashable, Sendable {
    /// Are you there?
    case ping
    /// Which verbs are there?
    case help
    /// Which program is this?
    case version
    /// A record, its people or one of its files.
    case get(GetRequest)
    /// What a lookup finds.
    case resolve(lookup: String, moment: Moment)
    /// A question; its arguments are read by who answers it.
    case query(StoreQuery.Verb, QueryArguments)
    /// Entries as they arrive, after a position; nil: from the present on.
    case watch(lookup: String?, from: UInt64?)
    /// Something to be written; the payload is a JSON object.
    case command(StoreCommand.Verb, byteCount: Int)
    /// Figures of the store and of peers.
    case status
    /// A check of the whole store.
    case verify
    /// A file to be filed; the payload is the file.
    case put(FileRequest)
    /// A file to be parsed and not stored; the payload is the file.
    case parse(FileRequest, people: Bool)
    /// A ready record; the payload is JSON `{record, people}`.
    case putRecord(byteCount: Int, ifVersion: Int?)
    /// A newcomer asks for its first certificate.
    case join(JoinRequest)
    /// The holder of a certificate asks for the next one.
    case renew
    /// The end of the conversation.
    case quit

    /// A question.
    /// - Parameter query: the question.
    /// - Returns: its request.
    public static func query(_ query: StoreQuery) -> Request {
        .query(query.verb, query.arguments)
    }

    /// The verb.
    public var verb: Verb {
        switch self {
        case .ping: .ping
        case .help: .help
        case .version: .version
        case .get: .get
        case .resolve: .resolve
        case .query(let verb, _): .query(verb)
        case .watch: .watch
        case .command(let verb, _): .command(verb)
        case .status: .status
        case .verify: .verify
        case .put: .put
        case .parse: .parse
        case .putRecord: .putRecord
        case .join: .join
        case .renew: .renew
        case .quit: .quit
        }
    }

    /// Number of bytes that follow the line; nil when the request has no payload.
    public var payloadByteCount: Int? {
        switch self {
        case .put(let file), .parse(let file, _): file.byteCount
        case .putRecord(let byteCount, _), .command(_, let byteCount): byteCount
        default: nil
        }
    }
}

/// Arguments of `GET`.
public struct GetRequest: Hashable, Sendable {
    /// Year and parts, perhaps with a version.
    public var lookup: String
    /// Which bytes.
    public var body: BodySelector
    /// Which moment.
    public var moment: Moment

    /// Makes a request.
    /// - Parameters:
    ///   - lookup: year and parts, perhaps with a version.
    ///   - body: which bytes.
    ///   - moment: which moment.
    public init(lookup: String, body: BodySelector = .record, moment: Moment = .now) {
        self.lookup = lookup
        self.body = body
        self.moment = moment
    }
}

/// Arguments of `PUT` and `PARSE`.
public struct FileRequest: Hashable, Sendable {
    /// Number of bytes of the file.
    public var byteCount: Int
    /// Name of the file; bytes that are not UTF-8 were replaced.
    public var name: String
    /// What is given instead of, or against, the document; its origin is `flags`.
    public var given: GivenFacts
    /// The version that must be the current one; 0: the key must not exist.
    public var ifVersion: Int?

    /// Makes a request.
    /// - Parameters:
    ///   - byteCount: number of bytes of the file.
    ///   - name: name of the file.
    ///   - given: what is given.
    ///   - ifVersion: the version that must be the current one.
    public init(
        byteCount: Int,
        name: String,
        given: GivenFacts = GivenFacts(),
        ifVersion: Int? = nil
    ) {
        self.byteCount = byteCount
        self.name = name
        self.given = given
        self.ifVersion = ifVersion
    }
}
