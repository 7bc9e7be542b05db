import Dispatch
import Glibc
import Logging
import ReportModel
import ReportStore
import Synchronization

/// Makes the scheduled backups of a running node and remembers how they stand.
final class BackupKeeper: Sendable {
    private struct State {
        var known = BackupState()
        var isRunning = false
        var next: Timestamp?
        /// The folder lost its file of state since it was known: its disk is away, or it was emptied.
        var isFolderLost = false
        /// Whether what destroys the store's disk destroys the backups too, at the last look.
        var isOnSameDisk = false
        /// Attempts that failed one after the other since the start: a start is reason to try anew.
        var failedHere = 0
    }

    private let store: Store
    private let directory: String
    private let settings: BackupSettings
    private let isShared: Bool
    private let logger: Logger
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "reportd.backup.disk")

    /// Key of the note in the journal that says in which folder a backup was made.
    private static let journalKey = Array("backup-folder".utf8)

    /// Makes a keeper; nothing happens before ``run()``.
    /// - Parameters:
    ///   - store: the store.
    ///   - directory: its folder.
    ///   - settings: when backups are made, and where.
    ///   - isShared: whether the store's large files are in a database that nodes share.
    ///   - logger: told how it went.
    init(
        store: Store,
        directory: String,
        settings: BackupSettings,
        isShared: Bool = false,
        logger: Logger
    ) {
        self.store = store
        self.directory = directory
        self.settings = settings
        self.isShared = isShared
        self.logger = logger
    }

    /// How the daemon is started to make a backup.
    static let word = "backup-store"

    /// Members of `STATUS`.
    var status: [String: JSONValue] {
        let state = state.withLock { $0 }
        var members = state.known.json.objectValue ?? [:]
        members["format"] = nil
        members["folder"] = .string(settings.folder)
        members["running"] = .bool(state.isRunning)
        members["next"] = .optional(state.next?.description)
        members["sameDisk"] = .bool(state.isOnSameDisk)
        return ["backup": .object(members)]
    }

    /// How they stand, for a scrape.
    var figures: Figures {
        let known = state.withLock { $0.known }
        return Figures(
            interval: settings.every,
            lastSuccess: known.lastSuccess?.at,
            failureCount: known.failureCount
        )
    }

    private func lookAtDisks() {
        var (here, there) = (stat(), stat())
        let isSame =
            stat(directory, &here) == 0 && stat(settings.folder, &there) == 0
            && here.st_dev == there.st_dev
        state.withLock { $0.isOnSameDisk = isSame }
    }

    // MARK: The schedule

    /// Makes one backup after the other until the task is cancelled.
    func run() async {
        await aside {
            self.recall()
            self.lookAtDisks()
            self.warn()
        }
        while !Task.isCancelled {
            await aside { self.look() }
            let (known, failures) = state.withLock { ($0.known, $0.failedHere) }
            var pause = wait(for: known)
            if failures > 0 {
                let retry = BackupSchedule.retryDelay(failures: failures).components.seconds
                pause = max(pause, UInt64(clamping: retry) * 1000)
            }
            let next = Timestamp(milliseconds: Timestamp.now.milliseconds + pause)
            state.withLock { $0.next = next }
            switch await rest(.milliseconds(pause)) {
            case .over: await attempt()
            case .changed: continue
            case .cancelled: return
            }
        }
    }

    /// How a pause ended.
    private enum Rest { case over, changed, cancelled }

    /// Waits, and looks at the folder meanwhile.
    private func rest(_ pause: Duration) async -> Rest {
        let end = ContinuousClock.now + pause
        while true {
            let left = ContinuousClock.now.duration(to: end)
            let step = min(max(left, .zero), DaemonLimits.backupLookInterval)
            guard (try? await Task.sleep(for: step)) != nil else { return .cancelled }
            if ContinuousClock.now >= end { return .over }
            if await aside({ self.look() }) == true { return .changed }
        }
    }

    /// Works on the folder, whose disk may hang, on a thread of its own.
    /// - Returns: what came of it; nil when the task was cancelled meanwhile, without waiting for the disk.
    @discardableResult
    func aside<T: Sendable>(_ work: @escaping @Sendable () -> T) async -> T? {
        let (results, continuation) = AsyncStream<T>.makeStream()
        queue.async {
            continuation.yield(work())
            continuation.finish()
        }
        return await results.first { _ in true }
    }

    /// The same for work that may fail.
    private func attempting<T: Sendable>(
        _ work: @escaping @Sendable () throws(ReportError) -> T
    ) async throws(ReportError) -> T {
        guard let result = await aside({ Result(catching: work) }) else {
            throw ReportError(.unreachable, "the node ends")
        }
        return try result.get()
    }

    /// Takes from the folder how its backups stood.
    func recall() {
        do throws(ReportError) {
            if let known = try BackupState.read(folder: settings.folder) {
                state.withLock { $0.known = known }
            }
        } catch {
            // It only tells how things stood: the next attempt writes it anew.
            logger.warning("how the backups stood is not known: \(error.message)")
        }
    }

    /// Whether the last backup is gone from the folder; the newest that can be restored takes its place.
    ///
    /// A folder that is not there, or without its file of state, may be a disk that is not mounted: what
    /// lies on it is not gone, but it is told. Nor is one gone that only cannot be read.
    @discardableResult
    func look() -> Bool {
        lookAtDisks()
        let folder = BackupFolder(settings.folder)
        guard !isLost(folder) else { return false }
        var known = state.withLock { $0.known }
        guard let last = known.lastSuccess,
            let items = try? folder.restorable(of: store.node),
            !items.contains(where: { $0.name == last.name }),
            let unreadable = try? folder.unreadableNames(), !unreadable.contains(last.name)
        else { return false }
        known.lastSuccess = items.last.map { item in
            BackupState.Success(
                at: item.manifest.madeAt,
                name: item.name,
                byteCount: item.byteCount,
                entryCount: Self.entryCount(of: item),
                milliseconds: 0,
                isVerified: false
            )
        }
        state.withLock { $0.known = known }
        logger.error(
            "the last backup is gone from its folder",
            metadata: [
                "folder": "\(settings.folder)", "name": "\(last.name)",
                "left": "\(known.lastSuccess?.name ?? "none")",
            ]
        )
        try? folder.note(known)
        return true
    }

    /// Whether the folder in which the last backup was made has no file of state any more.
    ///
    /// It is noted once as a failure. When the file is back, things stand as it says.
    private func isLost(_ folder: BackupFolder) -> Bool {
        let (known, wasLost) = state.withLock { ($0.known, $0.isFolderLost) }
        guard known.lastSuccess != nil, !folder.hasState else {
            if wasLost {
                state.withLock { $0.isFolderLost = false }
                recall()
            }
            return false
        }
        guard !wasLost else { return true }
        let error = ReportError(
            .notFound,
            "the backups are gone: \(settings.folder) holds no \(BackupState.fileName) any more",
            hint: newDiskHint
        )
        state.withLock {
            $0.isFolderLost = true
            $0.known.failureCount += 1
            $0.known.lastFailure = BackupState.Failure(
                at: .now,
                code: error.code.rawValue,
                message: error.message,
                hint: error.hint
            )
        }
        logger.error("\(error.message)", metadata: ["hint": "\(error.hint ?? "")"])
        return true
    }

    private var newDiskHint: String {
        let file = "\(settings.folder)/\(BackupState.fileName)"
        return "mount its disk; for a new disk: touch \(file.shellWord)"
    }

    private static func entryCount(of item: BackupFolder.Item) -> Int {
        item.manifest.positions.reduce(0) { $0 + Int(clamping: $1.sequence) }
    }

    /// Tells what the backups do not save.
    private func warn() {
        if state.withLock({ $0.isOnSameDisk }) {
            logger.warning(
                "the backups lie on the disk of the store: one broken disk takes both",
                metadata: ["folder": "\(settings.folder)"]
            )
        }
        if isShared {
            logger.warning(
                "the backups hold no large files: back up the database by its own means",
                metadata: ["folder": "\(settings.folder)"]
            )
        }
    }

    /// Milliseconds until the next one is due.
    private func wait(for known: BackupState) -> UInt64 {
        let now = Timestamp.now
        let schedule = BackupSchedule(every: settings.every, minute: settings.minute)
        let due = schedule.due(after: known.lastSuccess?.at, now: now).milliseconds
        let rest = due - min(due, now.milliseconds)
        // A node that starts has other work first, but the first backup of all is urgent.
        let least = known.lastSuccess == nil ? 0 : DaemonLimits.backupDelayMilliseconds
        return max(rest, least)
    }

    /// Makes one backup and notes what came of it.
    func attempt() async {
        let begun = Timestamp.now
        state.withLock {
            $0.isRunning = true
            $0.next = nil
        }
        defer { state.withLock { $0.isRunning = false } }
        do throws(ReportError) {
            let (pending, storeID) = try await attempting { () throws(ReportError) in
                try self.begin(begun)
            }
            let outcome: BackupProcess.Outcome
            do throws(ReportError) {
                outcome = try await BackupProcess.run(
                    VerifyProcess.Command(arguments: [Self.word, pending.order.argument])
                )
            } catch {
                await aside { BackupFolder(self.settings.folder).abandon() }
                throw error
            }
            try await attempting { () throws(ReportError) in
                try self.finish(pending, outcome, begun, storeID)
            }
            let value = Array(settings.folder.utf8)
            try await store.writeJournal([.put(key: Self.journalKey, value: value)])
        } catch {
            guard !Task.isCancelled else { return }
            await aside { self.fail(error, begun) }
        }
    }

    private func begin(
        _ begun: Timestamp
    ) throws(ReportError) -> (pending: BackupFolder.Pending, storeID: String) {
        try checkFolder()
        let estimate = try store.backupEstimate()
        let plan = settings.plan(directory, estimate, store.node)
        return (try BackupFolder(settings.folder).begin(plan, at: begun), estimate.storeID)
    }

    private func finish(
        _ pending: BackupFolder.Pending,
        _ outcome: BackupProcess.Outcome,
        _ begun: Timestamp,
        _ storeID: String
    ) throws(ReportError) {
        let folder = BackupFolder(settings.folder)
        let (item, removed) = try folder.finish(pending, outcome)
        var known = state.withLock { $0.known }
        known.store = storeID
        known.failureCount = 0
        known.lastSuccess = success(item, begun)
        state.withLock {
            $0.known = known
            $0.failedHere = 0
        }
        logger.info(
            "a backup was made",
            metadata: [
                "name": "\(item.name)", "bytes": "\(item.byteCount)",
                "verified": "\(settings.verifies)", "removed": "\(removed.count)",
            ]
        )
        try folder.note(known)
    }

    private func success(_ item: BackupFolder.Item, _ begun: Timestamp) -> BackupState.Success {
        let now = Timestamp.now
        return BackupState.Success(
            at: begun,
            name: item.name,
            byteCount: item.byteCount,
            entryCount: Self.entryCount(of: item),
            milliseconds: Int(clamping: now.milliseconds - min(now, begun).milliseconds),
            isVerified: settings.verifies
        )
    }

    private func fail(_ error: ReportError, _ begun: Timestamp) {
        var known = state.withLock { $0.known }
        known.failureCount += 1
        known.lastFailure = BackupState.Failure(
            at: begun,
            code: error.code.rawValue,
            message: error.message,
            hint: error.hint
        )
        state.withLock {
            $0.known = known
            $0.failedHere += 1
        }
        var metadata: Logger.Metadata = ["folder": "\(settings.folder)"]
        if let hint = error.hint { metadata["hint"] = "\(hint)" }
        logger.error("no backup was made: \(error.message)", metadata: metadata)
        // A folder without its disk must not get a file that makes it look like one.
        if error.code != .notFound { try? BackupFolder(settings.folder).note(known) }
    }

    /// Refuses a mount point whose disk is missing: the backups would fill the disk beneath it.
    private func checkFolder() throws(ReportError) {
        var status = stat()
        guard stat(settings.folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw ReportError(
                .notFound,
                "the backup folder \(settings.folder) is not there",
                hint: "make it, writable for the node, or mount its disk"
            )
        }
        let used = try? store.journalValue(Self.journalKey)
        guard !BackupFolder(settings.folder).hasState, used == Array(settings.folder.utf8) else {
            return
        }
        throw ReportError(
            .notFound,
            "\(settings.folder) holds no \(BackupState.fileName), but backups were made there",
            hint: newDiskHint
        )
    }
}
