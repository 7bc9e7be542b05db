import Logging
import NIOCore
import NIOPosix
import ReportIntake
public import ReportModel
import ReportPostgres
import ReportStore
import ReportSync
import ReportWire
import ServiceLifecycle
import UnixSignals

/// One node: store, workers, inboxes, server and peers, wired together.
public struct Daemon: Sendable {
    let configuration: NodeConfiguration
    let divisions: Divisions
    let logger: Logger

    /// Makes a daemon; nothing is opened before ``run()``.
    /// - Parameter configuration: what its file says.
    public init(_ configuration: NodeConfiguration) {
        self.configuration = configuration
        divisions = Divisions(adding: configuration.regions)
        logger = NodeLogger.make(configuration.logFormat)
    }

    /// The public key of the node; makes store and key when there are none.
    /// - Returns: the key that other nodes are configured with.
    /// - Throws: ``ReportError`` `conflict` while another process writes the store.
    public func nodeKey() throws(ReportError) -> NodeID {
        do throws(ReportError) {
            let store = try openStore()
            defer { store.close() }
            return store.node
        } catch {
            guard error.code == .conflict else { throw error }
            let store = try Store.openReadOnly(directory: configuration.store)
            defer { store.close() }
            return store.node
        }
    }

    /// The database that several nodes share, with this node's folder; nil when there is none.
    private func openShared(
        _ telemetry: Telemetry
    ) async throws(ReportError) -> SharedStore? {
        guard let database = configuration.database else { return nil }
        if let absent = configuration.absentStore { throw absent }
        let shared = try await SharedStore.open(
            database,
            directory: configuration.store,
            options: storeOptions(telemetry)
        )
        if case .failed(let message) = shared.condition {
            logger.error(
                "the database does not answer: this node answers with what it has, and takes nothing",
                metadata: ["database": "\(database.shown)", "reason": "\(message)"]
            )
        }
        return shared
    }

    private func openStore(_ telemetry: Telemetry = Telemetry()) throws(ReportError) -> Store {
        if let absent = configuration.absentStore { throw absent }
        return try Store.open(directory: configuration.store, options: storeOptions(telemetry))
    }

    private func storeOptions(_ telemetry: Telemetry) -> Store.Options {
        var options = Store.Options(
            nodeName: configuration.name,
            holder: configuration.holder,
            divisions: divisions
        )
        options.disk = configuration.disk
        options.onCommit = { telemetry.committed($0) }
        options.onMigration = { [logger] from, to in
            ServiceManager().extend(by: DaemonLimits.migrationTime)
            logger.warning(
                "the store goes to a newer format: older versions cannot open it any more",
                metadata: ["from": "\(from)", "to": "\(to)"]
            )
        }
        return options
    }

