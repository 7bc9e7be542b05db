import LMDB
import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

/// Changes tables of a closed store behind its back.
func edit(
    _ fixture: StoreFixture,
    _ table: String,
    _ change: (borrowing WriteTransaction, Database) throws -> Void
) throws {
    try fixture.reopen {
        let environment = try Environment(path: fixture.directory)
        let database = try environment.database(named: table)
        try environment.write { (transaction: borrowing WriteTransaction) throws in
            try change(transaction, database)
        }
        try environment.close()
    }
}

/// The keys of a table, in order.
func keys(
    _ transaction: borrowing WriteTransaction,
    _ table: Database
) throws -> [[UInt8]] {
    var keys: [[UInt8]] = []
    _ = try transaction.forEach(in: table) { (key: RawSpan, _: RawSpan) throws -> ScanStep in
        keys.append(key.withUnsafeBytes { Array($0) })
        return .continue
    }
    return keys
}

@Suite("Damage")
struct DamageTests {
    private func withDamage(
        _ table: String,
        _ change: (borrowing WriteTransaction, Database) throws -> Void,
        _ check: (StoreFixture, VerifyReport) async throws -> Void
    ) async throws {
        let fixture = try StoreFixture()
        defer { fixture.close() }
        for number in 0..<5 {
            let key = "2023/湛江市/麻章区/单位\(number % 2)/整体支出"
            _ = try await fixture.store.append(
                try Samples.filing(
                    key,
                    files: ["\(number)"],
                    people: ["王某"],
                    padding: number == 4 ? 200_000 : 0
                )
            )
        }
        // The tables under hashes are filled in bulk, later than here.
        let store = fixture.store
        try store.writer().performBlocking { transaction in
            try HashTail.merge(store.tables, minimum: 1, transaction)
        }
        try fixture.verify()
        try edit(fixture, table, change)
        try await check(fixture, try fixture.store.verifyNow())
    }

    @Test("a key's row that ends after the number, as older stores have it, is sound and is read")
    func olderKeyRow() async throws {
        try await withDamage("keys") { transaction, database in
            for key in try keys(transaction, database) {
                let row = try #require(try transaction.copyValue(key, in: database))
                #expect(row.count > 28)
                try transaction.put(key, Array(row.prefix(8)), in: database)
            }
        } _: { fixture, report in
            #expect(report.isSound, "\(report.problems)")
            let key = "2023/湛江市/麻章区/单位1/整体支出"
            let number = try fixture.store.number(key)
            #expect(number == 2)
        }
    }

    @Test("a key's row that leads to another version is named and not served")
    func falseKeyRow() async throws {
        try await withDamage("keys") { transaction, database in
            for key in try keys(transaction, database).suffix(1) {
                var row = try #require(try transaction.copyValue(key, in: database))
                row[row.count - 1] ^= 1
                try transaction.put(key, row, in: database)
            }
        } _: { _, report in
            #expect(!report.isSound)
        }
    }

    @Test(
        "a row that is missing is named",
        arguments: [
            "entries", "entryHashes", "feed", "keys", "keyIds", "keyHashes", "keyEntries",
            "versions",
            "heads", "nameParts", "sourceHashes", "merkle", "logIds",
        ]
    )
    func missingRow(table: String) async throws {
        try await withDamage(table) { transaction, database in
            for key in try keys(transaction, database).suffix(1) {
                _ = try transaction.delete(key, in: database)
            }
        } _: { _, report in
            #expect(!report.isSound)
        }
    }

