import Glibc
import ReportModel
import ReportStore
import ReportTestKit
import Synchronization
import Testing

@Suite("Backup and restore")
struct BackupTests {
    private func file(_ number: Int) throws -> Filing {
        try Samples.filing(
            "2023/湛江市/麻章区/单位\(number % 7)/整体支出",
            files: ["文件\(number)"],
            people: ["王某"],
            padding: number % 5 == 0 ? 200_000 : 0
        )
    }

    private func open(_ directory: String, creates: Bool = false) throws -> Store {
        try Store.open(
            directory: directory,
            options: Store.Options(nodeName: "复", creates: creates, mapByteCount: 1 << 30)
        )
    }

    @Test(
        "a backup made while the store is written restores to what it held",
        arguments: ["f", "d/"]
    )
    func whileWriting(name: String) async throws {
        try await withStore { store in
            let folder = TemporaryFolder()
            for number in 0..<20 { _ = try await store.append(try file(number)) }
            let writer = Task {
                for number in 20..<60 { _ = try await store.append(try file(number)) }
            }
            let manifest = try store.backup(to: folder.path(name))
            try await writer.value
            #expect(manifest.positions[0].sequence >= 20)
            #expect(manifest.key == nil)
            let outcome = try await StoreRestore.restore(
                folder.path(name),
                to: folder.path("restored"),
                identity: .new,
                options: Store.Options(nodeName: "复", mapByteCount: 1 << 30)
            )
            #expect(outcome.formerLog == manifest.ownLog)
            #expect(outcome.ownLog != manifest.ownLog)
            #expect(outcome.node != store.node)
            let restored = try open(folder.path("restored"))
            defer { restored.close() }
            let log = try await restored.ownLog()
            #expect(log == outcome.ownLog)
            let old = try await restored.logState(manifest.ownLog)
            #expect(old?.position == manifest.positions[0])
            #expect(try restored.verifyNow().isSound)
        }
    }

    @Test("nothing is overwritten, and no partial file stays behind")
    func refused() async throws {
        try await withStore { store in
            let folder = TemporaryFolder()
            _ = try await store.append(try file(1))
            let manifest = try store.backup(to: folder.path("b"))
            await expectFailure(.conflict) { _ = try store.backup(to: folder.path("b")) }
            await expectFailure(.conflict) {
                _ = try store.backupIncrement(to: folder.path("b"), since: .manifest(manifest))
            }
            await expectFailure(.notFound) { _ = try store.backup(to: folder.path("no/b")) }
            let key = NodeKey()
            let outcome = try await StoreRestore.restore(
                folder.path("b"),
                to: folder.path("s"),
                identity: .key(key)
            )
            #expect(outcome.node == key.id && outcome.formerNode == store.node)
            await expectFailure(.conflict) {
                _ = try await StoreRestore.restore(
                    folder.path("b"),
                    to: folder.path("s"),
                    identity: .new
                )
            }
            let names = try #require(opendir(folder.path))
            defer { closedir(names) }
            var count = 0
            while readdir(names) != nil { count += 1 }
            #expect(count == 4)
        }
    }

    @Test("a backup without the node's key makes no store of another node unless that is asked for")
    func keyless() async throws {
        try await withStore { store in
            let folder = TemporaryFolder()
            _ = try await store.append(try file(1))
            _ = try store.backup(to: folder.path("b"))
            let error = await failure {
                _ = try await StoreRestore.restore(folder.path("b"), to: folder.path("s"))
            }
            #expect(error.code == .notFound)
            #expect(error.hint?.contains("--key FILE") == true)
            #expect(error.hint?.contains("--new-key") == true)
            #expect(access(folder.path("s"), F_OK) != 0, "nothing is left behind")
        }
    }

    @Test("a damaged backup or increment is refused and leaves nothing behind")
    func damaged() async throws {
        try await withStore { store in
            let folder = TemporaryFolder()
            _ = try await store.append(try file(1))
            let manifest = try store.backup(to: folder.path("b"))
            for number in 2..<6 { _ = try await store.append(try file(number)) }
            _ = try store.backupIncrement(to: folder.path("i"), since: .manifest(manifest))
            for (name, part) in [("b", 0.3), ("b", 0.9), ("i", 0.1), ("i", 0.5), ("i", 0.999)] {
                var bytes = try TestFile.read(folder.path(name))
                bytes[Int(Double(bytes.count - 1) * part)] ^= 4
                try TestFile.write(bytes, to: folder.path("x"))
                let error = await failure {
                    _ = try await StoreRestore.restore(
                        name == "b" ? folder.path("x") : folder.path("b"),
                        increments: name == "b" ? [] : [folder.path("x")],
                        to: folder.path("s"),
                        identity: .new
                    )
                }
                #expect([.integrity, .unreadable, .unsupported].contains(error.code), "\(error)")
                #expect(access(folder.path("s/data.mdb"), F_OK) != 0)
            }
        }
    }

