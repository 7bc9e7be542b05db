import Glibc
import ReportModel
import ReportStore
import ReportTestKit
import Testing

@testable import ReportPostgres

@Suite(
    "The folder of a node that shares a database",
    .serialized,
    .enabled(if: PostgresServer.absence == nil)
)
struct FolderBackupTests {
    private static let large = String(repeating: "大文件", count: 20_000)

    @Test("is backed up without large files, and says where these are")
    func backup() async throws {
        try await withDatabase { address in
            let node = try await SharedNode(address, name: "省")
            defer { node.close() }
            _ = try await node.store.append(try Samples.filing(files: [Self.large, "小"]))
            let place = node.folder.path("backup")
            let manifest = try node.store.backup(to: place + "/")
            #expect(manifest.byteCount > 0)
            let copy = try Store.openReadOnly(directory: place)
            defer { copy.close() }
            #expect(try copy.verifyNow().problems == [])
            let lookup = try Lookup(parsing: Samples.key)
            #expect(try copy.getNow(lookup, body: .record).version.number == 1)
            let small = try copy.getNow(lookup, body: .source(1)).bytes
            #expect(String(decoding: small, as: UTF8.self) == "小")
            let error = #expect(throws: ReportError.self) {
                _ = try copy.getNow(lookup, body: .source(0))
            }
            #expect(error?.code == .unreachable)
            #expect(error?.message.contains("database") == true)
            // The node itself has it from the database.
            let bytes = try node.store.getNow(lookup, body: .source(0)).bytes
            #expect(String(decoding: bytes, as: UTF8.self) == Self.large)
        }
    }

    @Test("can be thrown away but for its key: the node goes on under its name with a new log")
    func thrownAway() async throws {
        try await withDatabase { address in
            let node = try await SharedNode(address, name: "省")
            defer { node.close() }
            let identity = node.store.node
            _ = try await node.store.append(try Samples.filing(files: [Self.large]))
            let older = try await node.store.ownLog()
            let before = try await answers(node.store)
            node.shared.close()
            let folder = node.folder.path("node")
            #expect(rename(folder, folder + "-old") == 0)
            #expect(mkdir(folder, 0o700) == 0)
            #expect(rename(folder + "-old/node.key", folder + "/node.key") == 0)
            try await node.reopen()
            #expect(node.store.node == identity)
            #expect(try await node.store.ownLog() != older)
            #expect(try await answers(node.store) == before)
            let version = try await node.store.append(try Samples.filing(files: ["二"])).version
            #expect(version.number == 2)
            #expect(try await StoreCopy.check(address) == 2)
            #expect(try node.store.verifyNow().problems == [])
        }
    }
}
