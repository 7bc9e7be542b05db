import ReportModel
import ReportStore
import ReportSync
import ReportWire
import Synchronization

/// Peers for the metrics and for readiness.
extension PeerHub {
    /// How far an upstream need not sign for logs of others, by its session or the last one.
    func settled(with upstream: NodeID) async -> [LogID: UInt64] {
        let link = state.withLock { state in
            state.links.values.first { $0.isUpstream && $0.node == upstream }
        }
        guard let link else { return [:] }
        return await settled(link, await link.driver?.progress)
    }

    /// The same by what is known of its session.
    func settled(_ link: Link, _ progress: PeerProgress?) async -> [LogID: UInt64] {
        // A session that only begins has seen nothing yet.
        let seen = link.settled.merging(progress?.settled(besides: key.id) ?? [:]) { _, new in new }
        guard !link.hadSession, progress?.isEstablished != true, isOnlySource(link) else {
            return seen
        }
        let others = ((try? await store.logStates()) ?? [])
            .filter { $0.descriptor.node != key.id }
        return Dictionary(others.map { ($0.descriptor.id, $0.position.sequence) }) { $1 }
    }

    /// Whether what others filed can only have come here from this upstream, which so has it.
    ///
    /// What sessions saw is not kept over a restart, and nobody signs for what it sent itself.
    private func isOnlySource(_ link: Link) -> Bool {
        guard link.isUpstream, link.direction.takes else { return false }
        let upstreams = state.withLock { state in
            Set(state.links.values.filter(\.isUpstream).map(\.node))
        }
        return upstreams.union(access.grants.keys(with: .peer)).union(carriedUpstreams)
            .subtracting([link.node, key.id]).isEmpty
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
