import Glibc
import Synchronization

/// A server of Debian's postgresql-15 in a temporary folder, reached by a Unix socket alone.
///
/// It is the child of a shell that waits for the end of a pipe: whatever ends the test, ends the server.
public final class PostgresServer: Sendable {
    private static let programs = "/usr/lib/postgresql/15/bin"

    /// Its folder, with the socket in it.
    public let folder: TemporaryFolder
    private let port: Int
    private let shell: Mutex<(process: pid_t, pipe: CInt)?>

    /// Why there is no server to test with; nil when there is one.
    public static var absence: String? {
        if given != nil { return nil }
        guard access(programs + "/initdb", X_OK) == 0 else {
            return "skipped: postgresql-15 is not installed (ops/setup installs it)"
        }
        guard geteuid() != 0 || getpwnam("postgres") != nil else {
            return "skipped: there is no user postgres to run a server as"
        }
        return nil
    }

    /// Server that the tests are told to use instead.
    public static var given: String? {
        getenv("REPORTD_TEST_POSTGRES").map { String(cString: $0) }.flatMap {
            $0.isEmpty ? nil : $0
        }
    }

    /// The server that most tests share.
    public static let shared = Result { try PostgresServer() }

    /// Makes a cluster and starts it.
    /// - Parameters:
    ///   - settings: settings of the server, `name=value`.
    ///   - primary: the server that this one follows; nil: none.
    ///   - script: a program that makes a copy of the primary, given its host and the data directory;
    ///     nil: `pg_basebackup`.
    ///   - change: what is done with the data directory before the first start.
    /// - Throws: ``Failure``, what `change` throws.
    public init(
        settings: [String] = [],
        copying primary: PostgresServer? = nil,
        with script: String? = nil,
        changing change: (_ data: String) throws -> Void = { _ in }
    ) throws {
        folder = TemporaryFolder()
        port = 5432
        shell = Mutex(nil)
        chmod(folder.path, 0o755)
        let data = folder.path("data")
        mkdir(data, 0o700)
        if let user = Self.user {
            chown(data, user.0, user.1)
            chown(folder.path, user.0, user.1)
        }
        if let primary, let script {
            // Its own folder need not be open to the user of the server.
            let copy = folder.path("script")
            try Self.put(try Self.bytes(script), to: copy)
            chmod(copy, 0o755)
            try run(["/bin/bash", copy, primary.folder.path, data])
        } else if let primary {
            try run([
                Self.programs + "/pg_basebackup", "-D", data, "-h", primary.folder.path, "-R",
                "-U", "postgres", "-c", "fast", "-X", "stream",
            ])
        } else {
            try run([
                Self.programs + "/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E",
                "UTF8", "--locale=C", "--no-sync",
            ])
        }
        try change(data)
        try start(settings)
    }

    deinit { stop() }

