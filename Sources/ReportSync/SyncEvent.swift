public import ReportModel

/// What a session has to tell an operator.
public enum SyncEvent: Hashable, Sendable {
    /// Keys are proven and positions exchanged.
    case established(peer: NodeID)
    /// Entries of a log are on this disk.
    case received(LogPosition)
    /// The peer has signed for a position, and its signature is on this disk.
    case acknowledged(Acknowledgement)
    /// A third node has signed for a position of this node's log, and its signature is on this disk.
    case witnessed(Acknowledgement)
    /// This node does not take a log from the peer in this session.
    case refused(LogID, ReportError.Code, String)
    /// The peer does not take a log in this session.
    case refusedByPeer(LogID, ReportError.Code, String)
    /// This node's store cannot read a log that the peer lacks.
    case unreadable(LogID, ReportError.Code, String)
    /// The peer holds a log on another branch than this node.
    case forkSeen(LogPosition)
    /// The peer holds what this node's own log lacks: the node ran on an old copy, and has begun a new
    /// log.
    case ownLogAhead(peer: LogPosition, own: UInt64)
    /// Bodies of an entry were too large for a batch and stayed behind.
    case bodiesLeftOut(log: LogID, sequence: UInt64)
    /// Every log was compared with the peer's copy, and mended as far as the peer could help.
    case resynced([ReconciledLog])
    /// The peer is silent, or does not acknowledge.
    case stalled(String)
}
