import ReportModel
import ReportSync
import ReportWire

/// Who a client is, as far as it has proved it.
///
/// Source: DESIGN section 6; docs/protocol.md section 3.6.
enum ClientAuthority: Hashable, Sendable {
    /// Anybody at the loopback address: reads and hands in files.
    case anyone
    /// Who may open the node's own socket, which is its user and root: everything.
    case administrator
    /// Somebody under TLS who has proved no key yet: nothing.
    case stranger
    /// Who has proved a key; at the loopback address that adds to what anybody may do there.
    case key(NodeID, isLocal: Bool)

    /// Whether the short ways to an answer are open: every record may be read.
    func mayReadAll(_ grants: Grants) -> Bool {
        switch self {
        case .anyone, .administrator: true
        case .stranger: false
        case .key(let node, let isLocal):
            isLocal || grants[node].map { $0.rights.contains(.read) && $0.isEverywhere } ?? false
        }
    }

    /// Checks whether a request may be asked.
    /// - Parameters:
    ///   - request: what is asked.
    ///   - access: what is granted now.
    /// - Returns: for which regions, and by whom.
    /// - Throws: ``ReportError`` `not-allowed` with what to do instead.
    func scope(of request: Request, _ access: Access) throws(ReportError) -> RequestScope {
        let right = request.right
        if self != .administrator, request.isForAdministrators {
            throw ReportError(
                .notAllowed,
                "\(request.verb.rawValue) is taken at the node's own socket only",
                hint: Self.ownSocket
            )
        }
        switch self {
        case .administrator: return .everywhere
        case .stranger:
            throw ReportError(.notAllowed, "the first line under TLS is HELLO")
        case .anyone:
            switch right {
            case nil, .read?: return .everywhere
            case .submit? where !request.isCommand: return .everywhere
            case .import?:
                guard let grant = access.loopbackGrant, !request.isCommand else { break }
                return RequestScope(grant: grant)
            default: break
            }
            throw Self.refusal(request)
        case .key(let node, let isLocal):
            guard let right else { return .everywhere }
            let grant = access.grants[node]
            if let grant, grant.rights.contains(right) {
                let scope = RequestScope(grant: grant, node: node)
                return isLocal && right == .read ? .everywhere : scope
            }
            if isLocal { return try ClientAuthority.anyone.scope(of: request, access) }
            throw ReportError(
                .notAllowed,
                "\(request.verb.rawValue) needs the verb \(right.rawValue) in the grant of this key",
                hint: "at the node: grants, key: \(node)"
            )
        }
    }

    /// How a command comes to the node's own socket.
    private static let ownSocket =
        "as root on the node's machine, with --store DIR where its store is not in /var/lib/reportd"

    private static func refusal(_ request: Request) -> ReportError {
        guard request.isCommand else {
            return ReportError(
                .notAllowed,
                "\(request.verb.rawValue) needs the grant import",
                hint: "in the node's configuration, under grants: key: loopback, verbs: [import]"
            )
        }
        return ReportError(
            .notAllowed,
            "\(request.verb.rawValue) is taken at the node's own socket, or from a key with the verb "
                + "\(request.right?.rawValue ?? "") only",
            hint: ownSocket
        )
    }
}

extension Request {
    /// Whether it writes something about what was filed.
    var isCommand: Bool { if case .command = self { true } else { false } }

    /// Whether no grant lets a key ask it: it looks after the node itself.
    var isForAdministrators: Bool {
        switch self {
        case .command(.peer, _), .command(.bundle, _): true
        default: false
        }
    }

    /// What a key needs to be granted; nil: nothing but a grant.
    ///
    /// Source: docs/protocol.md section 3.6.
    var right: Grant.Right? {
        switch self {
        case .ping, .help, .version, .quit, .join, .renew: nil
        case .get, .resolve, .query, .watch, .status, .verify: .read
        case .put, .parse: .submit
        case .putRecord: .import
        case .command(let verb, _):
            switch verb {
            case .note: .submit
            case .review: .review
            case .retract, .rekey: .retract
            case .erase: .erase
            case .reparse, .peer, .bundle: .import
            }
        }
    }
}
