import Glibc
import LMDB
import ReportCompression
import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

/// Stores that earlier programs wrote; Tests/Fixtures/store-format-1 holds twelve filings under five
/// keys, one of them with a record of two chunks.
@Suite("Stores of format 1")
struct OldStoreTests {
    private static let fixture =
        #filePath.split(separator: "/").dropLast(2).map { "/\($0)" }.joined()
        + "/Fixtures/store-format-1/"
    private static let byteCount = 958_464

    private func bytes(_ name: String) throws -> [UInt8] {
        let file = try #require(fopen(Self.fixture + name, "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes[..<count])
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let file = try #require(fopen(path, "w"))
        let written = fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        chmod(path, 0o600)
        try #require(written == bytes.count)
    }

    private func unpack() throws -> TemporaryFolder {
        let folder = TemporaryFolder()
        mkdir(folder.path("store"), 0o700)
        let data = Compression.decompressed(try bytes("data.mdb.zst"), byteCount: Self.byteCount)
        try write(try #require(data), to: folder.path("store/data.mdb"))
        try write(try bytes("node.key"), to: folder.path("store/node.key"))
        return folder
    }

    @Test("such a store is raised by the first opening for writing, and holds what it held")
    func raised() async throws {
        let folder = try unpack()
        let old = try Store.openReadOnly(directory: folder.path("store"))
        let before = try await answers(old)
        old.close()
        try Store.open(directory: folder.path("store")).close()
        let store = try Store.openReadOnly(directory: folder.path("store"))
        defer { store.close() }
        let report = try store.verifyNow()
        #expect(report.isSound, "\(report.problems)")
        #expect(report.entryCount == 12)
        #expect(try await answers(store) == before)
        #expect(try await store.status().keyCount == 5)
        #expect(try store.number("2023/湛江市/麻章区/单位1/整体支出") == 3)
        let format = try store.read { (transaction: borrowing ReadTransaction) throws in
            try Metadata(table: store.tables.meta).bytes(.format, transaction)
        }
        #expect(format == [0, 0, 0, 2])
    }

    @Test("an opening that is refused changes nothing: such a store can be read as before")
    func refused() async throws {
        let folder = try unpack()
        chmod(folder.path("store/node.key"), 0o644)
        await expectFailure(.notAllowed) {
            try Store.open(directory: folder.path("store")).close()
        }
        let store = try Store.openReadOnly(directory: folder.path("store"))
        defer { store.close() }
        #expect(try await store.status().keyCount == 5)
    }

    @Test("such a store is written on, and its old and new entries are found alike")
    func writing() async throws {
        let folder = try unpack()
        let store = try Store.open(directory: folder.path("store"))
        defer { store.close() }
        let key = "2023/湛江市/麻章区/单位1/整体支出"
        let before = try await store.history(try Lookup(parsing: key))
        let outcome = try await store.append(try Samples.filing(key, files: ["新的文件"]))
        #expect(outcome.version.number == 4)
        #expect(outcome.version.parents == [try #require(before.last).version.hash])
        let fresh = try await store.append(
            try Samples.filing("2023/湛江市/麻章区/新单位/整体支出", padding: 5000)
        )
        #expect(fresh.version.number == 1)
        for merges in [false, true] {
            if merges {
                try store.writer().performBlocking { transaction in
                    try HashTail.merge(store.tables, minimum: 1, transaction)
                }
            }
            let report = try store.verifyNow()
            #expect(report.isSound, "\(report.problems)")
            #expect(report.entryCount == 14)
            #expect(try store.number(key) == 4)
            #expect(try await store.history(try Lookup(parsing: key)).count == before.count + 1)
        }
    }
}
