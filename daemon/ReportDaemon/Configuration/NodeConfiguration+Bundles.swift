import ReportModel
import ReportSync

extension NodeConfiguration {
    /// Whose bundles are taken: those of peers and upstreams, with the regions they have on the network.
    /// - Parameter grant: the grant of a key, as it is when a bundle comes.
    /// - Returns: the rules.
    func bundleRules(_ grant: @escaping @Sendable (NodeID) -> Grant?) -> BundleRules {
        let upstreams = Set(upstreamKeys)
        return BundleRules(
            regions: { node in
                if let grant = grant(node) {
                    return grant.rights.contains(.peer) || upstreams.contains(node)
                        ? grant.regions : nil
                }
                return upstreams.contains(node) ? ["*"] : nil
            },
            reviewers: Set(reviewers)
        )
    }

    /// What bundles may hold for whom: for each node whose bundles are taken, the same regions.
    /// - Parameter grants: as they are now.
    /// - Returns: regions by node.
    func bundleGrants(_ grants: Grants) -> [NodeID: [String]] {
        let rules = bundleRules { grants[$0] }
        let nodes = grants.keys(with: .peer) + upstreamKeys
        return Dictionary(nodes.compactMap { node in rules.regions(node).map { (node, $0) } }) {
            $1
        }
    }
}
