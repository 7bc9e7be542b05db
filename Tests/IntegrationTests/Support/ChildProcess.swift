import Glibc

/// One process, with its output in files; killed when the value is dropped.
final class ChildProcess {
    /// Process id.
    let id: pid_t
    private var status: Int32?

    /// Starts a program.
    /// - Parameters:
    ///   - program: absolute path.
    ///   - arguments: arguments without the program's name.
    ///   - environment: variables beside `PATH` and `LC_ALL`.
    ///   - output: file for standard output, or the descriptor to use.
    ///   - errors: file for standard error.
    /// - Throws: ``TestFailure`` when it does not start.
    init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        output: Output,
        errors: String
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        switch output {
        case .file(let path):
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, path, flags, 0o600)
        case .descriptor(let descriptor):
            posix_spawn_file_actions_adddup2(&actions, descriptor, STDOUT_FILENO)
        }
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, flags, 0o600)
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        var variables = ["PATH": path, "LC_ALL": "C.UTF-8"]
        variables.merge(environment) { _, new in new }
        var argumentPointers = ([program] + arguments).map { strdup($0) } + [nil]
        var variablePointers = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { (argumentPointers + variablePointers).forEach { free($0) } }
        var id: pid_t = 0
        let result = posix_spawn(
            &id,
            program,
            &actions,
            nil,
            &argumentPointers,
            &variablePointers
        )
        guard result == 0 else {
            throw TestFailure("\(program) does not start: \(String(cString: strerror(result)))")
        }
        self.id = id
    }

    /// Where standard output goes.
    enum Output {
        case file(String)
        case descriptor(Int32)
    }

    /// Sends a signal, unless the process has ended.
    func send(_ signal: Int32) { if poll() == nil { kill(id, signal) } }

    /// The exit status as a shell shows it (128 + signal); nil while the process runs.
    func poll() -> Int32? {
        if let status { return status }
        var raw: Int32 = 0
        guard waitpid(id, &raw, WNOHANG) == id else { return nil }
        let code = raw & 0x7F == 0 ? (raw >> 8) & 0xFF : 128 + (raw & 0x7F)
        status = code
        return code
    }

    /// Waits for the end; kills the process when it takes longer.
    func wait(seconds: Double) throws -> Int32 {
        let deadline = Clock.now + seconds
        while Clock.now < deadline {
            if let status = poll() { return status }
            usleep(2000)
        }
        stop()
        throw TestFailure("process \(id) did not end within \(seconds) seconds")
    }

    /// Kills the process and waits until it is gone.
    func stop() {
        guard poll() == nil else { return }
        kill(id, SIGKILL)
        var raw: Int32 = 0
        while waitpid(id, &raw, 0) < 0, errno == EINTR {}
        status = 128 + SIGKILL
    }

    /// Resident memory in bytes.
    var residentByteCount: Int {
        let text = (try? Disk.read("/proc/\(id)/status")).map {
            String(decoding: $0, as: UTF8.self)
        }
        let line = text?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        let number = line?.split(separator: " ").compactMap { Int($0) }.first
        return (number ?? 0) * 1024
    }

    deinit { stop() }
}

/// Seconds that only go forward.
enum Clock {
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// Asks again and again until an answer comes.
///
/// Not for a `JSONValue`: there `nil` is the JSON null.
/// - Throws: ``TestFailure`` naming what was awaited when the time is over.
func eventually<T>(
    _ what: String,
    within seconds: Double = 180,
    _ body: () throws -> T?
) throws -> T {
    let deadline = Clock.now + seconds
    while true {
        if let value = try body() { return value }
        guard Clock.now < deadline else {
            throw TestFailure("waited \(seconds) seconds in vain for: \(what)")
        }
        usleep(20_000)
    }
}
