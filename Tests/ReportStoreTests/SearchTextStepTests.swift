import LMDB
import ReportModel
import ReportTestKit
import Synchronization
import Testing

@testable import ReportStore

/// Something happens while the text of a file is made.
struct InterruptedTexts: SourceTexts {
    var body: @Sendable () async -> Void

    func text(of file: [UInt8], name: String) async -> String? {
        await body()
        return String(decoding: file, as: UTF8.self)
    }

    func rest() async {}
}

@Suite("what happens while the text of a file is made")
struct SearchTextStepTests {
    private let prose = "本年度组织志愿者走访慰问孤寡老人三百余人次。"

    private func total(_ store: Store, _ text: String) throws -> Int {
        try store.searchNow(try SearchQuery(text)).rows.count
    }

    @Test("files that are erased while their text is made are not indexed")
    func erasedMeanwhile() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(files: [prose]))
            let command = try EraseCommand(
                try Lookup(parsing: Samples.key),
                parts: [.sources],
                reason: "依申请",
                authority: "档案局"
            )
            let texts = InterruptedTexts { _ = try? await store.erase(command) }
            try await SearchIndexer(store, texts: texts).catchUp()
            #expect(try store.searchPosition().indexedUpTo == 2)
            #expect(try total(store, "孤寡") == 0)
            #expect(try total(store, "总工会") == 1)
            try store.searchBox.withWritable { database in
                try database.environment.read { (transaction: borrowing ReadTransaction) throws in
                    #expect(try TextRows(database).text(of: 1, transaction) == nil)
                }
            }
        }
    }

    @Test("an indexer that is told to end while a text is made goes on later with nothing missing")
    func endedMeanwhile() async throws {
        try await withFixture { fixture in
            for year in 2020...2023 {
                let key = "\(year)/湛江市/麻章区/总工会/整体支出"
                let filing = try Samples.filing(key, files: ["\(year)" + prose])
                _ = try await fixture.store.append(filing)
            }
            for end in 1...3 {
                let count = Mutex(0)
                let texts = InterruptedTexts { count.withLock { $0 += 1 } }
                try await SearchIndexer(fixture.store, texts: texts).catchUp { _, _ in
                    count.withLock { $0 } < end
                }
                #expect(try fixture.store.searchPosition().indexedUpTo == 0)
                try fixture.reopen()
            }
            try await fixture.store.indexTexts()
            #expect(try total(fixture.store, "孤寡老人") == 4)
        }
    }

    @Test("an index that is begun anew by another while a text is made comes to everything")
    func begunAnew() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(files: [prose]))
            try await store.indexTexts()
            _ = try await store.append(
                try Samples.filing("2022/湛江市/麻章区/总工会/整体支出", files: ["又" + prose])
            )
            let texts = InterruptedTexts { store.searchBox.markDamaged() }
            try await SearchIndexer(store, texts: texts).catchUp()
            #expect(try total(store, "孤寡老人") == 2)
        }
    }
}
