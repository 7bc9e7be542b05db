import ReportModel
import ReportPostgres
import ReportStore
import ReportTestKit
import Testing

/// A node on a database, with a folder of its own.
final class SharedNode {
    let folder = TemporaryFolder()
    let address: PostgresAddress
    let name: String
    let clock: TestClock
    private(set) var shared: SharedStore

    var store: Store { shared.store }

    init(_ address: PostgresAddress, name: String, clock: TestClock = TestClock()) async throws {
        self.address = address
        self.name = name
        self.clock = clock
        shared = try await Self.open(address, folder.path("node"), name, clock)
    }

    /// A node on a new database of a server of its own.
    static func made() async throws -> (server: PostgresServer, node: SharedNode) {
        let server = try PostgresServer()
        try server.run(sql: "CREATE DATABASE reportd")
        let address = try #require(PostgresAddress(server.address("reportd")))
        _ = try await StoreCopy.prepare(address)
        return (server, try await SharedNode(address, name: "省"))
    }

    private static func open(
        _ address: PostgresAddress,
        _ directory: String,
        _ name: String,
        _ clock: TestClock
    ) async throws -> SharedStore {
        try await SharedStore.open(
            address,
            directory: directory,
            options: Store.Options(nodeName: name, mapByteCount: 1 << 30, clock: clock.closure)
        )
    }

    func reopen() async throws {
        shared.close()
        shared = try await Self.open(address, folder.path("node"), name, clock)
    }

    func close() { shared.close() }
}

/// What every reader gets of a store, errors included.
func answers(_ store: Store, at moment: Moment = .now) async throws -> String {
    var lines: [String] = []
    let page = try await store.list(ListFilter(limit: 1000), at: moment)
    lines.append(page.json.canonicalText)
    for row in page.rows {
        let lookup = Lookup(try ReportKey(parsing: row.version.key))
        for body in [BodySelector.record, .people, .source(0), .source(1)] {
            do {
                let answer = try store.getNow(lookup, body: body, at: moment)
                lines.append(String(decoding: answer.bytes, as: UTF8.self))
            } catch {
                lines.append(error.json.canonicalText)
            }
        }
        lines += try await store.history(lookup).map(\.json.canonicalText)
        lines += try await store.notes(lookup).map(\.json.canonicalText)
        if moment == .now {
            lines.append(try await store.prove(lookup, since: nil).json.canonicalText)
        }
    }
    lines.append(try await store.queue(QueueQuery(countsOpenFindings: true)).canonicalText)
    lines.append(try await store.audit(AuditQuery()).canonicalText)
    return lines.joined(separator: "\n")
}

/// Sends everything that one store holds of every log to another.
func replicate(from source: Store, to target: Store, count: Int = 3) async throws {
    for state in try await source.logStates()
    where state.position.log != (try await target.ownLog()) {
        let log = state.position.log
        while true {
            let held = try await target.logState(log)?.position.sequence ?? 0
            let batch = try await source.batch(
                log: log,
                after: held,
                maximumCount: count,
                maximumByteCount: 1 << 20
            )
            guard let batch else { break }
            _ = try await target.accept(batch, descriptor: state.descriptor)
        }
    }
}
