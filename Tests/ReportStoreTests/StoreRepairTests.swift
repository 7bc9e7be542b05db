import Glibc
import LMDB
import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

@Suite("Repair of a store")
struct StoreRepairTests {
    private let folder = TemporaryFolder()
    private let key = "2023/湛江市/麻章区/单位3/整体支出"

    private func fill(_ store: Store) async throws {
        for number in 1...5 {
            _ = try await store.append(
                try Samples.filing(
                    "2023/湛江市/麻章区/单位\(number)/整体支出",
                    files: ["文件\(number)"],
                    people: ["王某"]
                )
            )
        }
    }

    /// Changes a byte of the third entry's row, or of one of its bodies.
    private func spoil(_ fixture: StoreFixture, _ table: String, body: UInt8? = nil) throws {
        try edit(fixture, table) { transaction, database in
            var name: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3]
            if let body { name += [0, body, 0, 0, 0, 0] }
            var value = try #require(try transaction.copyValue(name, in: database))
            value[value.count / 2] ^= 1
            try transaction.put(name, value, in: database)
        }
    }

    private func repair(_ store: Store, from path: String?) async throws(ReportError) -> JSONValue {
        try await store.perform(.repair(peer: nil, from: path))
    }

    @Test("a damaged record is named with key and version, refused to readers, and verify names it")
    func named() async throws {
        try await withFixture { fixture in
            try await fill(fixture.store)
            try spoil(fixture, "bodies", body: 0)
            let store = fixture.store
            let error = await failure { _ = try store.text(key) }
            #expect(error.code == .integrity && error.message.contains("\(key)@1"))
            #expect(error.details["key"]?.stringValue == key)
            let problems = try store.verifyNow().problems
            #expect(problems.contains { $0.contains("\(key)@1, record") }, "\(problems)")
            let damaged = try await store.damagedEntries()
            #expect(damaged.map(\.key) == [key] && damaged.map(\.version) == [1])
            #expect(damaged.map(\.parts) == [["record"]])
            // The others are served.
            #expect(try store.number("2023/湛江市/麻章区/单位2/整体支出") == 1)
            try edit(fixture, "bodies") { transaction, database in
                // So that the fixture's own check at the end holds.
                for name in try keys(transaction, database) {
                    var value = try #require(try transaction.copyValue(name, in: database))
                    guard name.starts(with: [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0]) else {
                        continue
                    }
                    value[value.count / 2] ^= 1
                    try transaction.put(name, value, in: database)
                }
            }
        }
    }

    @Test(
        "a backup mends what it holds, from a file, a folder, and a folder of scheduled ones",
        arguments: ["f", "d/", "s/"]
    )
    func fromBackup(name: String) async throws {
        try await withFixture { fixture in
            try await fill(fixture.store)
            let before = try fixture.store.text(key)
            var path = folder.path(name)
            let isScheduled = name == "s/"
            if isScheduled {
                mkdir(path, 0o700)
                try BackupFolder(path).note(BackupState())
                path += "reportd-20240501-023000/"
            }
            _ = try fixture.store.backup(to: path)
            try spoil(fixture, "bodies", body: 0)
            try spoil(fixture, "bodies", body: 1)
            try spoil(fixture, "entries")
            let alone = try await repair(fixture.store, from: nil)
            #expect(alone["sound"] == false && alone["mended"] == [])
            #expect(alone["remaining"]?.arrayValue?.count == 1)
            let backup = name.hasSuffix("/") ? String(path.dropLast()) : path
            let source = isScheduled ? folder.path("s") : backup
            let answer = try await repair(fixture.store, from: source)
            #expect(answer["sound"] == true, "\(answer.canonicalText)")
            let mended = answer["mended"]?.arrayValue ?? []
            #expect(mended.map { $0["key"]?.stringValue } == [key])
            #expect(mended.first?["from"]?.stringValue == backup)
            #expect(try fixture.store.text(key) == before)
            #expect(access(folder.path("lock.mdb"), F_OK) != 0, "nothing is written beside it")
        }
    }

    @Test("another node's copy, in which the entry is another, mends nothing")
    func stranger() async throws {
        try await withFixture { fixture in
            try await fill(fixture.store)
            let whole = folder.path("whole")
            _ = try fixture.store.backup(to: whole)
            try await withStore(name: "别") { other in
                try await fill(other)
                _ = try other.backup(to: folder.path("other"))
            }
            try spoil(fixture, "bodies", body: 0)
            let answer = try await repair(fixture.store, from: folder.path("other"))
            #expect(answer["sound"] == false && answer["mended"] == [])
            let mended = try await repair(fixture.store, from: whole)
            #expect(mended["sound"] == true)
            await expectFailure(.notFound) {
                _ = try await repair(fixture.store, from: folder.path("none"))
            }
        }
    }

    @Test("tables that follow from the log are made anew when only they are damaged")
    func derived() async throws {
        try await withFixture { fixture in
            try await fill(fixture.store)
            try edit(fixture, "heads") { transaction, database in
                let name = try #require(try keys(transaction, database).first)
                _ = try transaction.delete(name, in: database)
            }
            let answer = try await repair(fixture.store, from: nil)
            #expect(answer["sound"] == true && answer["reindexed"] == true)
            #expect(answer["damaged"] == [])
            let again = try await repair(fixture.store, from: nil)
            #expect(again["sound"] == true && again["reindexed"] == false)
        }
    }
}
