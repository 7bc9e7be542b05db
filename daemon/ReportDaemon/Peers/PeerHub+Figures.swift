import ReportModel
import ReportSync
import Synchronization

/// Peers for the metrics and for readiness.
extension PeerHub {
    /// How far an upstream need not sign for logs of others, by its session or the last one.
    func settled(with upstream: NodeID) async -> [LogID: UInt64] {
        let link = state.withLock { state in
            state.links.values.first { $0.isUpstream && $0.node == upstream }
        }
        guard let link else { return [:] }
        return settled(link, await link.driver?.progress)
    }

    /// The same by what is known of its session.
    func settled(_ link: Link, _ progress: PeerProgress?) -> [LogID: UInt64] {
        // A session that only begins has seen nothing yet.
        link.settled.merging(progress?.settled(besides: key.id) ?? [:]) { _, new in new }
    }

    /// Every peer that is wanted, with its progress and what it has not signed for.
    func figures() async -> [PeerFigure] {
        await rows(measuring: false).filter { row in
            // One without an address is nowhere to be connected to, also before its first bundle.
            let isExpected = !carriedUpstreams.contains(row.node) || row.lastBundle != nil
            return row.isWanted && (isExpected || row.progress != nil)
        }.map { row in
            PeerFigure(
                node: row.node,
                name: row.name,
                isUpstream: row.isUpstream,
                progress: row.progress,
                lag: row.isUpstream && !row.isAskedToTake ? nil : row.lag,
                lastHeard: row.lastHeard,
                lastBundle: row.lastBundle
            )
        }
    }
}
