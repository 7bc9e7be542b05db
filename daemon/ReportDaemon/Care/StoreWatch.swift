import Logging
import ReportModel
import ReportStore
import Synchronization

/// Looks after a running node's store: verifies it in the background and watches the room on its
/// disk.
final class StoreWatch: Sendable {
    /// What is known of the last verification, and of damage since.
    private struct Verification {
        var isRunning = false
        var last: (at: Timestamp, report: VerifyReport)?
        var failure: String?
        /// What reads found damaged since.
        var damagedReads: [DamagedValue] = []
        var isRecalled = false

        /// What is damaged, as far as is known.
        var problems: [String] {
            (last?.report.problems ?? []) + damagedReads.map(\.message)
        }

        func knows(_ value: DamagedValue) -> Bool {
            damagedReads.contains { $0.place == value.place }
                || last?.report.problems.contains { $0.contains(value.place) } == true
        }
    }

    private let store: Store
    private let directory: String
    private let interval: Duration?
    private let isDue: Bool
    private let logger: Logger
    private let state = Mutex(Verification())

    /// Key of the note in the journal that remembers the last verification over restarts.
    private static let journalKey = Array("verification".utf8)

    /// Makes a watch.
    /// - Parameters:
    ///   - store: the store.
    ///   - directory: its folder.
    ///   - interval: time between two verifications; nil: none.
    ///   - isDue: whether the first one is due soon, because the last run did not end by itself.
    ///   - logger: told of damage and of little room.
    init(store: Store, directory: String, interval: Duration?, isDue: Bool, logger: Logger) {
        self.store = store
        self.directory = directory
        self.interval = interval
        self.isDue = isDue
        self.logger = logger
    }

    /// The command that verifies a store in a child of this program.
    private static func command(_ directory: String, isBackground: Bool) -> VerifyProcess.Command {
        let words = [VerifyWord.text, directory] + (isBackground ? [VerifyWord.background] : [])
        return VerifyProcess.Command(arguments: words)
    }

    /// The last verification; nil when there was none.
    var last: (at: Timestamp, report: VerifyReport)? { state.withLock { $0.last } }

    /// What is damaged: what the last verification found, and what reads met since.
    var problems: [String] { state.withLock { $0.problems } }

    /// Members of `STATUS`.
    var status: [String: JSONValue] {
        let state = state.withLock { $0 }
        return [
            "verification": [
                "running": .bool(state.isRunning),
                "lastVerified": .optional(state.last?.at.description),
                "problems": .strings(Array(state.problems.prefix(10))),
                "failure": .optional(state.failure),
            ]
        ]
    }

    // MARK: Verification

    /// Whether the first verification is due soon: the last run did not end by itself, or damage was
    /// known before the start, which somebody may have mended while the node was stopped.
    var isCheckDue: Bool {
        recall()
        return isDue || !problems.isEmpty
    }

    /// Verifies again and again until the task is cancelled.
    /// - Parameter found: told each report.
    func verifyRegularly(_ found: (VerifyReport) -> Void = { _ in }) async {
        recall()
        guard let interval else { return }
        var isDue = isCheckDue
        while !Task.isCancelled {
            let now = Timestamp.now.milliseconds
            let last = state.withLock { $0.last?.at.milliseconds } ?? 0
            let period = UInt64(clamping: interval.components.seconds * 1000)
            // A clock that was set back must not put the next check off for ever.
            let due = isDue || last > now ? 0 : (last + period) - min(last + period, now)
            // Not in the first minutes: a node that starts has other work.
            let pause = max(due, DaemonLimits.verificationDelayMilliseconds)
            guard (try? await Task.sleep(for: .milliseconds(pause))) != nil else { return }
            await verify { [directory] () throws(ReportError) in
                try await VerifyProcess.run(Self.command(directory, isBackground: true))
            }
            if let report = state.withLock({ $0.last?.report }) { found(report) }
            isDue = false
            if state.withLock({ $0.failure }) != nil {
                let pause = DaemonLimits.verificationRetryMilliseconds
                try? await Task.sleep(for: .milliseconds(pause))
            }
        }
    }

