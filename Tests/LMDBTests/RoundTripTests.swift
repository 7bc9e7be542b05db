import Glibc
import LMDB
import Testing

@Suite("Storing and reading back")
struct RoundTripTests {
    @Test("a value is lent as the bytes that were stored")
    func valueIsLent() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            let large = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try environment.write { transaction in
                try transaction.put(bytes("small"), [1, 2, 3] as [UInt8], in: table)
                try transaction.put(bytes("large"), large, in: table)
                try transaction.put(bytes("empty"), [] as [UInt8], in: table)
            }
            try environment.read { transaction in
                try #expect(transaction.get(bytes("small"), in: table) { copy($0) } == [1, 2, 3])
                try #expect(transaction.get(bytes("large"), in: table) { copy($0) } == large)
                try #expect(transaction.get(bytes("empty"), in: table) { $0.byteCount } == 0)
                try #expect(transaction.copyValue(bytes("large"), in: table) == large)
            }
        }
    }

    @Test("an absent key is nil and no error")
    func absentKey() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.read { transaction in
                try #expect(transaction.get(bytes("x"), in: table) { $0.byteCount } == nil)
                try #expect(transaction.copyValue(bytes("x"), in: table) == nil)
                try #expect(!transaction.contains(bytes("x"), in: table))
            }
        }
    }

    @Test("spans, arrays, slices and buffers are all keys and values")
    func kindsOfBytes() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            let long = bytes("a-b-c")
            try environment.write { transaction in
                try transaction.put(long.span.bytes, long.span.bytes, in: table)
                try transaction.put(long[0..<1], long[2...], in: table)
                try transaction.put(ContiguousArray(bytes("c")), ContiguousArray(long), in: table)
                try long.withUnsafeBytes { buffer in
                    try transaction.put(
                        UnsafeRawBufferPointer(rebasing: buffer[2..<3]),
                        UnsafeRawBufferPointer(rebasing: buffer[4...]),
                        in: table
                    )
                }
            }
            try #expect(contents(environment, table) == ["a=b-c", "a-b-c=a-b-c", "b=c", "c=a-b-c"])
        }
    }

    @Test("256 comes after 2 when the greatest byte comes first")
    func numericOrder() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            let numbers: [UInt32] = [256, 2, 65_536, 255, 0, .max, 1]
            try environment.write { transaction in
                for number in numbers {
                    try transaction.put(key(number), bytes("\(number)"), in: table)
                }
            }
            var found: [String] = []
            try environment.read { transaction in
                try transaction.forEach(in: table) { _, value in
                    found.append(text(value))
                    return .continue
                }
            }
            #expect(found == numbers.sorted().map { "\($0)" })
        }
    }

    @Test("a put replaces, an insert does not")
    func replaceAndInsert() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                try transaction.put(bytes("k"), bytes("1"), in: table)
                try transaction.put(bytes("k"), bytes("2"), in: table)
                try #expect(!transaction.insert(bytes("k"), bytes("3"), in: table))
                try #expect(transaction.insert(bytes("l"), bytes("4"), in: table))
                let refused = try code {
                    try transaction.put(bytes("k"), bytes("5"), in: table, options: .noOverwrite)
                }
                #expect(refused == .keyExists)
            }
            try #expect(contents(environment, table) == ["k=2", "l=4"])
        }
    }

    @Test("a delete tells whether there was something")
    func delete() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                try transaction.put(bytes("k"), bytes("1"), in: table)
                try #expect(transaction.delete(bytes("k"), in: table))
                try #expect(!transaction.delete(bytes("k"), in: table))
            }
            try #expect(contents(environment, table) == [])
        }
    }

    @Test("an emptied table is empty and still there")
    func emptyTable() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                for number in 0..<1000 as Range<UInt32> {
                    try transaction.put(key(number), bytes("v"), in: table)
                }
            }
            try environment.write { try $0.empty(table) }
            try #expect(environment.read { try $0.count(table) } == 0)
            try environment.write { try $0.put(bytes("k"), bytes("v"), in: table) }
            try #expect(contents(environment, table) == ["k=v"])
        }
    }

    @Test("appending in order works and out of order is refused")
    func append() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            try environment.write { transaction in
                for number in 0..<500 as Range<UInt32> {
                    try transaction.put(key(number), bytes("v"), in: table, options: .append)
                }
                let refused = try code {
                    try transaction.put(key(3), bytes("v"), in: table, options: .append)
                }
                #expect(refused == .keyExists)
            }
            try #expect(environment.read { try $0.count(table) } == 500)
        }
    }

    @Test("a reserved value is written in place and starts as zeros")
    func reserve() throws {
        try withEnvironment { environment in
            let table = try environment.database(named: "t")
            let size = try environment.write { (transaction) throws(LMDBError) -> Int in
                try transaction.reserve(bytes("k"), byteCount: 9000, in: table) { span in
                    span.withUnsafeMutableBytes { buffer in
                        #expect(buffer.allSatisfy { $0 == 0 })
                        buffer[0] = 7
                        buffer[8999] = 9
                        return buffer.count
                    }
                }
            }
            #expect(size == 9000)
            let stored = try environment.read { try $0.copyValue(bytes("k"), in: table) }
            #expect(stored == [7] + [UInt8](repeating: 0, count: 8998) + [9])
        }
    }

    @Test("tables are apart and keep their data over a reopening")
    func severalTables() throws {
        try withDirectory { path in
            let first = try Environment(path: path, options: small())
            let one = try first.database(named: "one")
            let two = try first.database(named: "two")
            try first.write { transaction in
                try transaction.put(bytes("k"), bytes("1"), in: one)
                try transaction.put(bytes("k"), bytes("2"), in: two)
            }
            try first.close()
            let second = try Environment(path: path, options: small())
            try #expect(contents(second, second.database(named: "one")) == ["k=1"])
            try #expect(contents(second, second.database(named: "two")) == ["k=2"])
            try #expect(contents(second, second.database(named: nil)).count == 2)
            try second.close()
        }
    }
}
