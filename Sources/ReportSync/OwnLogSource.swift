public import ReportModel
public import ReportWire

/// A peer that may hold more of this node's logs than the node, and what is known of it.
///
/// Source: docs/protocol.md section 5.2: a node that begins a new log files nothing until it was asked.
public struct OwnLogSource: Sendable {
    /// How far the session is.
    public var progress: PeerProgress
    /// Whether this node was set up to follow it.
    public var isUpstream: Bool
    /// Which way entries go by this node's settings.
    public var direction: Direction

    /// Makes a source.
    /// - Parameters:
    ///   - progress: how far the session is.
    ///   - isUpstream: whether this node was set up to follow it.
    ///   - direction: which way entries go by this node's settings.
    public init(progress: PeerProgress, isUpstream: Bool, direction: Direction = .both) {
        self.progress = progress
        self.isUpstream = isUpstream
        self.direction = direction
    }

    /// Whether an upstream was asked for what it holds of a node's own logs, and all of it is here.
    ///
    /// What upstreams state is believed; of other peers only what the node itself signed counts. An upstream
    /// that is only read was never sent anything: it counts where there is no other.
    /// - Parameters:
    ///   - node: this node.
    ///   - sources: every session.
    ///   - isSentSomewhere: whether entries go to any upstream, with a session or without.
    /// - Returns: whether the node may file again.
    public static func haveAll(
        of node: NodeID,
        _ sources: [OwnLogSource],
        isSentSomewhere: Bool
    ) -> Bool {
        var isAsked = false
        for source in sources where source.progress.isEstablished {
            guard source.progress.hasAll(of: node, trusting: source.isUpstream) else {
                return false
            }
            if source.isUpstream, source.direction.sends || !isSentSomewhere { isAsked = true }
        }
        return isAsked
    }
}
