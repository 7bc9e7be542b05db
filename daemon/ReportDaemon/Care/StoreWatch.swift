import Logging
import ReportModel
import ReportStore
import Synchronization

/// Looks after a running node's store: verifies it in the background and watches the room on its
/// disk.
final class StoreWatch: Sendable {
    /// What is known of the last verification.
    private struct Verification {
        var isRunning = false
        var last: (at: Timestamp, report: VerifyReport)?
        var failure: String?
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

    /// Members of `STATUS`.
    var status: [String: JSONValue] {
        let state = state.withLock { $0 }
        return [
            "verification": [
                "running": .bool(state.isRunning),
                "lastVerified": .optional(state.last?.at.description),
                "problems": .strings(Array((state.last?.report.problems ?? []).prefix(10))),
                "failure": .optional(state.failure),
            ]
        ]
    }

    // MARK: Verification

    /// Verifies again and again until the task is cancelled.
    /// - Parameter found: told each report.
    func verifyRegularly(_ found: (VerifyReport) -> Void = { _ in }) async {
        await recall()
        guard let interval else { return }
        var isDue = isDue
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
        state.withLock {
            $0.last = (.now, report)
            $0.failure = nil
        }
        if report.isSound {
            logger.info("the store is sound", metadata: ["entries": "\(report.entryCount)"])
        } else {
            logger.error(
                "the store is damaged: \(report.problems[0])",
                metadata: ["problems": "\(report.problems.count)"]
            )
        }
        // Nothing is written over damaged pages; the notes beside the store tell the next start of them.
        if !report.hasDamagedPages { await remember(report) }
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

    /// Takes the last verification from the journal.
    private func recall() async {
        guard let bytes = try? store.journalValue(Self.journalKey),
            let json = try? JSONValue(parsing: bytes),
            let report = VerifyReport(json: json),
            let time = (json["at"]?.stringValue).flatMap({ Timestamp(parsing: $0) })
        else { return }
        state.withLock { $0.last = (time, report) }
    }

    private func remember(_ report: VerifyReport) async {
        var members = report.json.objectValue ?? [:]
        members["at"] = .string(Timestamp.now.description)
        members["problems"] = .strings(Array(report.problems.prefix(10)))
        let value = JSONValue.object(members).canonicalBytes
        do throws(ReportError) {
            try await store.writeJournal([.put(key: Self.journalKey, value: value)])
        } catch {
            logger.warning("the time of the verification could not be noted: \(error)")
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

/// How the daemon is started to verify or back up a store for another process.
public enum VerifyWord {
    /// The first argument.
    public static let text = "verify-store"
    /// The last argument when others come first.
    public static let background = "--background"
    /// Stands there when only the pages of the data file are checked.
    static let onlyPages = "--pages"

    /// Verifies when the arguments ask for it.
    /// - Parameter arguments: those of the program, its name first.
    /// - Returns: the exit status; nil when the arguments ask for something else.
    public static func serve(_ arguments: [String]) -> Int32? {
        guard arguments.count >= 3 else { return nil }
        if arguments[1] == BackupKeeper.word { return BackupProcess.serve(argument: arguments[2]) }
        guard arguments[1] == text else { return nil }
        return VerifyProcess.serve(
            directory: arguments[2],
            isBackground: arguments.dropFirst(3).contains(background),
            onlyPages: arguments.dropFirst(3).contains(onlyPages)
        )
    }
}

/// Waits of a daemon.
enum DaemonLimits {
    /// Time after the start before a backup that is due.
    static let backupDelayMilliseconds: UInt64 = 120_000
    /// Time between two looks at whether the last backup is still in its folder.
    static let backupLookInterval: Duration = .seconds(600)
    /// How long a step of the store to a newer format may take before the service manager gives up.
    static let migrationTime: Duration = .seconds(4 * 3600)
    /// Time after the start before the first verification.
    static let verificationDelayMilliseconds: UInt64 = 300_000
    /// Time after a verification that could not be run.
    static let verificationRetryMilliseconds: UInt64 = 3_600_000
    /// Time between two looks at whether reports may be taken again.
    static let holdInterval: Duration = .seconds(1)
    /// Time between two looks for files that go into the folder of their year.
    static let tidyInterval: Duration = .seconds(3600)
    /// Time between two looks at whether the disk of the store failed.
    static let damageInterval: Duration = .seconds(1)
    /// Time before the first look at whether a disk that failed is well again; doubles each time.
    static let damageCheckFloor: Duration = .seconds(4)
    /// What is written to a disk that failed before the node trusts it again: small writes may go to
    /// blocks that it still has.
    static let damageProbeByteCount = 1 << 20
    /// Longest time between two such looks.
    static let damageCheckCeiling: Duration = .seconds(3600)
    /// Time after which earlier ends by a fault count no more.
    static let settledAfter: Duration = .seconds(600)
    /// Time between two looks at the room on the disk.
    static let roomInterval: Duration = .seconds(15)
    /// Time between two verifications when nothing is configured.
    static let verificationInterval: Duration = .seconds(7 * 86_400)
}
