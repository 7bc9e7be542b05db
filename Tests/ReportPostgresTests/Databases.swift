import Glibc
import ReportModel
import ReportTestKit
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

/// Runs a test on an empty database with the tables of reportd.
func withDatabase(
    _ isolation: Isolation = .readCommitted,
    _ body: (PostgresAddress) async throws -> Void
) async throws {
    if let given = PostgresServer.given {
        let url = given + (given.contains("?") ? "" : "?") + isolation.setting
        let address = try #require(PostgresAddress(url))
        let connection = try PostgresConnection(url, library: address.library)
        for table in ["notices", "chunks", "seals", "records", "heads", "facts"] {
            try connection.run("DROP TABLE IF EXISTS \(table)")
        }
        _ = try await StoreCopy.prepare(address, isSpread: getenv("REPORTD_TEST_CITUS") != nil)
        return try await body(address)
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
