import Logging
import ReportAuthority
import ReportModel
import ReportStore

/// Looks again and again whether a node does its work, from what was verified.
///
/// A look that is held up, as by a disk that does not answer, is seen by its age: whoever asks never
/// waits for it.
final class ReadinessWatch: Sendable {
    /// Time between two looks.
    static let interval: Duration = .seconds(5)
    /// The same while a node that has just started has not come to everything.
    static let startInterval: Duration = .milliseconds(250)
    /// A commit that takes longer is held for stuck.
    static let longestCommit: Duration = .seconds(60)
    /// An inbox that was not scanned for so long is held for stuck; a scan comes every 10 seconds.
    static let longestScanGap: UInt64 = 300_000

    private let store: Store
    private let inboxes: [Inbox]
    private let upstreams: [NodeConfiguration.Upstream]
    /// How far an upstream need not sign for logs of others.
    private let settled: @Sendable (NodeID) async -> [LogID: UInt64]
    private let access: Access
    private let verification: StoreWatch
    private let lagLimit: Duration
    private let logger: Logger
    private let started = Timestamp.now
    private let disk = BlockingWork()
    /// What was found.
    let book = ReadinessBook()

    /// Makes a watch; it looks when it runs.
    init(
        store: Store,
        inboxes: [Inbox],
        upstreams: [NodeConfiguration.Upstream],
        settled: @escaping @Sendable (NodeID) async -> [LogID: UInt64],
        access: Access,
        verification: StoreWatch,
        lagLimit: Duration,
        logger: Logger
    ) {
        self.store = store
        self.inboxes = inboxes
        self.upstreams = upstreams
        self.settled = settled
        self.access = access
        self.verification = verification
        self.lagLimit = lagLimit
        self.logger = logger
    }

    /// Looks until the task is cancelled; tells the log when readiness comes or goes.
    func run() async {
        var told: Bool?
        while !Task.isCancelled {
            let conditions = await look()
            book.take(conditions, at: .now)
            let faults = conditions.filter { !$0.isMet && !$0.isPending }
            let isStarting = conditions.contains(where: \.isPending)
            // What the node has not come to yet is no news.
            if told != faults.isEmpty, !faults.isEmpty || !isStarting {
                told = faults.isEmpty
                tell(faults)
            }
            guard (try? await Task.sleep(for: Self.pause(after: conditions))) != nil else { return }
        }
    }

    /// Time until the next look: a node that has just started is ready as soon as it really is.
    static func pause(after conditions: [ReadinessCondition]) -> Duration {
        conditions.contains(where: \.isPending) ? startInterval : interval
    }

    private func tell(_ unmet: [ReadinessCondition]) {
        guard !unmet.isEmpty else {
            return logger.info("everything works", metadata: ["event": "ready"])
        }
        for condition in unmet {
            logger.warning(
                "not ready: \(condition.message)",
                metadata: [
                    "event": "not-ready", "condition": "\(condition.name.rawValue)",
                    "subject": "\(condition.subject ?? "-")",
                    "advice": "\(condition.advice ?? "-")",
                ]
            )
        }
    }

    /// One look at everything.
    func look() async -> [ReadinessCondition] {
        var conditions = [await reads(), writer, room, verified, await filing()]
        if let certificate { conditions.append(certificate) }
        for inbox in inboxes {
            conditions.append(Self.condition(of: await inbox.status, at: .now, since: started))
        }
        for upstream in upstreams { conditions.append(await condition(of: upstream)) }
        return conditions
    }

    // MARK: The store

    private func reads() async -> ReadinessCondition {
        let store = store
        do throws(ReportError) {
            // On a thread of its own: a page that the disk does not give blocks whoever asks for it.
            let count = try await disk.run { () throws(ReportError) in try store.probe() }
            return .met(.store, "a read passed; \(count) entries")
        } catch {
            return .unmet(
                .store,
                error.description,
                advice: "reportctl verify; docs/operations.md, When something is wrong"
            )
        }
    }

    private var writer: ReadinessCondition {
        if let refusal = store.writeRefusal {
            return .unmet(
                .writer,
                refusal.message,
                advice: refusal.hint ?? "docs/operations.md, The disk is bad"
            )
        }
        guard let condition = store.writerCondition else {
            return .unmet(
                .writer,
                "the store is open for reading only",
                advice: "reportctl verify, then systemctl restart reportd"
            )
        }
        if let failure = condition.failure {
            return .unmet(
                .writer,
                failure.message,
                advice: failure.hint ?? "reportctl verify, then systemctl restart reportd"
            )
        }
        if let time = condition.busyFor, time > Self.longestCommit {
            return .unmet(
                .writer,
                "a commit has been under way for \(time.components.seconds) s; "
                    + "\(condition.waitingCount) writes wait",
                advice: "the disk is very slow or does not answer: see dmesg"
            )
        }
        return .met(
            .writer,
            condition.busyFor == nil ? "idle" : "\(condition.waitingCount) writes wait"
        )
    }

