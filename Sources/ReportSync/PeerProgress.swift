public import ReportModel

/// How far two nodes are with one log.
///
/// Everything here comes from verified positions, signed heads and signed acknowledgements.
public struct LogProgress: Hashable, Sendable {
    /// The log.
    public var log: LogID
    /// Its owner; nil while the peer has not announced it.
    public var node: NodeID?
    /// Name of its owner.
    public var name: String
    /// Sequence held here.
    public var heldHere: UInt64
    /// Sequence that the peer is known to hold of what is held here.
    public var heldThere: UInt64
    /// Entries that the peer lacks.
    public var missingThere: UInt64
    /// Entries that are known to exist and not held here.
    public var missingHere: UInt64
    /// Bytes sent and not acknowledged yet.
    public var unacknowledgedByteCount: Int
    /// Last time that a commit here, or an acknowledgement from there, was verified.
    public var lastProgress: Timestamp?
    /// Why the log does not go on in this session.
    public var lastError: ReportError.Code?

    /// The progress as an object.
    public var json: JSONValue {
        [
            "log": .string(log.description), "name": .string(name),
            "heldHere": .integer(Int(clamping: heldHere)),
            "heldThere": .integer(Int(clamping: heldThere)),
            "missingHere": .integer(Int(clamping: missingHere)),
            "missingThere": .integer(Int(clamping: missingThere)),
            "unacknowledgedBytes": .integer(unacknowledgedByteCount),
            "lastProgress": .optional(lastProgress?.description),
            "error": .optional(lastError?.rawValue),
        ]
    }
}

/// How far two nodes are with all logs.
public struct PeerProgress: Hashable, Sendable {
    /// The peer; nil before it has proved its key.
    public var peer: NodeID?
    /// Whether positions were exchanged.
    public var isEstablished: Bool
    /// One row for each log that either side holds.
    public var logs: [LogProgress]
    /// Time of the last message from the peer.
    public var lastHeard: Timestamp?

    /// Entries that the peer lacks.
    public var missingThere: UInt64 { logs.reduce(0) { $0 &+ $1.missingThere } }
    /// Entries that are known to exist and not held here.
    public var missingHere: UInt64 { logs.reduce(0) { $0 &+ $1.missingHere } }
    /// Whether this node holds all that the peer has of one node's logs, as far as it may be had.
    ///
    /// Logs whose owner the peer has not told yet may be that node's.
    /// - Parameter node: the owner of the logs.
    /// - Returns: whether nothing of them is known to be missing here.
    public func hasAll(of node: NodeID) -> Bool {
        isEstablished
            && logs.allSatisfy { log in
                log.node ?? node != node || log.missingHere == 0 || log.lastError != nil
            }
    }
    /// Last time that anything was verified.
    public var lastProgress: Timestamp? { logs.compactMap(\.lastProgress).max() }
    /// Whether both sides are known to hold the same.
    public var isCaughtUp: Bool { isEstablished && missingHere == 0 && missingThere == 0 }

    /// The progress as an object.
    public var json: JSONValue {
        [
            "peer": .optional(peer?.description), "established": .bool(isEstablished),
            "caughtUp": .bool(isCaughtUp),
            "missingHere": .integer(Int(clamping: missingHere)),
            "missingThere": .integer(Int(clamping: missingThere)),
            "lastHeard": .optional(lastHeard?.description),
            "lastProgress": .optional(lastProgress?.description),
            "logs": .array(logs.map(\.json)),
        ]
    }
}
