import Dispatch
import Glibc
public import ReportModel

/// Verifies a store in a process of its own, so that a page that cannot be read ends that process
/// and not the one that asked.
///
/// The child writes lines of JSON: `{"done","total"}` now and then, at last the report, or
/// `{"error"}`.
public enum VerifyProcess {
    /// How a program is started that calls ``serve(directory:isBackground:)``.
    public struct Command: Sendable {
        /// Path of the program.
        public var program: String
        /// Its arguments, without its name.
        public var arguments: [String]

        /// Makes a command.
        /// - Parameters:
        ///   - program: path of the program; the running one by default.
        ///   - arguments: its arguments, without its name.
        public init(program: String = "/proc/self/exe", arguments: [String]) {
            self.program = program
            self.arguments = arguments
        }
    }

    // MARK: The one who asks

    /// Starts the child and waits for its report.
    ///
    /// When the task is cancelled the child is ended.
    /// - Parameters:
    ///   - command: starts the child.
    ///   - progress: told how many entries of how many were checked.
    /// - Returns: the report; that the child was ended by damage is a problem in it.
    /// - Throws: ``ReportError`` when the store cannot be opened, or the child cannot be started.
    public static func run(
        _ command: Command,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws(ReportError) -> VerifyReport {
        let child = try Child(command)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<VerifyReport, ReportError>, Never>) in
                // A thread of its own: reading blocks for as long as the check takes.
                DispatchQueue(label: "reportd.store.verify").async {
                    continuation.resume(returning: child.report(progress))
                }
            }
        } onCancel: {
            child.end()
        }
        return try result.get()
    }

    // MARK: The child

    /// Verifies a store and writes lines to standard output.
    /// - Parameters:
    ///   - directory: folder of the store.
    ///   - isBackground: whether others come first.
    /// - Returns: the exit status: 0 after a report, else that of the error.
    public static func serve(directory: String, isBackground: Bool) -> Int32 {
        // Someone who is gone wants no report: the next line ends the process.
        signal(SIGPIPE, SIG_DFL)
        // The end by damage is told by the one who waits, not by a trace of the runtime.
        for number in [SIGBUS, SIGSEGV, SIGABRT, SIGILL] { signal(number, SIG_DFL) }
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // The priority of reading follows: ioprio_set(2), "default I/O priority".
        if isBackground { _ = nice(19) }
        do throws(ReportError) {
            let store = try Store.openReadOnly(directory: directory)
            let report = try store.verifyNow(restRatio: isBackground ? 1 : 0) { done, total in
                line(["done": .integer(done), "total": .integer(total)])
            }
            store.close()
            line(report.json)
            return 0
        } catch {
            line(["error": error.json])
            return error.code.exitCode
        }
    }

    private static func line(_ json: JSONValue) {
        let bytes = json.canonicalBytes + [0x0A]
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                write(STDOUT_FILENO, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { _exit(1) }
            offset += count
        }
    }
}

/// A child that verifies.
private final class Child: Sendable {
    private let process: pid_t
    private let output: Int32

    init(_ command: VerifyProcess.Command) throws(ReportError) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw FileProblem.error("make", "a pipe")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        // Sockets of the node are not closed at exec by themselves: with a copy of one here, a connection that
        // the node closes would stay half-closed, and the port taken, until the check is over.
        _ = Self.closeFrom?(&actions, STDERR_FILENO + 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigfillset(&defaults)
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
        )
        var words = ([command.program] + command.arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var process: pid_t = 0
        let status = words.withUnsafeMutableBufferPointer { words -> Int32 in
            guard let arguments = words.baseAddress else { return EINVAL }
            return posix_spawn(
                &process,
                command.program,
                &actions,
                &attributes,
                arguments,
                environ
            )
        }
        close(ends[1])
        guard status == 0 else {
            close(ends[0])
            throw ReportError(
                .internal,
                "the process that verifies cannot be started: \(String(cString: strerror(status)))"
            )
        }
        self.process = process
        output = ends[0]
    }

    private typealias CloseFrom =
        @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

    /// Closes every descriptor from a number on in the child; nil in C libraries that lack it.
    ///
    /// Source: spawn.h of glibc 2.34, which the Swift module of it does not show.
    private static let closeFrom: CloseFrom? = dlsym(
        nil,
        "posix_spawn_file_actions_addclosefrom_np"
    ).map { unsafeBitCast($0, to: CloseFrom.self) }

    deinit { close(output) }

    /// Ends the child.
    func end() { kill(process, SIGKILL) }

    /// Reads the child's lines, waits for its end, and tells what it found.
    func report(_ progress: (Int, Int) -> Void) -> Result<VerifyReport, ReportError> {
        var last: JSONValue?
        var done = 0
        var buffer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while buffer.count <= StoreLimits.maximumVerificationLineByteCount {
            let count = chunk.withUnsafeMutableBytes { read(output, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            buffer.append(contentsOf: chunk[..<count])
            while let end = buffer.firstIndex(of: 0x0A) {
                last = try? JSONValue(parsing: buffer[..<end])
                buffer.removeFirst(end + 1)
                if let step = last?["done"]?.integerValue {
                    done = step
                    progress(step, last?["total"]?.integerValue ?? 0)
                }
            }
        }
        return conclusion(waitForEnd(), last, done)
    }

    private func waitForEnd() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }

    private func conclusion(
        _ status: Int32,
        _ last: JSONValue?,
        _ done: Int
    ) -> Result<VerifyReport, ReportError> {
        if let report = last.flatMap({ VerifyReport(json: $0) }) { return .success(report) }
        if let error = last?["error"] { return .failure(ReportError(json: error)) }
        let signal = status & 0x7F
        let names = [SIGBUS: "SIGBUS", SIGSEGV: "SIGSEGV", SIGABRT: "SIGABRT", SIGILL: "SIGILL"]
        guard let name = names[signal] else {
            return .failure(ReportError(.internal, "the process that verifies ended by itself"))
        }
        var report = VerifyReport()
        report.entryCount = done
        report.problems = [
            "data.mdb: a page cannot be read or is damaged; the check ended with \(name) after "
                + "\(done) entries"
        ]
        return .success(report)
    }
}
