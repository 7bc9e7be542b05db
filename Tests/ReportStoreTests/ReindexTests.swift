import LMDB
import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

@Suite("derived tables made anew")
struct ReindexTests {
    /// Every row of the derived tables and the counters.
    private func rows(_ store: Store) throws -> [String: [[UInt8]]] {
        try store.environment.read { (transaction: borrowing ReadTransaction) throws in
            var result: [String: [[UInt8]]] = [:]
            for table in store.tables.all
            where table.name == "meta" || !Tables.originals.contains(table.name ?? "") {
                var rows: [[UInt8]] = []
                try transaction.forEach(in: table) { key, value in
                    rows.append(
                        key.withUnsafeBytes { Array($0) } + [0]
                            + value.withUnsafeBytes { Array($0) }
                    )
                    return .continue
                }
                result[table.name ?? ""] = rows
            }
            return result
        }
    }

    /// Fills the tables under hashes, which otherwise lag behind as it comes.
    private func fillHashes(_ store: Store) async throws {
        let tables = store.tables
        try await store.writer().perform { transaction in
            try HashTail.merge(tables, minimum: 1, transaction)
        }
    }

    /// Two logs, versions, a conflict, judgements, an erasure and notes.
    private func fill(_ store: Store) async throws {
        let other = try StoreFixture(name: "他县")
        defer { other.close() }
        var model = SearchModel(seed: 5, keyCount: 12)
        for round in 0..<30 {
            _ = try await store.append(try model.filing())
            _ = try await other.store.append(try model.filing())
            if round % 10 == 9 { try await replicate(from: other.store, to: store) }
        }
        let key = try #require(try await store.list(ListFilter(limit: 1), at: .now).rows.first)
        let note = try Note(fingerprint: "0123456789abcdef", text: "不计入总分", author: "财务科")
        let lookup = try Lookup(parsing: key.version.key)
        _ = try await store.append(note, about: lookup)
        let erased = try await store.list(ListFilter(limit: 3), at: .now).rows[2].version.key
        _ = try await store.erase(
            EraseCommand(try Lookup(parsing: erased), reason: "依申请", authority: "档案局")
        )
        _ = try await store.append(try model.filing())
        try await fillHashes(store)
    }

    @Test("entries and bodies give the same rows, numbers and counters again")
    func same() async throws {
        try await withStore { store in
            try await fill(store)
            let before = try rows(store)
            let listed = try await store.list(ListFilter(limit: 1000), at: .now).json
            try await store.reindex()
            try await fillHashes(store)
            let after = try rows(store)
            for (name, rows) in before { #expect(after[name] == rows, "\(name)") }
            #expect(try await store.list(ListFilter(limit: 1000), at: .now).json == listed)
        }
    }

    @Test("a process that ended in the middle leaves a mark, and the next one goes on")
    func resumed() async throws {
        try await withFixture { fixture in
            try await fill(fixture.store)
            let before = try rows(fixture.store)
            for steps in [1, 4, 11, 12] {
                let tables = fixture.store.tables
                try await fixture.store.writer().perform { transaction in
                    let rebuild = DerivedTables(tables: tables)
                    try rebuild.begin(transaction)
                    for _ in 0..<steps { _ = try rebuild.step(transaction) }
                }
                var refused: ReportError?
                try fixture.reopen {
                    do throws(ReportError) {
                        try Store.openReadOnly(directory: fixture.directory).close()
                    } catch {
                        refused = error
                    }
                }
                #expect(refused?.code == .conflict)
                try await fillHashes(fixture.store)
                let after = try rows(fixture.store)
                for (name, rows) in before { #expect(after[name] == rows, "\(name) \(steps)") }
            }
        }
    }

    @Test("nobody reads or writes while the tables are made anew")
    func closed() async throws {
        try await withStore { store in
            try await fill(store)
            #expect(store.beginsRebuilding())
            await expectFailure(.conflict) { _ = try await store.status() }
            await expectFailure(.conflict) { _ = try await store.append(try Samples.filing()) }
            store.endRebuilding()
            _ = try await store.append(try Samples.filing())
        }
    }
}
