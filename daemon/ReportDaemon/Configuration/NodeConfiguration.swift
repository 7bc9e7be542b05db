import ReportIntake
import ReportModel
import ReportStore
import ReportSync
import ReportWire

/// What one configuration file says.
///
/// Source: DESIGN section 7, Configuration; `ops/reportd.yaml` with comments.
public struct NodeConfiguration: Sendable {
    /// A node that everything is sent to.
    struct Upstream: Hashable, Sendable {
        var address: ListenAddress
        var key: NodeID
    }

    /// A folder that is watched.
    struct InboxFolder: Hashable, Sendable {
        var path: String
        var year: Int?
        var region: String?
        var unit: String?
    }

    /// How events are logged.
    enum LogFormat: String, Hashable, Sendable, CaseIterable {
        case text
        case json
    }

    /// Name of the node for people.
    public var name: String
    /// Folder of the store.
    public var store: String
    var listen = ListenAddress(host: "127.0.0.1", port: WireLimits.defaultPort)
    var inboxes: [InboxFolder] = []
    var upstreams: [Upstream] = []
    var grants = Grants()
    /// What anybody at the loopback address may do besides reading and handing in files.
    var loopbackGrant: Grant?
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
    /// Time between two verifications in the background; nil: none.
    var verificationInterval: Duration? = DaemonLimits.verificationInterval
}
