import Glibc
import Synchronization

/// Tells how far long work is, on standard error: one line that is written anew in a terminal; a line
/// every few seconds elsewhere, when that was asked for.
package final class ProgressLine: Sendable {
    private static let terminalInterval = 0.1
    private static let plainInterval = 5.0

    private struct State {
        var last = 0.0
        var isDirty = false
    }

    private let title: String
    private let isTerminal: Bool
    private let isShown: Bool
    private let state = Mutex(State())

    /// Makes a line.
    /// - Parameters:
    ///   - title: what is done; empty for nothing.
    ///   - isForced: whether it is shown also where standard error is no terminal.
    ///   - isShown: whether it is shown at all.
    package init(_ title: String = "", isForced: Bool = false, isShown: Bool = true) {
        self.title = title
        isTerminal = isatty(STDERR_FILENO) == 1
        self.isShown = isShown && (isTerminal || isForced)
        if !isTerminal { state.withLock { $0.last = Self.now } }
    }

    /// Runs work and takes the line away afterwards.
    /// - Parameters:
    ///   - title: what is done.
    ///   - work: the work; it tells how much of how much is done.
    /// - Throws: what the work throws.
    static func run(
        _ title: String,
        _ work: (@escaping @Sendable (_ done: Int, _ total: Int) -> Void) async throws -> Void
    ) async throws {
        let line = ProgressLine(title)
        defer { line.end() }
        try await work { line.show($0, of: $1) }
    }

    /// Shows the count, unless it was shown a moment ago.
    /// - Parameters:
    ///   - done: how much is done.
    ///   - total: of how much; nil when that is not known.
    ///   - stage: what is done in place of the title.
    package func show(_ done: Int, of total: Int?, stage: String? = nil) {
        guard isShown else { return }
        let now = Self.now
        let interval = isTerminal ? Self.terminalInterval : Self.plainInterval
        let isDue = state.withLock { state in
            guard now - state.last >= interval else { return false }
            state.last = now
            state.isDirty = isTerminal
            return true
        }
        guard isDue else { return }
        let title = stage ?? title
        var text = title.isEmpty ? "\(done)" : "\(title) \(done)"
        if let total, total >= done, total > 0 {
            text += " / \(total)  \(done * 100 / total) %"
        }
        Self.put(isTerminal ? "\r" + text + "\u{1B}[K" : text + "\n")
    }

    /// Clears the line.
    package func end() {
        let wasDirty = state.withLock { state in
            defer { state.isDirty = false }
            return state.isDirty
        }
        if wasDirty { Self.put("\r\u{1B}[K") }
    }

    private static func put(_ text: String) {
        _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
