import Glibc
import ReportModel
import ReportStore
import ReportTestKit
import Synchronization
import Testing

@testable import ReportPostgres

/// Entries whose filing was acknowledged.
private final class Acknowledged: Sendable {
    private let versions = Mutex<[VersionInfo]>([])

    func add(_ version: VersionInfo) { versions.withLock { $0.append(version) } }

    var all: [VersionInfo] { versions.withLock { $0 } }

    /// Returns when so many filings were acknowledged.
    func wait(for count: Int) async throws {
        while all.count < count { try await Task.sleep(for: .milliseconds(2)) }
    }
}

@Suite(
    "Databases that die",
    .serialized,
    .timeLimit(.minutes(10)),
    .enabled(if: PostgresServer.absence == nil && PostgresServer.given == nil)
)
struct CrashTests {
    /// Files reports until it is told to stop; an error other than `unreachable` fails the test.
    private func file(
        on node: Store,
        _ acknowledged: Acknowledged,
        until isOver: @Sendable (Int) -> Bool
    ) async throws {
        var number = 0
        while !isOver(acknowledged.all.count) {
            number += 1
            let filing = try Samples.filing(
                "2023/湛江市/麻章区/单位\(number % 7)/整体支出",
                files: ["\(node.node) \(number)"]
            )
            do throws(ReportError) {
                acknowledged.add(try await node.append(filing).version)
            } catch {
                #expect(error.code == .unreachable, "\(error)")
            }
        }
    }

    /// Every acknowledged entry is in the database, with nothing missing before it, and twice nothing.
    private func expectAll(
        _ acknowledged: Acknowledged,
        in address: PostgresAddress
    ) async throws {
        let fresh = try await SharedNode(address, name: "新")
        defer { fresh.close() }
        for version in acknowledged.all {
            let hash = try await fresh.store.entryHash(
                log: version.log,
                sequence: version.sequence
            )
            #expect(hash == version.hash)
        }
        let held = try await fresh.store.logStates().reduce(0) { $0 + $1.position.sequence }
        #expect(try await StoreCopy.check(address) == held)
        #expect(try fresh.store.verifyNow().problems == [])
    }

    @Test("a server that is killed under way and started again has every acknowledged entry, once")
    func killed() async throws {
        let server = try PostgresServer()
        try server.connect().run("CREATE DATABASE reportd")
        let address = try #require(PostgresAddress(server.address("reportd")))
        _ = try await StoreCopy.prepare(address)
        let acknowledged = Acknowledged()
        let left = try await SharedNode(address, name: "省甲")
        let right = try await SharedNode(address, name: "省乙")
        defer {
            left.close()
            right.close()
        }
        let (leftStore, rightStore) = (left.store, right.store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for store in [leftStore, rightStore] {
                group.addTask { try await file(on: store, acknowledged) { $0 >= 150 } }
            }
            group.addTask {
                for limit in [40, 90] {
                    try await acknowledged.wait(for: limit)
                    try server.kill()
                    try server.start()
                }
            }
            try await group.waitForAll()
        }
        try await left.shared.catchUp()
        try await right.shared.catchUp()
        try await expectAll(acknowledged, in: address)
    }

