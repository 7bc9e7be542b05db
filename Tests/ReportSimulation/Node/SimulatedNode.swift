import ReportModel
import ReportSync
import ReportTestKit
import Synchronization

/// One machine: a disk, a clock that may be wrong, and a process that comes and goes.
///
/// Sendable without locks for the same reason as ``World``.
final class SimulatedNode: @unchecked Sendable {
    typealias Driver = PeerDriver<Endpoint, NodeLog, VirtualClock>

    /// A session as the node's hub knows it.
    struct Session {
        var number: Int
        var end: Endpoint
        var driver: Driver
        var isUpstream: Bool
        var task: Task<Void, Never>?
        var status: PeerProgress?
        /// Disks put back at the peer before the session began.
        var resetCount: Int
    }

    let number: Int
    let plan: NodePlan
    let key: NodeKey
    let disk: SimulatedDisk
    unowned let world: World
    private(set) var store: SimulatedStore?
    var sessions: [Session] = []
    private(set) lazy var inbox = SimulatedInbox(
        self,
        in: world.folder.path("inbox \(number)"),
        world: world
    )
    /// Whether the clock jumped or the disk was put back.
    private(set) var hasOddTime = false
    private var followers: [Task<Void, Never>] = []
    private var lastSession = 0
    private(set) var clockOffset: Int64 = 0
    private(set) var losesPower = false
    private var backup: StoreContents?
    private var logCount = 0
    private var incarnation = 0

    init(_ number: Int, plan: NodePlan, world: World) {
        self.number = number
        self.plan = plan
        self.world = world
        guard let key = NodeKey(secret: Hash256(hashing: Array("key \(number)".utf8)).bytes) else {
            preconditionFailure("32 bytes are a key")
        }
        self.key = key
        var contents = StoreContents(descriptor: Self.descriptor(key, plan.name, number, 0))
        contents.bug = world.bug
        disk = SimulatedDisk(contents)
        logCount = 1
        world.register(key.id, number)
    }

    /// A second machine with the same disk and key.
    init(_ number: Int, copying original: SimulatedNode) {
        self.number = number
        plan = original.plan
        key = original.key
        world = original.world
        disk = SimulatedDisk(original.disk.contents)
        logCount = original.logCount + 100
    }

    private static func descriptor(
        _ key: NodeKey,
        _ name: String,
        _ number: Int,
        _ count: Int
    ) -> LogDescriptor {
        let bytes = Hash256(hashing: Array("log \(number) \(count)".utf8)).bytes.prefix(16)
        guard let nonce = LogID(bytes) else { preconditionFailure("16 bytes are a log") }
        return LogDescriptor(
            node: key.id,
            nonce: nonce,
            createdAt: Timestamp(milliseconds: 1_700_000_000_000),
            name: name
        )
    }

    var isUp: Bool { store != nil }

    /// What the machine's clock shows.
    var wall: Timestamp {
        let (seconds, attoseconds) = world.agenda.now.components
        let time = seconds * 1000 + attoseconds / 1_000_000_000_000_000 + clockOffset
        return Timestamp(milliseconds: UInt64(max(0, 1_700_000_000_000 + time)))
    }

    // MARK: Life

    /// Starts the process.
    func start() {
        guard store == nil, !world.isOver else { return }
        incarnation += 1
        losesPower = false
        world.note("node \(number) starts")
        let store = SimulatedStore(key: key, disk: disk, number: number, world: world)
        self.store = store
        world.observe(number, disk.contents, isStart: true)
        for upstream in plan.upstreams {
            follow(upstream)
        }
        followers.append(Task(executorPreference: world.executor) { await self.endHolds(store) })
    }

    func follow(_ upstream: Int) {
        followers.append(
            Task(executorPreference: world.executor) { await self.keepSession(with: upstream) }
        )
    }

