import ReportModel
import ReportStore
import ReportSync
import Synchronization

extension PeerHub {
    /// Every peer with its progress, for metrics.
    func figures() async -> [PeerFigure] {
        let links = state.withLock { $0.links }
        let states = (try? await store.logStates()) ?? []
        var figures: [PeerFigure] = []
        for (_, link) in links.sorted(by: { $0.key < $1.key }) {
            figures.append(
                PeerFigure(
                    node: link.node,
                    name: states.last { $0.descriptor.node == link.node }?.descriptor.name,
                    isUpstream: link.isUpstream,
                    progress: await link.driver?.progress
                )
            )
        }
        return figures
    }
}
