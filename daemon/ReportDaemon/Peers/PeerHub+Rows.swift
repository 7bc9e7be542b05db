import ReportAuthority
import ReportModel
import ReportStore
import ReportSync
import ReportTLS
import ReportWire
import Synchronization

/// Which peers there are: those with a session, those that are followed, and those that are expected.
extension PeerHub {
    /// One peer as `status` and the metrics show it.
    struct Row: Sendable {
        var node: NodeID
        /// What its log, the configuration, the grants or its certificate call it.
        var name: String?
        var isUpstream = false
        /// Whether it may have a session here; an upstream always.
        var isWanted = true
        /// Whether it is an upstream that this node is set up to send to, whatever it says itself.
        var isAskedToTake = false
        /// Whether it is known here; anybody may say HELLO with any key.
        var isKnown = true
        /// Which way entries go, as seen from here; nil: neither way.
        var direction: Direction? = .both
        /// `connecting`, `connected`, `waiting`, `sending`, `caught-up`, `away`, or `bundles` for one that is
        /// heard of by bundles only.
        var state: String
        /// Why there is no session.
        var error: ReportError?
        /// Whether the other side said so.
        var isErrorFromPeer = false
        /// How far the session is; nil when there is none.
        var progress: PeerProgress?
        /// How far it need not sign for logs of others.
        var settled: [LogID: UInt64] = [:]
        /// What it has not signed for; nil when the store does not tell.
        var lag: PeerLag?
        /// When it was last heard of, by a session, a bundle or what it signed; nil: never.
        var lastHeard: Timestamp?
        /// When its last bundle was taken; nil when it had a session since.
        var lastBundle: Timestamp?
    }

    /// Every peer: sessions and upstreams first, then keys that may come and are away.
    /// - Parameter measuring: whether bytes and age of what an absent peer lacks are wanted, too.
    /// - Returns: the rows.
    func rows(measuring: Bool) async -> [Row] {
        let (links, heard, unsubscribed, ends) = state.withLock {
            ($0.links, $0.heard, $0.unsubscribed, $0.ends)
        }
        var rows: [Row] = []
        let ordered = links.sorted { $0.key < $1.key }.map(\.value)
        for (link, progress) in zip(ordered, await self.progress(of: ordered)) {
            var row = Row(link, progress.flatMap { $0.isEstablished ? $0 : nil })
            if measuring || row.isUpstream { row.settled = await settled(link, progress) }
            rows.append(row)
        }
        // Anybody may say HELLO with the key of somebody else: only a proved one is there.
        let present = Set(rows.filter { $0.isUpstream || $0.progress != nil }.map(\.node))
        let grants = access.grants
        let granted = Set(grants.keys(with: .peer)).union(carriedUpstreams)
        let away = granted.union(heard.keys).subtracting(present).subtracting([key.id])
        rows.removeAll {
            !$0.isUpstream && $0.progress == nil
                && (away.contains($0.node) || present.contains($0.node))
        }
        for index in rows.indices where !rows[index].isUpstream && rows[index].progress == nil {
            rows[index].isWanted = false
            rows[index].isKnown = false
        }
        for node in away.sorted(by: { $0.description < $1.description })
            .prefix(ServerLimits.maximumAwayPeerCount)
        {
            // One without an address is not away: it never comes.
            var row = Row(node: node, state: carriedUpstreams.contains(node) ? "bundles" : "away")
            let direction = grants[node]?.direction ?? .both
            row.direction =
                !unsubscribed.contains(node) || !direction.sends
                ? direction : direction.takes ? .pull : nil
            if let end = ends[node], let code = end.code {
                row.error = ReportError(code, end.message)
                row.isErrorFromPeer = end.isFromPeer
            }
            if !granted.contains(node) {
                row.isErrorFromPeer = false
                row.isWanted = false
                row.error = ReportError(.notAllowed, "its grant was withdrawn")
            }
            rows.append(row)
        }
        return await completed(rows, heard: heard, measuring: measuring)
    }

    /// How far each session is, asked of all at once: each answers behind what it is at.
    func progress(of links: [Link]) async -> [PeerProgress?] {
        await withTaskGroup { group in
            for (index, link) in links.enumerated() {
                guard let driver = link.driver else { continue }
                group.addTask { (index, await driver.progress) }
            }
            var progress = [PeerProgress?](repeating: nil, count: links.count)
            for await (index, told) in group { progress[index] = told }
            return progress
        }
    }

