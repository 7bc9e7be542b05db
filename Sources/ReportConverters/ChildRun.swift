import CSandbox
import Glibc
import ReportModel

/// One run of a program under limits; when ``run()`` returns, nothing of it is left.
struct ChildRun {
    /// How a run ended.
    enum Ending: Hashable {
        case exited(Int32)
        case signalled(Int32)
        case tooSlow
        case tooMuchMemory
    }

    /// Absolute path of the program.
    var program: String
    /// Arguments without the program's name.
    var arguments: [String]
    /// Working directory, also `HOME` and `TMPDIR` of the child.
    var folder: String
    /// File that takes standard output.
    var output: String?
    /// More variables than the fixed ones.
    var environment: [String] = []
    /// When the child is ended.
    var deadline: ContinuousClock.Instant
    /// Resident memory at which the child is ended.
    var memoryByteCount: Int
    /// Private writable memory of the child.
    var dataByteCount: Int

    /// Starts the program and waits for it.
    /// - Returns: how it ended.
    /// - Throws: ``ReportError`` `needs-tool` when the program cannot be started.
    func run() throws(ReportError) -> Ending {
        let left = deadline - .now
        guard left > .zero else { return .tooSlow }
        let process = try start(seconds: left.components.seconds)
        let ending = wait(for: process)
        ChildReaper.reapOrphans()
        return ending
    }

    /// The same for a program that was found before: that it cannot be started is told in its own words.
    /// - Parameter broken: makes the error from the reason.
    /// - Returns: how it ended.
    /// - Throws: ``ReportError`` as `broken` makes it.
    func run(orBroken broken: (String) -> ReportError) throws(ReportError) -> Ending {
        do throws(ReportError) {
            return try run()
        } catch {
            guard error.code == .needsTool else { throw error }
            throw broken(error.message)
        }
    }

    private func start(seconds: Int64) throws(ReportError) -> pid_t {
        let variables =
            [
                "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=\(folder)", "TMPDIR=\(folder)",
                "XDG_RUNTIME_DIR=\(folder)", "OMP_THREAD_LIMIT=1",
            ] + environment
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var settings = variables.map { strdup($0) } + [nil]
        defer { (words + settings).forEach { free($0) } }
        var process: pid_t = 0
        let result = program.withCString { path in
            folder.withCString { folder in
                (output ?? "/dev/null").withCString { output in
                    words.withUnsafeMutableBufferPointer { words in
                        settings.withUnsafeMutableBufferPointer { settings in
                            var child = csandbox_child(
                                path: path,
                                arguments: UnsafePointer(words.baseAddress),
                                environment: UnsafePointer(settings.baseAddress),
                                directory: folder,
                                output: self.output == nil ? nil : output,
                                data_byte_count: UInt64(max(0, dataByteCount)),
                                file_byte_count: UInt64(ConverterLimits.maximumOutputByteCount),
                                processor_seconds: UInt64(max(0, seconds)) * 2 + 10
                            )
                            return csandbox_spawn(&child, &process)
                        }
                    }
                }
            }
        }
        guard result == 0 else {
            throw ReportError(
                .needsTool,
                "程序 \(program) 无法启动：\(String(cString: strerror(result)))",
                hint: "请管理员检查该程序是否已安装、可执行"
            )
        }
        return process
    }

    private func wait(for process: pid_t) -> Ending {
        var count = 0
        while true {
            var status: Int32 = 0
            let result = waitpid(process, &status, WNOHANG)
            if result == process { return Self.ending(status) }
            if result < 0, errno != EINTR { return .exited(-1) }
            var cause: Ending?
            if ContinuousClock.now >= deadline { cause = .tooSlow }
            if cause == nil, count % ConverterLimits.memoryInterval == 0,
                ProcessTree(root: process).residentByteCount > memoryByteCount
            {
                cause = .tooMuchMemory
            }
            if let cause {
                end(process)
                return cause
            }
            count &+= 1
            usleep(ConverterLimits.pollMicroseconds)
        }
    }

    /// Ends a child with its descendants.
    ///
    /// All are stopped before one is ended, so that none starts another or loses its parent while
    /// they are looked for.
    private func end(_ process: pid_t) {
        var known: Set<pid_t> = []
        for _ in 0..<ConverterLimits.maximumStopRoundCount {
            let found = Set(ProcessTree(root: process).processes)
            guard !found.isSubset(of: known) else { break }
            for process in found.subtracting(known) { kill(process, SIGSTOP) }
            known.formUnion(found)
        }
        for process in known { kill(process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        known.remove(process)
        for _ in 0..<ConverterLimits.maximumEndRoundCount {
            guard known.contains(where: ProcessTree.isAlive) else { return }
            usleep(ConverterLimits.pollMicroseconds)
        }
    }

    private static func ending(_ status: Int32) -> Ending {
        status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .signalled(status & 0x7F)
    }
}

/// Ends what a child left running, in a process that adopts orphans.
enum ChildReaper {
    /// Ends every descendant of this process; does nothing unless ``Sandbox/enter()`` came first.
    static func reapOrphans() {
        guard Sandbox.adoptsOrphans else { return }
        let own = getpid()
        for _ in 0..<16 {
            let tree = ProcessTree(root: own)
            guard tree.processes.count > 1 else { return }
            tree.kill(sparing: own)
            var status: Int32 = 0
            while waitpid(-1, &status, 0) > 0 {}
        }
    }
}
