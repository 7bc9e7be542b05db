import ReportModel
import ReportStore
import ReportTestKit
import Testing

@testable import ReportPostgres

/// Source: PostgreSQL manual, section 26.2.8: a wait for a standby that is broken off leaves the commit.
@Suite(
    "A standby that is not there",
    .serialized,
    .timeLimit(.minutes(10)),
    .enabled(if: PostgresServer.absence == nil && PostgresServer.given == nil)
)
struct StandbyTests {
    /// How the wait of a commit is broken off.
    enum End: CaseIterable, Sendable {
        case restart
        case cancel
        case disconnect
    }

    private func text(_ sql: String, _ connection: PostgresConnection) throws -> String {
        try connection.run(Statement(sql), []).rows.first?.text(0) ?? ""
    }

    /// Returns when the server answers a question so.
    private func until(_ wanted: String, _ sql: String, _ server: PostgresServer) async throws {
        let admin = try server.connect()
        while try text(sql, admin) != wanted { try await Task.sleep(for: .milliseconds(10)) }
    }

    private func breakOff(_ end: End, _ server: PostgresServer) async throws {
        let waiting = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        try await until("true", "SELECT (count(*) > 0)::text \(waiting)", server)
        switch end {
        case .restart:
            server.stop()
            try server.start()
        case .cancel: try server.run(sql: "SELECT pg_cancel_backend(pid) \(waiting)")
        case .disconnect: try server.run(sql: "SELECT pg_terminate_backend(pid) \(waiting)")
        }
    }

    @Test("a commit whose end nobody knows counts once the standby has it", arguments: End.allCases)
    func unknownEnd(end: End) async throws {
        let (server, node) = try await SharedNode.made()
        let address = node.address
        defer { node.close() }
        _ = try await node.store.append(try Samples.filing(files: ["一"]))
        try await node.shared.catchUp()
        // No standby calls itself so but the one that is made below.
        try server.run(sql: "ALTER SYSTEM SET synchronous_standby_names = 'walreceiver'")
        try server.run(sql: "SELECT pg_reload_conf()")
        try await until("walreceiver", "SHOW synchronous_standby_names", server)

        let log = node.shared.log
        (log.session.silence, node.shared.reader.silence, log.patience) = (2, 2, 4)
        let (store, filing) = (node.store, try Samples.filing(files: ["二"]))
        let filed = Task { () -> ReportError? in
            do throws(ReportError) {
                _ = try await store.append(filing)
                return nil
            } catch {
                return error
            }
        }
        try await breakOff(end, server)
        #expect(await filed.value?.code == .unreachable)
        // It can be seen, and is still not taken for safe.
        let admin = try server.connect("reportd")
        #expect(try text("SELECT count(*)::text FROM records", admin) == "2")
        let refused = await #expect(throws: ReportError.self) {
            try await node.shared.catchUp()
        }
        #expect(refused?.code == .unreachable)
        let lookup = try Lookup(parsing: Samples.key)
        #expect(try store.getNow(lookup, body: .record).version.number == 1)

        let standby = try PostgresServer(copying: server)
        (log.session.silence, node.shared.reader.silence, log.patience) = (120, 120, 120)
        try await node.shared.catchUp()
        #expect(try store.getNow(lookup, body: .record).version.number == 2)
        let third = try await store.append(try Samples.filing(files: ["三"])).version
        #expect(third.number == 3)
        #expect(try await StoreCopy.check(address) == 3)
        standby.stop()
    }
}
