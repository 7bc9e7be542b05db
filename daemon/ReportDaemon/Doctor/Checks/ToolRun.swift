import Glibc

/// Runs a small program and takes what it prints.
enum ToolRun {
    /// Longest output that is taken.
    private static let maximumByteCount = 1 << 16
    /// How long a program may take.
    private static let maximumSeconds = 60

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
        while bytes.count < maximumByteCount, poll(&waited, 1, Int32(maximumSeconds * 1000)) > 0 {
            let count = read(ends[0], &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        var status: Int32 = 0
        if waitpid(child, &status, WNOHANG) == 0 {
            // Its output is closed: it ends by itself, or it is one that hangs.
            if waited.revents == 0 { kill(child, SIGKILL) }
            waitpid(child, &status, 0)
        }
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
        return (code, String(decoding: bytes, as: UTF8.self))
    }
}
