import Glibc
import LMDB
import Synchronization
import Testing

@Suite("Map size and hot copies")
struct MapAndCopyTests {
    @Test("a full map is a typed error, and growing it helps")
    func fullThenGrow() throws {
        try withEnvironment(mapByteCount: 256 << 10) { environment in
            let table = try environment.database(named: "t")
            let large = [UInt8](repeating: 7, count: 1 << 20)
            do {
                try environment.write { try $0.put(bytes("k"), large, in: table) }
                Issue.record("a mebibyte went into a quarter of one")
            } catch let error as LMDBError {
                #expect(error.code == .mapFull)
                #expect(error.isRetrySafe)
            }
            try #expect(contents(environment, table) == [])
            try environment.grow(to: 4 << 20)
            try #expect(environment.information.mapByteCount == 4 << 20)
            try environment.write { try $0.put(bytes("k"), large, in: table) }
            let stored = try environment.read { try $0.get(bytes("k"), in: table) { $0.byteCount } }
            #expect(stored == 1 << 20)
            // A smaller size changes nothing.
            try environment.grow(to: 4096)
            try #expect(environment.information.mapByteCount == 4 << 20)
        }
    }

    @Test("growing waits for readers and holds new ones back")
    func growWaits() throws {
        try withEnvironment(mapByteCount: 1 << 20) { environment in
            let table = try environment.database(named: "t")
            try environment.write { try $0.put(bytes("k"), bytes("v"), in: table) }
            let began = Rendezvous()
            let mayEnd = Rendezvous()
            let reader = SystemThread {
                try environment.read { transaction in
                    try transaction.get(bytes("k"), in: table) { value in
                        began.signal()
                        mayEnd.wait()
                        #expect(copy(value) == bytes("v"))
                    }
                    // A thread inside a transaction is let in even while the growth waits.
                    try environment.read { try #expect($0.count(table) == 1) }
                }
            }
            began.wait()
            let refused = try code { try environment.grow(to: 8 << 20, waitingAtMost: .zero) }
            #expect(refused == .transactionsLive)
            let growing = SystemThread { try environment.grow(to: 8 << 20) }
            mayEnd.signal()
            try reader.join()
            try growing.join()
            try #expect(environment.information.mapByteCount == 8 << 20)
            try #expect(contents(environment, table) == ["k=v"])
        }
    }

    @Test("a size that no address space has is refused, and the old map stays")
    func impossibleSize() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { try $0.put(bytes("k"), bytes("v"), in: table) }
            for size in [0, -1, Int.max, (1 << 46) + 1] {
                try #expect(code { try environment.grow(to: size) } == .invalidOption)
            }
            try #expect(contents(environment, table) == ["k=v"])
        }
    }

    @Test("readers go on while the map grows again and again")
    func growUnderReaders() throws {
        try withEnvironment(mapByteCount: 1 << 20) { environment in
            let table = try environment.database(named: "t")
            try environment.write { try $0.put(bytes("k"), bytes("v"), in: table) }
            let isDone = Atomic<Bool>(false)
            let readers = (0..<3).map { _ in
                SystemThread {
                    while !isDone.load(ordering: .relaxed) {
                        let found = try environment.read {
                            try $0.copyValue(bytes("k"), in: table)
                        }
                        #expect(found == bytes("v"))
                    }
                }
            }
            for step in 2...40 { try environment.grow(to: step << 20) }
            isDone.store(true, ordering: .relaxed)
            for reader in readers { try reader.join() }
            try #expect(environment.information.mapByteCount == 40 << 20)
        }
    }

    @Test("a copy taken while a writer goes on is one snapshot", arguments: [false, true])
    func hotCopy(_ compacting: Bool) throws {
        try withDirectory { path in
            try #require(mkdir(path + "/a", 0o700) == 0 && mkdir(path + "/b", 0o700) == 0)
            let environment = try Environment(path: path + "/a", options: small())
            let table = try environment.database(named: "t")
            let value = [UInt8](repeating: 1, count: 200)
            try environment.write { transaction in
                for number in 0..<2000 as Range<UInt32> {
                    try transaction.put(key(number), value, in: table)
                }
            }
            let isDone = Atomic<Bool>(false)
            let began = Rendezvous()
            let writer = SystemThread {
                var number: UInt32 = 0
                while !isDone.load(ordering: .relaxed) {
                    // Two entries in one commit: a snapshot holds both or none.
                    try environment.write { transaction in
                        try transaction.put(key(10_000 + number), value, in: table)
                        try transaction.put(key(20_000 + number), value, in: table)
                    }
                    number = (number + 1) % 5000
                    if number == 1 { began.signal() }
                }
            }
            began.wait()
            try environment.copy(to: path + "/b", compacting: compacting)
            isDone.store(true, ordering: .relaxed)
            try writer.join()
            var status = stat()
            #expect(stat(path + "/b/data.mdb", &status) == 0 && status.st_mode & 0o777 == 0o600)
            let copied = try Environment(path: path + "/b", options: small())
            let copiedTable = try copied.database(
                named: "t",
                options: Database.Options(creates: false)
            )
            try copied.read { transaction in
                let low = try transaction.forEach(in: copiedTable, to: .excluding(key(2000))) {
                    _,
                    stored in
                    #expect(copy(stored) == value)
                    return .continue
                }
                #expect(low == 2000)
                let rest = try transaction.count(copiedTable) - low
                #expect(rest >= 2 && rest.isMultiple(of: 2))
            }
            try copied.close()
            try environment.close(waitingAtMost: .zero)
        }
    }

    @Test("a copy never replaces a file and leaves none behind when it fails")
    func failingCopy() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { try $0.put(bytes("k"), bytes("v"), in: table) }
            try #expect(code { try environment.copy(to: environment.path) } == .fileExists)
            let absent = environment.path + "/absent"
            try #expect(code { try environment.copy(to: absent) } == .noSuchFile)
            try #require(mkdir(environment.path + "/b", 0o700) == 0)
            try environment.write { _ in
                let refused = try code { try environment.copy(to: environment.path + "/b") }
                #expect(refused == .transactionsLive)
            }
            #expect(access(environment.path + "/b/data.mdb", F_OK) != 0)
            // A descriptor that cannot be written.
            let null = open("/dev/null", O_RDONLY)
            defer { close(null) }
            let refused = try code { try environment.copy(toFileDescriptor: null) }
            #expect(refused == LMDBError.Code.badFileDescriptor)
            try environment.copy(to: environment.path + "/b")
            #expect(access(environment.path + "/b/data.mdb", F_OK) == 0)
        }
    }

    @Test("a sync reaches the disk with every durability", arguments: [0, 1, 2])
    func durabilities(_ index: Int) throws {
        let kinds: [Environment.Durability] = [.full, .unsafeNoMetaSync, .unsafeNoSync]
        try withDirectory { path in
            var options = small()
            options.durability = kinds[index]
            options.readAhead = false
            let environment = try Environment(path: path, options: options)
            let table = try environment.database(named: "t")
            try environment.write { try $0.put(bytes("k"), bytes("v"), in: table) }
            try environment.sync(force: true)
            try environment.sync(force: false)
            try #expect(contents(environment, table) == ["k=v"])
            try environment.close()
        }
    }
}
