import Glibc
import LMDB
import Synchronization
import Testing

@Suite("Several threads")
struct ConcurrencyTests {
    @Test("a reader keeps its snapshot while a writer commits")
    func snapshotIsolation() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { try $0.put(bytes("k"), bytes("old"), in: table) }
            try environment.read { transaction in
                let writer = SystemThread {
                    try environment.write { try $0.put(bytes("k"), bytes("new"), in: table) }
                }
                try writer.join()
                try #expect(transaction.copyValue(bytes("k"), in: table) == bytes("old"))
                // A read that begins now sees the commit.
                let inner = try environment.read { try $0.copyValue(bytes("k"), in: table) }
                #expect(inner == bytes("new"))
            }
            try #expect(contents(environment, table) == ["k=new"])
        }
    }

    @Test("a write reads its own changes, a read beside it does not")
    func ownChanges() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                try transaction.put(bytes("k"), bytes("v"), in: table)
                try #expect(transaction.contains(bytes("k"), in: table))
                let beside = try environment.read { try $0.contains(bytes("k"), in: table) }
                #expect(!beside)
            }
        }
    }

    @Test("writes of several threads come one after the other and none is lost")
    func writersSerialise() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            let inside = Atomic<Int>(0)
            let threads = (0..<4).map { _ in
                SystemThread {
                    for _ in 0..<50 {
                        try environment.write { transaction in
                            #expect(inside.add(1, ordering: .relaxed).newValue == 1)
                            let old = try transaction.copyValue(bytes("n"), in: table) ?? [0, 0]
                            let sum = Int(old[0]) << 8 + Int(old[1]) + 1
                            try transaction.put(
                                bytes("n"),
                                [UInt8(sum >> 8), UInt8(sum & 0xFF)],
                                in: table
                            )
                            inside.subtract(1, ordering: .relaxed)
                        }
                    }
                }
            }
            for thread in threads { try thread.join() }
            let sum = try environment.read { try $0.copyValue(bytes("n"), in: table) }
            #expect(sum == [0, 200])
        }
    }

    @Test("readers beside a writer always see a whole commit")
    func readersBesideWriter() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                for name in ["a", "b"] { try transaction.put(bytes(name), key(0), in: table) }
            }
            let isDone = Atomic<Bool>(false)
            let readCount = Atomic<Int>(0)
            let readers = (0..<4).map { _ in
                SystemThread {
                    while !isDone.load(ordering: .relaxed) {
                        try environment.read { transaction in
                            let one = try transaction.copyValue(bytes("a"), in: table)
                            let other = try transaction.copyValue(bytes("b"), in: table)
                            #expect(one == other)
                        }
                        readCount.add(1, ordering: .relaxed)
                    }
                }
            }
            for number in 1...200 as ClosedRange<UInt32> {
                try environment.write { transaction in
                    try transaction.put(bytes("a"), key(number), in: table)
                    try transaction.put(bytes("b"), key(number), in: table)
                }
            }
            isDone.store(true, ordering: .relaxed)
            for reader in readers { try reader.join() }
            #expect(readCount.load(ordering: .relaxed) > 0)
            // Reset transactions are kept for reuse, so the slots are bounded by the threads.
            try #expect(environment.readerList.count <= 6)
        }
    }

    @Test("more readers than slots is a typed error, and the slots come back")
    func readersFull() throws {
        try withDirectory { path in
            var options = small()
            options.maximumReaderCount = 2
            let environment = try Environment(path: path, options: options)
            let table = try environment.database(named: "t")
            try environment.read { _ in
                try environment.read { _ in
                    try #expect(code { try environment.read { _ in } } == .readersFull)
                }
            }
            try #expect(contents(environment, table) == [])
            try environment.close(waitingAtMost: .zero)
        }
    }

    @Test("a close waits for a reader, and gives up when the wait is too long")
    func closeDrains() throws {
        try withDirectory { path in
            let environment = try Environment(path: path, options: small())
            let table = try environment.database(named: "t")
            let began = Rendezvous()
            let mayEnd = Rendezvous()
            let reader = SystemThread {
                try environment.read { transaction in
                    began.signal()
                    mayEnd.wait()
                    try #expect(transaction.count(table) == 0)
                }
            }
            began.wait()
            try #expect(code { try environment.close(waitingAtMost: .zero) } == .transactionsLive)
            // Giving up left it open.
            try environment.write { try $0.put(bytes("k"), bytes("v"), in: table) }
            mayEnd.signal()
            try environment.close()
            try reader.join()
            #expect(environment.isClosed)
        }
    }

    @Test("a body that throws changes nothing, and its error comes out as it is")
    func abortOnThrow() throws {
        struct Refused: Error, Equatable {}
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            #expect(throws: Refused()) {
                try environment.write { transaction in
                    try transaction.put(bytes("k"), bytes("v"), in: table)
                    throw Refused()
                }
            }
            try #expect(contents(environment, table) == [])
        }
    }

    @Test("nested changes are kept or undone by themselves")
    func nestedTransactions() throws {
        struct Refused: Error {}
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                try transaction.put(bytes("a"), bytes("1"), in: table)
                try transaction.nested { try $0.put(bytes("b"), bytes("2"), in: table) }
                do {
                    try transaction.nested { child in
                        try child.put(bytes("a"), bytes("x"), in: table)
                        try child.nested { try $0.put(bytes("c"), bytes("3"), in: table) }
                        throw Refused()
                    }
                } catch is Refused {
                    try transaction.put(bytes("d"), bytes("4"), in: table)
                }
            }
            try #expect(contents(environment, table) == ["a=1", "b=2", "d=4"])
        }
    }

    @Test("a body that throws a wrapping type keeps its type all the way")
    func typedErrors() throws {
        enum StoreFailure: Error, Equatable, LMDBErrorWrapping {
            case storage(LMDBError.Code)
            case odd

            init(_ error: LMDBError) { self = .storage(error.code) }
        }
        func find(_ key: [UInt8], _ environment: Environment, _ table: Database)
            throws(StoreFailure) -> Int?
        {
            try environment.read { (transaction) throws(StoreFailure) in
                try transaction.get(key, in: table) { (value) throws(StoreFailure) in
                    guard value.byteCount.isMultiple(of: 2) else { throw .odd }
                    return value.byteCount
                }
            }
        }
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                try transaction.put(bytes("two"), bytes("12"), in: table)
                try transaction.put(bytes("three"), bytes("123"), in: table)
            }
            try #expect(find(bytes("two"), environment, table) == 2)
            try #expect(find(bytes("none"), environment, table) == nil)
            #expect(throws: StoreFailure.odd) { try find(bytes("three"), environment, table) }
            #expect(throws: StoreFailure.storage(.badKeySize)) { try find([], environment, table) }
        }
    }

    @Test("an error says what happened, where, and whether trying again may help")
    func errorTexts() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            let secret = bytes("secret key") + [UInt8](repeating: 0x61, count: 600)
            do {
                try environment.write { try $0.put(secret, secret, in: table) }
                Issue.record("a key of 610 bytes was taken")
            } catch let error as LMDBError {
                #expect(
                    error.description == "a key must have 1 to 511 bytes (mdb_put, code -31005)"
                )
                #expect(!error.isRetrySafe)
                #expect(error.rawCode == -31_005)
            }
        }
    }
}
