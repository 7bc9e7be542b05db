import Logging
import ReportModel
import ReportStore

/// What a node waits for and goes on with by itself.
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

    /// Completes receipts by what upstreams have signed, after a bundle brought it.
    static func tellOfUpstreams(
        _ configuration: NodeConfiguration,
        _ inboxes: [Inbox],
        _ store: Store,
        _ logger: Logger
    ) async {
        guard let states = try? await store.logStates() else { return }
        for state in states where state.descriptor.node == store.node {
            for upstream in configuration.upstreams {
                let log = state.descriptor.id
                if let signed = try? await store.acknowledgement(log: log, from: upstream.key) {
                    tell(inboxes, signed, store, logger)
                }
            }
        }
    }
}
