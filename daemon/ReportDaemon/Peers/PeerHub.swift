import Logging
import NIOCore
import NIOPosix
import ReportAuthority
import ReportModel
import ReportStore
import ReportSync
import ReportTLS
import ReportWire
import Synchronization

/// All peer sessions of a node: those it began with its upstreams, and those that others began.
final class PeerHub: Sendable {
    typealias Driver = PeerDriver<ChannelTransport, Store, ContinuousClock>

    /// What `status` shows of one peer.
    struct Link {
        var node: NodeID
        var isUpstream: Bool
        /// Which way entries go, as the configuration or the grant says.
        var direction = Direction.both
        var driver: Driver?
        var state: String
        /// Why there was no session last, or why the last one ended.
        var error: ReportError?
        /// Whether the other side said so.
        var isErrorFromPeer = false
        /// What an upstream showed under TLS.
        var certificate: PeerCertificate?
        /// How far an upstream need not sign for logs of others, by its last sessions.
        var settled: [LogID: UInt64] = [:]
        /// Whether an upstream had a session since this node was started.
        var hadSession = false
    }

    struct State {
        var links: [Int: Link] = [:]
        var lastNumber = 0
        var sessions: [Int: Task<Void, Never>] = [:]
        /// When those who had a session were heard last.
        var heard: [NodeID: Timestamp] = [:]
        /// Those who wanted nothing sent in their last session.
        var unsubscribed: Set<NodeID> = []
        /// What ended the last session of those who have none now.
        var ends: [NodeID: PeerSessionEnd] = [:]
        var isStopped = false
    }

    let store: Store
    let key: NodeKey
    let access: Access
    /// What the configuration calls the upstreams.
    let upstreamNames: [NodeID: String]
    /// Upstreams without an address, which are heard of by bundles.
    let carriedUpstreams: Set<NodeID>
    let disk = BlockingWork()
    private let reviewers: Set<NodeID>
    let group: any EventLoopGroup
    let logger: Logger
    private let refusals: RefusalLog
    let onAcknowledged: @Sendable (Acknowledgement) -> Void
    let state = Mutex(State())

    /// Makes a hub without sessions.
    /// - Parameters:
    ///   - store: the node's store.
    ///   - key: the node's key.
    ///   - access: who may send what here, and what TLS needs.
    ///   - upstreamNames: what the configuration calls the upstreams.
    ///   - carriedUpstreams: upstreams without an address.
    ///   - reviewers: whose logs may judge what other nodes filed.
    ///   - group: the threads.
    ///   - logger: where events go.
    ///   - refusals: where sessions are told that never came about.
    ///   - onAcknowledged: told when an upstream has signed for a position.
    init(
        store: Store,
        key: NodeKey,
        access: Access,
        upstreamNames: [NodeID: String],
        carriedUpstreams: Set<NodeID>,
        reviewers: Set<NodeID>,
        group: any EventLoopGroup,
        logger: Logger,
        refusals: RefusalLog,
        onAcknowledged: @escaping @Sendable (Acknowledgement) -> Void
    ) {
        self.store = store
        self.key = key
        self.access = access
        self.upstreamNames = upstreamNames
        self.carriedUpstreams = carriedUpstreams
        self.reviewers = reviewers
        self.group = group
        self.logger = logger
        self.refusals = refusals
        self.onAcknowledged = onAcknowledged
    }

    // MARK: Sessions that others began

    /// Begins a session with a peer that said `HELLO`.
    /// - Parameters:
    ///   - hello: what it said.
    ///   - gate: opened once its key is proved.
    ///   - channel: its connection.
    ///   - channelBinding: SHA-256 of the certificate that this node showed.
    /// - Returns: where its messages go; nil when the node is stopping.
    func accept(
        _ hello: Hello,
        gate: PeerGate,
        channel: any Channel,
        channelBinding: Hash256
    ) -> (any PeerInbound)? {
        guard hello.role == .peer else { return nil }
        let transport = ChannelTransport(channel: channel, gate: gate)
        let node = hello.node
        let address = channel.remoteAddress
        let direction = access.grants[node]?.direction ?? .both
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        let driver = makeDriver(
            transport,
            role: .acceptor,
            peer: node,
            channelBinding: channelBinding,
            number: number
        )
        return state.withLock { state in
            guard !state.isStopped else { return nil }
            state.links[number] = Link(
                node: node,
                isUpstream: false,
                direction: direction,
                driver: driver,
                state: "connecting"
            )
            state.sessions[number] = Task {
                let end = await driver.run()
                self.tell(end, of: node, at: address)
                await self.noteEnd(end, of: driver, with: node)
                self.state.withLock { state in
                    state.links[number] = nil
                    state.sessions[number] = nil
                }
            }
            return transport
        }
    }

    /// Logs the end of a session: one that was never established is a refusal, since anybody may cause it.
    private func tell(_ end: PeerSessionEnd, of node: NodeID, at address: SocketAddress?) {
        guard let code = end.code else {
            return logger.info("peer session ended", metadata: Self.metadata(node, end))
        }
        guard end.wasEstablished else {
            return refusals.note("\(code.rawValue): \(end.message)", address: address, key: node)
        }
        logger.warning("a peer session was ended", metadata: Self.metadata(node, end))
    }