    /// Verifies at once, before others, because somebody asked, and notes what came of it.
    func verifyNow(
        _ progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws(ReportError) -> VerifyReport {
        let report = try await VerifyProcess.run(
            Self.command(directory, isBackground: false),
            progress: progress
        )
        await note(report)
        return report
    }

    /// Notes what a verification of the whole store found.
    func note(_ report: VerifyReport) async {
        recall()
        state.withLock {
            $0.last = (.now, report)
            $0.failure = nil
            $0.damagedReads = []
        }
        if report.isSound {
            logger.info("the store is sound", metadata: ["entries": "\(report.entryCount)"])
        } else {
            logger.error(
                "the store is damaged: \(report.problems[0])",
                metadata: ["problems": "\(report.problems.count)"]
            )
        }
        await remember()
    }

    /// Verifies once and notes what came of it.
    /// - Parameter run: verifies the store.
    func verify(_ run: () async throws(ReportError) -> VerifyReport) async {
        state.withLock { $0.isRunning = true }
        do throws(ReportError) {
            let report = try await run()
            state.withLock { $0.isRunning = false }
            await note(report)
        } catch {
            state.withLock {
                $0.isRunning = false
                $0.failure = error.message
            }
            guard !Task.isCancelled else { return }
            logger.warning("the store could not be verified: \(error)")
        }
    }

    // MARK: Damage met on reading

    /// Takes note of what reads of the running node find damaged, until the task is cancelled.
    func watchReads() async {
        while !Task.isCancelled {
            await note(store.takeDamagedValues())
            guard (try? await Task.sleep(for: DaemonLimits.damageInterval)) != nil else { return }
        }
    }

    /// Notes values that reads found damaged, each place once until the next verification.
    func note(_ values: [DamagedValue]) async {
        recall()
        let (new, isChanged) = state.withLock { state in
            let old = state.damagedReads
            for value in values where value.isNamed {
                // Met before by somebody who knew the row only.
                let index = old.firstIndex { $0.place == value.place }
                if let index { state.damagedReads[index] = value }
            }
            let new = values.filter { !state.knows($0) }
                .prefix(DaemonLimits.maximumDamagedReadCount - old.count)
            state.damagedReads += new
            return (new, state.damagedReads != old)
        }
        guard isChanged else { return }
        for value in new {
            logger.error(
                "the store is damaged, met on reading: \(value.message)",
                metadata: [
                    "event": "damaged", "place": "\(value.place)",
                    "what to do": "reportctl repair --store \(directory.shellWord)",
                ]
            )
        }
        await remember()
    }

    // MARK: Over restarts

    /// Takes what was known from the journal, once.
    private func recall() {
        state.withLock { state in
            guard !state.isRecalled else { return }
            state.isRecalled = true
            guard let bytes = try? store.journalValue(Self.journalKey),
                let json = try? JSONValue(parsing: bytes)
            else { return }
            state.damagedReads = (json["damagedReads"]?.arrayValue ?? [])
                .compactMap { DamagedValue(json: $0) }
            if let report = VerifyReport(json: json),
                let time = (json["at"]?.stringValue).flatMap({ Timestamp(parsing: $0) })
            {
                state.last = (time, report)
            }
        }
    }

    /// Writes what is known into the journal; nothing over damaged pages: the notes beside the store tell
    /// the next start of them.
    private func remember() async {
        let (last, reads) = state.withLock { ($0.last, $0.damagedReads) }
        guard last?.report.hasDamagedPages != true else { return }
        var members: [String: JSONValue] = [:]
        if let last {
            members = last.report.json.objectValue ?? [:]
            members["at"] = .string(last.at.description)
            members["problems"] = .strings(Array(last.report.problems.prefix(10)))
        }
        members["damagedReads"] = .array(reads.prefix(10).map(\.json))
        let value = JSONValue.object(members).canonicalBytes
        do throws(ReportError) {
            try await store.writeJournal([.put(key: Self.journalKey, value: value)])
        } catch {
            logger.warning("what is damaged could not be noted in the journal: \(error)")
        }
    }

    // MARK: Stamps

    /// Tells once of each log whose stamps are more than 24 hours ahead of the clock, until the task is cancelled.
    func watchStamps() async {
        var told: Set<LogID> = []
        while !Task.isCancelled {
            if let status = try? await store.status() {
                for (log, stamp) in status.aheadOfClock where !told.contains(log) {
                    let owner = status.logs.first { $0.descriptor.id == log }?.descriptor
                    logger.warning(
                        "entries are stamped more than 24 hours ahead of this clock: one of the two is wrong",
                        metadata: [
                            "log": "\(log)", "node": "\(owner?.name ?? "-")", "stamp": "\(stamp)",
                        ]
                    )
                }
                told = Set(status.aheadOfClock.keys)
            }
            guard (try? await Task.sleep(for: DaemonLimits.stampInterval)) != nil else { return }
        }
    }

    // MARK: Room

    /// Tells when there is little room, none, and enough again, until the task is cancelled.
    func watchRoom() async {
        var level = DiskCondition.Level.ok
        while !Task.isCancelled {
            if let condition = store.diskCondition, condition.level != level {
                tell(condition)
                level = condition.level
            }
            guard (try? await Task.sleep(for: DaemonLimits.roomInterval)) != nil else { return }
        }
    }

    private func tell(_ condition: DiskCondition) {
        let free: Logger.Metadata = ["free": "\(condition.freeByteCount >> 20) MiB"]
        switch condition.level {
        case .ok: logger.info("the disk has room again", metadata: free)
        case .low: logger.warning("the disk has little room: make some", metadata: free)
        case .full:
            logger.error("the disk is full: nothing is stored until there is room", metadata: free)
        }
    }
}
