import Logging
import ReportModel
import Synchronization
import UnixSignals

/// Reads grants, certificates and the list of revoked ones anew on SIGHUP, and tells all connections.
final class AccessChanges: Sendable {
    private let access: Access
    private let peers: PeerHub
    private let logger: Logger
    /// Told after the files were read anew.
    private let onReload: @Sendable () async -> Void
    private let server = Mutex<Server?>(nil)

    init(
        access: Access,
        peers: PeerHub,
        logger: Logger,
        onReload: @escaping @Sendable () async -> Void
    ) {
        self.access = access
        self.peers = peers
        self.logger = logger
        self.onReload = onReload
    }

    /// The server whose connections are told.
    func tell(_ server: Server) { self.server.withLock { $0 = server } }

    /// Reads all files anew; when something is wrong everything stays as it was.
    /// - Returns: whether they were read.
    @discardableResult
    func reload() async -> Bool {
        do throws(ReportError) {
            try access.reload()
        } catch {
            logger.error("grants and certificates stay as they were: \(error)")
            return false
        }
        await announce()
        await onReload()
        return true
    }

    /// Has every connection look again at what it is allowed, as time goes on or files change.
    func announce() async {
        server.withLock { $0 }?.accessHasChanged()
        await peers.accessHasChanged()
    }

    /// Reads anew at each signal until the task is cancelled.
    /// - Parameter signals: SIGHUP, trapped since before the node was ready.
    func watch(_ signals: UnixSignalsSequence) async {
        for await _ in signals {
            if await reload() { logger.info("grants and certificates were read anew") }
        }
    }
}
