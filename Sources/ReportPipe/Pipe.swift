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
    /// What carries the messages; another one may take its place when it is broken.
    package var stream: any MessageStream
    let folder: PartFolder
    let limits: PipeLimits
    /// Hands a bundle to the node.
    let take: (String) async throws(ReportError) -> JSONValue
    let tell: (PipeEvent) -> Void
    var peers: [PeerState]

    /// What is known of a peer since this process began.
    struct PeerState {
        let peer: PipePeer
        /// Commit of the store after which everything was said; nil: look anew.
        var saidCommit: Int?
        /// Nothing is said to it until then.
        var restsUntil: ContinuousClock.Instant?
        /// Logs that it brought entries of.
        var brought: Set<LogID> = []
        /// What it was last told of who signed; nil: nothing yet.
        var told: [Signed]?
        /// When it was told that.
        var toldAt: ContinuousClock.Instant?
        /// Whether it waits for an answer to what it sent.
        var isOwedAnswer = false
        /// How far it says that it holds logs, in place of what the store keeps of its acknowledgements.
        var stated: [LogID: Stated] = [:]
        /// The bundle that it has not signed for yet.
        var underWay: UnderWay?
        /// Logs that it did not sign for while it signed for others: they stay behind for a while.
        var resting: [LogID: Rest] = [:]
        /// Most entries of the next bundle; grows again after bundles that were too large.
        var entryCount: Int
        /// When bundles that the node did not take are tried again, and how often they were.
        var takesUntil: ContinuousClock.Instant?
        var takeAttempts = 0
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
        /// What the store kept of it by then; when that is more now, it counts.
        var signed: UInt64
    }

    /// A log that is left out of bundles.
    struct Rest {
        /// What the peer had signed for.
        var signed: UInt64
        var until: ContinuousClock.Instant
    }

    /// How far a log is signed for by a peer, and how far it is held here.
    struct Span: Hashable {
        var signed: UInt64
        var held: UInt64
    }

    /// A bundle that was sent.
    struct UnderWay {
        /// How far the peer had signed for its logs when it was made.
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
    ///   - peers: the nodes at the other end, none twice.
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
        self.peers = peers.map { PeerState(peer: $0, entryCount: limits.entryCount) }
        folder.sweep(keeping: peers.map(\.node))
    }

    /// One round: takes what came, answers it, and sends what the peers have not signed for.
    ///
    /// A fault at one peer rests that peer for a while and stops no other.
    /// - Parameter now: the time; it never goes back.
    /// - Throws: ``ReportError`` `unreachable` and `timed-out` of the stream, and what kept messages from being
    ///   received; another round may go well.
    package func step(at now: ContinuousClock.Instant) async throws(ReportError) {
        var failure: ReportError?
        do throws(ReportError) { try await receive() } catch { failure = error }
        for index in peers.indices {
            if let until = peers[index].restsUntil, now < until { continue }
            peers[index].restsUntil = nil
            do throws(ReportError) {
                // Room on the disk comes from here, whatever became of receiving.
                try await handOver(index, at: now)
                guard failure == nil else { continue }
                try await say(index, at: now)
            } catch {
                peers[index].restsUntil = now + limits.pause
                guard error.code != .unreachable, error.code != .timedOut else { throw error }
                tell(.failed(peers[index].peer.node, error))
            }
        }
        if let failure { throw failure }
    }

    /// Says what is new, unless nothing was committed since and nothing is due.
    private func say(_ index: Int, at now: ContinuousClock.Instant) async throws(ReportError) {
        let commit = store.commitNumber
        let isDue = peers[index].underWay.map { $0.isDue || now >= $0.until } ?? false
        let isRested = peers[index].resting.values.contains { now >= $0.until }
        guard
            commit == nil || commit != peers[index].saidCommit || isDue || isRested
                || peers[index].isOwedAnswer
        else { return }
        let isAnswered = try await answer(index, at: now)
        try await send(index, at: now)
        peers[index].saidCommit = isAnswered ? commit : nil
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
                "a bundle of \(byteCount) bytes is too large for the stream"
            )
        }
        var header = PartHeader(count: count)
        do throws(ReportError) {
            for index in 0..<count {
                header.index = index
                let part = try bytes(index * step..<min(byteCount, (index + 1) * step))
                try await stream.publish(part, header: header, to: subject)
            }
        } catch {
            // A part of a bundle only takes up room.
            if error.code == .noSpace { try? await stream.purge(subject) }
            throw error
        }
    }
}