    /// Remembers when a peer was heard last, if it proved its key.
    private func noteEnd(_ end: PeerSessionEnd, of driver: Driver, with node: NodeID) async {
        let progress = await driver.progress
        guard end.wasEstablished, let time = progress.lastHeard else { return }
        state.withLock { state in
            state.heard[node] = max(state.heard[node] ?? time, time)
            state.ends[node] = end.code == nil ? nil : end
            if progress.direction?.sends == true {
                state.unsubscribed.remove(node)
            } else {
                state.unsubscribed.insert(node)
            }
        }
    }

    // MARK: Upstreams

    /// Keeps a session with an upstream until the task is cancelled.
    /// - Parameter upstream: address and pinned key.
    func follow(_ upstream: NodeConfiguration.Upstream) async {
        let number = state.withLock { state in
            state.lastNumber += 1
            state.links[state.lastNumber] = Link(
                node: upstream.key,
                isUpstream: true,
                direction: upstream.direction,
                driver: nil,
                state: "connecting"
            )
            return state.lastNumber
        }
        var schedule = ReconnectSchedule()
        var generator = SystemRandomNumberGenerator()
        var lastMessage = ""
        while !Task.isCancelled {
            let end = await session(with: upstream, number: number)
            schedule.note(end)
            if Task.isCancelled { return }
            // An end without a code is a connection that is gone.
            let error = ReportError(end.code ?? .unreachable, end.message)
            if error.message != lastMessage {
                logger.warning(
                    "upstream \(upstream.address.host):\(upstream.address.port): \(error.message)",
                    metadata: ["code": "\(error.code.rawValue)"]
                )
                lastMessage = error.message
            }
            update(number) { link in
                link.driver = nil
                link.state = "waiting"
                link.error = error
                link.isErrorFromPeer = end.isFromPeer
            }
            try? await Task.sleep(for: schedule.next(using: &generator))
        }
    }

    private func session(
        with upstream: NodeConfiguration.Upstream,
        number: Int
    ) async -> PeerSessionEnd {
        let transport: ChannelTransport
        let certificate: PeerCertificate?
        do throws(ReportError) {
            (transport, certificate) = try await connect(to: upstream)
        } catch {
            return PeerSessionEnd(failing: error)
        }
        let driver = makeDriver(
            transport,
            role: .initiator(upstream: upstream.key),
            peer: upstream.key,
            channelBinding: certificate?.fingerprint ?? .zero,
            number: number,
            direction: upstream.direction
        )
        update(number) { link in
            link.driver = driver
            link.certificate = certificate
            link.state = "connected"
        }
        let end = await driver.run()
        await noteEnd(end, of: driver, with: upstream.key)
        if end.wasEstablished {
            let settled = await driver.progress.settled(besides: key.id)
            update(number) { link in
                link.settled.merge(settled) { _, new in new }
                link.hadSession = true
            }
        }
        return end
    }

    private func makeDriver(
        _ transport: ChannelTransport,
        role: PeerSession.Role,
        peer: NodeID,
        channelBinding: Hash256,
        number: Int,
        direction: Direction = .both
    ) -> Driver {
        let configuration = PeerSession.Configuration(
            role: role,
            key: key,
            grants: access.grants,
            direction: direction,
            regions: { [store] batch, keys in store.regions(of: batch, told: keys) },
            reviewers: reviewers,
            judgement: { [store] batch, node in store.judgement(in: batch, of: node) },
            readableRegion: { [store] entry in store.region(of: entry) },
            recordKey: { [store] entry in store.recordKey(of: entry) },
            // On this machine bytes cost nothing, and a frame costs processor time at both ends.
            forms: transport.isWithinMachine
                ? [.held, .keys, .xxh3] : [.zstd, .held, .keys, .xxh3],
            channelBinding: channelBinding
        )
        return Driver(
            transport: transport,
            log: store,
            configuration: configuration,
            clock: ContinuousClock()
        ) { [weak self] event in
            self?.handle(event, peer: peer, number: number, isUpstream: role != .acceptor)
        }
    }

    // MARK: End

    /// Ends all sessions in good order.
    func stop() async {
        let (links, sessions) = state.withLock { state in
            state.isStopped = true
            return (Array(state.links.values), Array(state.sessions.values))
        }
        for link in links { await link.driver?.stop() }
        for session in sessions { await session.value }
    }

    private func update(_ number: Int, _ change: (inout Link) -> Void) {
        state.withLock { state in
            guard var link = state.links[number] else { return }
            change(&link)
            state.links[number] = link
        }
    }

    private static func metadata(_ node: NodeID, _ end: PeerSessionEnd) -> Logger.Metadata {
        ["peer": "\(node)", "reason": "\(end.message)", "code": "\(end.code?.rawValue ?? "-")"]
    }
}
