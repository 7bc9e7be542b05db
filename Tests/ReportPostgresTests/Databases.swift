import Glibc
import ReportModel
import ReportTestKit
import Synchronization
import Testing

@testable import ReportPostgres

extension PostgresServer {
    /// Connects as its superuser.
    func connect(_ database: String = "postgres") throws -> PostgresConnection {
        try PostgresConnection(address(database), library: PostgresLibrary.standardName)
    }
}

/// How transactions see each other in a test.
enum Isolation: String, CaseIterable, Sendable {
    case readCommitted = "read%5C%20committed"
    case serializable

    /// What is added to a URL.
    var setting: String { "&options=-cdefault_transaction_isolation%3D\(rawValue)" }
}

/// A URL with more settings, `&name=value` each, whether it has any already or none.
func url(_ text: String, adding settings: String) -> String {
    text.contains("?") ? text + settings : text + "?" + settings.dropFirst()
}

/// Lets one test in after the other: suites run side by side.
final class Turns: Sendable {
    /// Those at the one database that a given server has.
    static let atGivenDatabase = Turns()

    private let state = Mutex((isTaken: false, waiting: [CheckedContinuation<Void, Never>]()))

    /// Runs a body while nobody else is in.
    func take(_ body: () async throws -> Void) async throws {
        await withCheckedContinuation { continuation in
            let isFirst = state.withLock { state in
                guard state.isTaken else {
                    state.isTaken = true
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFirst { continuation.resume() }
        }
        defer {
            let next = state.withLock { state in
                guard state.waiting.isEmpty else { return Optional(state.waiting.removeFirst()) }
                state.isTaken = false
                return nil
            }
            next?.resume()
        }
        try await body()
    }
}

/// Runs a test on an empty database with the tables of reportd.
func withDatabase(
    _ isolation: Isolation = .readCommitted,
    _ body: (PostgresAddress) async throws -> Void
) async throws {
    if let given = PostgresServer.given {
        return try await Turns.atGivenDatabase.take {
            try await withDatabase(of: given, isolation, body)
        }
    }
    let server = try PostgresServer.shared.get()
    let name = "t\(UInt64.random(in: 0...(.max)))"
    let admin = try server.connect()
    try admin.run("CREATE DATABASE \(name)")
    defer { try? admin.run("DROP DATABASE \(name) WITH (FORCE)") }
    let address = try #require(PostgresAddress(server.address(name, isolation.setting)))
    _ = try await StoreCopy.prepare(address)
    try await body(address)
}

private func withDatabase(
    of given: String,
    _ isolation: Isolation,
    _ body: (PostgresAddress) async throws -> Void
) async throws {
    let address = try #require(PostgresAddress(url(given, adding: isolation.setting)))
    let connection = try PostgresConnection(address.text, library: address.library)
    for table in ["notices", "chunks", "seals", "records", "heads", "facts"] {
        try connection.run("DROP TABLE IF EXISTS \(table)")
    }
    _ = try await StoreCopy.prepare(address, isSpread: getenv("REPORTD_TEST_CITUS") != nil)
    try await body(address)
}
