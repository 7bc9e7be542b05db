import Glibc

/// Runs a small program and takes what it prints.
enum ToolRun {
    /// Longest output that is taken.
    private static let maximumByteCount = 1 << 16
    /// How long a program may take.
    private static let longest: Duration = .seconds(60)
    /// How long it may go on once its output is closed or as much as is taken.
    private static let closing: Duration = .seconds(1)

    /// Runs a program to its end.
    /// - Parameters:
    ///   - path: the program.
    ///   - arguments: its arguments.
    /// - Returns: its exit status, -1 when it could not be started or was ended, and its standard output.
    static func run(_ path: String, _ arguments: [String]) -> (status: Int32, output: String) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return (-1, "") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        let result = posix_spawn(&child, path, &actions, nil, words, environ)
        close(ends[1])
        defer { close(ends[0]) }
        guard result == 0 else { return (-1, "") }
        var bytes: [UInt8] = []
        var waited = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
        var buffer = [UInt8](repeating: 0, count: 4096)
        let deadline = ContinuousClock.now + longest
        while bytes.count < maximumByteCount {
            let rest = (deadline - .now) / .milliseconds(1)
            guard rest > 0, poll(&waited, 1, Int32(rest)) > 0 else { break }
            let count = read(ends[0], &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        let status = end(child)
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
        return (code, String(decoding: bytes, as: UTF8.self))
    }

    /// Waits for a program that has nothing more to say; one that goes on is ended.
    private static func end(_ child: pid_t) -> Int32 {
        var status: Int32 = 0
        let deadline = ContinuousClock.now + closing
        while waitpid(child, &status, WNOHANG) == 0 {
            guard ContinuousClock.now < deadline else {
                kill(child, SIGKILL)
                waitpid(child, &status, 0)
                break
            }
            usleep(10_000)
        }
        return status
    }
}
