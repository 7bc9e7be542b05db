import ReportIntake
import ReportModel
import ReportPostgres
import ReportStore
import ReportWire

/// What one configuration file says.
///
/// Source: DESIGN section 7, Configuration; `ops/reportd.yaml` with comments.
public struct NodeConfiguration: Sendable {
    /// A node that this one connects to.
    struct Upstream: Hashable, Sendable {
        var address: ListenAddress
        var key: NodeID
        /// nil: TLS everywhere but at the loopback address.
        var usesTLS: Bool?
        /// Folder of the certificate for it, when it is of another authority than the node's own.
        var identity: String?
        /// How it is called in receipts until its log tells its name; nil: by its key.
        var name: String?
        /// Which way entries go, as seen from this node.
        var direction = Direction.both
    }

    /// A node above without a network between: bundles go there and come from there.
    struct CarriedUpstream: Hashable, Sendable {
        var key: NodeID
        /// How it is called in receipts until its log tells its name; nil: by its key.
        var name: String?
    }

    /// A folder that is watched.
    struct InboxFolder: Hashable, Sendable {
        var path: String
        var year: Int?
        var region: String?
        var unit: String?
        /// Age from which files with an outcome go into the folder of their year; nil: never.
        var tidyAfter: Duration?
    }

    /// How events are logged.
    enum LogFormat: String, Hashable, Sendable, CaseIterable {
        case text
        case json
    }

    /// Name of the node for people.
    public var name: String
    /// Folder of the store; with a database, of the node's key and of what it answers from.
    public var store: String
    /// The database that holds the logs; nil: the store is all there is.
    var database: PostgresAddress?
    var listeners = [
        Listener(address: ListenAddress(host: "127.0.0.1", port: WireLimits.defaultPort))
    ]
    var tls: TLSFolders?
    var inboxes: [InboxFolder] = []
    var upstreams: [Upstream] = []
    /// Those under `upstreams` that have no address.
    var carriedUpstreams: [CarriedUpstream] = []
    var grantTable = GrantTable()
    /// File of the grants; nil when they stand in the configuration itself.
    var grantsFile: String?
    /// Where all this was read.
    var file: String?
    /// Where its settings stand in that file.
    var lines = SettingLines()
    var reviewers: [NodeID] = []
    var regions: [LocalDivision] = []
    /// File that says who is expected to file.
    var roster: String?
    /// File with other names of units.
    var aliases: String?
    var workerCount = 2
    var tools = WorkerTools()
    var logFormat = LogFormat.text
    var disk = DiskThresholds()
    /// Scheduled backups; nil: none.
    var backup: BackupSettings?
    /// Where health and metrics are told; nil: nowhere.
    var watch: WatchSettings?
    /// Time between two verifications in the background; nil: none.
    var verificationInterval: Duration? = DaemonLimits.verificationInterval

    /// Folders that the node writes to, and a sandbox has to let it.
    var writtenFolders: [String] {
        [store] + inboxes.map(\.path) + (backup.map { [$0.folder] } ?? [])
    }

    /// The upstreams that entries are sent to: those that are to sign for what is here.
    var receivingUpstreams: [Upstream] { upstreams.filter(\.direction.sends) }

    /// Keys of all that are to sign for what is here, by a session or by bundles.
    var signers: [NodeID] { receivingUpstreams.map(\.key) + carriedUpstreams.map(\.key) }

    /// Keys of all upstreams.
    var upstreamKeys: [NodeID] { upstreams.map(\.key) + carriedUpstreams.map(\.key) }

    /// Names of the upstreams that have one.
    var upstreamNames: [NodeID: String] {
        let named = upstreams.map { ($0.key, $0.name) } + carriedUpstreams.map { ($0.key, $0.name) }
        return Dictionary(named.compactMap { key, name in name.map { (key, $0) } }) { $1 }
    }

    /// The node in one line: what it is called, where it listens, what it watches, whom it sends to.
    public var summary: String {
        var parts = [name, listeners.map(\.address.description).joined(separator: " ")]
        parts += inboxes.map(\.path)
        parts += upstreams.map { upstream in
            (upstream.direction.sends ? "→ " : "← ") + upstream.address.description
        }
        parts += carriedUpstreams.map { "⇢ " + ($0.name ?? $0.key.description) }
        return parts.joined(separator: "  ")
    }
}
