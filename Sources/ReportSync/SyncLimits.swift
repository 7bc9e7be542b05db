import ReportWire

/// Every ceiling of replication, with its reason; those seen on the wire are in `WireLimits`.
public struct SyncLimits: Sendable {
    /// Entries asked of the store for one batch; at most what a batch on the wire may hold.
    public var batchEntryCount = 256
    /// Bytes asked of the store for one batch: an eighth of the window.
    public var batchByteCount = WireLimits.maximumUnacknowledgedByteCount / 8
    /// Batches on the way in one direction.
    public var unacknowledgedBatchCount = WireLimits.maximumUnacknowledgedBatchCount
    /// Bytes on the way in one direction, unless one batch alone is larger.
    public var unacknowledgedByteCount = WireLimits.maximumUnacknowledgedByteCount

    /// Batches that are checked and committed at the same time, a window: while half of it is in one commit,
    /// the other half is checked and goes into the next.
    public var acceptingBatchCount = WireLimits.maximumUnacknowledgedBatchCount

    /// Levels of a tree that one step of a comparison goes down: 16 hashes for each difference, and a
    /// fourth of the round trips.
    public var comparisonLevels: UInt8 = 4
    /// Differences and defects of one log that one comparison deals with; more wait for the next.
    public var differenceCount = 65_536
    /// Questions of a peer that may wait; one is answered at a time, once the answer before is being written.
    public var answeringCount = 4

    /// Time the acceptor gives a stranger.
    public var acceptorHandshakeTimeout = WireLimits.authenticationTimeout
    /// Time an initiator gives a slow line.
    public var initiatorHandshakeTimeout: Duration = .seconds(10)
    /// Time for a peer that proved its key to state its positions.
    ///
    /// As many as there may be, on the slowest line, out of a busy store; pings alone make no session.
    public var statementTimeout: Duration = .seconds(120)
    /// Silence after which an initiator pings; every other deadline is longer, so one timer serves for all.
    ///
    /// What an idle session costs is its pings. The answer to the second may be as late as
    /// ``silenceTimeout`` after the last message.
    public var pingInterval: Duration = .seconds(14)
    /// Silence after which an acceptor pings: the initiator's pings are a sign of life, and a city with 200
    /// counties need not send 200 of its own beside them.
    public var acceptorPingInterval: Duration = .seconds(15)
    /// Silence after which a peer counts as gone: two pings, and time for the second's answer.
    public var silenceTimeout: Duration = .seconds(30)
    /// Bytes of a message under way that are a sign of life within ``silenceTimeout``: 17 kbit a second.
    public var leastArrivedByteCount: UInt64 = 64 << 10
    /// Time for a peer to commit a batch, besides ``slowestBytesPerSecond``: pongs without progress are a
    /// stall, too.
    public var acknowledgementTimeout: Duration = .seconds(120)
    /// A line this slow still gets the largest entry across before the batch counts as stalled.
    public var slowestBytesPerSecond = 32 << 10

    /// Checks of positions that may wait; a statement and as many acknowledgements.
    public var waitingCheckCount = 2 * WireLimits.maximumPositionCount
    /// Logs shown with heads that their owners did not sign, of which the last ends the session: one may be
    /// damaged at the peer, more are made up.
    public var unsignedHeadCount = 16
    /// Refused batches that are kept until what they speak of is known.
    public var unplacedBatchCount = 8
    /// Bytes of them, without what tells no key.
    public var unplacedByteCount = 8 << 20
    /// Signers of a log of this node that an upstream may bring, of whom no log is held here.
    public var strangerCount = 256
    /// Logs that are shown at once without being sent; the next go once the peer has read these.
    public var announcementBurstCount = 1024
    /// Witnesses that are told at once; the next go once the peer has read these.
    public var witnessBurstCount = 256
    /// Messages that may wait to be written; the window bounds the large ones.
    public var waitingMessageCount = 4096
    /// Time between two looks at the store when commits come one after the other: less than between the note
    /// that a file was begun and the commit of its report, some 20 ms.
    public var commitInterval: Duration = .milliseconds(10)
    /// Further time for each log: a look costs in proportion to them.
    public var commitIntervalPerLog: Duration = .microseconds(500)
    /// The most that both come to.
    public var longestCommitInterval: Duration = .milliseconds(100)
    /// Time to write the last words before the connection is cut.
    public var closingTime: Duration = .seconds(1)

    /// Makes the limits of a normal session.
    public init() {}

    /// Time between two looks at a store.
    /// - Parameter logCount: number of logs that the store holds.
    /// - Returns: ``commitInterval`` and a share for each log, at most ``longestCommitInterval``.
    public func commitPause(logCount: Int) -> Duration {
        min(commitInterval + commitIntervalPerLog * logCount, longestCommitInterval)
    }
}
