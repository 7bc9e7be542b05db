public import ReportModel
public import ReportWire

/// One replication session, without I/O: events go in, actions come out.
///
/// Both sides run the same machine; the roles differ in the handshake only. The machine holds no
/// record of former sessions: each begins with what both sides state.
///
/// Source: docs/protocol.md sections 4 and 5; DESIGN section 4.
public struct PeerSession: ~Copyable {
    /// Which side of the connection this is.
    public enum Role: Hashable, Sendable {
        /// This node connected to a node whose key it knows.
        case initiator(upstream: NodeID)
        /// This node was connected to.
        case acceptor
    }

    /// What a session is made from.
    public struct Configuration: Sendable {
        /// Which side of the connection this is.
        public var role: Role
        /// This node's key.
        public var key: NodeKey
        /// Who may replicate what; an upstream that is not listed may send every region.
        public var grants: Grants
        /// Which way entries go, for an initiator; an acceptor goes by the grant of the peer.
        public var direction: Direction
        /// Regions of the records in a batch, as `city[/district]`, by what is held and by keys that the sender
        /// told; each counts for entries that have its hash.
        public var regions: @Sendable (EntryBatch, [String]) -> [String]
        /// The key of the record that an entry is about, nil when it cannot be told; without it none is told.
        public var recordKey: (@Sendable (Entry) -> String?)?
        /// Nodes whose logs may judge what other nodes filed; this node's own key always may.
        public var reviewers: Set<NodeID>
        /// Kind of the first entry of a batch that judges what another node than the given one filed.
        public var judgement: @Sendable (EntryBatch, NodeID) -> EntryKind?
        /// Region of the record that an entry is about, nil when it cannot be told; without it a peer gets
        /// every body, whatever its grant.
        public var readableRegion: (@Sendable (Entry) -> String?)?
        /// Forms of bodies that this side reads, and writes when the other reads them.
        public var forms: BodyForms
        /// Random bytes, new for each session.
        public var nonce: Hash256
        /// SHA-256 of the acceptor's TLS certificate; zeros without TLS.
        public var channelBinding: Hash256
        /// Time on the wall when the session's clock stood at zero.
        public var startedAt: Timestamp
        /// Ceilings.
        public var limits: SyncLimits

        /// Makes a configuration.
        /// - Parameters:
        ///   - role: which side of the connection this is.
        ///   - key: this node's key.
        ///   - grants: who may replicate what.
        ///   - direction: which way entries go, for an initiator.
        ///   - regions: regions of the records in a batch, by what is held and by keys that were told.
        ///   - reviewers: nodes whose logs may judge what other nodes filed.
        ///   - judgement: kind of the first entry that judges what another node filed.
        ///   - readableRegion: region of the record that an entry is about.
        ///   - recordKey: key of the record that an entry is about.
        ///   - forms: forms of bodies beside their bytes.
        ///   - nonce: random bytes, new for each session.
        ///   - channelBinding: SHA-256 of the acceptor's TLS certificate.
        ///   - startedAt: time on the wall at the session's zero.
        ///   - limits: ceilings.
        public init(
            role: Role,
            key: NodeKey,
            grants: Grants,
            direction: Direction = .both,
            regions: @escaping @Sendable (EntryBatch, [String]) -> [String],
            reviewers: Set<NodeID> = [],
            judgement: @escaping @Sendable (EntryBatch, NodeID) -> EntryKind? = { _, _ in nil },
            readableRegion: (@Sendable (Entry) -> String?)? = nil,
            recordKey: (@Sendable (Entry) -> String?)? = nil,
            forms: BodyForms = [.zstd, .held, .keys, .xxh3],
            nonce: Hash256 = .random(),
            channelBinding: Hash256 = .zero,
            startedAt: Timestamp = .now,
            limits: SyncLimits = SyncLimits()
        ) {
            self.role = role
            self.key = key
            self.grants = grants
            self.direction = direction
            self.regions = regions
            self.reviewers = reviewers
            self.judgement = judgement
            self.readableRegion = readableRegion
            self.recordKey = recordKey
            self.forms = forms
            self.nonce = nonce
            self.channelBinding = channelBinding
            self.startedAt = startedAt
            self.limits = limits
        }
    }

    enum Phase: Hashable {
        case new, awaitingHello, awaitingAuth, exchanging, established, ended
    }