    @Test("increments bring a restored store to where the old one was")
    func increments() async throws {
        try await withStore { store in
            let folder = TemporaryFolder()
            try await withStore(name: "他") { other in
                for number in 0..<5 { _ = try await other.append(try file(number)) }
                try await replicate(from: other, to: store)
            }
            for number in 10..<20 { _ = try await store.append(try file(number)) }
            var manifest = try store.backup(to: folder.path("b"), includesKey: true)
            #expect(manifest.key != nil)
            #expect(!manifest.publicJSON.canonicalText.contains(HexText.text(manifest.key ?? [0])))
            let arrival = try await store.status().arrival
            for number in 20..<30 { _ = try await store.append(try file(number)) }
            manifest = try store.backupIncrement(to: folder.path("i1"), since: .manifest(manifest))
            for number in 30..<33 { _ = try await store.append(try file(number)) }
            _ = try store.backupIncrement(to: folder.path("i2"), since: .manifest(manifest))
            _ = try store.backupIncrement(to: folder.path("all"), since: .arrival(arrival))
            await expectFailure(.conflict) {
                _ = try await StoreRestore.restore(
                    folder.path("b"),
                    increments: [folder.path("i2")],
                    to: folder.path("wrong")
                )
            }
            let early = await failure {
                _ = try await StoreRestore.restore(folder.path("i1"), to: folder.path("wrong"))
            }
            #expect(early.code == .usage && early.message.hasSuffix("i1 is an increment"))
            let expected = try await answers(store)
            for (name, increments) in [("s1", ["i1", "i2"]), ("s2", ["all"])] {
                let outcome = try await StoreRestore.restore(
                    folder.path("b"),
                    increments: increments.map { folder.path($0) },
                    to: folder.path(name)
                )
                #expect(outcome.addedEntryCount == 13)
                #expect(outcome.node == store.node)
                let restored = try open(folder.path(name))
                let found = try await answers(restored)
                #expect(found == expected)
                restored.close()
            }
        }
    }

    @Test("a restored store pulls the rest of its old log from a peer and goes on in a new one")
    func goesOn() async throws {
        try await withStore { store in
            try await withStore(name: "市") { city in
                let folder = TemporaryFolder()
                for number in 0..<6 { _ = try await store.append(try file(number)) }
                let manifest = try store.backup(to: folder.path("b"), includesKey: true)
                for number in 6..<12 { _ = try await store.append(try file(number)) }
                try await replicate(from: store, to: city)
                let outcome = try await StoreRestore.restore(
                    folder.path("b"),
                    to: folder.path("s"),
                    options: Store.Options(nodeName: "县", mapByteCount: 1 << 30)
                )
                #expect(outcome.node == store.node)
                let restored = try open(folder.path("s"))
                defer { restored.close() }
                try await replicate(manifest.ownLog, from: city, to: restored)
                let held = try await restored.logState(manifest.ownLog)
                #expect(held?.position.sequence == 12)
                let before = try await answers(store)
                let after = try await answers(restored)
                #expect(before == after)
                await expectFailure(.readOnly) { _ = try await restored.append(try file(13)) }
                #expect(try restored.filingHold()?.reason == .restored)
                try await restored.proceedFiling()
                _ = try await restored.append(try file(13))
                try await replicate(outcome.ownLog, from: restored, to: city)
                for checked in [restored, city] {
                    let report = try checked.verifyNow()
                    #expect(report.isSound, "\(report.problems)")
                    let forked = try await checked.logStates().contains { $0.isForked }
                    #expect(!forked)
                }
                let atCity = try await city.logStates().filter { $0.descriptor.node == store.node }
                #expect(atCity.map(\.position.sequence).sorted() == [1, 12])
            }
        }
    }

    @Test("progress is told, ascending, up to the end")
    func progress() async throws {
        try await withStore { store in
            let folder = TemporaryFolder()
            for number in 0..<30 { _ = try await store.append(try file(number)) }
            let seen = Mutex<[(Int, Int)]>([])
            _ = try store.backup(to: folder.path("b")) { done, total in
                seen.withLock { $0.append((done, total)) }
            }
            let steps = seen.withLock { $0 }
            #expect(steps.count > 1)
            #expect(steps.last.map { $0.0 == $0.1 } == true)
            #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.0 <= $1.0 })
        }
    }
}
