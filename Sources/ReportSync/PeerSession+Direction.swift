import ReportModel
import ReportWire

/// Which way entries go: what this side sends and takes, and what the peer does.
///
/// Logs of the receiving node itself always go, so that a restored one finds what it filed.
///
/// Source: docs/protocol.md section 5.2; docs/decisions/0026-directions.md.
extension PeerSession {
    /// Why entries are not taken that the peer sends all the same.
    static let unwanted = ReportError(
        .notAllowed,
        "this node takes no entries from this peer: its direction is push"
    )

    /// Whether entries go to the peer.
    private var sends: Bool { direction.sends && peerDirection?.takes != false }

    /// Whether entries come from the peer.
    private var takes: Bool { direction.takes && peerDirection?.sends != false }

    /// Which way entries go in this session, as seen from here; nil: neither way.
    var effectiveDirection: Direction? {
        switch (sends, takes) {
        case (true, true): .both
        case (true, false): .push
        case (false, true): .pull
        case (false, false): nil
        }
    }

    /// Whether entries of a log go to the peer.
    func isOffered(_ log: LogID) -> Bool { sends || local[log]?.descriptor.node == peer }

    /// Whether entries of a log of this node are taken from the peer.
    func isTaken(from owner: NodeID?) -> Bool { direction.takes || owner == configuration.key.id }

    /// Whether the peer is to have a log of this owner, and lacks what it has not acknowledged.
    ///
    /// An initiator was set up to send: an acceptor that takes nothing is a fault of one of the two. An
    /// acceptor leaves it to those who come what they want.
    func isMissed(there owner: NodeID?) -> Bool {
        owner == peer || direction.sends && (sends || initiator != nil)
    }

    /// Whether what the peer holds of this owner's logs is missed here.
    func isMissed(here owner: NodeID?) -> Bool {
        owner == configuration.key.id || direction.takes && (takes || initiator != nil)
    }

    /// Whether the peer's direction keeps a log from going where this side is set up to have it.
    func isBarred(_ owner: NodeID?, lacksThere: Bool, lacksHere: Bool) -> Bool {
        guard initiator != nil, let owner else { return false }
        return lacksThere && owner != peer && direction.sends && !sends
            || lacksHere && owner != configuration.key.id && direction.takes && !takes
    }
}
