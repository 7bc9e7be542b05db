import Failpoints
import Glibc
import ReportModel

/// A node on loopback in a folder of its own.
final class NodeProcess {
    let name: String
    let port: Int
    let folder: String
    private var settings: String
    private(set) var process: ChildProcess?
    /// The port that it listens at last, when there are several.
    var lastPort: Int?

    var address: String { "127.0.0.1:\(port)" }
    var store: String { "\(folder)/store" }
    var inbox: String { "\(folder)/收件" }
    var log: String { "\(folder)/log" }
    var configuration: String { "\(folder)/reportd.yaml" }

    /// Writes the configuration of a node; nothing runs yet.
    /// - Parameters:
    ///   - name: name of the node, also of its folder.
    ///   - root: temporary folder of the test.
    ///   - inboxRegion: region of its inbox; nil: no inbox.
    ///   - more: further lines of YAML.
    /// - Throws: ``TestFailure`` when the disk does not take it.
    init(_ name: String, in root: TestFolder, inboxRegion: String? = nil, more: String = "") throws
    {
        self.name = name
        folder = "\(root.path)/\(name)"
        port = try FreePort.next()
        settings = "node:\n  name: \(name)\nstore: \(folder)/store\nlisten: 127.0.0.1:\(port)\n"
        try Disk.makeFolder(folder)
        try Disk.makeFolder(inbox)
        if let inboxRegion {
            settings += "inboxes:\n  - path: \(inbox)\n"
            if !inboxRegion.isEmpty { settings += "    region: \(inboxRegion)\n" }
        }
        settings += more
        try Disk.write(settings, to: configuration)
    }

    /// Adds lines to the configuration.
    func configure(_ lines: String) throws {
        settings += lines
        try Disk.write(settings, to: configuration)
    }

    /// Listens at several addresses, each as YAML.
    func listen(_ addresses: [String]) throws {
        try replace(
            "listen: 127.0.0.1:\(port)\n",
            with: "listen: [\(addresses.joined(separator: ", "))]\n"
        )
    }

    /// Writes other lines in the place of a line of the configuration.
    func replace(_ old: String, with new: String) throws {
        settings = settings.split(separator: "\n").map { line in
            line + "\n" == old ? new : line + "\n"
        }.joined()
        try Disk.write(settings, to: configuration)
    }

    /// Lets `county` send its region to this node.
    static func connect(_ counties: [(node: NodeProcess, region: String)], to city: NodeProcess)
        throws
    {
        let cityKey = try city.showKey()
        var grants = "grants:\n"
        for (county, region) in counties {
            try county.configure(
                "upstreams:\n  - address: \(city.address)\n    key: \(cityKey)\n"
            )
            grants +=
                "  - key: \(try county.showKey())\n    regions: [\(region)]\n    verbs: [peer]\n"
        }
        try city.configure(grants)
    }

    func showKey() throws -> String {
        let run = try CommandRun.reportd(["--config", configuration, "--show-key"])
        guard run.status == 0 else { throw TestFailure("--show-key: \(run.errors)") }
        return String(run.output.prefix { $0 != "\n" })
    }

    /// Starts the node and waits until it answers.
    /// - Parameters:
    ///   - environment: variables beside the usual ones.
    ///   - disk: where it runs: it then sees the disk's mount.
    /// - Throws: ``TestFailure`` when it does not answer.
    func start(environment: [String: String] = [:], on disk: TestDisk? = nil) throws {
        let words = [try Programs.path("reportd"), "--config", configuration]
        let command = (disk?.prefix ?? []) + words
        process = try ChildProcess(
            command[0],
            Array(command.dropFirst()),
            environment: environment,
            output: .file(log),
            errors: log
        )
        _ = try eventually("\(name) answers; its log: \(shownLog)") { () -> Bool? in
            if let status = process?.poll() {
                throw TestFailure("\(name) ended with status \(status): \(shownLog)")
            }
            guard let client = try? RawClient(port: port) else { return nil }
            client.send("PING\n")
            return client.line(within: 1) == "+OK text/plain 4" ? true : nil
        }
        // Listeners are bound one after the other.
        guard let lastPort else { return }
        _ = try eventually("\(name) listens at port \(lastPort); its log: \(shownLog)") {
            try? RawClient(port: lastPort)
        }
    }

    /// Starts the node without waiting for anything: it may kill itself at once.
    /// - Parameters:
    ///   - failpoint: where it kills itself; nil: nowhere.
    ///   - environment: variables beside the usual ones.
    /// - Throws: ``TestFailure`` when the program is not there.
    func launch(failpoint: String? = nil, environment: [String: String] = [:]) throws {
        let place = failpoint.map { [Failpoint.variableName: $0] } ?? [:]
        process = try ChildProcess(
            try Programs.path("reportd"),
            ["--config", configuration],
            environment: environment.merging(place) { $1 },
            output: .file(log),
            errors: log
        )
    }

    /// Ends the node as a system does at shutdown.
    /// - Returns: its exit status.
    func terminate() throws -> Int32 {
        guard let process else { return 0 }
        process.send(SIGTERM)
        defer { self.process = nil }
        do {
            return try process.wait(seconds: 120)
        } catch {
            throw TestFailure("\(name): \(error); its log: \(shownLog)")
        }
    }

    /// Ends the node at once, as a power cut does.
    func crash() {
        process?.stop()
        process = nil
    }

    /// Puts a file into the inbox as a careful program does.
    func drop(_ bytes: [UInt8], as name: String) throws {
        let draft = "\(folder)/draft"
        try Disk.write(bytes, to: draft)
        guard rename(draft, "\(inbox)/\(name)") == 0 else {
            throw TestFailure("\(name) was not dropped")
        }
    }

    func drop(_ text: String, as name: String) throws { try drop(Array(text.utf8), as: name) }

    /// Waits until a file below the inbox is there and its text passes a test.
    func awaitFile(
        _ path: String,
        within seconds: Double = 180,
        where test: (String) -> Bool = { _ in true }
    ) throws -> String {
        do {
            return try eventually("\(path) of \(name)", within: seconds) {
                guard let text = try? Disk.text("\(inbox)/\(path)"), test(text) else { return nil }
                return text
            }
        } catch {
            let files = Disk.files(under: inbox).joined(separator: "\n")
            throw TestFailure("\(error); the inbox holds:\n\(files)\nlog: \(shownLog)")
        }
    }

    /// The last lines of the log.
    var shownLog: String {
        let lines = ((try? Disk.text(log)) ?? "").split(separator: "\n")
        return lines.suffix(15).joined(separator: "\n")
    }

    /// Runs `reportctl … --node` against this node.
    func ctl(_ arguments: String...) throws -> CommandRun {
        try CommandRun.reportctl(arguments + ["--node", address])
    }

    /// Waits until the search index has come to everything that is filed.
    func awaitIndex() throws {
        try eventually("an index of everything") {
            let page = try ctl("search", "整体", "-o", "json").json()
            return page["indexedUpTo"] == page["position"] ? () : nil
        }
    }
}