    private static func bytes(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw Failure(what: "\(path) cannot be read") }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0, count < bytes.count else { throw Failure(what: "\(path) is too long") }
        return Array(bytes[..<count])
    }

    private static func put(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        guard descriptor >= 0 else { throw Failure(what: "\(path) cannot be written") }
        defer { close(descriptor) }
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw Failure(what: "\(path) cannot be written")
        }
    }

    /// Lines of a file.
    /// - Throws: ``Failure``.
    public static func lines(of path: String) throws -> [String] {
        try bytes(path).split(separator: UInt8(ascii: "\n"))
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Adds settings to those in a data directory.
    /// - Parameters:
    ///   - lines: as they stand in a file of settings.
    ///   - data: the data directory.
    /// - Throws: ``Failure``.
    public static func include(_ lines: [String], in data: String) throws {
        try put(lines.flatMap { Array("\n\($0)".utf8) }, to: data + "/postgresql.conf")
    }

    /// What a file of statements answers, line by line, as `psql -At` prints it.
    /// - Throws: ``Failure``.
    public func answer(ofFile path: String, in database: String = "postgres") throws -> [String] {
        let output = folder.path("answer")
        unlink(output)
        let process = try spawn(
            [
                Self.programs + "/psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-h",
                folder.path, "-U", "postgres", "-d", database, "-f", path,
            ],
            input: nil,
            output: output
        )
        var status: CInt = 0
        waitpid(process, &status, 0)
        let lines = try Self.lines(of: output)
        guard status == 0 else { throw Failure(what: lines.joined(separator: " ")) }
        return lines
    }

    private static var user: (uid_t, gid_t)? {
        guard geteuid() == 0, let entry = getpwnam("postgres") else { return nil }
        return (entry.pointee.pw_uid, entry.pointee.pw_gid)
    }

    /// Starts the server and waits until it answers.
    /// - Parameter settings: settings of the server, `name=value`.
    /// - Throws: ``Failure``.
    public func start(_ settings: [String] = []) throws {
        var words = [
            Self.programs + "/postgres", "-D", folder.path("data"), "-k", folder.path, "-h", "",
            "-p", "\(port)", "-c", "shared_buffers=32MB", "-c", "max_connections=60",
            "-c", "log_min_messages=fatal",
        ]
        for setting in settings { words += ["-c", setting] }
        // Nothing else of this process is held open by a server that outlives it.
        let script = """
            for f in /proc/self/fd/*; do n=${f##*/}; [ "$n" -gt 2 ] && eval "exec $n>&-"; done
            "$@" & p=$!; read -r _; kill -INT $p 2>/dev/null; wait $p
            """
        var pipes: [CInt] = [0, 0]
        guard pipe(&pipes) == 0 else { throw Failure(what: "pipe") }
        _ = fcntl(pipes[1], F_SETFD, FD_CLOEXEC)
        let process = try spawn(
            ["/bin/bash", "-c", script, "bash"] + Self.asUser(words),
            input: pipes[0],
            output: folder.path("log")
        )
        close(pipes[0])
        shell.withLock { $0 = (process, pipes[1]) }
        for _ in 0..<3000 {
            if (try? run([Self.programs + "/pg_isready", "-q", "-h", folder.path])) != nil {
                return
            }
            usleep(20_000)
        }
        throw Failure(what: "the server does not start: see \(folder.path)/log")
    }

    /// Stops the server in good order.
    public func stop() {
        shell.withLock { shell in
            guard let running = shell else { return }
            close(running.pipe)
            var status: CInt = 0
            waitpid(running.process, &status, 0)
            shell = nil
        }
    }

    /// Kills the server at once, as a power cut would.
    /// - Throws: ``Failure``.
    public func kill() throws {
        let line = try Self.text(folder.path("data") + "/postmaster.pid").prefix { $0 != "\n" }
        guard let process = pid_t(line), process > 1 else { throw Failure(what: "no process") }
        let children = try Self.text("/proc/\(process)/task/\(process)/children")
            .split(separator: " ").compactMap { pid_t($0) }
        for process in [process] + children { Glibc.kill(process, SIGKILL) }
        // What they shared must be free before the next start.
        for child in children {
            var waits = 0
            while Glibc.kill(child, 0) == 0, waits < 60_000 {
                usleep(1000)
                waits += 1
            }
        }
        stop()
    }

    private static func text(_ path: String) throws -> String {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw Failure(what: "\(path) cannot be read") }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }

    /// Makes a standby the primary.
    /// - Throws: ``Failure``.
    public func promote() throws {
        try run([Self.programs + "/pg_ctl", "promote", "-w", "-D", folder.path("data")])
    }

    /// Runs statements in a database as its superuser.
    /// - Throws: ``Failure``.
    public func run(sql: String, in database: String = "postgres") throws {
        try run([
            Self.programs + "/psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", folder.path, "-U",
            "postgres", "-d", database, "-c", sql,
        ])
    }

    /// A program of the server's own that has run statements and waits for more, until it is killed.
    public struct Client: Sendable {
        fileprivate let process: pid_t
        fileprivate let pipe: CInt

        /// Kills it, so that the server sees no more than the end of its connection.
        public func kill() {
            Glibc.kill(process, SIGKILL)
            var status: CInt = 0
            waitpid(process, &status, 0)
            close(pipe)
        }
    }

    /// Starts a client that runs statements, and stays connected.
    /// - Throws: ``Failure``.
    public func client(running sql: String, in database: String) throws -> Client {
        var pipes: [CInt] = [0, 0]
        guard pipe(&pipes) == 0 else { throw Failure(what: "pipe") }
        _ = fcntl(pipes[1], F_SETFD, FD_CLOEXEC)
        let words = [
            Self.programs + "/psql", "-X", "-q", "-h", folder.path, "-U", "postgres", "-d",
            database,
        ]
        let process = try spawn(words, input: pipes[0], output: folder.path("log"))
        close(pipes[0])
        let text = Array((sql + "\n").utf8)
        guard write(pipes[1], text, text.count) == text.count else { throw Failure(what: "write") }
        return Client(process: process, pipe: pipes[1])
    }

    /// URL of a database.
    /// - Parameters:
    ///   - database: its name.
    ///   - settings: what is added, `&name=value`.
    /// - Returns: the URL.
    public func address(_ database: String, _ settings: String = "") -> String {
        "postgresql:///\(database)?host=\(folder.path)&user=postgres\(settings)"
    }

    /// A server that does not do what a test needs.
    public struct Failure: Error {
        /// What it did not do.
        public var what: String
    }

    // MARK: Processes

    private static func asUser(_ words: [String]) -> [String] {
        guard user != nil else { return words }
        return ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            + words
    }

    private func run(_ words: [String]) throws {
        let process = try spawn(Self.asUser(words), input: nil, output: folder.path("log"))
        var status: CInt = 0
        waitpid(process, &status, 0)
        guard status == 0 else { throw Failure(what: "\(words[0]) failed: see \(folder.path)/log") }
    }

    private func spawn(_ words: [String], input: CInt?, output: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        let flags = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, flags, 0o644)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        // Threads of libdispatch block signals, and a shell that sees no SIGCHLD waits for ever.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var process: pid_t = 0
        let arguments = words.map { strdup($0) } + [nil]
        let environment = [strdup("PATH=/usr/bin:/bin"), strdup("LC_ALL=C"), nil]
        defer { for word in arguments + environment { free(word) } }
        let code = posix_spawn(&process, words[0], &actions, &attributes, arguments, environment)
        guard code == 0 else { throw Failure(what: "\(words[0]) cannot be started: \(code)") }
        return process
    }
}
