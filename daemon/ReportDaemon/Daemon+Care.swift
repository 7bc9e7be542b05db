import Logging
import ReportModel
import ReportStore

/// What a node does for its store, and what it tells over HTTP.
extension Daemon {
    /// Repeats, until it succeeds, what readers held up when something was erased.
    static func overwriteErased(in store: Store) async {
        while !Task.isCancelled {
            store.scrubLater()
            try? await Task.sleep(for: .seconds(60))
        }
    }

    /// Takes reports again once an upstream was asked for the rest of this node's former logs; at once
    /// when there is no upstream.
    static func endHolds(
        _ configuration: NodeConfiguration,
        _ peers: PeerHub,
        _ store: Store,
        _ logger: Logger
    ) async {
        var told: FilingHold?
        var toldError: String?
        while !Task.isCancelled {
            let seen = store.commitCount
            do throws(ReportError) {
                guard let hold = try store.filingHold() else {
                    told = nil
                    _ = await store.waitForCommit(after: seen)
                    try? await Task.sleep(for: DaemonLimits.holdInterval)
                    continue
                }
                var mayGoOn = configuration.upstreams.isEmpty
                if !mayGoOn { mayGoOn = await peers.hasAllOfOwn() }
                if mayGoOn {
                    guard try await store.proceedFiling(after: hold) != nil else { continue }
                    logger.info("the rest of this node's log is here: reports are taken again")
                    continue
                }
                if told != hold {
                    told = hold
                    logger.warning(
                        "nothing is filed until an upstream was asked for the rest of this node's log",
                        metadata: ["reason": "\(hold.reason.rawValue)"]
                    )
                }
            } catch {
                if toldError != error.message {
                    toldError = error.message
                    logger.error("whether reports may be taken is not known: \(error)")
                }
            }
            try? await Task.sleep(for: DaemonLimits.holdInterval)
        }
    }

    /// Starts the HTTP server when one is configured.
    /// - Throws: ``ReportError``; then the other server is closed again.
    func startHTTP(
        _ endpoint: WatchEndpoint,
        unless server: Server
    ) async throws(ReportError) -> HTTPServer? {
        guard let watch = configuration.watch else { return nil }
        do throws(ReportError) {
            return try await HTTPServer.start(at: watch.place) { await endpoint.answer($0) }
        } catch {
            await server.close()
            throw error
        }
    }
}
