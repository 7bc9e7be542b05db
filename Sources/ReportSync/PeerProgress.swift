public import ReportModel
public import ReportWire

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
    /// Entries that the peer lacks and is to have.
    public var missingThere: UInt64
    /// Entries that are known to exist, wanted here and not held.
    public var missingHere: UInt64
    /// Entries that the peer says it holds, by its word alone, and that are not held here.
    public var statedMissingHere: UInt64
    /// As many of them as the log's owner signed for in a head that the peer has shown.
    public var signedMissingHere: UInt64
    /// Bytes sent and not acknowledged yet.
    public var unacknowledgedByteCount: Int
    /// Last time that a commit here, or an acknowledgement from there, was verified.
    public var lastProgress: Timestamp?
    /// Why the log does not go on in this session.
    public var lastError: ReportError.Code?
    /// The same in words; nil when there are none.
    public var lastErrorMessage: String?
    /// Whether the peer said so.
    public var isErrorFromPeer = false
    /// Whether the log is held here without records that the peer is to have: another node passes it on.
    public var isWithheld = false

    /// Whether nothing of it is missing at either side, or on the way, and nothing keeps it from going on.
    public var isDone: Bool {
        missingHere == 0 && missingThere == 0 && unacknowledgedByteCount == 0 && lastError == nil
            && !isWithheld
    }

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
            "errorMessage": .optional(lastErrorMessage),
            "errorBy": lastError == nil ? .null : isErrorFromPeer ? "peer" : "here",
            "withheld": .bool(isWithheld),
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
    /// Which way entries go, as seen from here; nil: neither way, since each side waits for the other.
    public var direction: Direction?

    /// Entries that the peer lacks and is to have.
    public var missingThere: UInt64 { logs.reduce(0) { $0 &+ $1.missingThere } }
    /// Entries that are known to exist and not held here.
    public var missingHere: UInt64 { logs.reduce(0) { $0 &+ $1.missingHere } }
    /// Whether this node holds all that the peer has of one node's logs, as far as it may be had.
    ///
    /// By the word of a trusted peer, logs whose owner it has not told yet may be that node's. Of any
    /// other peer only what the owner itself signed counts.
    /// - Parameters:
    ///   - node: the owner of the logs.
    ///   - isTrusted: whether what the peer states is believed, as of an upstream.
    /// - Returns: whether nothing that the peer holds of them is known to be missing here.
    public func hasAll(of node: NodeID, trusting isTrusted: Bool = true) -> Bool {
        isEstablished
            && logs.allSatisfy { log in
                if log.lastError != nil { return true }
                return isTrusted
                    ? log.node ?? node != node || log.statedMissingHere == 0
                    : log.node != node || log.signedMissingHere == 0
            }
    }
    /// How far a peer need not sign for logs of others: what it was seen to hold, by whatever way it came
    /// there, everything where its owner's head shows that it holds more, and what is withheld from it here.
    ///
    /// - Parameter node: this node; of what it filed itself only a signature counts.
    /// - Returns: sequences by log; 0 where a log is missing.
    public func settled(besides node: NodeID) -> [LogID: UInt64] {
        var settled: [LogID: UInt64] = [:]
        for log in logs where log.node != node {
            let isAhead = log.signedMissingHere > 0
            let sequence = log.isWithheld || isAhead ? log.heldHere : log.heldThere
            if sequence > 0 { settled[log.log] = sequence }
        }
        return settled
    }
    /// The logs that do not go on in this session.
    public var stoppedLogs: [LogProgress] { logs.filter { $0.lastError != nil } }
    /// Last time that anything was verified.
    public var lastProgress: Timestamp? { logs.compactMap(\.lastProgress).max() }
    /// Whether both sides are known to hold the same.
    public var isCaughtUp: Bool { isEstablished && missingHere == 0 && missingThere == 0 }

    /// The progress as an object, with the logs of the two nodes, and of others those that are not done.
    ///
    /// A city with 200 counties holds 200 logs, and would tell each of them 200 times.
    /// - Parameter own: this node.
    /// - Returns: the row of `peers` in `STATUS`, as far as the session knows it.
    public func json(seenFrom own: NodeID) -> JSONValue {
        [
            "peer": .optional(peer?.description), "established": .bool(isEstablished),
            "direction": .string(Direction.text(direction)),
            "caughtUp": .bool(isCaughtUp),
            "missingHere": .integer(Int(clamping: missingHere)),
            "missingThere": .integer(Int(clamping: missingThere)),
            "lastHeard": .optional(lastHeard?.description),
            "lastProgress": .optional(lastProgress?.description),
            "logs": .array(
                logs.filter { $0.node == own || $0.node == peer || !$0.isDone }.map(\.json)
            ),
        ]
    }
}
