import Glibc

/// Progress on one line of a terminal.
struct StageProgress: Sendable {
    private let isShown: Bool

    init(isShown: Bool) { self.isShown = isShown && isatty(STDERR_FILENO) == 1 }

    func show(_ done: Int, of total: Int, _ what: String = "") {
        guard isShown, total > 0 else { return }
        let text = "\r\(what)\(done) / \(total)  \(done * 100 / total) %\u{1B}[K"
        _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    }

    func end() { if isShown { Output.error("") } }
}
