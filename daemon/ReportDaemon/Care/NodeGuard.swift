import Descriptors
import Failpoints
import Glibc
import ReportModel
import ReportStore
import Synchronization

/// Remembers in a file beside the store how the node ended, so that its next start knows.
///
/// The file is there while a node runs. A signal that ends the process by a fault of its own leaves a
/// line in it, a fault of the disk as well; a kill or a power cut leaves it as it was.
/// Source: docs/decisions/0020-damaged-pages.md.
final class NodeGuard: Sendable {
    /// Name of the file in the folder of the store.
    static let fileName = "node.running"

    /// What the last runs left.
    struct Past: Hashable {
        /// Whether a run did not end by itself.
        var isUnclean = false
        /// Signals that ended runs since everything was sound.
        var signals: [Int] = []
        /// Whether a run met a damaged page, or could not write.
        var isMarked = false
        /// How often the node started itself anew since all was well for a while.
        var restartCount = 0

        /// Whether the pages must be checked before anything is written.
        var asksForCheck: Bool { isMarked || !signals.isEmpty }

        /// The line of a node that starts itself anew.
        static let restarted = "restarted"

        init(_ text: String) {
            isUnclean = !text.isEmpty
            for line in text.split(separator: "\n") {
                if line == "damaged" { isMarked = true }
                if line == Self.restarted { restartCount += 1 }
                if line.hasPrefix("signal "), let number = Int(line.dropFirst(7)) {
                    signals.append(number)
                }
            }
        }
    }

    /// What the last runs left.
    let past: Past
    private let path: String
    /// Open as long as this is there, since a signal may come at any time; -1 while there is no folder.
    private let file = Mutex<Int32>(-1)
    /// What signals write to: that of the last guard that began.
    private static let current = Mutex<Int32>(-1)

    /// Reads what the last runs left, and begins to take notes where there is a folder.
    init(directory: String) {
        path = directory + "/" + Self.fileName
        past = Past(Self.text(directory + "/" + Self.fileName))
        begin()
    }

    deinit {
        let descriptor = file.withLock { $0 }
        guard descriptor >= 0 else { return }
        Self.current.withLock { current in
            if current == descriptor { Self.sendEnds(to: -1, &current) }
        }
        close(descriptor)
    }

    private static func sendEnds(to descriptor: Int32, _ current: inout Int32) {
        current = descriptor
        try? StoreFaults.noteEnds(to: descriptor)
    }

    /// Begins to take notes unless that was done; a new store has its folder only when it is open.
    ///
    /// On a disk that takes no file nothing is noted; the node starts all the same.
    func begin() {
        let isNew = file.withLock { file in
            guard file < 0 else { return false }
            file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
            return file >= 0
        }
        guard isNew else { return }
        // Once is enough: a node that dies again and again must not push older words out of sight.
        if Self.text(path).isEmpty { note(["started"]) } else { flush() }
        let descriptor = file.withLock { $0 }
        Self.current.withLock { Self.sendEnds(to: descriptor, &$0) }
    }

    /// Forgets what earlier runs left, after a check that found everything sound.
    /// - Parameter restarts: how often the node started itself anew, which is not forgotten yet.
    func clear(restarts: Int = 0) {
        let descriptor = file.withLock { $0 }
        guard descriptor >= 0 else { return }
        ftruncate(descriptor, 0)
        note(["started"] + Array(repeating: Past.restarted, count: restarts))
    }

    /// Forgets how often the node started itself anew, and nothing else.
    func forgetRestarts() {
        let lines = Self.text(path).split(separator: "\n")
        guard lines.contains(where: { $0 == Past.restarted }) else { return }
        let descriptor = file.withLock { $0 }
        guard descriptor >= 0 else { return }
        ftruncate(descriptor, 0)
        note(lines.filter { $0 != Past.restarted }.map(String.init))
    }

    /// Notes that a page is damaged or could not be written.
    func mark() { note(["damaged"]) }

    /// Notes that the node ended by itself.
    /// - Parameter isSound: whether nothing is left to be checked at the next start.
    func end(isSound: Bool) {
        Self.current.withLock { Self.sendEnds(to: -1, &$0) }
        if isSound { unlink(path) }
    }

    /// Writes lines, all of them at once.
    private func note(_ words: [String]) {
        let descriptor = file.withLock { $0 }
        guard descriptor >= 0 else { return }
        let bytes = Array(words.map { $0 + "\n" }.joined().utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else { return }
        flush()
    }

    private func flush() {
        let descriptor = file.withLock { $0 }
        _ = Failpoint.guardSync.around { fdatasync(descriptor) }
    }

    /// What stands in the file; of a long one its beginning, since the oldest word asks for the check.
    private static func text(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        let bytes = Descriptor.read(descriptor, limit: 1 << 20) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }
}