    /// A position to compare with the own log, and why.
    enum Check {
        case stated(LogPosition)
        case acknowledgement(Acknowledgement)
        /// The last entry that is the same on both branches; its hash is not known yet.
        case branch(LogPosition)
        /// What another node signed for a log of this node.
        case witness(Acknowledgement)

        var position: LogPosition {
            switch self {
            case .stated(let position), .branch(let position): position
            case .acknowledgement(let acknowledgement), .witness(let acknowledgement):
                acknowledgement.position
            }
        }
    }

    struct QueuedBatch {
        var batch: EntryBatch
        /// Keys of entries without their records.
        var keys: [String] = []
        var end: LogPosition
        var byteCount: Int
    }

    let configuration: Configuration
    let initiator: InitiatorHandshake?
    var acceptor: AcceptorHandshake
    var phase = Phase.new
    var actions: [PeerAction] = []
    var now: Duration = .zero

    var peer: NodeID?
    var grant = Grant(regions: [], rights: [])
    /// Which way entries go by this side's settings.
    var direction = Direction.both
    /// What the peer stated of its own; nil from a program that knows no directions.
    var peerDirection: Direction?

    var local: [LogID: LogState] = [:]
    var ownLog: LogID?
    /// What this node signed of its own log, by a head from the peer, while the store compares it.
    var leaving: LogPosition?
    /// A further such head, which came meanwhile.
    var shownNext: LogPosition?
    var isLoadingStates = false
    var wantsStates = false
    var hasSentPositions = false
    /// Forms that both sides read.
    var forms: BodyForms = []
    var hasReceivedPositions = false

    var exchanges: [LogID: LogExchange] = [:]
    /// Logs that the peer showed with heads which their owners did not sign.
    var unsignedHeadCount = 0
    var checks: [Check] = []
    var isChecking = false

    var turn: LogID?
    var isLoadingBatch = false
    /// Whether the batch that is being loaded was asked for under another grant.
    var isLoadStale = false
    var heldBatch: QueuedBatch?
    var outstandingCount = 0
    var outstandingByteCount = 0

    /// Keys that the peer told for its next batch.
    var toldKeys: [String] = []
    var queue: [QueuedBatch] = []
    var accepting: [QueuedBatch] = []
    var queuedByteCount = 0
    /// Batches that were refused because they speak of records which are not here yet, by log.
    var unplaced: [LogID: (batch: EntryBatch, keys: [String], node: NodeID)] = [:]
    var unplacedByteCount = 0
    /// Number of entries held here when the session looked at them last.
    var unplacedSeen: UInt64 = 0

    /// Logs that are not sent and whose owners the peer was not told of yet.
    var unannounced: [LogID] = []
    /// The question behind a burst of them, whose answer lets the next burst go.
    var announcementPing: UInt64?

    /// The last position of each other node that the peer was told of, by log.
    var witnessed: [LogID: [NodeID: UInt64]] = [:]
    var isLoadingWitnesses = false
    /// The question behind a burst of witnesses, whose answer lets the next burst go.
    var witnessPing: UInt64?
    /// When it was asked, or a large message last arrived before its answer.
    var witnessAskedAt: Duration?
    /// Signers of a log, brought by the peer, of whom no log is held here.
    var strangers: [LogID: Set<NodeID>] = [:]

    var reconciliation = Reconciliation()

    var connectedAt: Duration = .zero
    /// Since when the peer's first positions are awaited; nil before it is its turn, and once they came.
    var awaitedSince: Duration?
    var lastHeard: Duration = .zero
    /// When a whole message came last: who sends a large one hears nothing meanwhile.
    var lastMessage: Duration = .zero
    /// Bytes that had arrived when they last were a sign of life.
    var heardByteCount: UInt64 = 0
    /// When this side pinged last, at first when it was connected.
    var lastPing: Duration = .zero
    var pingNumber: UInt64 = 0

    /// Makes a session that waits for ``PeerEvent/connected``.
    /// - Parameter configuration: what it is made from.
    public init(_ configuration: Configuration) {
        self.configuration = configuration
        acceptor = AcceptorHandshake(
            key: configuration.key,
            nonce: configuration.nonce,
            channelBinding: configuration.channelBinding
        )
        if case .initiator(let upstream) = configuration.role {
            initiator = InitiatorHandshake(
                role: .peer,
                key: configuration.key,
                pinned: upstream,
                nonce: configuration.nonce,
                channelBinding: configuration.channelBinding
            )
        } else {
            initiator = nil
        }
    }

    /// Whether the session is over; events change nothing from then on.
    public var isEnded: Bool { phase == .ended }

