import ReportModel

/// What a session knows of one log.
struct LogExchange {
    /// A batch that was sent and not acknowledged.
    struct Outstanding {
        var end: LogPosition
        var byteCount: Int
        var sentAt: Duration
    }

    /// How far the stated position of the peer was compared with the own log.
    enum Agreement {
        /// Not compared: the peer is ahead, or nothing was stated yet.
        case unknown
        /// A hash is being read.
        case checking
        /// The peer's position is on the branch held here; it may be sent to.
        case same
        /// The peer's position is on another branch.
        case other
    }

    /// What the peer stated; sequence 0 when it named nothing.
    var stated: LogPosition
    var agreement = Agreement.unknown
    /// Last sequence that the peer was told is held here.
    private(set) var told: UInt64 = 0
    /// Last sequence that was sent, or that the peer has anyway.
    var sent: UInt64 = 0
    /// Last sequence that the peer is known to hold.
    var acknowledged: UInt64 = 0
    var outstanding: [Outstanding] = []
    /// Size of the largest head that the peer was shown; 0 before `LOG`.
    private(set) var shown: UInt64 = 0
    /// The store had nothing after `sent` although its state said so; until the next state.
    var isDrained = false
    /// The operator was told that the peer is on another branch.
    var isForkReported = false
    /// Why the peer does not take this log.
    var outgoingRefusal: ReportError?
    /// Whether the peer said so.
    var isRefusedByPeer = false
    /// The entry that is held without its record, when that is the reason.
    var bareEntry: Entry?

    /// Who owns the log, as the peer announced.
    var descriptor: LogDescriptor?
    /// The largest authentic head from the peer.
    var head: SignedHead?
    /// The log is refused for a fork of its own or of another log of its node, by what the store said.
    var isQuarantined = false
    /// Why this node does not take this log.
    var incomingRefusal: ReportError?

    var lastProgress: Duration?

    init(_ log: LogID) { stated = LogPosition(log: log, sequence: 0, hash: .zero) }

    /// Whether the peer waits to hear that everything up to a sequence is held here: the log is not taken from
    /// it, or it showed the log, had more of it than it was told of, and somebody else brought that.
    func isAwaited(_ held: UInt64) -> Bool {
        guard held > told else { return false }
        if incomingRefusal?.code == .notAllowed { return true }
        let shown = max(stated.sequence, head?.size ?? 0)
        return descriptor != nil && shown > told && held >= shown
    }

    /// The peer is shown a head of the log.
    mutating func isShown(_ head: SignedHead) { shown = max(shown, head.size) }

    /// The peer is told that everything up to a sequence is held here.
    mutating func isTold(_ sequence: UInt64) { told = max(told, sequence) }

    var outstandingByteCount: Int { outstanding.reduce(0) { $0 + $1.byteCount } }

    /// The entry that was held back without its record is in nobody's way any more.
    mutating func passBareEntry() {
        bareEntry = nil
        outgoingRefusal = nil
    }

    /// The peer is known to hold everything up to a sequence.
    mutating func peerHolds(_ sequence: UInt64, at now: Duration) {
        sent = max(sent, sequence)
        // What lies behind may be whole, and is looked at batch by batch.
        if let bareEntry, bareEntry.sequence <= sequence { passBareEntry() }
        guard sequence > acknowledged else { return }
        acknowledged = sequence
        lastProgress = now
    }
}
