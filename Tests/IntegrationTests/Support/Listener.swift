import Glibc

/// A place on loopback to which a node connects.
final class Listener {
    let port: Int
    private let descriptor: Int32

    init() throws {
        port = try FreePort.next()
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = FreePort.loopback(port)
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isBound, listen(descriptor, 8) == 0 else { throw TestFailure("no port") }
    }

    /// Waits for a connection.
    func accept(within seconds: Double) throws -> RawClient {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, Int32(seconds * 1000)) == 1 else {
            throw TestFailure("nobody connected")
        }
        return RawClient(connected: Glibc.accept(descriptor, nil, nil))
    }

    deinit { close(descriptor) }
}
