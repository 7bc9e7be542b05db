import Glibc
import NIOCore
import NIOHTTP1
import ReportModel
import Synchronization
import Testing

@testable import ReportDaemon

@Suite struct HTTPServerTests {
    /// What a server said over one connection until it closed it.
    private static func talk(_ port: Int, _ text: String) throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0)
        return try talk(over: descriptor, text)
    }

    private static func talk(over descriptor: Int32, _ text: String) throws -> String {
        var limit = timeval(tv_sec: 600, tv_usec: 0)
        setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &limit,
            socklen_t(MemoryLayout<timeval>.size)
        )
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes {
            send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = buffer.withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress, $0.count, 0)
            }
            let isInTime = count >= 0 || errno != EAGAIN
            try #require(isInTime, "the server neither answers nor closes")
            guard count > 0 else { break }
            answer += buffer[..<count]
        }
        return String(decoding: answer, as: UTF8.self)
    }

    private func withServer(_ body: @escaping @Sendable (Int) throws -> Void) async throws {
        let server = try await HTTPServer.start(
            at: .address(ListenAddress(host: "127.0.0.1", port: 0)),
            answerTimeout: .hours(1)
        ) { path in
            path == "/a" ? .text(.ok, "ja") : .text(.notFound, "nein")
        }
        let port = try #require(server.port)
        let work = BlockingWork()
        let result: Result<Void, any Error> = await work.run { () throws(Never) in
            Result { try body(port) }
        }
        await server.close()
        try result.get()
    }

    @Test("GET and HEAD are answered, a HEAD without its body, several on one connection")
    func answers() async throws {
        try await withServer { port in
            let one = try Self.talk(port, "GET /a?x=1 HTTP/1.1\r\nConnection: close\r\n\r\n")
            #expect(one.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(one.hasSuffix("\r\n\r\nja\n"))
            #expect(one.contains("Cache-Control: no-store"))
            let head = try Self.talk(port, "HEAD /a HTTP/1.1\r\nConnection: close\r\n\r\n")
            #expect(head.contains("Content-Length: 3"))
            #expect(head.hasSuffix("\r\n\r\n"))
            let two = try Self.talk(
                port,
                "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nConnection: close\r\n\r\n"
            )
            #expect(two.contains("200 OK") && two.contains("404 Not Found"))
            let old = try Self.talk(port, "GET /a HTTP/1.0\r\n\r\n")
            #expect(old.contains(" 200 "))
        }
    }

    @Test("other methods, bodies and what is no HTTP end the connection with a reason")
    func refusals() async throws {
        try await withServer { port in
            let post = try Self.talk(port, "POST /a HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
            #expect(post.hasPrefix("HTTP/1.1 405 "))
            #expect(post.contains("Allow: GET, HEAD"))
            let body = try Self.talk(port, "GET /a HTTP/1.1\r\nContent-Length: 999999\r\n\r\nxyz")
            #expect(body.hasPrefix("HTTP/1.1 400 "))
            #expect(try Self.talk(port, "nonsense\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test("headers have a ceiling")
    func headers() async throws {
        try await withServer { port in
            let long = String(repeating: "a", count: 2 * HTTPLimits.maximumFieldByteCount)
            let many = (0...HTTPLimits.maximumHeaderCount).map { "X\($0): 1\r\n" }.joined()
            for request in [
                "GET /\(long) HTTP/1.1\r\n\r\n", "GET /a HTTP/1.1\r\nX: \(long)\r\n\r\n",
                "GET /a HTTP/1.1\r\n\(many)\r\n",
            ] {
                let answer = try Self.talk(port, request)
                // A reset of the connection may overtake the reason.
                let isRefused =
                    answer.isEmpty
                    || (answer.hasPrefix("HTTP/1.1 4") && !answer.hasPrefix("HTTP/1.1 404 "))
                #expect(isRefused, "\(request.prefix(30)): \(answer)")
            }
        }
    }

    @Test("a socket is for the node's group, and is gone at the end")
    func socketFile() async throws {
        let folder = TestFolder()
        let path = folder.full("http.sock")
        let server = try await HTTPServer.start(at: .socket(path), answerTimeout: .hours(1)) { _ in
            .text(.ok, "ja")
        }
        #expect(server.address == path)
        #expect(server.port == nil)
        var status = stat()
        #expect(lstat(path, &status) == 0)
        #expect(status.st_mode & S_IFMT == S_IFSOCK)
        #expect(status.st_mode & 0o7777 == 0o660)
        let answer: Result<String, any Error> = await BlockingWork().run { () throws(Never) in
            Result { try Self.talk(path, "GET /a HTTP/1.1\r\nConnection: close\r\n\r\n") }
        }
        await server.close()
        #expect(try answer.get().hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(!folder.exists("http.sock"))
    }

    private static func talk(_ path: String, _ text: String) throws -> String {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(status == 0)
        return try talk(over: descriptor, text)
    }

    @Test(
        "only this machine may be listened to",
        arguments: ["0.0.0.0", "10.0.0.1", "::", "example.org"]
    )
    func otherAddresses(host: String) {
        let error = #expect(throws: ReportError.self) {
            let text = host.contains(":") ? "[\(host)]:7071" : "\(host):7071"
            _ = try NodeConfiguration.watchSettings("http: '\(text)'")
        }
        #expect(error?.code == .notAllowed)
    }

    @Test("the setting takes an address, a socket, or both with a limit")
    func settings() throws {
        let plain = try NodeConfiguration.watchSettings("http: 127.0.0.1:7071")
        #expect(plain?.place == .address(ListenAddress(host: "127.0.0.1", port: 7071)))
        #expect(plain?.lagLimit == .seconds(3600))
        let six = try NodeConfiguration.watchSettings("http: '[::1]:7071'")
        #expect(six?.place == .address(ListenAddress(host: "::1", port: 7071)))
        let socket = try NodeConfiguration.watchSettings(
            "http: {listen: 'unix:/run/reportd/http.sock', lag: 3d}"
        )
        #expect(socket?.place == .socket("/run/reportd/http.sock"))
        #expect(socket?.lagLimit == .seconds(3 * 86_400))
        #expect(try NodeConfiguration.watchSettings("http: off") == nil)
        #expect(try NodeConfiguration.watchSettings("workers: 2") == nil)
        for bad in [
            "http: 7071", "http: unix:relative", "http: {lag: 3d}",
            "http: {listen: '127.0.0.1:1', x: 1}",
        ] {
            #expect(throws: ReportError.self, "\(bad)") {
                try NodeConfiguration.watchSettings(bad)
            }
        }
    }

    @Test("a loop that hangs is counted out")
    func loops() async throws {
        let server = try await HTTPServer.start(
            at: .address(ListenAddress(host: "127.0.0.1", port: 0))
        ) { _ in .text(.ok, "") }
        let loop = server.loop
        #expect(await LoopCheck.answering([loop], within: .seconds(600)) == 1)
        let gate = DispatchGate()
        loop.execute { gate.wait() }
        #expect(await LoopCheck.answering([loop], within: .milliseconds(50)) == 0)
        gate.open()
        await server.close()
    }
}

/// Holds up a thread until it is opened.
private final class DispatchGate: Sendable {
    private let isOpen = Atomic(false)

    func wait() { while !isOpen.load(ordering: .acquiring) { usleep(1000) } }

    func open() { isOpen.store(true, ordering: .releasing) }
}

extension NodeConfiguration {
    /// What a configuration with some lines says about HTTP.
    fileprivate static func watchSettings(_ lines: String) throws -> WatchSettings? {
        let folder = TestFolder()
        folder.write("node: {name: a}\nstore: /s\n\(lines)\n", to: "reportd.yaml")
        defer { withExtendedLifetime(folder) {} }
        return try NodeConfiguration(file: folder.full("reportd.yaml")).watch
    }
}
