import ArgumentParser
import Glibc
import ReportClient
import ReportCommands
import ReportModel
import ReportNATS
import ReportPipe
import ReportStore

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Carry bundles between this node and its peers until stopped.",
        discussion: """
            It runs beside the node, as its user, reads the store and hands what comes to
            the node, which goes by the grants of its configuration. It may be killed at
            any time. --peer names who is sent what: * for everything, else records of
            these regions and of others the headers; never more than the node grants it.
            """
    )

    @OptionGroup var nats: NATSOptions

    @OptionGroup var service: ServiceOptions

    @Option(
        help: ArgumentHelp(
            "A node at the other end and the regions whose records go to it; may be repeated.",
            valueName: "key=region,…"
        )
    )
    var peer: [String] = []

    @Option(
        help: ArgumentHelp(
            "Where parts wait until a bundle is whole; the folder nats beside the store when not given.",
            valueName: "dir"
        )
    )
    var spool: String?

    @Option(help: "Entries in one bundle, about.")
    var entries = PipeLimits.standard.entryCount

    @Option(
        help: ArgumentHelp(
            "How long to wait for a peer's signature before a bundle is sent again; doubles up to an hour.",
            valueName: "seconds"
        )
    )
    var patience = 60

    func run() async throws {
        let address = try nats.address()
        let peers = try peer.map { text throws(ReportError) in try Self.peer(text) }
        guard !peers.isEmpty else {
            throw ReportError(
                .usage,
                "whom to?",
                hint: "give --peer KEY=REGION,…, or --peer 'KEY=*'"
            )
        }
        guard Set(peers.map(\.node)).count == peers.count else {
            throw ReportError(
                .usage,
                "--peer names a node twice",
                hint: "write its regions with commas"
            )
        }
        guard (1...100_000).contains(entries), (1...3600).contains(patience) else {
            throw ReportError(.usage, "--entries is 1 to 100000, --patience 1 to 3600")
        }
        let directory = try Self.absolute(try service.storeDirectory())
        try Self.refuseOtherUser(directory)
        var limits = PipeLimits.standard
        limits.entryCount = entries
        limits.patience = .seconds(patience)
        let carrier = Carrier(
            address: address,
            streamName: nats.stream,
            peers: peers,
            directory: directory,
            folder: try PartFolder(spool ?? Self.parent(of: directory) + "/nats"),
            limits: limits
        )
        try await carrier.run()
    }

    private static func peer(_ text: String) throws(ReportError) -> PipePeer {
        let parts = text.split(separator: "=", maxSplits: 1).map { String($0) }
        guard parts.count == 2 else {
            throw ReportError(
                .usage,
                "'\(text)' does not say which records go to this peer",
                hint: "write KEY=REGION,REGION with regions such as 湛江市/麻章区, or 'KEY=*'"
            )
        }
        let regions = parts[1].split(separator: ",", omittingEmptySubsequences: false)
            .map { String($0) }
        guard !regions.contains("") else {
            throw ReportError(.usage, "'\(text)' has a region without a name")
        }
        return PipePeer(try NodeKeyArgument.read(parts[0]), regions: regions)
    }

    /// The node reads what comes: it must belong to its user.
    private static func refuseOtherUser(_ directory: String) throws(ReportError) {
        var status = stat()
        guard stat(directory + "/data.mdb", &status) == 0 else {
            throw ReportError(.notFound, "there is no store in \(directory)")
        }
        guard status.st_uid == geteuid() else {
            let name = getpwuid(status.st_uid).flatMap { $0.pointee.pw_name }
                .map { String(cString: $0) }
            let user = name ?? String(status.st_uid)
            throw ReportError(
                .notAllowed,
                "the store belongs to the user \(user), and so must this process",
                hint: "runuser -u \(user) -- reportctl nats run …"
            )
        }
    }

    private static func absolute(_ path: String) throws(ReportError) -> String {
        guard let resolved = realpath(path, nil) else {
            throw ReportError(.notFound, "there is no store in \(path)")
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return "" }
        return String(path[..<slash])
    }
}
