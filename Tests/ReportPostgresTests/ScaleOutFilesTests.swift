import Glibc
import ReportModel
import ReportStore
import ReportTestKit
import Testing

@testable import ReportPostgres

/// The files of ops/scale-out as they are handed to administrators.
@Suite(
    "Files of ops/scale-out",
    .serialized,
    .enabled(if: PostgresServer.absence == nil && PostgresServer.given == nil)
)
struct ScaleOutFilesTests {
    private static func path(_ name: String) -> String {
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/ops/scale-out/"
            + name
    }

    private func alerts(_ server: PostgresServer) throws -> [String] {
        try server.answer(ofFile: Self.path("alerts.sql"), in: "reportd")
    }

    @Test(
        "a primary with postgresql.conf, a standby that standby.sh makes, and what alerts.sql says of them"
    )
    func pair() async throws {
        let primary = try PostgresServer()
        // Before the settings: from then on every commit waits for a standby.
        try primary.run(sql: "CREATE ROLE replication REPLICATION LOGIN")
        try primary.run(sql: "CREATE DATABASE reportd")
        let address = try #require(PostgresAddress(primary.address("reportd")))
        _ = try await StoreCopy.prepare(address)
        primary.stop()
        let settings = try PostgresServer.lines(of: Self.path("postgresql.conf"))
        try PostgresServer.include(settings, in: primary.folder.path("data"))
        try primary.start()
        #expect(try alerts(primary).contains { $0.contains("no synchronous standby") })

        let standby = try PostgresServer(copying: primary, with: Self.path("standby.sh"))
        let node = try await SharedNode(address, name: "省")
        defer { node.close() }
        node.shared.log.patience = 120
        _ = try await node.store.append(try Samples.filing(files: ["一"]))
        #expect(try alerts(primary).isEmpty)
        // Both have it: the standby alone goes on with it.
        try primary.kill()
        try standby.promote()
        let moved = try #require(PostgresAddress(standby.address("reportd")))
        #expect(try await StoreCopy.check(moved) == 1)
        #expect(try alerts(standby).contains { $0.contains("no synchronous standby") })
    }

    /// Settings of the server that patroni.yml names, before bootstrap and after it.
    private func settingsOfPatroni() throws -> [(name: String, value: String)] {
        var settings: [(name: String, value: String)] = []
        var depth: Int?
        for line in try PostgresServer.lines(of: Self.path("patroni.yml")) {
            let indent = line.prefix { $0 == " " }.count
            let text = line.dropFirst(indent)
            if let above = depth, indent <= above { depth = nil }
            if text == "parameters:" { depth = indent }
            guard let above = depth, indent > above, !text.hasPrefix("#"),
                let colon = text.firstIndex(of: ":")
            else { continue }
            let value = text[text.index(after: colon)...].prefix { $0 != "#" }
                .filter { $0 != " " && $0 != "\"" }
            settings.append((String(text[..<colon]), value))
        }
        return settings
    }

    @Test("PostgreSQL knows and takes what citus.conf and patroni.yml set, but for Citus itself")
    func settings() throws {
        let citus = try PostgresServer.lines(of: Self.path("citus.conf"))
            .filter { !$0.hasPrefix("shared_preload_libraries") }
        let patroni = try settingsOfPatroni()
        #expect(patroni.count >= 8)
        // Places of a machine that is not here are known by their names alone.
        let values = patroni.filter { !$0.value.hasPrefix("/") && $0.name != "ssl" }
        let server = try PostgresServer { data in
            let lines = values.map { "\($0.name) = '\($0.value)'" }
            try PostgresServer.include(citus + lines, in: data)
        }
        let connection = try server.connect()
        func texts(_ sql: String) throws -> [String] {
            try connection.run(Statement(sql), []).rows.map { row in try row.text(0) }
        }
        let known = Set(try texts("SELECT name FROM pg_settings"))
        #expect(patroni.map(\.name).filter { !known.contains($0) } == [])
        // What the command line sets otherwise cannot be applied; it is none of these.
        let refused = Set(try texts("SELECT name FROM pg_file_settings WHERE error IS NOT NULL"))
        let taken = Set(try texts("SELECT name FROM pg_file_settings")).subtracting(refused)
        let names =
            values.map(\.name) + ["max_prepared_transactions", "citus.recover_2pc_interval"]
        #expect(names.filter { !taken.contains($0) } == [])
    }

    @Test("standby.sh touches no data directory that is not empty")
    func notEmpty() throws {
        let folder = TemporaryFolder()
        mkdir(folder.path("data"), 0o700)
        mkdir(folder.path("data/base"), 0o700)
        let command =
            "/bin/bash '\(Self.path("standby.sh"))' 127.0.0.1 '\(folder.path("data"))' 2>&1"
        let output = try #require(popen(command, "r"))
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = fread(&bytes, 1, bytes.count, output)
        #expect(pclose(output) != 0)
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        #expect(text.contains("is not empty"))
    }
}
