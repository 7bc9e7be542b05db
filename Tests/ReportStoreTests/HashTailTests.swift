import LMDB
import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

@Suite("Tables under hashes")
struct HashTailTests {
    private func merge(_ store: Store) throws {
        try store.writer().performBlocking { transaction in
            try HashTail.merge(store.tables, minimum: 1, transaction)
        }
    }

    private func rows(_ store: Store) throws -> [Int] {
        try store.read { (transaction: borrowing ReadTransaction) throws -> [Int] in
            [
                try transaction.count(store.tables.entryHashes),
                try transaction.count(store.tables.keyHashes),
            ]
        }
    }

    @Test("entries and keys are found by their hashes before and after they are moved")
    func moved() async throws {
        try await withFixture { fixture in
            var hashes: [Hash256] = []
            for number in 0..<6 {
                let key = "2023/湛江市/麻章区/单位\(number % 3)/整体支出"
                let outcome = try await fixture.store.append(
                    try Samples.filing(key, files: ["\(number)"])
                )
                hashes.append(outcome.version.hash)
                #expect(outcome.version.number == 1 + number / 3)
                if number == 2 {
                    #expect(try rows(fixture.store) == [0, 0])
                    try merge(fixture.store)
                    #expect(try rows(fixture.store) == [3, 3])
                }
                let store = fixture.store
                let places = try store.read {
                    (transaction: borrowing ReadTransaction) throws -> [UInt64?] in
                    try hashes.map { hash throws in
                        try EntryRows(tables: store.tables).place(of: hash, transaction)?.sequence
                    }
                }
                #expect(places == hashes.indices.map { UInt64($0) + 1 })
            }
            #expect(try rows(fixture.store) == [3, 3])
            try fixture.verify()
            try fixture.reopen()
            let status = try await fixture.store.status()
            #expect(status.keyCount == 3)
        }
    }

    @Test("what a transaction wrote that was given up is not found by its hash")
    func givenUp() async throws {
        try await withFixture { fixture in
            let store = fixture.store
            _ = try await store.append(try Samples.filing(files: ["甲"]))
            let key = try ReportKey(parsing: "2023/湛江市/麻章区/单位/整体支出")
            let hash = Entry.keyHash(of: key.text)
            await expectFailure(.internal) {
                try store.writer().performBlocking { transaction in
                    let keys = KeyRows(tables: store.tables)
                    let number = try keys.numberOrNew(hash: hash, naming: key, transaction)
                    // Found within the transaction, by the hash alone.
                    guard number == 2, try keys.number(ofHash: hash, transaction) == 2 else {
                        return
                    }
                    throw ReportError(.internal, "given up")
                }
            }
            let outcome = try await store.append(
                try Samples.filing("2023/湛江市/麻章区/别的单位/整体支出")
            )
            #expect(outcome.version.number == 1)
            let first = try await store.append(try Samples.filing(key.text))
            #expect(first.version.number == 1)
            #expect(try await store.status().keyCount == 3)
        }
    }

    @Test("many entries are moved by themselves, and the store stays sound")
    func many() async throws {
        try await withFixture { fixture in
            let count = Int(StoreLimits.minimumHashTailCount) + 500
            for start in stride(from: 0, to: count, by: 400) {
                let filings = try (start..<min(count, start + 400)).map {
                    try Samples.filing("2023/湛江市/麻章区/单位\($0)/整体支出", files: [])
                }
                for result in try fixture.store.appendBatch(filings) { _ = try result.get() }
            }
            let moved = try rows(fixture.store)
            #expect(moved[0] >= Int(StoreLimits.minimumHashTailCount) && moved[0] < count)
            #expect(moved[1] == moved[0])
        }
    }
}
