import ReportModel
import ReportStore
import ReportTestKit
import Testing

@testable import ReportPostgres

@Suite(
    "Waiting for a database has an end",
    .serialized,
    .timeLimit(.minutes(10)),
    .enabled(if: PostgresServer.absence == nil)
)
struct WaitingTests {
    private let large = String(repeating: "原件", count: 20_000)

    @Test("readers of files end with an error, and nobody else waits for them")
    func readers() async throws {
        try await withDatabase { given in
            // The server itself would end the wait for the table.
            let address = try #require(
                PostgresAddress(url(given.text, adding: "&options=-clock_timeout%3D3000s"))
            )
            let node = try await SharedNode(address, name: "省")
            defer { node.close() }
            _ = try await node.store.append(try Samples.filing(files: [large]))
            node.shared.log.files.patience = 1
            let admin = try PostgresConnection(address.text, library: address.library)
            try admin.run("BEGIN")
            try admin.run("LOCK TABLE chunks IN ACCESS EXCLUSIVE MODE")
            let (store, lookup) = (node.store, try Lookup(parsing: Samples.key))
            try await withThrowingTaskGroup(of: ReportError.Code?.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        do throws(ReportError) {
                            _ = try await store.get(lookup, body: .source(0), at: .now)
                            return nil
                        } catch {
                            return error.code
                        }
                    }
                }
                // Tasks share few threads: were these waiting, nobody would answer.
                for _ in 0..<100 {
                    let answer = try await store.get(lookup, body: .record, at: .now)
                    #expect(answer.version.number == 1)
                    await Task.yield()
                }
                for try await code in group { #expect(code == .unreachable) }
            }
            try admin.run("ROLLBACK")
            node.shared.log.files.patience = 60
            let answer = try await read(store, lookup)
            #expect(answer.bytes == Array(large.utf8))
        }
    }

    /// Reads a file; a wait of a moment ago may still keep readers from trying.
    private func read(_ store: Store, _ lookup: Lookup) async throws -> GetAnswer {
        while true {
            do throws(ReportError) {
                return try await store.get(lookup, body: .source(0), at: .now)
            } catch {
                guard error.code == .unreachable else { throw error }
            }
        }
    }

    @Test("the server is told to end what a node does not go on with, unless somebody limits it")
    func settings() async throws {
        try await withDatabase { given in
            func setting(_ name: String, _ connection: PostgresConnection) throws -> String {
                let rows = try connection.run(Statement("SHOW \(name)"), []).rows
                return try rows.first?.text(0) ?? ""
            }
            let connection = try PostgresConnection(given.text, library: given.library)
            #expect(try setting("lock_timeout", connection) == "5s")
            #expect(try setting("idle_in_transaction_session_timeout", connection) == "1min")
            #expect(try setting("statement_timeout", connection) == "10min")
            let other = try PostgresConnection(
                url(given.text, adding: "&options=-clock_timeout%3D7s"),
                library: given.library
            )
            #expect(try setting("lock_timeout", other) == "7s")
            #expect(try setting("statement_timeout", other) == "10min")
        }
    }

    @Test("a commit that waits for a row of another's transaction ends, and nothing is stored")
    func lockedLog() async throws {
        try await withDatabase { given in
            let address = try #require(
                PostgresAddress(url(given.text, adding: "&options=-clock_timeout%3D200ms"))
            )
            let node = try await SharedNode(address, name: "省")
            defer { node.close() }
            _ = try await node.store.append(try Samples.filing(files: ["一"]))
            let admin = try PostgresConnection(given.text, library: given.library)
            try admin.run("BEGIN")
            try admin.run("UPDATE heads SET epoch = epoch")
            node.shared.log.patience = 2
            let filing = try Samples.filing(files: ["二"])
            let error = await #expect(throws: ReportError.self) {
                _ = try await node.store.append(filing)
            }
            #expect(error?.code == .unreachable)
            try admin.run("ROLLBACK")
            node.shared.log.patience = 60
            let version = try await append(filing, node.store)
            #expect(version.number == 2)
            #expect(try await StoreCopy.check(address) == 2)
        }
    }

    private func append(_ filing: Filing, _ store: Store) async throws -> VersionInfo {
        while true {
            do throws(ReportError) {
                return try await store.append(filing).version
            } catch {
                guard error.code == .unreachable else { throw error }
            }
        }
    }

    @Test("a server that says nothing any more counts as gone")
    func silence() async throws {
        try await withDatabase { given in
            let session = PostgresSession(given)
            session.silence = 1
            let error = #expect(throws: PostgresFault.self) {
                try session.once { connection in try connection.run("SELECT pg_sleep(600)") }
            }
            #expect(error?.kind == .away)
            // The next one has a connection of its own.
            try session.once { connection in try connection.run("SELECT 1") }
        }
    }
}