    /// Whether keys are proven and positions exchanged.
    public var isEstablished: Bool { phase == .established }

    /// Whether the peer gave the reason for the end.
    private(set) var isEndedByPeer = false

    /// Number of logs that are held here.
    var logCount: Int { local.count }

    /// Takes one event.
    /// - Parameters:
    ///   - event: what happened.
    ///   - now: time on the session's clock; never goes back.
    /// - Returns: what is to be done, in this order.
    public mutating func handle(_ event: PeerEvent, at now: Duration) -> [PeerAction] {
        guard phase != .ended else { return [] }
        self.now = max(self.now, now)
        switch event {
        case .connected: connect()
        case .received(let message): receive(message)
        case .storeCommitted: loadStates()
        case .statesLoaded(let states, let ownLog): statesLoaded(states, ownLog: ownLog)
        case .hashLoaded(let log, let sequence, let hash): hashLoaded(log, sequence, hash)
        case .batchLoaded(let log, let after, let batch): batchLoaded(log, after, batch)
        case .batchFailed(let log, let error): batchFailed(log, error)
        case .ownLogDecided(let log): ownLogDecided(log)
        case .witnessesLoaded(let witnesses): witnessesLoaded(witnesses)
        case .resync: resync()
        case .nodesLoaded(let nodes, let isAnswer): nodesLoaded(nodes, isAnswer: isAnswer)
        case .defectsFound(let log, let defects): defectsFound(log, defects)
        case .entriesLoaded(let fetched): entriesLoaded(fetched)
        case .answered: answered()
        case .repaired(let log, let repair): repaired(log, repair)
        case .loadFailed(let error): fail(error)
        case .accepted(let position): accepted(position)
        case .acceptFailed(let log, let error): acceptFailed(log, error)
        case .acknowledged(let acknowledgement): send(.acknowledgement(acknowledgement))
        case .grantChanged(let grant): grantChanged(grant)
        case .arrived(let byteCount): arrived(byteCount)
        case .garbled(let error): fail(error)
        case .timerFired: timerFired()
        case .closed: end(nil, "the connection is gone")
        }
        let result = actions
        actions = []
        return result
    }

    mutating func send(_ message: PeerMessage) { actions.append(.send(message)) }

    mutating func report(_ event: SyncEvent) { actions.append(.report(event)) }

    /// Tells the peer why, and ends.
    mutating func fail(_ error: ReportError) {
        guard phase != .ended else { return }
        send(.failure(error.code, message: error.message))
        end(error.code, error.message)
    }

    mutating func end(_ code: ReportError.Code?, _ message: String) {
        guard phase != .ended else { return }
        phase = .ended
        actions.append(.close(code, message))
    }

    private mutating func receive(_ message: PeerMessage) {
        lastHeard = now
        lastMessage = now
        switch message {
        case .hello(let hello): receive(hello)
        case .auth(let signature): receiveAuth(signature)
        case .failure(let code, let message):
            isEndedByPeer = true
            end(code, message)
        case .bye: end(nil, "the peer said goodbye")
        case .forms(let stated, let direction)
        where phase == .exchanging && !hasReceivedPositions:
            forms = stated.intersection(configuration.forms)
            peerDirection = direction
        case .positions(let positions, let isLast) where phase == .exchanging:
            receive(positions, isLast: isLast)
        case .ping(let number) where phase == .exchanging: send(.pong(number))
        case .pong where phase == .exchanging: break
        case _ where phase != .established:
            fail(ReportError(.usage, "a message out of turn"))
        case .positions(let positions, let isLast): receive(positions, isLast: isLast)
        case .forms: fail(ReportError(.usage, "FORMS after the first positions"))
        case .log(let descriptor, let head): receive(descriptor, head)
        case .key(let key): receive(key)
        case .batch(let batch, _): receive(batch)
        case .acknowledgement(let acknowledgement): receive(acknowledgement)
        case .refuse(let log, let code, let message):
            refusedByPeer(log, ReportError(code, message))
        case .witness(let acknowledgement): receiveWitness(acknowledgement)
        case .compare(let question): receiveComparison(question)
        case .nodes(let answer): receiveNodes(answer)
        case .fetch(let log, let sequences): receiveFetch(log, sequences)
        case .entries(let fetched): receiveEntries(fetched)
        case .ping(let number): send(.pong(number))
        case .pong(let number):
            announcementsPassed(number)
            witnessesPassed(number)
        }
    }
}
