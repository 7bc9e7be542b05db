import Glibc

/// A line on standard error that says how far long work is; only in a terminal.
enum ProgressLine {
    /// Runs work and takes the line away afterwards.
    /// - Parameters:
    ///   - title: what is done.
    ///   - work: the work; it tells how much of how much is done.
    /// - Throws: what the work throws.
    static func run(
        _ title: String,
        _ work: (@escaping @Sendable (_ done: Int, _ total: Int) -> Void) async throws -> Void
    ) async throws {
        let isShown = isatty(STDERR_FILENO) == 1
        defer { if isShown { put("\r\u{1B}[K") } }
        try await work { done, total in
            guard isShown, total > 0 else { return }
            put("\r\(title) \(done) / \(total)  \(done * 100 / total) %\u{1B}[K")
        }
    }

    private static func put(_ text: String) {
        _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    }
}
