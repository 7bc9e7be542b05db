import Descriptors
import Dispatch
import Glibc
import LMDB
import ReportModel

/// A child that writes lines of JSON to its standard output: how far it is, and at last what came of it.
final class LineProcess: Sendable {
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
        // the node closes would stay half-closed, and the port taken, until the child is done.
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

    /// How a child ended.
    struct End {
        /// Its last line, when that was JSON.
        var last: JSONValue?
        /// The number `done` of the last line that had one.
        var done: Int
        /// What the last line with a member `pages` told.
        var pageProblems: [String]
        /// What waitpid(2) says.
        var status: Int32

        /// Name of the signal by which a damaged page ends a process; nil for every other end.
        var damageSignal: String? {
            let names = [
                SIGBUS: "SIGBUS", SIGSEGV: "SIGSEGV", SIGABRT: "SIGABRT", SIGILL: "SIGILL",
            ]
            return names[status & 0x7F]
        }
    }

    /// Starts a child and waits for its end on a thread of its own; a cancelled task ends it.
    static func run(
        _ command: VerifyProcess.Command,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws(ReportError) -> End {
        let child = try LineProcess(command)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<End, Never>) in
                DispatchQueue(label: "reportd.store.child").async {
                    continuation.resume(returning: child.readToEnd(progress))
                }
            }
        } onCancel: {
            child.end()
        }
    }

    /// Writes one line; ends this process when nobody reads any more.
    static func write(_ json: JSONValue) {
        let bytes = json.canonicalBytes + [0x0A]
        if !Descriptor.write(bytes, to: STDOUT_FILENO) { _exit(1) }
    }

    /// What a child does first: it ends without a trace, and lets others come first when told.
    static func prepareChild(isBackground: Bool) {
        // Someone who is gone wants no report: the next line ends the process.
        signal(SIGPIPE, SIG_DFL)
        // The end by damage is told by the one who waits, not by a trace of the runtime.
        for number in [SIGBUS, SIGSEGV, SIGABRT, SIGILL] { signal(number, SIG_DFL) }
        // A page that cannot be read is a finding, and the pages behind it are looked at as well.
        try? PageFaults.replaceWithZeros()
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // The priority of reading follows: ioprio_set(2), "default I/O priority".
        if isBackground { _ = nice(19) }
    }

    private func readToEnd(_ progress: (Int, Int) -> Void) -> End {
        var last: JSONValue?
        var done = 0
        var pages: [String] = []
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
                if let told = last?["pages"]?.arrayValue { pages = told.compactMap(\.stringValue) }
                if let step = last?["done"]?.integerValue {
                    done = step
                    progress(step, last?["total"]?.integerValue ?? 0)
                }
            }
        }
        // A child whose line was too long would wait for a reader, and this one for its end.
        shutdown(output, Int32(SHUT_RDWR))
        return End(last: last, done: done, pageProblems: pages, status: waitForEnd())
    }

    private func waitForEnd() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
