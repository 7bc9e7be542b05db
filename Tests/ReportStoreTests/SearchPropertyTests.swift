import LMDB
import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

@Suite("searches against looking at every report")
struct SearchPropertyTests {
    private func check(_ store: Store, _ model: inout SearchModel, rounds: Int) throws {
        for _ in 0..<rounds {
            let short = model.text(2...2)
            let long = model.text(3...6)
            let other = model.text(2...4)
            #expect(try store.found(short, in: model) == model.found([short]), "\(short)")
            #expect(try store.found(long, in: model) == model.found([long]), "\(long)")
            let both = try store.found("\(short) \(other)", in: model)
            #expect(both == model.found([short, other]), "\(short) \(other)")
            let without = try store.found("\(short) -\(other)", in: model)
            #expect(without == model.found([short], without: [other]), "\(short) -\(other)")
            let all = try store.found(long, in: model, allVersions: true)
            #expect(all == model.found([long], allVersions: true), "\(long)")
        }
    }

    @Test("every substring is found through appends, versions, merges and reopening")
    func model() async throws {
        for seed in 1...2 as ClosedRange<UInt64> {
            try await withFixture { fixture in
                var model = SearchModel(seed: seed, keyCount: 60)
                for round in 0..<16 {
                    let filings = try (0..<model.number(1..<20)).map { _ in try model.filing() }
                    for result in try fixture.store.appendBatch(filings) { _ = try result.get() }
                    try fixture.store.index()
                    // One step of a merge, and then perhaps the process ends.
                    try fixture.store.withSearchWork { _ = try $0.merge(steps: 1) }
                    if round % 5 == 4 { try fixture.reopen() }
                    try check(fixture.store, &model, rounds: 2)
                }
                try await SearchIndexer(fixture.store).settle()
                try check(fixture.store, &model, rounds: 12)
            }
        }
    }

    @Test("what is not indexed yet is said, and an old version is never shown as the current one")
    func lag() async throws {
        try await withStore { store in
            _ = try await store.append(try filing("甲乙丙丁", file: "1"))
            try store.index()
            _ = try await store.append(try filing("戊己庚辛", file: "2"))
            let page = try store.searchNow(try SearchQuery("乙丙"))
            #expect(page.rows.isEmpty)
            #expect(page.indexedUpTo == 1)
            #expect(page.position == 2)
            #expect(!page.totalIsExact)
            try store.index()
            let later = try store.searchNow(try SearchQuery("己庚"))
            #expect(later.rows.map(\.summary.version.number) == [2])
            #expect(later.total == 1)
            #expect(later.totalIsExact)
        }
    }

    private func filing(_ title: String, file: String) throws -> Filing {
        var filing = try Samples.filing(files: [file])
        filing.record.title = title
        return filing
    }

    @Test("a step that was thrown away is done again and leaves no trace")
    func thrownAway() async throws {
        struct Killed: Error {}
        try await withStore { store in
            var model = SearchModel(seed: 9, keyCount: 40)
            for _ in 0..<9 {
                let filings = try (0..<8).map { _ in try model.filing() }
                for result in try store.appendBatch(filings) { _ = try result.get() }
                try store.index()
            }
            var steps = 0
            try store.searchBox.withWritable { database in
                let identity = try store.storeIdentity()
                for attempt in 0..<400 {
                    // Every second transaction ends before its commit, as a killed process leaves it.
                    let isKilled = attempt % 2 == 0
                    do {
                        let isDone = try database.environment.write {
                            (transaction: borrowing WriteTransaction) throws -> Bool in
                            var state = try #require(
                                try database.state(of: identity, transaction)
                            )
                            if state.merge == nil {
                                guard let segments = state.nextMerge() else { return true }
                                SegmentMerger.begin(segments, in: &state)
                            }
                            try SegmentMerger(database: database, stepByteCount: 300)
                                .step(&state, transaction)
                            try database.put(state, transaction)
                            if isKilled { throw Killed() }
                            return false
                        }
                        if isDone { break }
                        steps += 1
                    } catch is Killed {}
                }
            }
            #expect(steps > 3)
            try check(store, &model, rounds: 12)
        }
    }
}