    private var room: ReadinessCondition {
        guard let disk = store.diskCondition else {
            return .met(.disk, "the system does not tell how much is free")
        }
        let free = "\(disk.freeByteCount >> 20) MiB free of \(disk.byteCount >> 20) MiB"
        guard disk.level == .full else {
            return .met(.disk, disk.level == .low ? "little room: " + free : free)
        }
        return .unmet(
            .disk,
            "the disk is full, nothing is stored: " + free,
            advice: "make room on the disk of the store; the node goes on by itself"
        )
    }

    private var verified: ReadinessCondition {
        let last = verification.last
        guard let problem = verification.problems.first else {
            return .met(.verified, last.map { "sound at \($0.at)" } ?? "not verified yet")
        }
        let how = last.flatMap { $0.report.isSound ? nil : "found at \($0.at)" } ?? "met on reading"
        return .unmet(
            .verified,
            "damage was \(how): \(problem)",
            advice: "reportctl repair (docs/operations.md, The disk is bad)"
        )
    }

    private func filing() async -> ReadinessCondition {
        let store = store
        let hold = try? await disk.run { () throws(ReportError) in try store.filingHold() }
        guard let hold else { return .met(.filing, "reports are taken") }
        return .unmet(
            .filing,
            "nothing is filed until an upstream was asked for the rest of this node's log "
                + "(\(hold.reason.rawValue))",
            advice: "connect the node to its upstream, or reportctl peer proceed"
        )
    }

    private var certificate: ReadinessCondition? {
        guard let held = access.secure?.held else { return nil }
        guard held.notAfter < .now else { return .met(.certificate, "until \(held.notAfter)") }
        return .unmet(
            .certificate,
            "the node's certificate ended at \(held.notAfter)",
            advice: "reportctl pki renew (docs/operations.md, When certificates end, or are lost)"
        )
    }

    // MARK: Inboxes and upstreams

    /// Whether an inbox works; it has some minutes from the start of the node for its first scan.
    static func condition(
        of inbox: InboxStatus,
        at now: Timestamp,
        since started: Timestamp
    ) -> ReadinessCondition {
        let advice = "see the log, and reportctl inbox; the folder must be there and writable"
        if let fault = inbox.fault {
            return .unmet(.inbox, of: inbox.path, fault.description, advice: advice)
        }
        if inbox.lastScan == nil, now.milliseconds < started.milliseconds + longestScanGap {
            return .pending(
                .inbox,
                of: inbox.path,
                "the node has just started: the folder is scanned for the first time"
            )
        }
        guard inbox.mode != .stopped else {
            return .unmet(.inbox, of: inbox.path, "the inbox is not watched", advice: advice)
        }
        guard let scan = inbox.lastScan else {
            return .unmet(.inbox, of: inbox.path, "the folder was not scanned yet", advice: advice)
        }
        guard now.milliseconds < scan.milliseconds + longestScanGap else {
            return .unmet(
                .inbox,
                of: inbox.path,
                "the folder was last scanned at \(scan)",
                advice: advice
            )
        }
        return .met(.inbox, of: inbox.path, "\(inbox.mode.rawValue), scanned at \(scan)")
    }

    private func condition(of upstream: NodeConfiguration.Upstream) async -> ReadinessCondition {
        let store = store
        let subject = upstream.address.description
        let settled = await self.settled(upstream.key)
        do throws(ReportError) {
            let lag = try await disk.run { () throws(ReportError) in
                try store.lag(of: upstream.key, settled: settled)
            }
            return Self.condition(of: lag, subject, limit: lagLimit, at: .now, since: started)
        } catch {
            return .unmet(.upstream, of: subject, error.description, advice: "reportctl verify")
        }
    }

    /// Whether an upstream has signed for what is here, or goes on doing so; while this node did not run
    /// it could not.
    static func condition(
        of lag: PeerLag,
        _ subject: String,
        limit: Duration,
        at now: Timestamp,
        since started: Timestamp
    ) -> ReadinessCondition {
        guard let age = lag.age(at: now, since: started), lag.entryCount > 0 else {
            return .met(.upstream, of: subject, "has everything that it is to have")
        }
        let waits = "\(lag.entryCount) entries wait for its signature"
        guard age > limit else { return .met(.upstream, of: subject, waits) }
        return .unmet(
            .upstream,
            of: subject,
            waits + ", and nothing was signed for \(age.components.seconds / 60) min",
            advice: "reportctl status shows the last error; is the line to the upstream up?"
        )
    }
}

extension PeerLag {
    /// How long the peer has signed for nothing while something was missing there and this node ran; nil
    /// when nothing is missing.
    func age(at now: Timestamp, since started: Timestamp) -> Duration? {
        guard let oldest else { return nil }
        // The signature bears the peer's clock, which may be ahead.
        let since = min(max(oldest, lastSigned ?? oldest, started), now)
        return .milliseconds(Int64(clamping: now.milliseconds - since.milliseconds))
    }
}
