import Logging
import ReportAuthority
import ReportModel
import ReportStore
import ReportSync
import ReportWire
import Synchronization

/// What is known of peers, and what an administrator may ask of them.
extension PeerHub {
    /// Every peer with its progress, for `status`.
    func status() async -> [JSONValue] {
        await rows(measuring: true).map { $0.json(seenFrom: key.id) }
    }

    // MARK: Administrators

    /// Grants or the list of revoked certificates were read anew.
    func accessHasChanged() async {
        let links = state.withLock { Array($0.links.values) }
        let grants = access.grants
        for link in links {
            if !link.isUpstream {
                await link.driver?.setGrant(grants[link.node])
            } else if let certificate = link.certificate,
                let judge = access.secure(forUpstream: link.node)?.judge,
                (try? judge.judge(certificate, as: .node)) == nil
            {
                logger.warning(
                    "the certificate of an upstream is not good any more",
                    metadata: ["peer": "\(link.node)"]
                )
                await link.driver?.stop()
            }
        }
    }

    /// Whether an upstream was asked for what it holds of this node's logs, and all of it is here.
    func hasAllOfOwn() async -> Bool {
        let links = state.withLock { Array($0.links.values) }
        var sources: [OwnLogSource] = []
        for (link, progress) in zip(links, await progress(of: links)) {
            guard let progress else { continue }
            sources.append(
                OwnLogSource(
                    progress: progress,
                    isUpstream: link.isUpstream,
                    direction: link.direction
                )
            )
        }
        return OwnLogSource.haveAll(
            of: key.id,
            sources,
            isSentSomewhere: links.contains { $0.isUpstream && $0.direction.sends }
        )
    }

    /// Compares all logs with one peer or with all, and mends what is damaged here.
    /// - Parameter name: the first digits of a peer's key; nil for every peer.
    /// - Returns: `{items: [{peer, name, error, logs}]}`.
    /// - Throws: ``ReportError`` `unreachable` when no such peer has a session.
    func resync(_ name: String?) async throws(ReportError) -> JSONValue {
        let links = state.withLock { Array($0.links.values) }
            .filter { name == nil || $0.node.description.hasPrefix(name ?? "") }
        guard !links.isEmpty else {
            let known = access.grants.keys(with: .peer) + state.withLock { Array($0.heard.keys) }
            let isAway = known.contains { $0.description.hasPrefix(name ?? "") }
            throw ReportError(
                .unreachable,
                name == nil
                    ? "no peer is connected"
                    : isAway
                        ? "that peer is not connected"
                        : "no peer whose key begins with that is known",
                hint: "reportctl peer list shows peers and their keys"
            )
        }
        let names = self.names(await logNames())
        let told = await withTaskGroup { group in
            for (index, link) in links.enumerated() {
                group.addTask { (index, await link.driver?.resync()) }
            }
            var told = [[ReconciledLog]?](repeating: nil, count: links.count)
            for await (index, logs) in group { told[index] = logs }
            return told
        }
        var items: [JSONValue] = []
        for (link, logs) in zip(links, told) {
            items.append([
                "peer": .string(link.node.description),
                "name": .optional(names[link.node]),
                "error": logs == nil ? "the peer is not connected" : nil,
                "logs": .array((logs ?? []).map(\.json)),
            ])
        }
        return ["items": .array(items)]
    }

    /// Every connected peer as a source of what is damaged here, upstreams first.
    /// - Parameter name: the first digits of a peer's key; nil for every peer.
    /// - Returns: one source a peer.
    func repairSources(_ name: String?) async -> [StoreRepair.Source] {
        let names = self.names(await logNames())
        let links = state.withLock { Array($0.links.values) }
            .filter { name == nil || $0.node.description.hasPrefix(name ?? "") }
            .sorted { $0.isUpstream && !$1.isUpstream }
        return links.map { link in
            StoreRepair.Source(name: names[link.node] ?? link.node.description) {
                () throws(ReportError) in
                guard await link.driver?.resync() != nil else {
                    throw ReportError(.unreachable, "the peer is not connected")
                }
            }
        }
    }
}
