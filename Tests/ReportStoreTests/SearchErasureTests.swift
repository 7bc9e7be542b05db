import Glibc
import LMDB
import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

@Suite("searches after erasures")
struct SearchErasureTests {
    /// Erases what a key holds.
    private func erase(_ lookup: String, of store: Store) async throws -> Hash256 {
        let lookup = try Lookup(parsing: lookup)
        let version = try store.getNow(lookup, body: .record).version
        _ = try await store.erase(EraseCommand(lookup, reason: "依申请", authority: "档案局"))
        return version.hash
    }

    @Test("an erased report is found no more, and none of its bigrams stays in the file")
    func erased() async throws {
        let fixture = try StoreFixture()
        defer { fixture.close() }
        let store = fixture.store
        var secret = ""
        for number in 0..<40 {
            var filing = try Samples.filing(
                "2023/湛江市/麻章区/第\(number)中心/整体支出",
                files: ["\(number)"]
            )
            if number == 17 { secret = "龘靐齉" }
            filing.record.title = "报告\(number)" + (number == 17 ? secret : "")
            _ = try await store.append(filing)
            if number % 3 == 0 { try store.index() }
        }
        try store.index()
        #expect(try store.searchNow(try SearchQuery("龘靐")).total == 1)
        let bigram = TextFolding.folded("龘靐")
        let pattern = PostingBlock.key(0, Bigram.make(bigram[0], bigram[1]))[4..<8]
        let hash = try await erase("2023/第17中心", of: store)
        // Before the index knows of it.
        #expect(try store.searchNow(try SearchQuery("龘靐")).rows.isEmpty)
        let indexer = SearchIndexer(store)
        try await indexer.forget([hash])
        #expect(try store.searchNow(try SearchQuery("龘靐")).total == 0)
        #expect(try store.searchNow(try SearchQuery("报告")).total == 39)
        let state = try store.searchBox.withWritable { try SearchWork(store, $0).state() }
        #expect(state.isScrubDue == false)
        #expect(!state.segments.contains { $0.isTainted })
        try store.searchBox.withWritable { database in
            try database.environment.read { (transaction: borrowing ReadTransaction) throws in
                let reader = PostingReader(database: database, segments: state.segments)
                let list = try reader.list(of: Bigram.make(bigram[0], bigram[1]), transaction)
                #expect(list.documents.isEmpty)
            }
        }
        store.close()
        let bytes = TestFiles.read(fixture.directory + "/search/data.mdb")
        // A term that begins a block stands in its key; elsewhere only differences do.
        let isThere = bytes.indices.contains { index in
            bytes[index...].prefix(4).elementsEqual(pattern)
        }
        #expect(!isThere)
    }

    @Test("the indexer forgets by itself when it comes to the erasure")
    func byItself() async throws {
        try await withStore { store in
            for number in 0..<3 {
                var filing = try Samples.filing(
                    "2023/湛江市/麻章区/第\(number)中心/整体支出",
                    files: ["\(number)"]
                )
                filing.record.title = "困难职工"
                _ = try await store.append(filing)
            }
            try store.index()
            _ = try await erase("2023/第1中心", of: store)
            try store.index()
            try await SearchIndexer(store).settle()
            let page = try store.searchNow(try SearchQuery("困难职工"))
            #expect(page.total == 2)
            #expect(page.totalIsExact)
            let documents = try store.searchBox.withWritable { database in
                let state = try SearchWork(store, database).state()
                return try database.environment.read {
                    (transaction: borrowing ReadTransaction) throws in
                    let reader = PostingReader(database: database, segments: state.segments)
                    let scalars = TextFolding.folded("困难")
                    let bigram = Bigram.make(scalars[0], scalars[1])
                    return try reader.list(of: bigram, transaction).documents
                }
            }
            #expect(documents == [1, 3])
        }
    }

    @Test("a report that was read before it was forgotten is not indexed after it")
    func race() async throws {
        let fixture = try StoreFixture()
        defer { fixture.close() }
        let store = fixture.store
        _ = try await store.append(try Samples.filing(files: ["1"]))
        try store.index()
        var other = try Samples.filing("2024/湛江市/麻章区/总工会/整体支出", files: ["2"])
        other.record.title = "困难职工"
        _ = try await store.append(other)
        let hash = try await erase("2023/麻章区", of: store)
        try await SearchIndexer(store).forget([hash])
        try store.index()
        #expect(try store.searchNow(try SearchQuery("困难职工")).total == 1)
        #expect(try store.searchNow(try SearchQuery("总工会")).total == 1)
    }
}

/// Whole files in tests.
enum TestFiles {
    static func overwrite(_ path: String, with text: String) {
        guard let file = fopen(path, "w") else { return }
        fputs(text, file)
        fclose(file)
    }

    static func read(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
    }
}
