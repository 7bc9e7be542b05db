import Glibc
import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

@Suite("The writer")
struct WriterTests {
    @Test("many appends at once share few commits")
    func groupCommit() async throws {
        try await withStore { store in
            let before = await store.waitForCommit(after: .max)
            let writer = try store.writer()
            let (begun, begin) = AsyncStream<Void>.makeStream()
            let holding = Task {
                // Holds the writer until all others wait, or something is wrong with them.
                try await writer.perform { _ in
                    begin.finish()
                    for _ in 0..<600_000 {
                        guard writer.condition.waitingCount < 200 else { return }
                        usleep(1000)
                    }
                }
            }
            for await _ in begun {}
            try await withThrowingTaskGroup { group in
                for number in 0..<200 {
                    group.addTask {
                        let key = "2023/湛江市/麻章区/单位\(number)/整体支出"
                        _ = try await store.append(try Samples.filing(key))
                    }
                }
                try await group.waitForAll()
            }
            try await holding.value
            let commits = await store.waitForCommit(after: .max) - before
            #expect(commits < 50)
            #expect(try await store.status().versionCount == 200)
        }
    }

    @Test("a refused filing spoils no other of its batch")
    func refusals() async throws {
        try await withStore { store in
            var wrong = try Samples.filing()
            wrong.record.key = nil
            let results = try store.appendBatch([
                try Samples.filing("2023/湛江市/甲/整体支出"),
                try Samples.filing("2023/湛江市/甲/整体支出", files: ["新"], ifVersion: 0), wrong,
                try Samples.filing("2023/湛江市/乙/整体支出"),
            ])
            let codes = results.map { result in
                if case .failure(let error) = result { error.code.rawValue } else { "" }
            }
            #expect(codes == ["", "conflict", "internal", ""])
            #expect(try await store.status().versionCount == 2)
        }
    }

    @Test("what one batch appends twice is seen within it")
    func withinBatch() async throws {
        try await withStore { store in
            let filing = try Samples.filing()
            let results = try store.appendBatch([filing, filing]).map { try $0.get() }
            #expect(results[1] == .duplicate(of: results[0].version))
        }
    }

    @Test("closing waits for what was handed in")
    func closeDrains() async throws {
        let fixture = try StoreFixture()
        let store = fixture.store
        let stored = await withTaskGroup { group in
            for number in 0..<50 {
                group.addTask {
                    let key = "2023/湛江市/单位\(number)/整体支出"
                    return (try? await store.append(try Samples.filing(key))) != nil
                }
            }
            _ = await store.waitForCommit(after: 0)
            store.close()
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        store.close()
        try fixture.reopen()
        defer { fixture.close() }
        #expect(stored >= 1)
        #expect(try await fixture.store.status().versionCount == stored)
        try fixture.verify()
    }

    @Test("an append to a closed store fails and does not trap")
    func closed() async throws {
        let fixture = try StoreFixture()
        fixture.close()
        let error = await failure { _ = try await fixture.store.append(try Samples.filing()) }
        #expect(error.code == .internal)
        await expectFailure(.internal) { _ = try fixture.store.text(Samples.key) }
    }

    @Test("who waits for a commit is woken by it, and by being cancelled")
    func waiting() async throws {
        try await withStore { store in
            let seen = await store.waitForCommit(after: .max)
            async let next = store.waitForCommit(after: seen)
            _ = try await store.append(try Samples.filing())
            #expect(await next == seen + 1)
            let cancelled = Task { await store.waitForCommit(after: seen + 1) }
            cancelled.cancel()
            #expect(await cancelled.value == seen + 1)
        }
    }

    @Test("the journal keeps notes in order, and refuses keys that cannot be")
    func journal() async throws {
        try await withFixture { fixture in
            let store = fixture.store
            try await store.writeJournal([
                .put(key: Array("a/2".utf8), value: [2]), .put(key: Array("a/1".utf8), value: [1]),
                .put(key: Array("b".utf8), value: []), .delete(key: Array("c".utf8)),
            ])
            #expect(
                try store.journalRows(prefix: Array("a/".utf8), after: nil, limit: 9).map(\.value)
                    == [[1], [2]]
            )
            #expect(
                try store.journalRows(prefix: [], after: Array("a/1".utf8), limit: 9).count == 2
            )
            for key in [[], [UInt8](repeating: 1, count: 501)] {
                await expectFailure(.usage) {
                    try await store.writeJournal([.put(key: key, value: [])])
                }
                await expectFailure(.usage) { _ = try store.journalValue(key) }
            }
            try await store.writeJournal([.delete(key: Array("b".utf8))])
            try fixture.reopen()
            #expect(try fixture.store.journalValue(Array("b".utf8)) == nil)
            #expect(try fixture.store.journalValue(Array("a/2".utf8)) == [2])
        }
    }

    @Test("time never runs back in a log, whatever the clock does")
    func monotonic() async throws {
        try await withFixture { fixture in
            let first = try await fixture.store.append(try Samples.filing(files: ["甲"])).version
            fixture.clock.advance(milliseconds: -5000)
            let second = try await fixture.store.append(try Samples.filing(files: ["乙"])).version
            #expect(second.recordedAt == first.recordedAt)
            #expect(second.arrivedAt < first.arrivedAt)
        }
    }
}
