import ReportModel
import ReportStore
import ReportSync

/// What is known of one peer of this moment.
struct PeerFigure: Sendable {
    var node: NodeID
    var name: String?
    var isUpstream: Bool
    /// How far the session is; nil when there is none.
    var progress: PeerProgress?
    /// What it has not signed for.
    var lag: PeerLag?
    /// When it was last heard of; nil: never.
    var lastHeard: Timestamp?
    /// When its last bundle was taken; nil when it had a session since.
    var lastBundle: Timestamp?
}

/// Figures of peers.
struct PeerFigures {
    private let peers: [PeerFigure]
    private let now: Timestamp

    /// - Parameters:
    ///   - peers: sessions, upstreams, and peers that are away; of several with one node the last that
    ///     has a session counts.
    ///   - now: the wall clock.
    init(_ peers: [PeerFigure], now: Timestamp) {
        var newest: [String: PeerFigure] = [:]
        for peer in peers {
            let name = "\(peer.isUpstream) \(peer.node)"
            if newest[name]?.progress != nil, peer.progress == nil { continue }
            newest[name] = peer
        }
        self.peers = newest.values.sorted { "\($0.node)" < "\($1.node)" }
        self.now = now
    }

    /// The families.
    var families: [MetricFamily] { sessions + lagging }

    private func labels(of peer: PeerFigure) -> [MetricFamily.Label] {
        [
            .init("peer", peer.node.description), .init("name", peer.name ?? ""),
            .init("direction", peer.isUpstream ? "upstream" : "downstream"),
        ]
    }

    private var sessions: [MetricFamily] {
        var connected = MetricFamily(
            "reportd_peer_connected",
            .gauge,
            "1 while a session with a peer stands, 0 while an upstream or a granted peer has none; absent for one that sends bundles only."
        )
        var missing = MetricFamily(
            "reportd_peer_missing_entries",
            .gauge,
            "Entries that a connected peer lacks (there) or that are known to be missing here."
        )
        var heard = MetricFamily(
            "reportd_peer_last_heard_timestamp_seconds",
            .gauge,
            "When a peer was last heard of, by a session or by what it signed; 0: never."
        )
        var progress = MetricFamily(
            "reportd_peer_last_progress_timestamp_seconds",
            .gauge,
            "When something of a connected peer was last verified."
        )
        var bundles = MetricFamily(
            "reportd_peer_last_bundle_timestamp_seconds",
            .gauge,
            "When the last bundle of a peer without a session since was taken."
        )
        var stopped = MetricFamily(
            "reportd_peer_stopped_logs",
            .gauge,
            "Logs that do not go on with a connected peer because one side refuses them."
        )
        for peer in peers {
            let labels = labels(of: peer)
            let session = peer.progress.flatMap { $0.isEstablished ? $0 : nil }
            if session == nil, let time = peer.lastBundle {
                bundles.add(labels, .number(Double(time.milliseconds) / 1000))
            }
            // An upstream is followed: without a session it is away, whatever came on a stick.
            if session != nil || peer.isUpstream || peer.lastBundle == nil {
                connected.add(labels, .integer(session == nil ? 0 : 1))
            }
            heard.add(labels, .number(Double(peer.lastHeard?.milliseconds ?? 0) / 1000))
            guard let session else { continue }
            missing.add(
                labels + [.init("side", "there")],
                .integer(Int(clamping: session.missingThere))
            )
            missing.add(
                labels + [.init("side", "here")],
                .integer(Int(clamping: session.missingHere))
            )
            stopped.add(labels, .integer(session.stoppedLogs.count))
            if let time = session.lastProgress {
                progress.add(labels, .number(Double(time.milliseconds) / 1000))
            }
        }
        return [connected, missing, stopped, heard, bundles, progress]
    }

    private var lagging: [MetricFamily] {
        var entries = MetricFamily(
            "reportd_upstream_lag_entries",
            .gauge,
            "Entries that an upstream has not signed for, nor is known to have by another way."
        )
        var bytes = MetricFamily(
            "reportd_upstream_lag_bytes",
            .gauge,
            "Their bytes before compression; of many the mean of the oldest is taken for all."
        )
        var age = MetricFamily(
            "reportd_upstream_lag_seconds",
            .gauge,
            "Age of the oldest of them; 0 when there is none."
        )
        var signed = MetricFamily(
            "reportd_upstream_signed_entries",
            .gauge,
            "Entries that an upstream has signed for: the position of all logs together."
        )
        for peer in peers where peer.isUpstream {
            guard let lag = peer.lag else { continue }
            let labels: [MetricFamily.Label] = [
                .init("peer", peer.node.description), .init("name", peer.name ?? ""),
            ]
            entries.add(labels, .integer(lag.entryCount))
            bytes.add(labels, .integer(lag.byteCount))
            let since = lag.oldest.map { now.milliseconds - min(now.milliseconds, $0.milliseconds) }
            age.add(labels, .number(Double(since ?? 0) / 1000))
            signed.add(labels, .integer(lag.signedCount))
        }
        return [entries, bytes, age, signed]
    }
}
