import ReportModel
import ReportSync

extension NodeConfiguration {
    /// Whose bundles are taken: those of peers and upstreams, with the regions they have on the network.
    var bundleRules: BundleRules {
        let grants = grants
        let upstreams = Set(upstreams.map(\.key))
        return BundleRules(
            regions: { node in
                if let grant = grants[node] {
                    return grant.rights.contains(.peer) || upstreams.contains(node)
                        ? grant.regions : nil
                }
                return upstreams.contains(node) ? ["*"] : nil
            },
            reviewers: Set(reviewers)
        )
    }
}
