package import ReportModel
package import ReportStore

/// Replication through a stream of messages: bundles go there in parts, and signed acknowledgements come back.
///
/// The stream is a pipe and no more. What a bundle holds is decided by the acknowledgements that the other
/// node's store has signed; that the stream has a message, or that somebody fetched it, moves nothing. So it
/// may lose, repeat and reorder messages, and the state that this process keeps may be lost as well: what is
/// not signed for is sent once more. One bundle with entries is under way to each peer.
///
/// Used by one task.
///
/// Source: docs/protocol.md section 8.
package final class Pipe {
    let store: Store
    let stream: any MessageStream
    let folder: PartFolder
    let limits: PipeLimits
    /// Hands a bundle to the node.
    let take: (String) async throws(ReportError) -> JSONValue
    let tell: (PipeEvent) -> Void
    var peers: [PeerState]

    /// What is known of a peer since this process began.
    struct PeerState {
        let peer: PipePeer
        /// Logs that it brought entries of.
        var brought: Set<LogID> = []
        /// What it was last told of who signed; nil: nothing yet.
        var told: [Signed]?
        /// Whether it waits for an answer to what it sent.
        var isOwedAnswer = false
        /// How far it says that it holds logs, in place of what its older acknowledgements say.
        var stated: [LogID: Stated] = [:]
        /// The bundle that it has not signed for yet.
        var underWay: UnderWay?
        /// What there was when nothing of it could be sent.
        var exhausted: [LogID: Span]?
        /// When bundles that the node did not take are tried again.
        var pausedUntil: ContinuousClock.Instant?
    }

    /// Somebody's signature under a log up to an entry.
    struct Signed: Hashable {
        let node: NodeID
        let log: LogID
        let sequence: UInt64
    }

    /// How far a peer says that it holds a log.
    struct Stated {
        var sequence: UInt64
        /// What it had signed for by then; when it has signed for more, that counts.
        var signed: UInt64
    }

    /// How far a log is signed for by a peer, and how far it is held here.
    struct Span: Hashable {
        var signed: UInt64
        var held: UInt64
    }

    /// A bundle that was sent.
    struct UnderWay {
        /// What the peer had signed for when it was made.
        var spans: [LogID: Span]
        var attempt: Int
        /// When it is sent again.
        var until: ContinuousClock.Instant
        /// Whether the peer said where it wants to go on, and another bundle is due.
        var isDue = false
        /// Whether this one began where the peer asked: it is not heard twice in a row.
        var isAsAsked: Bool
    }

    /// Makes a pipe.
    /// - Parameters:
    ///   - store: the node's store, which may be open for reading only.
    ///   - stream: what carries the messages.
    ///   - peers: the nodes at the other end.
    ///   - folder: where parts wait; the node must be able to read there.
    ///   - limits: bounds and patience.
    ///   - tell: told what was done.
    ///   - take: hands a bundle at a path to the node, as `BUNDLE` of docs/protocol.md 3.16.
    package init(
        store: Store,
        stream: any MessageStream,
        peers: [PipePeer],
        folder: PartFolder,
        limits: PipeLimits = .standard,
        tell: @escaping (PipeEvent) -> Void = { _ in },
        take: @escaping (String) async throws(ReportError) -> JSONValue
    ) {
        self.store = store
        self.stream = stream
        self.folder = folder
        self.limits = limits
        self.tell = tell
        self.take = take
        self.peers = peers.map { PeerState(peer: $0) }
    }

    /// One round: takes what came, answers it, and sends what the peers have not signed for.
    /// - Parameter now: the time; it never goes back.
    /// - Throws: ``ReportError`` of the stream, of the disk or of the store; another round may go well.
    package func step(at now: ContinuousClock.Instant) async throws(ReportError) {
        try await receive()
        for index in peers.indices {
            try await handOver(index, at: now)
            try await answer(index)
            try await send(index, at: now)
        }
    }

    func subject(to index: Int, _ kind: PipeSubject.Kind) -> PipeSubject {
        PipeSubject(recipient: peers[index].peer.node, sender: store.node, kind: kind)
    }

    /// Puts bytes into the stream, after what was there of the subject was dropped: the newest says the same and more.
    /// - Parameters:
    ///   - byteCount: how many there are.
    ///   - subject: where they go.
    ///   - bytes: those of a part.
    /// - Throws: ``ReportError`` `too-large`, those of the stream and of `bytes`.
    func publish(
        byteCount: Int,
        to subject: PipeSubject,
        _ bytes: (Range<Int>) throws(ReportError) -> [UInt8]
    ) async throws(ReportError) {
        try await stream.purge(subject)
        let step = max(1, min(limits.partByteCount, stream.maximumPayloadByteCount))
        let count = max(1, (byteCount + step - 1) / step)
        guard count <= PartHeader.maximumCount else {
            throw ReportError(
                .tooLarge,
                "a bundle of \(byteCount) bytes is too large for the stream",
                hint: "give a smaller number to --entries"
            )
        }
        var header = PartHeader(count: count)
        for index in 0..<count {
            header.index = index
            let part = try bytes(index * step..<min(byteCount, (index + 1) * step))
            try await stream.publish(part, header: header, to: subject)
        }
    }
}
