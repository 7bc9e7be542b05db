// Dispatch sources may be used from any thread; the module does not say so.
@preconcurrency import Dispatch
import Glibc
import Synchronization

/// Hints of the kernel about one inbox; the rescan is the truth.
///
/// Source: inotify(7).
final class InboxWatcher: Sendable {
    /// What the kernel said about a name.
    struct Hint: Sendable {
        enum Kind: Sendable {
            /// The name appeared whole.
            case movedIn
            /// A program closed the file after writing to it.
            case closed
            /// The name appeared or its content or rights changed.
            case changed
            /// The name went away.
            case left
        }

        var path: InboxPath
        var kind: Kind
        var isFolder: Bool
    }

    private struct State {
        var folders: [Int32: InboxPath] = [:]
        var hints: [Hint] = []
        var needsRescan = false
        var isClosed = false
    }

    private let descriptor: Int32
    private let source: any DispatchSourceRead
    private let state = Mutex(State())
    private let wake: WakeSignal

    private init(descriptor: Int32, wake: WakeSignal) {
        self.descriptor = descriptor
        self.wake = wake
        let queue = DispatchQueue(label: "reportd.inbox.watch")
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    }

    /// Asks for hints.
    /// - Returns: nil and a message when the kernel gives none.
    static func open(wake: WakeSignal) -> (watcher: InboxWatcher?, problem: String) {
        let descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard descriptor >= 0 else {
            let number = errno
            return (nil, problem(number, folderCount: 1, isInstance: true))
        }
        let watcher = InboxWatcher(descriptor: descriptor, wake: wake)
        watcher.source.setEventHandler { [weak watcher] in watcher?.drain() }
        watcher.source.setCancelHandler { close(descriptor) }
        watcher.source.activate()
        return (watcher, "")
    }

    /// Ends the hints; a second call does nothing.
    func cancel() {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        if isFirst { source.cancel() }
    }

    deinit { cancel() }

    /// Watches exactly these folders.
    /// - Returns: the folders that were not watched before, and a message when one cannot be.
    func watch(
        _ paths: [InboxPath],
        below root: [UInt8]
    ) -> (added: [InboxPath], problem: String?) {
        state.withLock { state in
            guard !state.isClosed else { return ([], nil) }
            let wanted = Set(paths)
            for (watch, path) in state.folders where !wanted.contains(path) {
                inotify_rm_watch(descriptor, watch)
                state.folders[watch] = nil
            }
            let watched = Set(state.folders.values)
            var added: [InboxPath] = []
            for path in paths {
                let full = path.bytes.isEmpty ? root : root + [0x2F] + path.bytes
                let flags = path.bytes.isEmpty ? Self.mask : Self.mask | Self.noFollow
                // Adding a watch again costs little and notices a folder that was exchanged.
                let watch = inotify_add_watch(descriptor, full.cString, flags)
                if watch < 0 {
                    let number = errno
                    if number == ENOENT || number == ENOTDIR || number == EACCES { continue }
                    return (
                        added, Self.problem(number, folderCount: paths.count, isInstance: false)
                    )
                }
                if !watched.contains(path) || state.folders[watch] != path { added.append(path) }
                state.folders[watch] = path
            }
            return (added, nil)
        }
    }

    /// Takes all hints that came since the last call.
    func take() -> (hints: [Hint], needsRescan: Bool) {
        state.withLock { state in
            defer {
                state.hints = []
                state.needsRescan = false
            }
            return (state.hints, state.needsRescan)
        }
    }

    private static let mask = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_MODIFY | IN_ATTRIB | IN_DELETE
            | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR
    )
    private static let noFollow = UInt32(IN_DONT_FOLLOW)

    private static func problem(_ number: Int32, folderCount: Int, isInstance: Bool) -> String {
        let text = String(cString: strerror(number))
        if !isInstance, number == ENOSPC {
            return "the kernel's limit fs.inotify.max_user_watches is used up;"
                + " this inbox needs \(folderCount) watches"
        }
        if isInstance, number == EMFILE {
            return "the kernel's limit fs.inotify.max_user_instances is used up;"
                + " each inbox needs 1 instance"
        }
        return "inotify: \(text)"
    }

    private func drain() {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        var hasNews = false
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            hasNews = true
            state.withLock { decode(buffer[..<count], into: &$0) }
        }
        if hasNews { wake.set() }
    }

    /// Decodes `struct inotify_event`: watch, mask, cookie, length, name padded with zeros.
    private func decode(_ bytes: ArraySlice<UInt8>, into state: inout State) {
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset + 16 <= bytes.count {
                let watch = bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)
                let mask = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
                let length = Int(bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
                let end = min(bytes.count, offset + 16 + length)
                let name = bytes[(offset + 16)..<end].prefix { $0 != 0 }
                offset = end
                add(watch, Int32(truncatingIfNeeded: mask), Array(name), to: &state)
            }
        }
    }

    private func add(_ watch: Int32, _ mask: Int32, _ name: [UInt8], to state: inout State) {
        if mask & Int32(IN_Q_OVERFLOW) != 0 { state.needsRescan = true }
        guard let folder = state.folders[watch] else { return }
        if mask & Int32(IN_IGNORED) != 0 { state.folders[watch] = nil }
        if mask & Int32(IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT) != 0 {
            state.needsRescan = true
        }
        guard !name.isEmpty else { return }
        guard state.hints.count < InboxLimits.maximumHintCount else {
            state.needsRescan = true
            return
        }
        let kind: Hint.Kind =
            if mask & Int32(IN_MOVED_TO) != 0 {
                .movedIn
            } else if mask & Int32(IN_CLOSE_WRITE) != 0 {
                .closed
            } else if mask & Int32(IN_DELETE | IN_MOVED_FROM) != 0 { .left } else { .changed }
        let isFolder = UInt32(bitPattern: mask) & 0x4000_0000 != 0
        state.hints.append(Hint(path: folder.appending(name), kind: kind, isFolder: isFolder))
    }
}