    /// Stops the process, as `kill -9` or a power cut does.
    /// - Parameters:
    ///   - losesPower: whether the peers hear nothing of it.
    ///   - down: for how long; nil when somebody else starts it.
    func crash(losesPower: Bool, down: Duration?) {
        guard let store else { return }
        world.note("node \(number) \(losesPower ? "loses power" : "is killed")")
        self.store = nil
        self.losesPower = losesPower
        for session in sessions {
            session.end.die()
            session.end.wire.end(losesPower ? .silent : .reset)
            world.remove(session.end.wire)
            session.task?.cancel()
        }
        sessions = []
        for follower in followers { follower.cancel() }
        followers = []
        store.die()
        guard let down else { return }
        let incarnation = incarnation
        world.agenda.plan(in: down) {
            if self.incarnation == incarnation { self.start() }
        }
    }

    func jumpClock(_ duration: Duration) {
        clockOffset += duration.components.seconds * 1000
        hasOddTime = true
    }

    func heal() {
        disk.state.withLock { state in
            state.fullUntil = .zero
            state.slowUntil = .zero
        }
        start()
    }

    // MARK: Backups and copies

    func backUp() { backup = disk.contents }

    /// Puts the disk back to the last backup.
    func restore(isFoundOut: Bool, down: Duration) {
        guard var contents = backup else { return }
        hasOddTime = true
        inbox.forgetReceipts()
        crash(losesPower: false, down: nil)
        incarnation += 1
        let own = contents.own
        let counts = contents.logs.map { (world.name($0.key), $0.value.hashes.count) }
        world.checker.putBack(
            number,
            logs: Dictionary(uniqueKeysWithValues: counts),
            own: isFoundOut ? nil : world.name(own)
        )
        if isFoundOut { beginLog(&contents) }
        disk.replace(contents)
        let incarnation = incarnation
        world.agenda.plan(in: down) {
            if self.incarnation == incarnation { self.start() }
        }
    }

    func beginLog() {
        var contents = disk.contents
        beginLog(&contents)
        disk.replace(contents)
    }

    private func beginLog(_ contents: inout StoreContents) {
        contents.beginLog(nextDescriptor(), FilingHold(.restored, since: wall))
    }

    /// Of a log that this machine has never had.
    func nextDescriptor() -> LogDescriptor {
        logCount += 1
        return Self.descriptor(key, plan.name, number, logCount)
    }

    // MARK: Sessions

    private func keepSession(with upstream: Int) async {
        var schedule = ReconnectSchedule()
        while !Task.isCancelled, store != nil {
            if await session(with: upstream) { schedule.reset() }
            guard !Task.isCancelled else { return }
            try? await world.clock.sleep(for: world.delay(&schedule))
        }
    }

    /// One session, from the connection to its end.
    /// - Returns: whether it was established.
    func session(with upstream: Int) async -> Bool {
        let clock = world.clock
        let target = world.nodes[upstream]
        try? await clock.sleep(for: world.random(.milliseconds(1), .milliseconds(200)))
        if world.isCut(number, upstream) || target.losesPower,
            !target.isUp || world.isCut(number, upstream)
        {
            try? await clock.sleep(for: .seconds(10))
            return false
        }
        guard !Task.isCancelled, store != nil, target.isUp else { return false }
        lastSession += 1
        let wire = Wire(world: world, name: "\(number)-\(lastSession)", nodes: [number, upstream])
        let (own, other) = wire.makeEnds()
        world.add(wire)
        target.accept(other)
        let isEstablished = await run(own, role: .initiator(upstream: target.key.id))
        world.remove(wire)
        return isEstablished
    }

    private func accept(_ end: Endpoint) {
        let task = Task(executorPreference: world.executor) {
            _ = await self.run(end, role: .acceptor)
        }
        if let index = sessions.firstIndex(where: { $0.end === end }) {
            sessions[index].task = task
        }
    }