    @Test("a standby that is promoted has every acknowledged entry, and the nodes go on with it")
    func promoted() async throws {
        let primary = try PostgresServer()
        let admin = try primary.connect()
        try admin.run("CREATE DATABASE reportd")
        let standby = try PostgresServer(copying: primary)
        try admin.run("ALTER SYSTEM SET synchronous_standby_names = '*'")
        try admin.run("SELECT pg_reload_conf()")
        let hosts = "host=\(primary.folder.path),\(standby.folder.path)"
        let url = "postgresql:///reportd?\(hosts)&user=postgres&target_session_attrs=read-write"
        let address = try #require(PostgresAddress(url))
        _ = try await StoreCopy.prepare(address)
        let acknowledged = Acknowledged()
        let node = try await SharedNode(address, name: "省")
        defer { node.close() }
        let store = node.store
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await file(on: store, acknowledged) { $0 >= 120 } }
            group.addTask {
                try await acknowledged.wait(for: 60)
                try primary.kill()
                try standby.promote()
            }
            try await group.waitForAll()
        }
        try await node.shared.catchUp()
        try await expectAll(acknowledged, in: address)
    }

    @Test("a copy goes on by itself when the server is killed under way and comes back, either way")
    func killedUnderCopy() async throws {
        let server = try PostgresServer()
        try server.connect().run("CREATE DATABASE reportd")
        let address = try #require(PostgresAddress(server.address("reportd")))
        _ = try await StoreCopy.prepare(address)
        let deaths = Mutex<[any Error]>([])
        let restarts = Mutex(0)
        // Once between the first transaction and the second.
        let restart: @Sendable (UInt64, UInt64) -> Void = { done, total in
            guard done < total,
                restarts.withLock({
                    $0 += 1; return $0 % 2 == 1
                })
            else { return }
            do {
                try server.kill()
                try server.start()
            } catch {
                deaths.withLock { $0.append(error) }
            }
        }
        try await withStore { store in
            for number in 0..<12 {
                let text = String(repeating: "\(number)文件", count: 150_000)
                _ = try await store.append(
                    try Samples.filing("2023/湛江市/麻章区/单位\(number)/整体支出", files: [text])
                )
            }
            let there = try await StoreCopy.copy(from: store, to: address, progress: restart)
            #expect(there.entryCount == 12)
            #expect(there.checkedCount == 12)
            #expect(restarts.withLock { $0 } >= 1)
            restarts.withLock { $0 = 0 }
            try await withStore(name: "抄") { copy in
                let back = try await StoreCopy.copy(from: address, to: copy, progress: restart)
                #expect(back.entryCount == 12)
                #expect(restarts.withLock { $0 } >= 1)
                #expect(try await answers(copy) == answers(store))
            }
        }
        #expect(deaths.withLock { $0.isEmpty })
    }

    @Test("a client that is killed between its claim and its commit leaves nothing")
    func killedClient() async throws {
        let server = try PostgresServer.shared.get()
        let name = "t\(UInt64.random(in: 0...(.max)))"
        let admin = try server.connect()
        try admin.run("CREATE DATABASE \(name)")
        defer { try? admin.run("DROP DATABASE \(name) WITH (FORCE)") }
        let address = try #require(PostgresAddress(server.address(name)))
        _ = try await StoreCopy.prepare(address)
        let node = try await SharedNode(address, name: "省")
        defer { node.close() }
        _ = try await node.store.append(try Samples.filing(files: ["一"]))
        let client = try server.client(
            running: "BEGIN; UPDATE heads SET seq = seq + 10, epoch = epoch + 1, writer = 'x';",
            in: name
        )
        let waiting = Statement(
            """
            SELECT count(*) FROM pg_stat_activity WHERE datname = '\(name)' \
            AND state = 'idle in transaction' AND query LIKE 'UPDATE heads%'
            """
        )
        while try admin.run(waiting, []).rows[0].integer(0) == 0 {
            try await Task.sleep(for: .milliseconds(5))
        }
        // The commit waits for the row that the other holds, until that one is dead.
        let (store, filing) = (node.store, try Samples.filing(files: ["二"]))
        async let second = store.append(filing)
        client.kill()
        #expect(try await second.version.number == 2)
        let row = try server.connect(name).run(.heads, []).rows[0]
        #expect(try row.integer(2) == 1)
        #expect(try await StoreCopy.check(address) == 2)
    }

    @Test("a node answers while its database is away, takes nothing, and goes on when it is back")
    func away() async throws {
        let server = try PostgresServer()
        try server.connect().run("CREATE DATABASE reportd")
        let address = try #require(PostgresAddress(server.address("reportd")))
        _ = try await StoreCopy.prepare(address)
        let node = try await SharedNode(address, name: "省")
        defer { node.close() }
        _ = try await node.store.append(try Samples.filing(files: ["一"]))
        server.stop()
        try await node.reopen()
        if case .failed = node.shared.condition {} else { Issue.record("\(node.shared.condition)") }
        let lookup = try Lookup(parsing: Samples.key)
        #expect(try node.store.getNow(lookup, body: .record).version.number == 1)
        let filing = try Samples.filing(files: ["二"])
        node.shared.log.patience = 1
        let error = await #expect(throws: ReportError.self) {
            _ = try await node.store.append(filing)
        }
        #expect(error?.code == .unreachable)
        #expect(try node.store.getNow(lookup, body: .record).version.number == 1)
        try server.start()
        try await node.shared.catchUp()
        #expect(node.shared.condition == .current)
        #expect(try await node.store.append(filing).version.number == 2)
        #expect(try await StoreCopy.check(address) == 2)
    }

    @Test("a database that was put back from an older copy gets what it lacks again")
    func putBack() async throws {
        let server = try PostgresServer()
        let admin = try server.connect()
        try admin.run("CREATE DATABASE reportd")
        let address = try #require(PostgresAddress(server.address("reportd")))
        _ = try await StoreCopy.prepare(address)
        let node = try await SharedNode(address, name: "省")
        defer { node.close() }
        for text in ["一", "二"] {
            _ = try await node.store.append(try Samples.filing(files: [text]))
        }
        node.shared.close()
        try admin.run("CREATE DATABASE older TEMPLATE reportd")
        try await node.reopen()
        for text in ["三", "四"] {
            _ = try await node.store.append(try Samples.filing(files: [text]))
        }
        node.shared.close()
        try admin.run("DROP DATABASE reportd WITH (FORCE)")
        try admin.run("ALTER DATABASE older RENAME TO reportd")
        try await node.reopen()
        #expect(try await StoreCopy.check(address) == 4)
        let version = try await node.store.append(try Samples.filing(files: ["五"])).version
        #expect(version.number == 5)
    }

    @Test("a node starts with a database that has no room, and goes on once there is some")
    func full() async throws {
        let (server, node) = try await SharedNode.made()
        let address = node.address
        defer { node.close() }
        _ = try await node.store.append(try Samples.filing(files: ["一"]))
        node.shared.close()
        let admin = try server.connect("reportd")
        for table in ["records", "seals", "heads"] { try admin.run("DELETE FROM \(table)") }
        try admin.run(
            """
            CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$
            """
        )
        try admin.run(
            "CREATE TRIGGER full_disk BEFORE INSERT ON heads EXECUTE FUNCTION full_disk()"
        )
        try await node.reopen()
        if case .failed(let message) = node.shared.condition {
            #expect(message.contains("no room"))
        } else {
            Issue.record("\(node.shared.condition)")
        }
        let lookup = try Lookup(parsing: Samples.key)
        #expect(try node.store.getNow(lookup, body: .record).version.number == 1)
        try admin.run("DROP TRIGGER full_disk ON heads")
        try await node.shared.catchUp()
        #expect(node.shared.condition == .current)
        #expect(try await StoreCopy.check(address) == 1)
    }

    @Test("a connection whose server takes no writes any more is made anew")
    func readOnly() async throws {
        let (server, node) = try await SharedNode.made()
        let address = node.address
        defer { node.close() }
        _ = try await node.store.append(try Samples.filing(files: ["一"]))
        // Old sessions may not write from now on, new ones may: as behind an address that moves.
        let old = try server.connect("reportd")
        try server.run(sql: "ALTER DATABASE reportd SET default_transaction_read_only = off")
        try server.run(sql: "ALTER SYSTEM SET default_transaction_read_only = on")
        try server.run(sql: "SELECT pg_reload_conf()")
        let setting = Statement("SHOW default_transaction_read_only")
        while try old.run(setting, []).rows[0].text(0) != "on" {
            try await Task.sleep(for: .milliseconds(10))
        }
        node.shared.log.patience = 120
        let version = try await node.store.append(try Samples.filing(files: ["二"])).version
        #expect(version.number == 2)
        try await node.shared.catchUp()
        #expect(try await StoreCopy.check(address) == 2)
    }
}
