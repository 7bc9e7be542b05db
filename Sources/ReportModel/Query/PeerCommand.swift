/// What an administrator does about peers, with one JSON object as its answer.
///
/// Source: docs/protocol.md section 3.16.
public enum PeerCommand: Hashable, Sendable {
    /// Peers with their sessions, the hold on filing and forked logs.
    case list
    /// Files again without waiting for upstreams.
    case proceed
    /// Compares all logs with one peer, or with every peer, and mends what is damaged here.
    case resync(peer: String?)
    /// Finds what is damaged here, and mends it from peers, or from a backup on the node's machine.
    case repair(peer: String?, from: String?)
    /// Shows evidence of forks, of one log or of all.
    case evidence(log: String?)
    /// Lets the owner of a forked log go on with other logs.
    case release(log: String)

    private var action: String {
        switch self {
        case .list: "list"
        case .proceed: "proceed"
        case .resync: "resync"
        case .repair: "repair"
        case .evidence: "evidence"
        case .release: "release"
        }
    }

    /// The object behind the verb: `{action, peer, log, from}`.
    public var json: JSONValue {
        var members: [String: JSONValue] = ["action": .string(action)]
        switch self {
        case .resync(let peer): members["peer"] = .optional(peer)
        case .repair(let peer, let from):
            members["peer"] = .optional(peer)
            members["from"] = .optional(from)
        case .evidence(let log): members["log"] = .optional(log)
        case .release(let log): members["log"] = .string(log)
        case .list, .proceed: break
        }
        return .object(members)
    }

    /// Reads the object that ``json`` makes.
    /// - Parameter json: an object.
    /// - Throws: ``ReportError`` `usage` that says what is wrong.
    public init(json: JSONValue) throws(ReportError) {
        let log = try Self.digits(json["log"], "a log")
        switch json["action"]?.stringValue {
        case "list": self = .list
        case "proceed": self = .proceed
        case "resync": self = .resync(peer: try Self.digits(json["peer"], "a peer"))
        case "repair":
            let from = json["from"]?.stringValue
            guard from?.hasPrefix("/") ?? true else {
                throw ReportError(.usage, "a backup is named by its whole path")
            }
            self = .repair(peer: try Self.digits(json["peer"], "a peer"), from: from)
        case "evidence": self = .evidence(log: log)
        case "release":
            guard let log else { throw ReportError(.usage, "release names a log") }
            self = .release(log: log)
        default:
            throw ReportError(
                .usage,
                "the action is one of list, proceed, resync, repair, evidence, release"
            )
        }
    }

    /// The first digits of an identifier; nil when nothing, or `all`, is said.
    private static func digits(
        _ value: JSONValue?,
        _ what: String
    ) throws(ReportError) -> String? {
        guard let text = value?.stringValue, text != "all" else { return nil }
        guard (4...64).contains(text.utf8.count), text.allSatisfy(\.isHexDigit)
        else {
            throw ReportError(
                .usage,
                "'\(text)' does not name \(what)",
                hint: "at least four of its hexadecimal digits, as in reportctl peer list"
            )
        }
        return text
    }
}

/// What administrators do about peers with a store that replicates.
public protocol ReplicationCare: Sendable {
    /// Carries out a command, as far as a store without sessions can.
    /// - Parameter command: the command.
    /// - Returns: one object; its form is in docs/protocol.md.
    /// - Throws: ``ReportError`` `unreachable` for what needs a session, `not-found`, `unsupported`.
    func perform(_ command: PeerCommand) async throws(ReportError) -> JSONValue

    /// Takes the entries and acknowledgements of a bundle.
    /// - Parameters:
    ///   - path: the file.
    ///   - rules: whose bundles are taken, for which regions.
    /// - Returns: what was taken; its form is in docs/protocol.md.
    /// - Throws: ``ReportError`` `integrity`, `not-allowed`, `conflict` for a gap, `forked`.
    func importBundle(
        _ path: String,
        rules: BundleRules
    ) async throws(ReportError) -> JSONValue
}

extension ReplicationCare {
    /// Refuses.
    public func perform(_ command: PeerCommand) async throws(ReportError) -> JSONValue {
        throw ReportError(.unsupported, "this kind of store does not replicate")
    }

    /// Refuses.
    public func importBundle(
        _ path: String,
        rules: BundleRules
    ) async throws(ReportError) -> JSONValue {
        throw ReportError(.unsupported, "this kind of store does not replicate")
    }
}
