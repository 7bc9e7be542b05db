import NIOCore
import ReportAuthority
import ReportModel
import ReportTLS
import ReportWire

/// What all connections of a server share.
struct ConnectionServices: Sendable {
    /// Who answers requests.
    let answerer: RequestAnswerer
    /// Who may come in.
    let access: Access
    /// The node's key.
    let key: NodeKey
    /// The connections that there are.
    let connections: Connections
    /// Where refusals are told.
    let refusals: RefusalLog
    /// Room for large replies.
    let replies = ReplyBudget()
    /// Who takes newcomers; nil at a node without an authority.
    let enrolment: Enrolment?
    /// Begins a session of a peer, with the channel binding of its connection; nil when none is wanted.
    let acceptPeer: @Sendable (Hello, PeerGate, any Channel, Hash256) -> (any PeerInbound)?
}

/// Told to every connection after grants, certificates or the list of revoked ones were read anew.
struct AccessHasChanged: Sendable {}

/// What a connection under TLS has shown.
struct SecureEntrance {
    /// How the other side's certificate was found.
    enum Verdict {
        /// The handshake is not over.
        case pending
        /// None was shown.
        case missing
        case good(HeldCertificate)
    }

    /// What TLS used when the connection began.
    let secure: Access.Secure
    var verdict = Verdict.pending
    var shown: PeerCertificate?

    init(_ secure: Access.Secure) { self.secure = secure }

    var isPending: Bool { if case .pending = verdict { true } else { false } }

    /// SHA-256 of the certificate that this side showed.
    var channelBinding: Hash256 { secure.identity.channelBinding }
}
