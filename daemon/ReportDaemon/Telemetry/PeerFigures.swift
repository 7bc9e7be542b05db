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
}

/// Figures of peers.
struct PeerFigures {
    private let peers: [PeerFigure]
    private let lags: [NodeID: PeerLag]
    private let now: Timestamp

    /// - Parameters:
    ///   - peers: sessions and upstreams; of several with one node the last counts.
    ///   - lags: what upstreams have not signed for.
    ///   - now: the wall clock.
    init(_ peers: [PeerFigure], lags: [NodeID: PeerLag], now: Timestamp) {
        var newest: [String: PeerFigure] = [:]
        for peer in peers {
            newest["\(peer.isUpstream) \(peer.node)"] = peer
        }
        self.peers = newest.values.sorted { "\($0.node)" < "\($1.node)" }
        self.lags = lags
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
            "1 while a session with a peer stands. Peers that connect here are told only then."
        )
        var missing = MetricFamily(
            "reportd_peer_missing_entries",
            .gauge,
            "Entries that a connected peer lacks (there) or that are known to be missing here."
        )
        var heard = MetricFamily(
            "reportd_peer_last_heard_timestamp_seconds",
            .gauge,
            "When a connected peer was last heard of."
        )
        var progress = MetricFamily(
            "reportd_peer_last_progress_timestamp_seconds",
            .gauge,
            "When something of a connected peer was last verified."
        )
        for peer in peers {
            let labels = labels(of: peer)
            let session = peer.progress.flatMap { $0.isEstablished ? $0 : nil }
            connected.add(labels, .integer(session == nil ? 0 : 1))
            guard let session else { continue }
            missing.add(
                labels + [.init("side", "there")],
                .integer(Int(clamping: session.missingThere))
            )
            missing.add(
                labels + [.init("side", "here")],
                .integer(Int(clamping: session.missingHere))
            )
            if let time = session.lastHeard {
                heard.add(labels, .number(Double(time.milliseconds) / 1000))
            }
            if let time = session.lastProgress {
                progress.add(labels, .number(Double(time.milliseconds) / 1000))
            }
        }
        return [connected, missing, heard, progress]
    }

    private var lagging: [MetricFamily] {
        var entries = MetricFamily(
            "reportd_upstream_lag_entries",
            .gauge,
            "Entries that an upstream has not signed for."
        )
        var bytes = MetricFamily(
            "reportd_upstream_lag_bytes",
            .gauge,
            "Their bytes before compression; of many the mean of the oldest is taken for all."
        )
        var age = MetricFamily(
            "reportd_upstream_lag_seconds",
            .gauge,
            "Age of the oldest entry that an upstream has not signed for; 0 when there is none."
        )
        var signed = MetricFamily(
            "reportd_upstream_signed_entries",
            .gauge,
            "Entries that an upstream has signed for: the position of all logs together."
        )
        for peer in peers where peer.isUpstream {
            guard let lag = lags[peer.node] else { continue }
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
