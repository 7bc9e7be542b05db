import ReportModel
import ReportStore
import ReportSync
import Synchronization

/// What is known of peers, and what an administrator may ask of them.
extension PeerHub {
    /// Every peer with its progress, for `status`.
    func status() async -> [JSONValue] {
        let links = state.withLock { $0.links }
        let states = (try? await store.logStates()) ?? []
        var rows: [JSONValue] = []
        for (_, link) in links.sorted(by: { $0.key < $1.key }) {
            var members: [String: JSONValue] = [
                "key": .string(link.node.description),
                "name": .optional(
                    states.last { $0.descriptor.node == link.node }?.descriptor.name
                ),
                "upstream": .bool(link.isUpstream),
                "state": .string(link.state), "lastError": .optional(link.lastError),
            ]
            let progress: JSONValue
            if let known = await link.driver?.progress, known.isEstablished {
                members["state"] = known.isCaughtUp ? "caught-up" : "sending"
                members["lastError"] = nil
                progress = known.json
            } else {
                progress = await lastKnown(of: link.node)
            }
            members.merge(progress.objectValue ?? [:]) { _, new in new }
            members["missingEntries"] = members["missingThere"]
            rows.append(.object(members))
        }
        return rows
    }

    /// What a peer without a session is known to lack: what it has not signed for.
    private func lastKnown(of peer: NodeID) async -> JSONValue {
        var members: [String: JSONValue] = [
            "peer": .string(peer.description), "established": false, "caughtUp": false,
            "missingHere": nil, "missingThere": nil, "lastProgress": nil,
        ]
        var missing: UInt64 = 0
        var last: Timestamp?
        do throws(ReportError) {
            for state in try await store.logStates() where state.descriptor.node != peer {
                let log = state.descriptor.id
                let signed = try await store.acknowledgement(log: log, from: peer)
                let held = state.position.sequence
                missing += held - min(held, signed?.position.sequence ?? 0)
                if let time = signed?.receivedAt { last = max(last ?? time, time) }
            }
            members["missingThere"] = .integer(Int(clamping: missing))
            members["lastProgress"] = .optional(last?.description)
        } catch {
            members["lastError"] = .string("\(error)")
        }
        return .object(members)
    }

    // MARK: Administrators

    /// Whether an upstream was asked for what it holds of this node's logs, and all of it is here.
    ///
    /// What upstreams state is believed; of other peers only what this node itself signed counts.
    func hasAllOfOwn() async -> Bool {
        let links = state.withLock { Array($0.links.values) }
        var isAsked = false
        for link in links {
            guard let progress = await link.driver?.progress, progress.isEstablished else {
                continue
            }
            guard progress.hasAll(of: key.id, trusting: link.isUpstream) else { return false }
            if link.isUpstream { isAsked = true }
        }
        return isAsked
    }

    /// Compares all logs with one peer or with all, and mends what is damaged here.
    /// - Parameter name: the first digits of a peer's key; nil for every peer.
    /// - Returns: `{items: [{peer, name, error, logs}]}`.
    /// - Throws: ``ReportError`` `unreachable` when no such peer has a session.
    func resync(_ name: String?) async throws(ReportError) -> JSONValue {
        let links = state.withLock { Array($0.links.values) }
            .filter { name == nil || $0.node.description.hasPrefix(name ?? "") }
        guard !links.isEmpty else {
            throw ReportError(
                .unreachable,
                name == nil
                    ? "no peer is connected" : "no peer whose key begins with that is known",
                hint: "reportctl peer list shows peers and their keys"
            )
        }
        let states = try await store.logStates()
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
                "name": .optional(
                    states.last { $0.descriptor.node == link.node }?.descriptor.name
                ),
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
        let states = (try? await store.logStates()) ?? []
        let links = state.withLock { Array($0.links.values) }
            .filter { name == nil || $0.node.description.hasPrefix(name ?? "") }
            .sorted { $0.isUpstream && !$1.isUpstream }
        return links.map { link in
            let known = states.last { $0.descriptor.node == link.node }?.descriptor.name
            return StoreRepair.Source(name: known ?? link.node.description) {
                () throws(ReportError) in
                guard await link.driver?.resync() != nil else {
                    throw ReportError(.unreachable, "the peer is not connected")
                }
            }
        }
    }
}
