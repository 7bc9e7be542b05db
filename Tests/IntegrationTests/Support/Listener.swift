import Glibc

/// A place on loopback to which a node connects.
final class Listener {
    let port: Int
    private let descriptor: Int32

    init() throws {
        (descriptor, port) = try FreePort.listener()
    }

    /// Waits for a connection.
    func accept(within seconds: Double = 120) throws -> RawClient {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, Int32(seconds * 1000)) == 1 else {
            throw TestFailure("nobody connected")
        }
        return RawClient(connected: Glibc.accept(descriptor, nil, nil))
    }

    deinit { close(descriptor) }
}
