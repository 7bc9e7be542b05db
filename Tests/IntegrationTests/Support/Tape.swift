import Glibc

/// A listener that passes one connection on to a node and keeps what the client said.
final class Tape {
    let port: Int
    private let listener: Int32
    private let target: Int

    init(to target: Int) throws {
        self.target = target
        (listener, port) = try FreePort.listener()
    }

    /// Passes one connection on until the client has said so many lines.
    /// - Returns: what the client said.
    func record(lines: Int) throws -> [UInt8] {
        guard Self.isReady(listener, within: 120) else { throw TestFailure("nobody connected") }
        let client = accept(listener, nil, nil)
        defer { close(client) }
        let node = try RawClient(port: target)
        var heard: [UInt8] = []
        let deadline = Clock.now + 120
        while heard.count(where: { $0 == 10 }) < lines {
            guard Clock.now < deadline else { throw TestFailure("the client said too little") }
            if let bytes = Self.read(client) {
                heard += bytes
                node.send(bytes)
            }
            if let bytes = Self.read(node.descriptor) {
                _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            }
        }
        return heard
    }

    private static func read(_ descriptor: Int32) -> [UInt8]? {
        guard isReady(descriptor, within: 0.02) else { return nil }
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        let count = recv(descriptor, &chunk, chunk.count, Int32(MSG_DONTWAIT))
        return count > 0 ? Array(chunk[..<count]) : nil
    }

    private static func isReady(_ descriptor: Int32, within seconds: Double) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, Int32(seconds * 1000)) > 0
    }

    deinit { close(listener) }
}
