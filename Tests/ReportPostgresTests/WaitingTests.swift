import Dispatch
import Glibc
import ReportModel
import ReportStore
import ReportTestKit
import Testing

@testable import ReportPostgres

/// The end of a pipe that nobody writes to.
private let quietSocket: CInt = {
    var pipes: [CInt] = [-1, -1]
    pipe(&pipes)
    return pipes[0]
}()

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

    @Test("a reader waits for its turn no longer than a bound, and has one when others are done")
    func turns() async throws {
        try await withDatabase { given in
            let files = FileReaders(given)
            defer { files.close() }
            let letGo = hold(files)
            files.patience = 0.3
            let begin = PostgresSession.now
            let error = #expect(throws: ReportError.self) { try files.read { _ in } }
            #expect(error?.code == .unreachable)
            #expect(PostgresSession.now - begin < 20)
            letGo()
            files.patience = 60
            try files.read { connection in try connection.run("SELECT 1") }
        }
    }

    /// Has threads of their own read with every connection until the result is called.
    private func hold(_ files: FileReaders) -> () -> Void {
        let count = PostgresLimits.fileReaderCount
        let (begun, end) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        for number in 0..<count {
            DispatchQueue(label: "reader \(number)").async {
                try? files.read { _ in
                    begun.signal()
                    end.wait()
                }
            }
        }
        for _ in 0..<count { #expect(begun.wait(timeout: .now() + 60) == .success) }
        return { for _ in 0..<count { end.signal() } }
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

    @Test("an answer that the socket does not show any more is found all the same")
    func heldBack() async throws {
        try await withDatabase { given in
            let connection = try PostgresConnection(given.text, library: given.library)
            // As with TLS, which may have read more than libpq took.
            connection.library.socket = { _ in quietSocket }
            connection.silence = 30
            let rows = try connection.run(Statement("SELECT 'da'"), []).rows
            #expect(try rows.first?.text(0) == "da")
            connection.silence = 0.5
            let fault = #expect(throws: PostgresFault.self) {
                try connection.run("SELECT pg_sleep(600)")
            }
            #expect(fault?.isLost == true)
        }
    }

    @Test("a commit with a warning counts as unknown, and the warning is told")
    func warning() async throws {
        try await withDatabase { given in
            let connection = try PostgresConnection(given.text, library: given.library)
            for sql in [
                "BEGIN", "CREATE TABLE warned (number int8)",
                "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS "
                    + "$$ BEGIN RAISE WARNING 'one machine alone'; RETURN NULL; END $$",
                "CREATE CONSTRAINT TRIGGER warn AFTER INSERT ON warned DEFERRABLE "
                    + "INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION warn()",
                "INSERT INTO warned VALUES (1)",
            ] { try connection.run(sql) }
            let fault = #expect(throws: PostgresFault.self) { try connection.commit() }
            #expect(fault?.kind == .away)
            #expect(fault?.message.contains("one machine alone") == true)
            for sql in ["DROP TABLE warned", "DROP FUNCTION warn"] { try connection.run(sql) }
        }
    }

    @Test("a commit that fails during a look stays in doubt after it")
    func doubt() throws {
        let address = try #require(PostgresAddress("postgresql://u@127.0.0.1:1/nowhere"))
        let log = SharedLog(address)
        log.patience = 0
        let key = NodeKey()
        var county = try ForgedLog(key: key)
        county.add(try Samples.filing())
        var commit = SharedCommit()
        commit.parts = [.init(descriptor: county.descriptor, batch: county.batch(1))]
        #expect(throws: ReportError.self) { try log.commit(commit) }
        let before = log.failedCount
        #expect(log.isInDoubt)
        log.session.wake()
        #expect(throws: ReportError.self) { try log.commit(commit) }
        log.settle(before)
        #expect(log.isInDoubt)
        log.settle(log.failedCount)
        #expect(!log.isInDoubt)
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
