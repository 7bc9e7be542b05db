import Glibc
import NIOCore
import ReportModel
import Synchronization

/// Tells the service manager how the node is: ready, alive, ending.
///
/// Source: sd_notify(3): datagrams to the socket in `NOTIFY_SOCKET`.
final class ServiceManager: Sendable {
    /// nil: nobody wants to be told.
    private let address: [UInt8]?
    /// Time between two signs of life; nil: none are wanted.
    let interval: Duration?

    /// How long a note that must not be lost waits for room.
    private let patience: Duration

    /// Whether it wants signs of life.
    var isWatching: Bool { interval != nil && address != nil }

    /// Takes what the service manager has put into the environment.
    /// - Parameters:
    ///   - patience: how long a note that must not be lost waits for room.
    ///   - variable: the value of an environment variable; nil when it is not set.
    init(
        patience: Duration = .seconds(5),
        variable: (String) -> String? = ServiceManager.variable
    ) {
        self.patience = patience
        let path = variable("NOTIFY_SOCKET") ?? ""
        let isUsable = path.hasPrefix("/") || path.hasPrefix("@")
        address = isUsable && path.utf8.count > 1 ? Array(path.utf8) : nil
        let isMeant = variable("WATCHDOG_PID").map { $0 == String(getpid()) } ?? true
        let microseconds = variable("WATCHDOG_USEC").flatMap { Int64($0) } ?? 0
        // Half the time that is allowed, as sd_watchdog_enabled(3) advises.
        interval = isMeant && microseconds > 0 ? .microseconds(microseconds / 2) : nil
    }

    /// An environment variable of this process.
    static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// The node answers.
    func ready(_ status: String) async { await tellSurely("READY=1\nSTATUS=\(status)") }

    /// Starting takes this much longer: a store goes to a newer format.
    ///
    /// It may block for a short while, as the opening of a store does.
    func extend(by duration: Duration) {
        tell(
            "EXTEND_TIMEOUT_USEC=\(duration.components.seconds * 1_000_000)",
            waiting: patience
        )
    }

    /// The node ends.
    func stopping() async { await tellSurely("STOPPING=1") }

    /// Gives a sign of life again and again, for as long as the event loops answer.
    ///
    /// A loop that hangs holds the sign up, and the service manager starts the node anew.
    /// - Parameter group: the threads that serve connections.
    func keepAlive(_ group: any EventLoopGroup) async {
        guard let interval, isWatching else { return }
        while !Task.isCancelled {
            for loop in group.makeIterator() { _ = try? await loop.submit {}.get() }
            signOfLife()
            guard (try? await Task.sleep(for: interval)) != nil else { return }
        }
    }

    /// Gives one sign of life; without room for it there are others that were not read yet.
    func signOfLife() { tell("WATCHDOG=1", waiting: .zero) }

    /// Waits for room on a thread of its own: those of tasks are few.
    private func tellSurely(_ text: String) async {
        guard address != nil else { return }
        await BlockingWork().run { self.tell(text, waiting: self.patience) }
    }

    /// Sends a note; blocks at most so long while the socket is full.
    private func tell(_ text: String, waiting: Duration) {
        guard let path = address else { return }
        var socketAddress = sockaddr_un()
        socketAddress.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: socketAddress.sun_path)
        guard path.count < capacity else { return }
        withUnsafeMutableBytes(of: &socketAddress.sun_path) { room in
            room.copyBytes(from: path)
            // An abstract name begins with a zero byte.
            if path[0] == UInt8(ascii: "@") { room[0] = 0 }
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        // Only of a socket that is connected does poll(2) tell whether the other side has room.
        let isConnected = withUnsafePointer(to: &socketAddress) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                connect(descriptor, generic, length) == 0
            }
        }
        guard isConnected else { return }
        let bytes = Array(text.utf8)
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        let deadline = ContinuousClock.now + waiting
        while send(descriptor, bytes, bytes.count, flags) < 0, errno == EAGAIN {
            let left = deadline - .now
            guard left > .zero else { return }
            var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            poll(&entry, 1, Int32(clamping: left.components.seconds * 1000 + 1))
        }
    }
}
