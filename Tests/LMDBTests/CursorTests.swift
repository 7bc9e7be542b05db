import LMDB
import Testing

@Suite("Cursors")
struct CursorTests {
    /// An environment with a = 1, c = 2, e = 3.
    private func withTable(_ body: (Environment, Database) throws -> Void) throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                for (key, value) in [("a", "1"), ("c", "2"), ("e", "3")] {
                    try transaction.put(bytes(key), bytes(value), in: table)
                }
            }
            try body(environment, table)
        }
    }

    @Test("moves go where they say and tell when there is nothing")
    func moves() throws {
        try withTable { environment, table in
            try environment.read { transaction in
                try transaction.withCursor(on: table) { cursor in
                    try #expect(cursor.copyKey() == nil)
                    try #expect(cursor.next())
                    try #expect(cursor.copyKey() == bytes("a"))
                    try #expect(!cursor.previous())
                    try #expect(cursor.copyKey() == nil)
                    try #expect(!cursor.previous())
                    try #expect(cursor.next())
                    try #expect(cursor.copyKey() == bytes("a"))
                    try #expect(cursor.last())
                    try #expect(cursor.copyValue() == bytes("3"))
                    try #expect(!cursor.next())
                    try #expect(!cursor.next())
                    try #expect(cursor.previous())
                    try #expect(cursor.copyKey() == bytes("e"))
                    try #expect(cursor.previous())
                    try #expect(cursor.copyKey() == bytes("c"))
                }
            }
        }
    }

    @Test("searches find the key, the one after it, or nothing")
    func searches() throws {
        try withTable { environment, table in
            try environment.read { transaction in
                try transaction.withCursor(on: table) { cursor in
                    try #expect(cursor.seek(exactly: bytes("c")))
                    try #expect(cursor.withEntry { key, value in text(key) + text(value) } == "c2")
                    try #expect(cursor.seek(atLeast: bytes("b")))
                    try #expect(cursor.copyKey() == bytes("c"))
                    try #expect(cursor.seek(atLeast: [] as [UInt8]))
                    try #expect(cursor.copyKey() == bytes("a"))
                    try #expect(!cursor.seek(atLeast: bytes("f")))
                    try #expect(cursor.copyKey() == nil)
                    try #expect(cursor.previous())
                    try #expect(cursor.copyKey() == bytes("e"))
                    try #expect(!cursor.seek(exactly: bytes("b")))
                    try #expect(cursor.withEntry { _, _ in 1 } == nil)
                    try #expect(code { try cursor.next() } == .noPosition)
                }
            }
        }
    }

    @Test("an empty table has no place to go to")
    func emptyTable() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.read { transaction in
                try transaction.withCursor(on: table) { cursor in
                    try #expect(!cursor.first())
                    try #expect(!cursor.last())
                    try #expect(!cursor.next())
                    try #expect(!cursor.previous())
                    try #expect(!cursor.seek(atLeast: bytes("a")))
                    try #expect(cursor.copyValue() == nil)
                }
            }
        }
    }

    @Test("a cursor stores, replaces with any size, and reads what it stored")
    func updates() throws {
        try withTable { environment, table in
            try environment.write { transaction in
                try transaction.withCursor(on: table) { cursor in
                    try cursor.put(bytes("b"), bytes("new"))
                    try #expect(cursor.copyKey() == bytes("b"))
                    try #expect(cursor.next())
                    try #expect(cursor.replaceCurrent(bytes("longer than before")))
                    try #expect(cursor.copyValue() == bytes("longer than before"))
                    try #expect(cursor.copyKey() == bytes("c"))
                    let large = [UInt8](repeating: 0x78, count: 20_000)
                    try #expect(cursor.replaceCurrent(large))
                    try #expect(cursor.copyValue() == large)
                    try #expect(cursor.replaceCurrent([] as [UInt8]))
                    let refused = try code {
                        try cursor.put(bytes("a"), bytes("x"), options: .noOverwrite)
                    }
                    #expect(refused == .keyExists)
                }
            }
            try #expect(contents(environment, table) == ["a=1", "b=new", "c=", "e=3"])
        }
    }

    @Test("after a delete the cursor stands between the neighbours")
    func deleteAndGoOn() throws {
        try withTable { environment, table in
            try environment.write { transaction in
                try transaction.withCursor(on: table) { cursor in
                    try cursor.seek(exactly: bytes("c"))
                    try #expect(cursor.deleteCurrent())
                    try #expect(cursor.copyKey() == nil)
                    try #expect(!cursor.deleteCurrent())
                    try #expect(cursor.next())
                    try #expect(cursor.copyKey() == bytes("e"))
                    try #expect(cursor.deleteCurrent())
                    try #expect(!cursor.next())
                    try #expect(cursor.previous())
                    try #expect(cursor.copyKey() == bytes("a"))
                    try cursor.put(bytes("b"), bytes("x"))
                    try #expect(cursor.deleteCurrent())
                    try #expect(cursor.previous())
                    try #expect(cursor.copyKey() == bytes("a"))
                    try #expect(cursor.deleteCurrent())
                    try #expect(!cursor.next())
                    try #expect(!cursor.first())
                    try #expect(!cursor.deleteCurrent())
                }
            }
            try #expect(contents(environment, table) == [])
        }
    }

    @Test("a loop of next and delete empties a table of many pages")
    func deleteLoop() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                for number in 0..<3000 as Range<UInt32> {
                    try transaction.put(key(number), [UInt8](repeating: 1, count: 100), in: table)
                }
            }
            let deleted = try environment.write { transaction in
                try transaction.withCursor(on: table) { cursor in
                    var count = 0
                    while try cursor.next() {
                        if try cursor.deleteCurrent() { count += 1 }
                    }
                    return count
                }
            }
            #expect(deleted == 3000)
            try #expect(environment.read { try $0.count(table) } == 0)
        }
    }

    @Test("a loop of next and delete empties sorted sets, too", arguments: [1, 3, 400])
    func deleteLoopOfSets(_ valueCount: UInt32) throws {
        try withEnvironment { environment in
            let options = Database.Options(duplicateSorted: true)
            let table = try environment.database(named: "t", options: options)
            try environment.write { transaction in
                for number in 0..<20 * valueCount {
                    try transaction.put(key(number % 20), key(number), in: table)
                }
                try #expect(transaction.count(table) == Int(20 * valueCount))
                try transaction.withCursor(on: table) { cursor in
                    var count: UInt32 = 0
                    while try cursor.next() {
                        try cursor.deleteCurrent()
                        count += 1
                    }
                    #expect(count == 20 * valueCount)
                }
                try #expect(transaction.count(table) == 0)
            }
        }
    }

    @Test("a cursor sees what its transaction changes beside it")
    func changesBesideIt() throws {
        try withTable { environment, table in
            try environment.write { transaction in
                try transaction.withCursor(on: table) { cursor in
                    try cursor.seek(exactly: bytes("c"))
                    try transaction.put(bytes("c"), bytes("changed"), in: table)
                    try #expect(cursor.copyValue() == bytes("changed"))
                    try transaction.nested { child in
                        try child.put(bytes("c"), bytes("again"), in: table)
                    }
                    try #expect(cursor.copyValue() == bytes("again"))
                    try transaction.delete(bytes("e"), in: table)
                    try #expect(!cursor.next())
                }
            }
        }
    }
}
