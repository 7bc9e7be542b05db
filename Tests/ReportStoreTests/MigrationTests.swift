import Glibc
import LMDB
import ReportModel
import ReportStore
import ReportTestKit
import Synchronization
import Testing

@Suite("Formats of the store")
struct MigrationTests {
    /// The folder of stores that released versions wrote.
    static let released: [String] = {
        let folder = fixtures
        guard let names = opendir(folder) else { return [] }
        defer { closedir(names) }
        var found: [String] = []
        while let entry = readdir(names) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix("."), access("\(folder)/\(name)/data.mdb", R_OK) == 0 {
                found.append(name)
            }
        }
        return found.sorted()
    }()

    private static let fixtures: String =
        "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        + "/Fixtures/stores"

    /// Format of a released store, as its manifest says.
    private static func format(of name: String) throws -> Int? {
        let file = try #require(fopen("\(fixtures)/\(name)/backup.json", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        return try JSONValue(parsing: bytes[..<count])["storeFormat"]?.integerValue
    }

    @Test("there is a store of every released version and format, the present ones included")
    func present() throws {
        let names = Self.released
        let version = ReportdVersion.text
        #expect(names.contains { $0 == version || $0.hasPrefix("\(version)-") })
        let formats = try Set(names.compactMap { try Self.format(of: $0) })
        let wanted = Set(1...Int(StoreFormat.current.number))
        #expect(formats == wanted, "ops/fixture-store writes that of the present format")
    }

    @Test("a store of the present format opens as it lies there, is sound, and takes no step")
    func presentFormat() async throws {
        let current = Int(StoreFormat.current.number)
        let names = try Self.released.filter { try Self.format(of: $0) == current }
        #expect(!names.isEmpty)
        for name in names {
            let folder = TemporaryFolder()
            mkdir(folder.path("as it lies"), 0o700)
            let link = folder.path("as it lies/data.mdb")
            #expect(symlink("\(Self.fixtures)/\(name)/data.mdb", link) == 0)
            let copy = try Store.openReadOnly(directory: folder.path("as it lies"))
            let report = try copy.verifyNow()
            #expect(report.isSound, "\(name): \(report.problems)")
            #expect(report.entryCount >= 7)
            let text = try await answers(copy)
            #expect(text.contains("\"status\":\"returned\""), "\(text)")
            #expect(text.contains("已与单位核实"), "\(text)")
            copy.close()
            let steps = Mutex(0)
            var options = Store.Options(nodeName: "试", mapByteCount: 1 << 30)
            options.onMigration = { _, _ in steps.withLock { $0 += 1 } }
            _ = try await StoreRestore.restore(
                "\(Self.fixtures)/\(name)",
                to: folder.path("s"),
                identity: .new,
                options: options
            )
            let store = try Store.open(directory: folder.path("s"), options: options)
            defer { store.close() }
            #expect(try await answers(store) == text)
            #expect(steps.withLock { $0 } == 0)
        }
    }

    @Test("a store that a released version wrote opens, is sound, and answers", arguments: released)
    func opens(version: String) async throws {
        let folder = TemporaryFolder()
        let outcome = try await StoreRestore.restore(
            "\(Self.fixtures)/\(version)",
            to: folder.path("s"),
            identity: .new,
            options: Store.Options(nodeName: "试", mapByteCount: 1 << 30)
        )
        let held = outcome.positions.filter { $0.log != outcome.ownLog && $0.sequence > 0 }
        #expect(!held.isEmpty)
        let store = try Store.open(
            directory: folder.path("s"),
            options: Store.Options(nodeName: "试", mapByteCount: 1 << 30)
        )
        defer { store.close() }
        let text = try await answers(store)
        #expect(text.contains("整体支出"))
        let keys = try await store.status().keyCount
        #expect(keys >= 2)
        _ = try await store.append(try Samples.filing())
        #expect(try store.verifyNow().isSound)
    }

    private func steps(_ failing: UInt32? = nil) -> StoreFormat {
        struct Broken: Error {}
        return StoreFormat(
            number: 4,
            migrations: [2, 3].map { from in
                Migration(from: from, tables: ["step\(from)"]) { environment, transaction in
                    let table = try environment.database(named: "step\(from)")
                    try transaction.put([1], [UInt8(from)], in: table)
                    if from == failing { throw Broken() }
                }
            }
        )
    }

    @Test("steps run in order, once, each in one transaction with the number")
    func migrates() async throws {
        let fixture = try StoreFixture()
        _ = try await fixture.store.append(try Samples.filing())
        fixture.close()
        let told = Mutex<[String]>([])
        var options = Store.Options(nodeName: "县", mapByteCount: 1 << 30)
        options.onMigration = { from, to in told.withLock { $0.append("\(from)-\(to)") } }
        options.format = steps(3)
        await expectFailure(.internal) {
            _ = try Store.open(directory: fixture.directory, options: options)
        }
        options.format = steps()
        try Store.open(directory: fixture.directory, options: options).close()
        let store = try Store.open(directory: fixture.directory, options: options)
        let number = try store.number(Samples.key)
        #expect(number == 1)
        #expect(try store.verifyNow().isSound)
        store.close()
        let steps = told.withLock { $0 }
        #expect(steps == ["2-3", "3-4", "3-4"])
        // This program knows no format 4: the store is refused, and not touched.
        options.format = StoreFormat.current
        await expectFailure(.unsupported) {
            _ = try Store.open(directory: fixture.directory, options: options)
        }
    }

    @Test("a format to which no step leads is refused")
    func missingStep() async throws {
        let fixture = try StoreFixture()
        fixture.close()
        var options = Store.Options(nodeName: "县", mapByteCount: 1 << 30)
        options.format = StoreFormat(number: 3, migrations: [])
        await expectFailure(.unsupported) {
            _ = try Store.open(directory: fixture.directory, options: options)
        }
    }
}
