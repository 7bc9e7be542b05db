import Glibc
import Synchronization

/// A TCP client that knows nothing of the protocol.
final class RawClient {
    let descriptor: Int32
    private var buffer: [UInt8] = []

    /// Connects to a port on loopback.
    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = FreePort.loopback(port)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw TestFailure("nobody listens at port \(port)")
        }
    }

    /// Takes over a connection.
    init(connected descriptor: Int32) { self.descriptor = descriptor }

    /// Sends bytes.
    /// - Returns: whether all were taken within 120 seconds.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset < bytes.count {
            guard isReady(Int16(POLLOUT), within: 120) else { return false }
            let count = bytes[offset...].withUnsafeBytes {
                Glibc.send(
                    descriptor,
                    $0.baseAddress,
                    $0.count,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
                )
            }
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            guard count > 0 else { return false }
            offset += count
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Closes the sending side.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// One line without its end; nil when none comes in time or the connection ended.
    func line(within seconds: Double = 120) -> String? {
        let deadline = Clock.now + seconds
        while true {
            if let end = buffer.firstIndex(of: 10) {
                defer { buffer.removeFirst(end + 1) }
                return String(decoding: buffer[..<end], as: UTF8.self)
            }
            guard fill(until: deadline) else { return nil }
        }
    }

    /// So many bytes; nil when they do not come in time.
    func bytes(_ count: Int, within seconds: Double = 120) -> [UInt8]? {
        let deadline = Clock.now + seconds
        while buffer.count < count {
            guard fill(until: deadline) else { return nil }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// One reply: its line, and its payload when it has one.
    func reply(within seconds: Double = 120) -> (line: String, payload: [UInt8])? {
        guard let line = line(within: seconds) else { return nil }
        let words = line.split(separator: " ")
        guard words.count == 3, words[0] == "+OK", let count = Int(words[2]) else {
            return (line, [])
        }
        guard let bytes = bytes(count + 1, within: seconds), bytes.last == 10 else { return nil }
        return (line, bytes.dropLast())
    }

    /// Everything until the other side closes; nil when it does not in time.
    func rest(within seconds: Double = 120) -> [UInt8]? {
        let deadline = Clock.now + seconds
        while fill(until: deadline) {}
        guard isClosed else { return nil }
        defer { buffer = [] }
        return buffer
    }

    /// What has come; nil when the other side closed, or nothing comes in time.
    func chunk(within seconds: Double) -> [UInt8]? {
        if buffer.isEmpty { _ = fill(until: Clock.now + seconds) }
        defer { buffer = [] }
        return buffer.isEmpty ? nil : buffer
    }

    private(set) var isClosed = false

    private func fill(until deadline: Double) -> Bool {
        guard !isClosed, isReady(Int16(POLLIN), within: deadline - Clock.now) else { return false }
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &chunk, chunk.count, Int32(MSG_DONTWAIT))
        if count < 0, errno == EAGAIN || errno == EINTR { return Clock.now < deadline }
        guard count > 0 else {
            isClosed = true
            return false
        }
        buffer += chunk[..<count]
        return true
    }

    private func isReady(_ events: Int16, within seconds: Double) -> Bool {
        var entry = pollfd(fd: descriptor, events: events, revents: 0)
        return poll(&entry, 1, Int32(max(0, min(seconds, 3600)) * 1000)) > 0
    }

    deinit { close(descriptor) }
}

/// Ports that nobody uses at the moment.
enum FreePort {
    static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(clamping: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// Below the ports that the system gives to outgoing connections: none of those takes one
    /// between this call and the node's.
    private static let range = 20_000..<32_000
    private static let last = Mutex(Int.random(in: range))

    static func next() throws -> Int {
        try last.withLock { last in
            for _ in range {
                last = last + 1 < range.upperBound ? last + 1 : range.lowerBound
                if let descriptor = bound(last) {
                    close(descriptor)
                    return last
                }
            }
            throw TestFailure("no free port")
        }
    }

    /// A socket that listens at any free port, and the port.
    static func listener() throws -> (descriptor: Int32, port: Int) {
        guard let descriptor = bound(0) else { throw TestFailure("no port for a listener") }
        var address = loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isNamed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isNamed, listen(descriptor, 8) == 0 else {
            close(descriptor)
            throw TestFailure("no port for a listener")
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// A socket bound to a port; nil when somebody else has it.
    private static func bound(_ port: Int) -> Int32? {
        let descriptor = socket(
            AF_INET,
            Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue),
            0
        )
        var address = loopback(port)
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        if !isBound { close(descriptor) }
        return isBound ? descriptor : nil
    }
}

extension RawClient {
    /// Status and body of one answer over HTTP.
    static func get(_ path: String, port: Int) throws -> (status: Int, body: String) {
        let client = try RawClient(port: port)
        client.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        guard let bytes = client.rest() else { throw TestFailure("no answer") }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let head = text.firstRange(of: "\r\n\r\n"), text.hasPrefix("HTTP/1.1 "),
            let status = Int(text.dropFirst(9).prefix(3))
        else { throw TestFailure("no HTTP: \(text.prefix(200))") }
        return (status, String(text[head.upperBound...]))
    }
}
