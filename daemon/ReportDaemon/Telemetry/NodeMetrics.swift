import ReportAuthority
import ReportIntake
import ReportModel
import ReportStore
import ReportWire

/// Everything that a scrape tells: what was counted, and what is looked up at that moment.
struct NodeMetrics: Sendable {
    /// Logs that are told one by one; of more only the number.
    static let maximumLogCount = 1000

    let name: String
    let telemetry: Telemetry
    let store: Store
    let workers: WorkerPool
    let inboxes: [Inbox]
    let peers: PeerHub
    let connections: Connections
    let refusals: RefusalLog
    let access: Access
    let verification: StoreWatch
    let readiness: ReadinessBook
    /// The scheduled backups; nil when there are none.
    let backups: BackupKeeper?
    private let disk = BlockingWork()

    /// Makes the metrics of a node.
    init(
        name: String,
        telemetry: Telemetry,
        store: Store,
        workers: WorkerPool,
        inboxes: [Inbox],
        peers: PeerHub,
        connections: Connections,
        refusals: RefusalLog,
        access: Access,
        verification: StoreWatch,
        readiness: ReadinessBook,
        backups: BackupKeeper?
    ) {
        self.name = name
        self.telemetry = telemetry
        self.store = store
        self.workers = workers
        self.inboxes = inboxes
        self.peers = peers
        self.connections = connections
        self.refusals = refusals
        self.access = access
        self.verification = verification
        self.readiness = readiness
        self.backups = backups
    }

    /// All families.
    func families() async -> [MetricFamily] {
        var families = telemetry.families + ProcessFigures.families
        families += nodeFamilies + serverFamilies
        families += await workFamilies()
        families += await storeFamilies()
        families += await peerFamilies()
        return families
    }

    private var nodeFamilies: [MetricFamily] {
        let rows = readiness.rows(at: .now)
        var conditions = MetricFamily(
            "reportd_ready_condition",
            .gauge,
            "1 when a condition of /readyz is met, 0 when it is not."
        )
        for row in rows {
            conditions.add(
                [
                    .init("condition", row.condition.name.rawValue),
                    .init("subject", row.condition.subject ?? ""),
                ],
                .integer(row.condition.isMet ? 1 : 0)
            )
        }
        let held = access.secure?.held
        let (last, problems) = (verification.last, verification.problems)
        return [
            MetricFamily(
                "reportd_build_info",
                .gauge,
                "1, with the version of the program and the name of the node.",
                [
                    .init(
                        labels: [.init("version", ReportdVersion.text), .init("node", name)],
                        value: .integer(1)
                    )
                ]
            ),
            MetricFamily(
                "reportd_ready",
                .gauge,
                "1 when /readyz answers 200, 0 when it answers 503.",
                .integer(rows.allSatisfy(\.condition.isMet) ? 1 : 0)
            ),
            conditions,
            MetricFamily(
                "reportd_certificate_expiry_timestamp_seconds",
                .gauge,
                "When the node's certificate ends; absent without TLS.",
                held.map { .number(Double($0.notAfter.milliseconds) / 1000) }
            ),
            MetricFamily(
                "reportd_verify_last_timestamp_seconds",
                .gauge,
                "When the whole store was verified last; absent before the first time.",
                last.map { .number(Double($0.at.milliseconds) / 1000) }
            ),
            MetricFamily(
                "reportd_verify_problems",
                .gauge,
                "Damaged places that the last verification found, and those that reads met since.",
                last == nil && problems.isEmpty ? nil : .integer(problems.count)
            ),
        ] + (backups?.families ?? BackupKeeper.families(of: nil))
    }

    private var serverFamilies: [MetricFamily] {
        var open = MetricFamily(
            "reportd_connections",
            .gauge,
            "Open connections of clients and peers, by where they came in."
        )
        for (listener, count) in connections.countByListener {
            open.add([.init("listener", listener)], .integer(count))
        }
        var requests = MetricFamily(
            "reportd_requests_total",
            .counter,
            "Requests of clients, by verb."
        )
        for (verb, count) in RequestCounts.total {
            requests.add([.init("verb", verb.rawValue)], .integer(count))
        }
        return [
            open, requests,
            MetricFamily(
                "reportd_refused_connections_total",
                .counter,
                "Connections and handshakes that were refused.",
                .integer(refusals.total)
            ),
        ]
    }

    // MARK: Inboxes and workers

    private func workFamilies() async -> [MetricFamily] {
        let load = await workers.load
        var jobs = MetricFamily(
            "reportd_worker_jobs",
            .gauge,
            "Requests that wait for a worker, and requests that one has."
        )
        jobs.add([.init("state", "waiting")], .integer(load.waitingCount))
        jobs.add([.init("state", "working")], .integer(load.workingCount))
        var files = MetricFamily(
            "reportd_inbox_files",
            .gauge,
            "Files of an inbox: waiting for their turn, in work, without an outcome at all, or pending a clerk."
        )
        var faults = MetricFamily(
            "reportd_inbox_fault",
            .gauge,
            "1 while a fault of this machine holds an inbox up."
        )
        var scans = MetricFamily(
            "reportd_inbox_last_scan_timestamp_seconds",
            .gauge,
            "When an inbox was last scanned without a fault."
        )
        for inbox in inboxes {
            let status = await inbox.status
            let label = MetricFamily.Label("inbox", status.path)
            let counts = [
                ("queued", status.queuedCount), ("working", status.workingCount),
                ("open", status.waiting.count + status.more), ("pending", status.pendingCount),
            ]
            for (state, count) in counts {
                files.add([label, .init("state", state)], .integer(count))
            }
            faults.add([label], .integer(status.fault == nil ? 0 : 1))
            if let scan = status.lastScan {
                scans.add([label], .number(Double(scan.milliseconds) / 1000))
            }
        }
        return [
            jobs, files, faults, scans,
            MetricFamily(
                "reportd_worker_restarts_total",
                .counter,
                "Workers that had to be replaced because of what they were given.",
                .integer(await workers.replacementCount)
            ),
        ]
    }

    // MARK: Store and peers

    private func storeFamilies() async -> [MetricFamily] {
        let store = store
        return await disk.run { () throws(Never) in StoreFigures(store).families }
    }

    private func peerFamilies() async -> [MetricFamily] {
        PeerFigures(await peers.figures(), now: .now).families
    }
}