    /// Rows with their names, and with what the store knows of each peer.
    private func completed(
        _ rows: [Row],
        heard: [NodeID: Timestamp],
        measuring: Bool
    ) async -> [Row] {
        let names = self.names(await logNames())
        let store = store
        // The metrics ask often, and need nothing of the store for a peer that is here.
        let wanted = rows.map { row in
            let isAsked = row.isKnown && (measuring || row.isUpstream || row.progress == nil)
            return (row.node, row.settled, isAsked, measuring || row.isUpstream)
        }
        let known = await disk.run { () throws(Never) -> [Result<Known, ReportError>?] in
            wanted.map { node, settled, isAsked, measuring in
                guard isAsked else { return nil }
                return Result { () throws(ReportError) in
                    Known(
                        lag: try store.lag(of: node, settled: settled, measuring: measuring),
                        lastBundle: try store.lastBundle(from: node)
                    )
                }
            }
        }
        let now = Timestamp.now
        return zip(rows, known).map { row, known in
            var row = row
            row.name = names[row.node]
            switch known {
            case nil: row.lastHeard = row.progress?.lastHeard ?? heard[row.node]
            case .success(let known):
                var lag = known.lag
                // Of what it is not to have it lacks nothing.
                if row.direction?.sends != true, !row.isAskedToTake { lag.clearMissing() }
                row.lag = lag
                row.lastBundle = known.lastBundle
                if known.lastBundle != nil, row.state == "away" { row.state = "bundles" }
                // A signature bears the clock of its peer, which may be ahead.
                let signed = lag.lastSigned.map { min($0, now) }
                let times = [
                    row.progress?.lastHeard, heard[row.node], signed, lag.lastArrived,
                    known.lastBundle,
                ]
                row.lastHeard = times.compactMap(\.self).max()
            case .failure(let error):
                row.error = row.error ?? error
                row.lastHeard = row.progress?.lastHeard ?? heard[row.node]
            }
            return row
        }
    }

    /// What the store knows of a peer.
    private struct Known: Sendable {
        var lag: PeerLag
        var lastBundle: Timestamp?
    }

    /// Whether a node gets the records of a region from this one: upstreams that are sent to get all, other
    /// peers those of their grants, and of all else the headers.
    /// - Parameters:
    ///   - node: any node.
    ///   - region: path of a record, `city[/district]`.
    /// - Returns: nil for a node that this one sends nothing.
    func getsRecords(_ node: NodeID, of region: String) -> Bool? {
        let link = state.withLock { state in
            state.links.values.first { $0.isUpstream && $0.node == node }
        }
        if let link { return link.direction.sends ? true : nil }
        guard let grant = access.grants[node], grant.rights.contains(.peer),
            grant.direction.sends
        else { return nil }
        return grant.covers(region)
    }

    // MARK: Names

    /// What nodes are called by their own logs; the newest one counts.
    func logNames() async -> [NodeID: String] {
        let states = (try? await store.logStates()) ?? []
        return Dictionary(states.map { ($0.descriptor.node, $0.descriptor.name) }) { $1 }
    }

    /// What nodes are called: by their own logs, else as ``givenNames`` says.
    func names(_ logNames: [NodeID: String]) -> [NodeID: String] {
        givenNames.merging(logNames) { $1 }
    }

    /// What nodes are called here as long as no log of theirs is known: in the configuration, the
    /// grants, or the certificate that they showed.
    var givenNames: [NodeID: String] {
        let links = state.withLock { Array($0.links.values) }
        var names: [NodeID: String] = [:]
        for link in links {
            guard let certificate = link.certificate,
                let held = try? HeldCertificate(der: certificate.bytes), !held.name.isEmpty
            else { continue }
            names[link.node] = held.name
        }
        let grants = access.grants
        for node in grants.keys(with: .peer) {
            if let name = grants[node]?.name, !name.isEmpty { names[node] = name }
        }
        return names.merging(upstreamNames) { $1 }
    }
}

extension PeerHub.Row {
    fileprivate init(_ link: PeerHub.Link, _ progress: PeerProgress?) {
        self.init(node: link.node, isUpstream: link.isUpstream, state: link.state)
        self.progress = progress
        isAskedToTake = link.isUpstream && link.direction.sends
        direction = progress.map(\.direction) ?? link.direction
        if let progress {
            state = progress.isCaughtUp ? "caught-up" : "sending"
            // A log that is refused stops for good, though the session stands.
            if let log = progress.stoppedLogs.first, let code = log.lastError {
                error = ReportError(
                    code,
                    "log of \(log.name.isEmpty ? "?" : log.name): "
                        + (log.lastErrorMessage ?? code.rawValue)
                )
                isErrorFromPeer = log.isErrorFromPeer
            }
        } else {
            error = link.error
            isErrorFromPeer = link.isErrorFromPeer
        }
    }

    /// The row of `peers` in `STATUS`.
    ///
    /// Source: docs/protocol.md section 3.5.
    /// - Parameter own: this node.
    /// - Returns: an object.
    func json(seenFrom own: NodeID) -> JSONValue {
        var members: [String: JSONValue]
        if let progress {
            members = progress.json(seenFrom: own).objectValue ?? [:]
        } else {
            members = [
                "peer": .string(node.description), "established": false, "caughtUp": false,
                "missingHere": .null,
                "missingThere": lag.map { .integer($0.entryCount) } ?? .null,
                "lastProgress": .optional(lag?.lastSigned?.description),
            ]
        }
        let isBehind = members["missingThere"] != .integer(0)
        members["key"] = .string(node.description)
        members["name"] = .optional(name)
        members["upstream"] = .bool(isUpstream)
        members["direction"] = .string(Direction.text(direction))
        members["state"] = .string(state)
        members["lastHeard"] = .optional(lastHeard?.description)
        members["lastBundle"] = .optional(lastBundle?.description)
        members["lastError"] = .optional(error?.message)
        members["lastErrorCode"] = .optional(error?.code.rawValue)
        members["lastErrorBy"] = error == nil ? .null : isErrorFromPeer ? "peer" : "here"
        members["missingEntries"] = members["missingThere"]
        members["missingBytes"] = lag.map { .integer(isBehind ? $0.byteCount : 0) } ?? .null
        members["missingSince"] = isBehind ? .optional(lag?.oldest?.description) : .null
        return .object(members)
    }
}
