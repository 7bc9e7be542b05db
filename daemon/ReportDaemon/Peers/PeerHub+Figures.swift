/// Peers for the metrics.
extension PeerHub {
    /// Every peer that is wanted, with its progress and what it has not signed for.
    func figures() async -> [PeerFigure] {
        await rows(measuring: false).filter(\.isWanted).map { row in
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
