import Glibc

/// Servers of Debian's nats-server with JetStream, on loopback, with their files in the folder of the test.
final class NATSServers {
    private static let program = "/usr/sbin/nats-server"

    private let root: TestFolder
    private let ports: [Int]
    private let routes: [Int]
    private let monitors: [Int]
    private var processes: [Int: ChildProcess] = [:]

    /// Starts servers, which are a cluster when there are several.
    /// - Throws: ``TestFailure`` when they do not listen.
    init(count: Int = 1, in root: TestFolder) throws {
        self.root = root
        ports = try (0..<count).map { _ in try FreePort.next() }
        routes = try (0..<count).map { _ in try FreePort.next() }
        monitors = try (0..<count).map { _ in try FreePort.next() }
        for index in 0..<count { try start(index) }
    }

    /// Why there is nothing to test with; nil when there is.
    static var absence: String? {
        access(program, X_OK) == 0
            ? nil : "skipped: nats-server is not installed (ops/setup installs it)"
    }

    /// All of them, with commas.
    var url: String { ports.map { "nats://127.0.0.1:\($0)" }.joined(separator: ",") }

    /// How many there are.
    var count: Int { ports.count }

    /// Starts one of them, with what it has on the disk.
    func start(_ index: Int) throws {
        var arguments = [
            "-a", "127.0.0.1", "-p", String(ports[index]), "-n", "server\(index)", "-js", "-sd",
            "\(root.path)/nats\(index)", "-m", String(monitors[index]),
        ]
        if ports.count > 1 {
            let others = routes.map { "nats://127.0.0.1:\($0)" }.joined(separator: ",")
            arguments += [
                "-cluster_name", "test", "-cluster", "nats://127.0.0.1:\(routes[index])", "-routes",
                others,
            ]
        }
        let log = "\(root.path)/nats\(index).log"
        processes[index] = try ChildProcess(
            Self.program,
            arguments,
            output: .file(log),
            errors: log
        )
        _ = try eventually("nats-server \(index) listens; \((try? Disk.text(log)) ?? "")") {
            try? RawClient(port: ports[index])
        }
    }

    /// Waits until all of them have what they hold of the stream: of three, no other may fail before.
    func awaitHealth() throws {
        for index in 0..<count {
            _ = try eventually("nats-server \(index) is current", within: 120) {
                (try? RawClient.get("/healthz", port: monitors[index]))?.status == 200 ? true : nil
            }
        }
    }

    /// Ends one of them at once, as a power cut does.
    func crash(_ index: Int) {
        processes[index]?.stop()
        processes[index] = nil
    }
}
