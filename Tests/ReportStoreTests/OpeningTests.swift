import Glibc
import LMDB
import ReportModel
import ReportStore
import ReportTestKit
import Testing

// The other process is the child in which an exit test runs its body.
@Suite("Opening a store")
struct OpeningTests {
    @Test("a store that is not there is told, and made only when that is asked for")
    func missing() async throws {
        let folder = TemporaryFolder()
        let path = folder.path("a/b/store")
        let options = Store.Options(creates: false)
        await expectFailure(.notFound) { _ = try Store.open(directory: path, options: options) }
        await expectFailure(.notFound) { _ = try Store.openReadOnly(directory: path) }
        let store = try Store.open(directory: path)
        store.close()
        var status = stat()
        for (name, mode) in [
            ("", 0o700), ("/node.key", 0o600), ("/data.mdb", 0o600), ("/lock.mdb", 0o600),
            ("/writer.lock", 0o600),
        ] as [(String, UInt32)] {
            #expect(stat(path + name, &status) == 0)
            #expect(status.st_mode & 0o777 == mode, "\(name)")
        }
    }

    @Test(
        "another process cannot write meanwhile, and is told who does; it can read what is committed"
    )
    func otherProcess() async throws {
        let folder = TemporaryFolder()
        let path = folder.path("store")
        let options = Store.Options(holder: "127.0.0.1:7323", mapByteCount: 1 << 28)
        let store = try Store.open(directory: path, options: options)
        _ = try await store.append(try Samples.filing(files: ["甲"]))
        await #expect(processExitsWith: .exitCode(42)) { [path = path as String] in
            let refused = await failure { _ = try Store.open(directory: path) }
            guard refused.code == .conflict, refused.details["holder"] == "127.0.0.1:7323" else {
                _exit(1)
            }
            let reader = try Store.openReadOnly(directory: path)
            guard try reader.number(Samples.key) == 1 else { _exit(2) }
            let append = await failure {
                _ = try await reader.append(try Samples.filing(files: ["乙"]))
            }
            guard append.code == .readOnly, reader.nodeKey == nil, try reader.verifyNow().isSound
            else { _exit(3) }
            reader.close()
            _exit(42)
        }
        store.close()
    }

    @Test("a reader in another process sees later commits")
    func laterCommits() async throws {
        let folder = TemporaryFolder()
        let path = folder.path("store")
        try Store.open(directory: path, options: Store.Options(mapByteCount: 1 << 28)).close()
        let reader = try Store.openReadOnly(directory: path)
        #expect(try await reader.status().versionCount == 0)
        await #expect(processExitsWith: .success) { [path = path as String] in
            let store = try Store.open(directory: path)
            _ = try await store.append(try Samples.filing())
            store.close()
        }
        #expect(try reader.number(Samples.key) == 1)
        reader.close()
    }

    @Test("a second opening in one process is a clear error")
    func twice() async throws {
        try await withFixture { fixture in
            let path = fixture.directory
            let writing = await failure { _ = try Store.open(directory: path) }
            #expect(writing.code == .conflict)
            let reading = await failure { _ = try Store.openReadOnly(directory: path) }
            #expect(reading.code == .conflict)
            #expect(reading.message.contains("this process"))
        }
    }

    @Test("a process that was killed leaves what was acknowledged, and no lock")
    func killed() async throws {
        let folder = TemporaryFolder()
        let path = folder.path("store")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let store = try Store.open(
                directory: path,
                options: Store.Options(mapByteCount: 1 << 28)
            )
            for number in 0..<5 {
                _ = try await store.append(try Samples.filing(files: ["\(number)"]))
            }
            kill(getpid(), SIGKILL)
        }
        let store = try Store.open(directory: path)
        #expect(try store.number(Samples.key) == 5)
        #expect(try store.verifyNow().problems == [])
        store.close()
    }

    @Test("reopening keeps the log; another machine, or another key, begins a new one")
    func newLog() async throws {
        try await withFixture { fixture in
            let first = try await fixture.store.ownLog()
            let node = fixture.store.node
            _ = try await fixture.store.append(try Samples.filing(files: ["甲"]))
            try fixture.reopen()
            #expect(try await fixture.store.ownLog() == first)
            try edit(fixture, "meta") { transaction, table in
                try transaction.put(
                    Array("machine".utf8),
                    [UInt8](repeating: 1, count: 32),
                    in: table
                )
            }
            let second = try await fixture.store.ownLog()
            #expect(second != first)
            #expect(fixture.store.node == node)
            #expect(
                try await fixture.store.append(try Samples.filing(files: ["乙"])).version.log
                    == second
            )
            try fixture.reopen()
            #expect(try await fixture.store.ownLog() == second)
            try fixture.reopen { _ = unlink(fixture.directory + "/node.key") }
            #expect(fixture.store.node != node)
            #expect(try await fixture.store.logStates().count == 3)
            #expect(try fixture.store.number(Samples.key) == 2)
        }
    }

    @Test(
        "a key that is put back holds filing up when somebody has signed for what it wrote, and only then",
        arguments: [true, false]
    )
    func keyPutBack(isSigned: Bool) async throws {
        try await withFixture { fixture in
            let (path, aside) = (fixture.directory + "/node.key", fixture.directory + ".key")
            defer { unlink(aside) }
            let node = fixture.store.node
            _ = try await fixture.store.append(try Samples.filing())
            let log = try await fixture.store.ownLog()
            if isSigned {
                let hash = try #require(try await fixture.store.entryHash(log: log, sequence: 1))
                let signed = Acknowledgement(
                    position: LogPosition(log: log, sequence: 1, hash: hash),
                    receivedAt: Timestamp(milliseconds: 5),
                    key: NodeKey()
                )
                try await fixture.store.keep(signed)
            }
            // Lost, the node goes on as another one, whose log nobody holds more of.
            try fixture.reopen { #expect(rename(path, aside) == 0) }
            #expect(fixture.store.node != node)
            #expect(try fixture.store.filingHold() == nil)
            let other = try Samples.filing(files: ["乙"])
            _ = try await fixture.store.append(other)
            // Found again: under it more may have been filed elsewhere meanwhile.
            try fixture.reopen { #expect(rename(aside, path) == 0) }
            #expect(fixture.store.node == node)
            #expect(try await fixture.store.ownLog() != log)
            #expect(try fixture.store.filingHold()?.reason == (isSigned ? .copied : nil))
            let filing = try Samples.filing(files: ["丙"])
            if isSigned {
                await expectFailure(.readOnly) { _ = try await fixture.store.append(filing) }
                try await fixture.store.proceedFiling()
            }
            #expect(try await fixture.store.append(filing).version.number == 3)
        }
    }

    @Test(
        "what root makes in the store of another user belongs to that user afterwards",
        .enabled(if: getuid() == 0)
    )
    func handedOver() async throws {
        let folder = TemporaryFolder()
        let path = folder.path("store")
        try Store.open(directory: path, options: Store.Options(mapByteCount: 1 << 28)).close()
        func owners() -> Set<UInt32> {
            var found: Set<UInt32> = []
            for name in ["", "/data.mdb", "/node.key", "/writer.lock", "/search/data.mdb"] {
                var status = stat()
                #expect(stat(path + name, &status) == 0, "\(name)")
                found.insert(status.st_uid)
            }
            return found
        }
        chown(path, 65534, 65534)
        let store = try Store.open(directory: path, options: Store.Options(mapByteCount: 1 << 28))
        _ = try await store.append(try Samples.filing())
        try await SearchIndexer(store).rebuild { _, _ in }
        store.close()
        #expect(owners() == [65534])
    }

    @Test("a key that others may read, or that is none, is refused")
    func badKey() async throws {
        let fixture = try StoreFixture()
        fixture.close()
        let path = fixture.directory + "/node.key"
        chmod(path, 0o640)
        await expectFailure(.notAllowed) { try fixture.reopen() }
        chmod(path, 0o600)
        truncate(path, 20)
        await expectFailure(.integrity) { try fixture.reopen() }
    }

    @Test("a store of a newer format is refused and not touched")
    func newerFormat() async throws {
        let fixture = try StoreFixture()
        fixture.close()
        try {
            let environment = try Environment(path: fixture.directory)
            let table = try environment.database(named: "meta")
            let keys = try environment.database(named: "keys")
            try environment.write { (transaction: borrowing WriteTransaction) throws in
                try transaction.put(Array("format".utf8), [0, 0, 0, 3], in: table)
            }
            _ = keys
            try environment.close()
        }()
        unlink(fixture.directory + "/node.key")
        await expectFailure(.unsupported) { try fixture.reopen() }
        await expectFailure(.unsupported) {
            _ = try Store.openReadOnly(directory: fixture.directory)
        }
        #expect(access(fixture.directory + "/node.key", F_OK) != 0)
    }
}
