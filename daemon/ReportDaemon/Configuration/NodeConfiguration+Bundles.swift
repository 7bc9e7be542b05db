import ReportModel
import ReportSync

extension NodeConfiguration {
    /// Whose bundles are taken: those of peers and upstreams, with the regions they have on the network.
    /// - Parameter grant: the grant of a key, as it is when a bundle comes.
    /// - Returns: the rules.
    func bundleRules(_ grant: @escaping @Sendable (NodeID) -> Grant?) -> BundleRules {
        let upstreams = Set(upstreams.map(\.key))
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
}