    private func run(_ end: Endpoint, role: PeerSession.Role) async -> Bool {
        guard let store else {
            await end.close()
            return false
        }
        lastSession += 1
        let number = lastSession
        let log = NodeLog(store: store, world: world, number: self.number) { self.wall }
        let driver = Driver(
            transport: end,
            log: log,
            configuration: configuration(role, log),
            clock: world.clock
        ) { [unowned self] event in
            handle(event, peer: end.peer, number: number, isUpstream: role != .acceptor)
        }
        sessions.append(
            Session(
                number: number,
                end: end,
                driver: driver,
                isUpstream: role != .acceptor,
                resetCount: world.checker.resetCount(end.peer)
            )
        )
        let ending = await driver.run()
        world.note(
            "node \(self.number): session \(number) with \(end.peer) ends: \(ending.message)"
        )
        sessions.removeAll { $0.number == number }
        return ending.wasEstablished
    }

    private func configuration(_ role: PeerSession.Role, _ log: NodeLog)
        -> PeerSession.Configuration
    {
        var grants = Grants()
        for (peer, regions) in plan.grants {
            grants[world.nodes[peer].key.id] = Grant(regions: regions, rights: [.peer])
        }
        var readable: (@Sendable (Entry) -> String?)?
        if world.bug != .bodiesForAll { readable = { log.region(of: $0) } }
        var limits = SyncLimits()
        limits.batchEntryCount = world.random(1, 4)
        return PeerSession.Configuration(
            role: role,
            key: key,
            grants: grants,
            direction: plan.direction,
            regions: { log.regions(of: $0, told: $1) },
            reviewers: Set(plan.reviewers.map { world.nodes[$0].key.id }),
            judgement: { log.judgement(in: $0, of: $1) },
            readableRegion: readable,
            recordKey: { log.recordKey(of: $0) },
            nonce: world.hash(),
            startedAt: wall,
            limits: limits
        )
    }

    private func handle(_ event: SyncEvent, peer: Int, number: Int, isUpstream: Bool) {
        world.note("node \(self.number): session \(number) with \(peer): \(text(event))")
        switch event {
        case .established where !isUpstream:
            // As the daemon does: a peer that proved its key again has lost its older connection.
            let older = sessions.filter { session in
                !session.isUpstream && session.number != number
                    && world.nodes[session.end.peer].key.id == world.nodes[peer].key.id
            }
            for session in older { world.spawn { await session.driver.stop() } }
        case .forkSeen(let position), .ownLogAhead(let position, _):
            world.sawFork[self.number, default: []].insert(world.name(position.log))
        case .refused(let log, .forked, _), .refusedByPeer(let log, .forked, _):
            world.sawFork[self.number, default: []].insert(world.name(log))
        default: break
        }
    }

    private func text(_ event: SyncEvent) -> String {
        switch event {
        case .established: "established"
        case .received(let position): "received \(world.name(position.log)):\(position.sequence)"
        case .acknowledged(let value):
            "acknowledged \(world.name(value.position.log)):\(value.position.sequence)"
        case .refused(let log, let code, let message):
            "refused \(world.name(log)) \(code.rawValue): \(message)"
        case .refusedByPeer(let log, let code, let message):
            "refused by the peer \(world.name(log)) \(code.rawValue): \(message)"
        case .unreadable(let log, let code, _): "unreadable \(world.name(log)) \(code.rawValue)"
        case .forkSeen(let position): "fork seen \(world.name(position.log)):\(position.sequence)"
        case .ownLogAhead(let position, let own):
            "own log ahead \(world.name(position.log)):\(position.sequence), here \(own)"
        case .bodiesLeftOut(let log, let sequence): "bodies left out \(world.name(log)):\(sequence)"
        case .stalled(let message): "stalled: \(message)"
        case .witnessed(let value):
            "witnessed \(world.name(value.position.log)):\(value.position.sequence)"
        case .resynced: "compared"
        }
    }
}
