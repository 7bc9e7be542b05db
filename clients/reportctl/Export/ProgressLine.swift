import Glibc

/// Tells how far a long run is, on standard error: one line that is written anew on a terminal, a
/// line every few seconds elsewhere.
struct ProgressLine {
    private static let terminalInterval = 0.1
    private static let plainInterval = 5.0

    private let isTerminal: Bool
    private let isShown: Bool
    private var last = 0.0
    private var isDirty = false

    /// Makes a line.
    /// - Parameter forced: whether it is shown also where standard error is no terminal.
    init(forced: Bool) {
        isTerminal = isatty(STDERR_FILENO) == 1
        isShown = isTerminal || forced
        if !isTerminal { last = Self.now }
    }

    /// Shows the count, unless it was shown a moment ago.
    mutating func show(_ done: Int, of total: Int?) {
        guard isShown else { return }
        let now = Self.now
        guard now - last >= (isTerminal ? Self.terminalInterval : Self.plainInterval) else {
            return
        }
        last = now
        var text = "\(done)"
        if let total, total >= done, total > 0 {
            text += " / \(total)  \(done * 100 / total) %"
        }
        write(isTerminal ? "\r" + text + "\u{1B}[K" : text + "\n")
        isDirty = isTerminal
    }

    /// Clears the line.
    mutating func end() {
        if isDirty { write("\r\u{1B}[K") }
        isDirty = false
    }

    private func write(_ text: String) {
        _ = text.withCString { Glibc.write(STDERR_FILENO, $0, strlen($0)) }
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
