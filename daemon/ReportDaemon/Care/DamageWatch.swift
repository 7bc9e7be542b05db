import Descriptors
import Failpoints
import Glibc
import Logging
import ReportModel
import ReportStore
import Synchronization

/// Notices that the store's disk fails while the node runs, lets nothing be written then, and has the
/// node started anew once the disk is well again.
///
/// Source: docs/decisions/0020-damaged-pages.md.
final class DamageWatch: Sendable {
    private let store: Store
    private let directory: String
    private let guardian: NodeGuard
    private let logger: Logger
    private let state: Mutex<StoreTrouble?>
    private let wantsRestart = Mutex(false)
    private let seenDamage = Mutex(0)

    /// Makes a watch.
    /// - Parameters:
    ///   - start: how the store was opened.
    ///   - directory: its folder.
    ///   - logger: told what happens.
    init(_ start: StoreStart, directory: String, logger: Logger) {
        store = start.store
        guardian = start.guardian
        self.directory = directory
        self.logger = logger
        state = Mutex(start.trouble)
    }

    /// Why nothing is written; nil while all is well.
    var trouble: StoreTrouble? { state.withLock { $0 } }

    /// Whether the node is to be started anew instead of ending.
    var isRestartWanted: Bool { wantsRestart.withLock { $0 } }

    /// Members of `STATUS`.
    var status: [String: JSONValue] { ["readOnly": trouble?.json ?? .null] }

    /// Watches until the task is cancelled.
    func run() async {
        // A fault that comes back after each start is looked at more and more seldom.
        let earlier = min(guardian.past.restartCount, 10)
        var pause = min(
            DaemonLimits.damageCheckFloor * (1 << earlier),
            DaemonLimits.damageCheckCeiling
        )
        let begun = ContinuousClock.now
        var isSettled = false
        if trouble != nil { tellNextLook(pause) }
        while !Task.isCancelled {
            if trouble == nil {
                if let found = await look() {
                    begin(found)
                    tellNextLook(pause)
                }
                if !isSettled, begun.duration(to: .now) > DaemonLimits.settledAfter {
                    // Earlier ends by a fault were no loop.
                    isSettled = true
                    if trouble == nil { guardian.clear() }
                }
                guard (try? await Task.sleep(for: DaemonLimits.damageInterval)) != nil else {
                    return
                }
                continue
            }
            guard (try? await Task.sleep(for: pause)) != nil else { return }
            pause = min(pause * 2, DaemonLimits.damageCheckCeiling)
            // What made it crash is not known to be gone.
            guard trouble?.reason != .crashes else { continue }
            if let reason = await stillWrong() {
                logger.notice("still read-only: \(reason)", metadata: ["next look": "\(pause)"])
                continue
            }
            logger.notice("the disk of the store is well again: the node starts anew")
            guardian.clear(restarts: earlier + 1)
            wantsRestart.withLock { $0 = true }
            kill(getpid(), SIGTERM)
            return
        }
    }

    private func look() async -> StoreTrouble? {
        if store.pageFaultCount > 0 {
            return StoreTrouble(.pageFault, "its disk could not give a page of the data file")
        }
        // A commit that could not be ended is known at the next read only, whoever does it.
        store.lookForFault()
        if let refusal = store.writeRefusal { return StoreTrouble(.writeFault, refusal.message) }
        let count = store.damagedReadCount
        guard
            seenDamage.withLock({ seen in
                defer { seen = count }
                return seen != count
            })
        else { return nil }
        // What a read took for damage may be that of a value only.
        let report = try? await VerifyProcess.run(StoreStart.check(directory))
        return report.flatMap { $0.hasDamagedPages ? StoreTrouble(pages: $0) : nil }
    }

    /// Takes note of what a verification found.
    func notice(_ report: VerifyReport) {
        guard report.hasDamagedPages, trouble == nil else { return }
        begin(StoreTrouble(pages: report))
    }

    private func begin(_ found: StoreTrouble) {
        state.withLock { $0 = found }
        store.refuseWrites(found.refusal)
        guardian.mark()
        logger.critical(
            "READ ONLY: \(found.message)",
            metadata: ["reason": "\(found.reason.rawValue)", "what to do": "\(found.hint)"]
        )
    }

    /// Why nothing may be written yet: the folder takes no file, or pages are not sound; nil when all
    /// is well.
    private func stillWrong() async -> String? {
        if let number = probe() {
            return "its disk takes no file: \(String(cString: strerror(number)))"
        }
        do throws(ReportError) {
            let report = try await VerifyProcess.run(StoreStart.check(directory))
            return report.problems.first.map { "the check of the pages finds: \($0)" }
        } catch {
            return "the pages cannot be checked: \(error)"
        }
    }

    private func tellNextLook(_ pause: Duration) {
        guard trouble?.reason != .crashes else { return }
        logger.notice(
            "read-only until a look finds the disk well",
            metadata: ["next look": "\(pause)"]
        )
    }

    /// Writes about as much as a commit does; gives the error number when that fails.
    private func probe() -> Int32? {
        if let number = StoreFaults.syncDataFiles(directory: directory) { return number }
        let path = directory + "/.probe"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return errno }
        defer { unlink(path) }
        let bytes = [UInt8](repeating: 1, count: DaemonLimits.damageProbeByteCount)
        let isWritten =
            Descriptor.write(bytes, to: descriptor)
            && Failpoint.probeSync.around { fsync(descriptor) } == 0
        let number = errno
        close(descriptor)
        return isWritten ? nil : number
    }
}
