import Logging
import ReportModel

/// Keeps the page of an inbox up: soon after each outcome, and as days go by.
final class YearPageKeeper: Sendable {
    private let facts: YearFacts
    private let file: YearPageFile
    private let now: @Sendable () -> Timestamp
    private let logger: Logger
    private let work = BlockingWork()

    /// Makes a keeper; nothing is written before ``run()`` or ``refresh()``.
    /// - Parameters:
    ///   - facts: looks up what the page tells.
    ///   - now: the wall clock.
    ///   - logger: told when the page cannot be written.
    init(
        _ facts: YearFacts,
        now: @escaping @Sendable () -> Timestamp = { .now },
        logger: Logger
    ) {
        self.facts = facts
        self.now = now
        self.logger = logger
        var root = Array(facts.inbox.path.utf8)
        while root.count > 1, root.last == 0x2F { root.removeLast() }
        file = YearPageFile(disk: InboxDisk(root: root))
    }

    /// Writes the page when its content has changed.
    /// - Returns: what was done.
    /// - Throws: ``ReportError`` of the store, or of the folder.
    @discardableResult
    func refresh() async throws(ReportError) -> YearPageFile.Outcome {
        let bytes = Array(try await facts.page(at: now()).html.utf8)
        return try await onDisk { file throws(FileFault) in try file.write(bytes) }
    }

    private func onDisk<T: Sendable>(
        _ body: @escaping @Sendable (YearPageFile) throws(FileFault) -> T
    ) async throws(ReportError) -> T {
        let file = file
        do throws(FileFault) {
            return try await work.run { () throws(FileFault) in try body(file) }
        } catch {
            throw error.reportError
        }
    }

    /// Keeps the page until the task is cancelled.
    ///
    /// Every outcome, review and signature is a commit of the store.
    /// - Parameters:
    ///   - commitCount: the number of commits so far.
    ///   - waitForCommit: returns when the number differs, or the task is cancelled.
    func run(
        commitCount: @Sendable () -> UInt64,
        waitForCommit: @escaping @Sendable (UInt64) async -> Void
    ) async {
        var told = ""
        var isPrepared = false
        while !Task.isCancelled {
            let seen = commitCount()
            let start = ContinuousClock.now
            do throws(ReportError) {
                if !isPrepared {
                    try await onDisk { file throws(FileFault) in try file.prepare() }
                    isPrepared = true
                }
                try await refresh()
                told = ""
            } catch {
                if told != error.description {
                    told = error.description
                    logger.warning(
                        "the page for the clerk cannot be written: \(error)",
                        metadata: ["event": "page.failed", "inbox": "\(facts.inbox.path)"]
                    )
                }
            }
            let rest = (ContinuousClock.now - start) * YearPageLimits.restFactor
            await Self.first(of: YearPageLimits.interval, or: { await waitForCommit(seen) })
            try? await Task.sleep(for: max(rest, YearPageLimits.gatherTime))
        }
    }

    /// Returns when a wait ends or the time is over.
    private static func first(
        of time: Duration,
        or wait: @escaping @Sendable () async -> Void
    ) async {
        await withTaskGroup { group in
            group.addTask { await wait() }
            group.addTask { try? await Task.sleep(for: time) }
            await group.next()
            group.cancelAll()
        }
    }
}
