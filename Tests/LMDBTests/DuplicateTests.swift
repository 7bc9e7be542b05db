import LMDB
import Testing

@Suite("Tables with sorted sets")
struct DuplicateTests {
    private let sorted = Database.Options(duplicateSorted: true)

    /// An environment with a = {1, 2, 3}, b = {5}, c = {1, 9}.
    private func withSets(_ body: (Environment, Database) throws -> Void) throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t", options: sorted)
            try environment.write { transaction in
                for pair in ["a3", "a1", "a2", "b5", "c9", "c1"] {
                    try transaction.put(
                        bytes(String(pair.prefix(1))),
                        bytes(String(pair.suffix(1))),
                        in: table
                    )
                }
            }
            try body(environment, table)
        }
    }

    @Test("values are sorted, and the same value is kept once")
    func sortedOnce() throws {
        try withSets { environment, table in
            try environment.write { transaction in
                try transaction.put(bytes("a"), bytes("2"), in: table)
                let refused = try code {
                    try transaction.put(bytes("a"), bytes("2"), in: table, options: .noDuplicate)
                }
                #expect(refused == .keyExists)
            }
            let expected = ["a=1", "a=2", "a=3", "b=5", "c=1", "c=9"]
            try #expect(contents(environment, table) == expected)
        }
    }

    @Test("moves inside a set stay inside it")
    func movesInside() throws {
        try withSets { environment, table in
            try environment.read { transaction in
                try transaction.withCursor(on: table) { cursor in
                    try #expect(!cursor.nextDuplicate())
                    try #expect(cursor.first())
                    try #expect(cursor.countDuplicates() == 3)
                    try #expect(cursor.nextDuplicate())
                    try #expect(cursor.withEntry { text($0) + text($1) } == "a2")
                    try #expect(cursor.lastDuplicate())
                    try #expect(cursor.withEntry { text($0) + text($1) } == "a3")
                    try #expect(!cursor.nextDuplicate())
                    try #expect(cursor.withEntry { text($0) + text($1) } == "a3")
                    try #expect(cursor.previousDuplicate())
                    try #expect(cursor.withEntry { text($0) + text($1) } == "a2")
                    try #expect(cursor.firstDuplicate())
                    try #expect(!cursor.previousDuplicate())
                    try #expect(cursor.withEntry { text($0) + text($1) } == "a1")
                    try #expect(cursor.nextKey())
                    try #expect(cursor.withEntry { text($0) + text($1) } == "b5")
                    try #expect(cursor.countDuplicates() == 1)
                    try #expect(cursor.lastDuplicate())
                    try #expect(cursor.withEntry { text($0) + text($1) } == "b5")
                    try #expect(cursor.nextKey())
                    try #expect(cursor.previousKey())
                    try #expect(cursor.previousKey())
                    try #expect(cursor.withEntry { text($0) + text($1) } == "a3")
                }
            }
        }
    }

    @Test("pairs are searched exactly and from below")
    func searches() throws {
        try withSets { environment, table in
            try environment.read { transaction in
                try transaction.withCursor(on: table) { cursor in
                    try #expect(cursor.seek(bytes("c"), valueAtLeast: bytes("2")))
                    try #expect(cursor.withEntry { text($0) + text($1) } == "c9")
                    try #expect(cursor.seek(bytes("a"), valueExactly: bytes("2")))
                    try #expect(cursor.withEntry { text($0) + text($1) } == "a2")
                    try #expect(!cursor.seek(bytes("a"), valueExactly: bytes("7")))
                    try #expect(!cursor.seek(bytes("a"), valueAtLeast: bytes("4")))
                    try #expect(!cursor.seek(bytes("x"), valueAtLeast: bytes("1")))
                }
            }
        }
    }

    @Test("one value, or a whole set, is deleted")
    func deletes() throws {
        try withSets { environment, table in
            try environment.write { transaction in
                try #expect(transaction.delete(bytes("a"), bytes("2"), in: table))
                try #expect(!transaction.delete(bytes("a"), bytes("2"), in: table))
                try #expect(transaction.delete(bytes("c"), in: table))
            }
            try #expect(contents(environment, table) == ["a=1", "a=3", "b=5"])
            try environment.write { transaction in
                try transaction.withCursor(on: table) { cursor in
                    try cursor.first()
                    try #expect(cursor.deleteCurrent(allDuplicates: true))
                    try #expect(cursor.next())
                    try #expect(cursor.copyKey() == bytes("b"))
                }
            }
            try #expect(contents(environment, table) == ["b=5"])
        }
    }

    @Test("values of one size are kept, and every other size is refused")
    func fixedSize() throws {
        try withEnvironment { environment in
            let options = Database.Options(duplicateSorted: true, fixedSizeDuplicates: 4)
            let table = try environment.database(named: "t", options: options)
            try environment.write { transaction in
                for number in (0..<2000 as Range<UInt32>).reversed() {
                    try transaction.put(bytes("k"), key(number), in: table)
                }
                for wrong in [[], [1], [1, 2, 3, 4, 5]] as [[UInt8]] {
                    try #expect(
                        code { try transaction.put(bytes("k"), wrong, in: table) }
                            == .badValueSize
                    )
                }
            }
            try environment.read { transaction in
                var expected: UInt32 = 0
                try transaction.forEach(in: table) { _, value in
                    #expect(copy(value) == key(expected))
                    expected += 1
                    return .continue
                }
                #expect(expected == 2000)
            }
        }
    }

    @Test("operations on sets are refused by a plain table, and plain ones by sets")
    func wrongKind() throws {
        try withSets { environment, sets in
            let plain = try environment.database(named: "plain")
            try environment.write { transaction in
                try transaction.put(bytes("a"), bytes("1"), in: plain)
                try #expect(
                    code { try transaction.delete(bytes("a"), bytes("2"), in: plain) }
                        == .incompatible
                )
                try #expect(
                    code {
                        try transaction.put(
                            bytes("a"),
                            bytes("2"),
                            in: plain,
                            options: .noDuplicate
                        )
                    } == .incompatible
                )
                try #expect(
                    code {
                        try transaction.reserve(bytes("a"), byteCount: 1, in: sets) { _ in }
                    } == .incompatible
                )
                try transaction.withCursor(on: plain) { cursor in
                    try cursor.first()
                    try #expect(code { try cursor.nextDuplicate() } == .incompatible)
                    try #expect(code { _ = try cursor.countDuplicates() } == .incompatible)
                    try #expect(
                        code { try cursor.deleteCurrent(allDuplicates: true) } == .incompatible
                    )
                }
                try transaction.withCursor(on: sets) { cursor in
                    try cursor.first()
                    try #expect(code { try cursor.replaceCurrent(bytes("1")) } == .incompatible)
                }
            }
            try #expect(contents(environment, plain) == ["a=1"])
        }
    }

    @Test("values of a set have 1 to 511 bytes", arguments: [0, 512])
    func valueSizes(_ size: Int) throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t", options: sorted)
            try environment.write { transaction in
                let value = [UInt8](repeating: 1, count: size)
                try #expect(
                    code { try transaction.put(bytes("k"), value, in: table) } == .badValueSize
                )
            }
        }
    }
}