    /// Runs until SIGTERM or SIGINT; then drains what is under way and returns.
    /// - Returns: whether the program is to be started anew: a disk that failed is well again.
    /// - Throws: ``ReportError`` when the node cannot start.
    public func run() async throws(ReportError) -> Bool {
        OpenFiles.raiseLimit()
        let worker = try ProgramLocation.worker.find()
        let telemetry = Telemetry()
        let workers = WorkerPool(
            path: worker,
            limits: WorkerLimits(workerCount: configuration.workerCount),
            localDivisions: configuration.regions,
            tools: configuration.tools,
            onJob: { telemetry.worked($0) }
        )
        let start = try await StoreStart.open(configuration, logger) {
            () async throws(ReportError) in
            if let shared = try await openShared(telemetry) { return (shared.store, shared) }
            return (try openStore(telemetry), nil)
        }
        let (store, shared) = (start.store, start.shared)
        guard let key = store.nodeKey else { throw ReportError(.internal, "no node key") }
        if start.trouble == nil {
            // An office does not approve what it files itself.
            try await store.setMayReview(
                configuration.signers.isEmpty
                    || configuration.reviewers.contains(store.node)
            )
            await noteInboxes(in: store)
        }
        let access = try Access(configuration, key: key)
        let noteGrants: @Sendable () async -> Void = { [configuration, logger] in
            // A node that writes nothing notes nothing.
            guard start.trouble == nil else { return }
            await Self.noteGrants(access, configuration, in: store, logger)
        }
        await noteGrants()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: ServerLimits.eventLoopCount)
        let intake = Intake(store: store, workers: workers)
        // Files wait in the inboxes of a node that writes nothing.
        let inboxes =
            start.trouble == nil
            ? makeInboxes(store: store, intake: intake, telemetry) : []
        let refusals = RefusalLog(logger)
        let peers = PeerHub(
            store: store,
            key: key,
            access: access,
            upstreamNames: configuration.upstreamNames,
            carriedUpstreams: Set(configuration.carriedUpstreams.map(\.key)),
            reviewers: Set(configuration.reviewers),
            group: group,
            logger: logger,
            refusals: refusals
        ) { [configuration, logger] acknowledgement in
            Self.tell(inboxes, acknowledgement, configuration, store, logger)
        }
        let care = NodeCare(configuration, start, logger)
        let renewal = Renewal(
            configuration,
            access: access,
            key: key,
            refusals: refusals,
            logger: logger
        )
        let roster = RosterFile(configuration, divisions: divisions)
        let answerer = RequestAnswerer(
            store: store,
            fastGet: FastGet(store: store),
            intake: intake,
            workers: workers,
            roster: roster,
            access: access,
            verifyStore: { progress throws(ReportError) in try await care.verify(progress) },
            resync: { peer throws(ReportError) in try await peers.resync(peer) },
            repair: { peer, from throws(ReportError) in
                var sources = await peers.repairSources(peer)
                if let from { sources.insert(try StoreRepair.backup(from, for: store), at: 0) }
                let repair = StoreRepair(store: store, sources: sources) {
                    () throws(ReportError) in try await care.verify()
                }
                return try await repair.run()
            },
            onBundle: { [configuration, logger] in
                await Self.tellOfUpstreams(configuration, inboxes, store, logger)
            },
            bundleRules: configuration.bundleRules { access.grants[$0] },
            names: { peers.givenNames },
            getsRecords: { peers.getsRecords($0, of: $1) },
            telemetry: telemetry
        ) {
            var members = care.status
            members["peers"] = .array(await peers.status())
            var rows: [JSONValue] = []
            for inbox in inboxes { rows.append(await inbox.status.json) }
            members["inboxes"] = .array(rows)
            members.merge(renewal.status) { _, new in new }
            if let shared { members["database"] = .string("\(shared.condition)") }
            return members
        }
        let connections = Connections()
        let readiness = ReadinessWatch(
            store: store,
            inboxes: inboxes,
            upstreams: configuration.receivingUpstreams,
            settled: { await peers.settled(with: $0) },
            access: access,
            verification: care.watch,
            lagLimit: configuration.watch?.lagLimit ?? WatchSettings.defaultLagLimit,
            logger: logger
        )
        // Before anybody can connect: who stops a node that answers stops it in order.
        let ends = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        let changes = AccessChanges(
            access: access,
            peers: peers,
            logger: logger,
            onReload: noteGrants
        )
        let server = try await Server.start(
            group: group,
            listeners: configuration.listeners,
            socketPath: socketPath,
            services: ConnectionServices(
                answerer: answerer,
                access: access,
                key: key,
                connections: connections,
                refusals: refusals,
                enrolment: Enrolment(configuration, node: key.id, logger: logger) {
                    _ = await changes.reload()
                },
                acceptPeer: { hello, gate, channel, binding in
                    peers.accept(hello, gate: gate, channel: channel, channelBinding: binding)
                }
            )
        )
        changes.tell(server)
        let metrics = NodeMetrics(
            name: configuration.name,
            telemetry: telemetry,
            store: store,
            workers: workers,
            inboxes: inboxes,
            peers: peers,
            connections: connections,
            refusals: refusals,
            access: access,
            verification: care.watch,
            readiness: readiness.book,
            backups: care.backups
        )
        let http = try await startHTTP(
            WatchEndpoint(metrics: metrics, readiness: readiness.book, group: group),
            unless: server
        )
        logger.info(
            "reportd \(ProgramVersion.text) is ready",
            metadata: [
                "event": "started", "node": "\(configuration.name)", "key": "\(store.node)",
                "listen": "\(server.addresses)", "store": "\(configuration.store)",
                "http": "\(http?.address ?? "off")",
            ]
        )
        let manager = ServiceManager()
        await manager.ready("\(configuration.name): \(server.addresses)")
        if !configuration.carriedUpstreams.isEmpty {
            // A bundle may have come while the node was stopped; of others a session tells.
            await Self.tellOfUpstreams(configuration, inboxes, store, logger)
        }
        await serve(
            until: ends,
            inboxes: inboxes,
            peers: peers,
            search: SearchIndexer(
                store,
                texts: WorkerTexts(path: worker, tools: configuration.tools)
            ),
            care: care,
            access: [
                TaskService { await changes.watch(hangups) },
                TaskService { await renewal.run(changes) },
                TaskService { await readiness.run() },
                TaskService { await Self.follow(shared, logger) },
            ] + (manager.isWatching ? [TaskService { await manager.keepAlive(group) }] : [])
                + (care.isWriting ? pageKeepers(store, roster, inboxes) : []).map { keeper in
                    TaskService {
                        await keeper.run {
                            store.commitCount
                        } waitForCommit: {
                            _ = await store.waitForCommit(after: $0)
                        }
                    }
                },
            store: store
        )
        readiness.book.stop()
        // Told of an end, the service manager would stop what is started anew in its place.
        if !care.isRestartWanted { await manager.stopping() }
        await server.close()
        await peers.stop()
        await server.drain()
        await http?.close()
        await workers.stop()
        if let shared { shared.close() } else { store.close() }
        try? await group.shutdownGracefully()
        logger.info("reportd ended", metadata: ["event": "ended"])
        return care.end()
    }

    /// Takes what other nodes write into the database that they share.
    private static func follow(_ shared: SharedStore?, _ logger: Logger) async {
        await shared?.follow { error in
            logger.error(
                "the database is not followed: \(error.message)",
                metadata: ["code": "\(error.code.rawValue)"]
            )
        }
    }

    /// Where the socket of administrators goes; nil when the path is longer than a socket's may be.
    private var socketPath: String? {
        let path = configuration.store + "/" + Store.socketName
        guard path.utf8.count <= ServerLimits.maximumSocketPathByteCount else {
            logger.warning(
                "no socket for administrators: the path of the store is too long",
                metadata: ["path": "\(path)"]
            )
            return nil
        }
        return path
    }

    /// Runs inboxes, the indexer of the search, the watch over the store and upstream sessions until
    /// a signal comes or has come.
    private func serve(
        until ends: UnixSignalsSequence,
        inboxes: [Inbox],
        peers: PeerHub,
        search: SearchIndexer,
        care: NodeCare,
        access: [any Service],
        store: Store
    ) async {
        var services: [any Service] = []
        services += care.work.map { work in TaskService(work) }
        if care.isWriting {
            services.append(TaskService { await Self.overwriteErased(in: store) })
            services.append(
                TaskService { [logger] in
                    await search.run { error in logger.warning("the search index waits: \(error)") }
                }
            )
            services.append(
                TaskService { [configuration, logger] in
                    await Self.endHolds(configuration, peers, store, logger)
                }
            )
        }
        if !inboxes.isEmpty {
            let news = ReviewNews(store: store, inboxes: inboxes, logger: logger)
            services.append(TaskService { await news.run() })
        }
        services += access
        services += inboxes.map { inbox in TaskService { await inbox.run() } }
        for (inbox, folder) in zip(inboxes, configuration.inboxes) {
            guard let age = folder.tidyAfter else { continue }
            let awaitsCity = !configuration.signers.isEmpty
            services.append(
                TaskService {
                    while (try? await Task.sleep(for: DaemonLimits.tidyInterval)) != nil {
                        await inbox.tidy(olderThan: age, awaitsCity: awaitsCity)
                    }
                }
            )
        }
        services += configuration.upstreams.map { upstream in
            TaskService { await peers.follow(upstream) }
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0) } + [
                    .init(
                        service: SignalService(signals: ends),
                        successTerminationBehavior: .gracefullyShutdownGroup
                    )
                ],
                logger: logger
            )
        )
        do {
            try await group.run()
        } catch {
            logger.error("a part of the node failed: \(error)")
        }
    }

}

/// Work that ends when its task is cancelled, as a service.
private struct TaskService: Service {
    let work: @Sendable () async -> Void

    init(_ work: @escaping @Sendable () async -> Void) { self.work = work }

    func run() async throws {
        await cancelWhenGracefulShutdown { await work() }
        // Work that has nothing to do must not end the node: the group takes that for a failure.
        try? await gracefulShutdown()
    }
}

/// Ends when the first of its signals comes, and the node with it.
private struct SignalService: Service {
    let signals: UnixSignalsSequence

    func run() async throws {
        for await _ in signals.cancelOnGracefulShutdown() { return }
    }
}