    @Test(
        "a changed byte of a value is named, wherever it stands",
        arguments: [
            "entries", "entryHashes", "feed", "keys", "keyIds", "keyHashes", "keyEntries",
            "versions",
            "heads", "merkle", "bodies", "logIds",
        ],
        [0.0, 0.5, 1.0]
    )
    func changedByte(table: String, part: Double) async throws {
        try await withDamage(table) { transaction, database in
            let key = try #require(
                try keys(transaction, database).dropFirst().first
                    ?? keys(transaction, database).first
            )
            var value = try #require(try transaction.copyValue(key, in: database))
            value[Int(part * Double(value.count - 1))] ^= 0x10
            try transaction.put(key, value, in: database)
        } _: { _, report in
            #expect(!report.isSound)
        }
    }

    @Test("every node of the tree is checked, those that no root reads included")
    func everyNode() async throws {
        for index in 0..<8 {
            try await withDamage("merkle") { transaction, database in
                let key = try keys(transaction, database)[index]
                try transaction.put(key, [UInt8](repeating: 7, count: 32), in: database)
            } _: { _, report in
                #expect(report.problems.contains { $0.contains("of the tree") })
            }
        }
    }

    @Test("bodies that changed places with their checksums are named")
    func swappedBodies() async throws {
        try await withDamage("bodies") { transaction, database in
            let people = try keys(transaction, database).filter { $0[13] == 1 }
            let first = try #require(try transaction.copyValue(people[0], in: database))
            let second = try #require(try transaction.copyValue(people[1], in: database))
            try transaction.put(people[0], second, in: database)
            try transaction.put(people[1], first, in: database)
        } _: { _, report in
            #expect(
                report.problems.filter { $0.contains("not the one its header names") }.count == 2
            )
        }
    }

    @Test("a flipped byte of a record is told as damage by a get, other records are still served")
    func damagedRead() async throws {
        try await withDamage("bodies") { transaction, database in
            // The first entry's record, a chunk in its middle.
            let key = try #require(
                try keys(transaction, database).first { $0[13] == 0 && $0[17] == 1 && $0[11] == 5 }
            )
            var value = try #require(try transaction.copyValue(key, in: database))
            value[100] ^= 1
            try transaction.put(key, value, in: database)
        } _: { fixture, report in
            #expect(
                report.problems.contains {
                    $0.contains("entry 5 (") && $0.contains("record): body 0")
                }
            )
            for _ in 0..<2 {
                let error = await failure { _ = try fixture.store.text("2023/单位0") }
                #expect(error.code == .integrity)
            }
            let other = try fixture.store.number("2023/单位1")
            #expect(other == 2)
            // Noted once, by the row and by the version.
            let key = Array("2023/湛江市/麻章区/单位0/整体支出".utf8)
            let short = await failure {
                try key.withUnsafeBytes { key in
                    _ = try fixture.store.withCurrentRecord(key: key) { $0.byteCount }
                }
            }
            #expect(short.code == .integrity)
            let noted = fixture.store.takeDamagedValues()
            #expect(noted.count == 1, "\(noted)")
            #expect(noted.first?.isNamed == true && noted.first?.message.contains("单位0") == true)
            #expect(noted.first?.place.hasPrefix("table bodies, key ") == true)
            let isKnown = report.problems.contains { $0.contains(noted.first?.place ?? "-") }
            #expect(isKnown, "verify names the same place: \(report.problems)")
            #expect(fixture.store.takeDamagedValues().isEmpty)
        }
    }

    @Test("an append that meets damage fails alone, others of its batch are stored")
    func damagedAppend() async throws {
        try await withDamage("heads") { transaction, database in
            let key = try keys(transaction, database)[0]
            var value = try #require(try transaction.copyValue(key, in: database))
            value[20] ^= 1
            try transaction.put(key, value, in: database)
        } _: { fixture, _ in
            let store = fixture.store
            let codes = await withTaskGroup { group in
                for number in 0..<20 {
                    group.addTask {
                        let key = "2023/湛江市/麻章区/单位\(number)/整体支出"
                        do {
                            _ = try await store.append(try Samples.filing(key, files: ["新"]))
                            return ""
                        } catch let error as ReportError {
                            return error.code.rawValue
                        } catch {
                            return "other"
                        }
                    }
                }
                return await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(codes == ["": 19, "integrity": 1])
        }
    }

    @Test("a store whose own log's row is damaged does not open")
    func logRow() async throws {
        let fixture = try StoreFixture()
        _ = try await fixture.store.append(try Samples.filing())
        let error = await failure {
            try edit(fixture, "logs") { transaction, database in
                let key = try keys(transaction, database)[0]
                var value = try #require(try transaction.copyValue(key, in: database))
                value[value.count - 1] ^= 1
                try transaction.put(key, value, in: database)
            }
        }
        #expect(error.code == .integrity)
    }
}
