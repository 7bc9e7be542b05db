import Glibc
import NIOPosix
import ReportModel
import Testing

@testable import ReportDaemon

@Suite("The service manager")
struct ServiceManagerTests {
    private let folder = TestFolder()

    /// A socket as systemd has one.
    private func socketForNotes() throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { room in
            room.copyBytes(from: Array(folder.full("notify").utf8))
        }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
        return descriptor
    }

    /// Waits on a thread of its own: those of tasks are few.
    private func note(_ descriptor: Int32) async -> String? {
        await BlockingWork().run { Self.received(descriptor) }
    }

    private static func received(_ descriptor: Int32) -> String? {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waited, 1, 600_000) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
    }

    private func manager(_ variables: [String: String]) -> ServiceManager {
        ServiceManager(patience: .seconds(3600)) { variables[$0] }
    }

    @Test("is told that the node is ready, alive and ending")
    func told() async throws {
        let descriptor = try socketForNotes()
        defer { close(descriptor) }
        let manager = manager([
            "NOTIFY_SOCKET": folder.full("notify"), "WATCHDOG_USEC": "2000",
            "WATCHDOG_PID": String(getpid()),
        ])
        await manager.ready("甲")
        #expect(await note(descriptor) == "READY=1\nSTATUS=甲")
        #expect(manager.interval == .milliseconds(1))
        #expect(manager.isWatching)
        let alive = Task {
            await manager.keepAlive(MultiThreadedEventLoopGroup.singleton)
        }
        #expect(await note(descriptor) == "WATCHDOG=1")
        #expect(await note(descriptor) == "WATCHDOG=1")
        // The socket holds few notes: they are read while the node ends.
        let last = Task {
            var last = await note(descriptor)
            while last == "WATCHDOG=1" { last = await note(descriptor) }
            return last
        }
        alive.cancel()
        await alive.value
        await manager.stopping()
        #expect(await last.value == "STOPPING=1")
    }

    @Test("a sign of life finds no room and is left out, the last note waits for room")
    func full() async throws {
        let descriptor = try socketForNotes()
        defer { close(descriptor) }
        let manager = manager(["NOTIFY_SOCKET": folder.full("notify")])
        let count = try fill(descriptor)
        manager.signOfLife()
        let ending = Task { await manager.stopping() }
        for _ in 0..<count { #expect(await note(descriptor) == "x") }
        #expect(await note(descriptor) == "STOPPING=1")
        await ending.value
    }

    /// Sends notes until there is no room; how many there were.
    private func fill(_ receiver: Int32) throws -> Int {
        let sender = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(sender) }
        var address = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(receiver, $0, &length) == 0 && connect(sender, $0, length) == 0
            }
        }
        try #require(isConnected)
        var count = 0
        while send(sender, "x", 1, Int32(MSG_DONTWAIT)) == 1 { count += 1 }
        try #require(count > 0 && errno == EAGAIN)
        return count
    }

    @Test("is not looked for when there is none, and the watchdog of another process is not served")
    func absent() async {
        await manager([:]).ready("甲")
        #expect(manager(["WATCHDOG_USEC": "2000", "WATCHDOG_PID": "1"]).interval == nil)
        #expect(!manager([:]).isWatching)
        await manager(["NOTIFY_SOCKET": folder.full("nobody")]).stopping()
        await manager(["NOTIFY_SOCKET": "/" + String(repeating: "a", count: 200)]).stopping()
        await manager(["NOTIFY_SOCKET": "@x"]).keepAlive(MultiThreadedEventLoopGroup.singleton)
    }
}
