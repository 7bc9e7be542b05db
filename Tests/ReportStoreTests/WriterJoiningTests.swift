import Dispatch
import ReportModel
import ReportTestKit
import Synchronization
import Testing

@testable import ReportStore

@Suite("Requests that arrive while others run")
struct WriterJoiningTests {
    @Test("a request that arrives while another runs shares its commit")
    func joins() async throws {
        try await withStore { store in
            let writer = try store.writer()
            let before = await store.waitForCommit(after: .max)
            let commit = await withCheckedContinuation {
                (continuation: CheckedContinuation<UInt64, Never>) in
                writer.submit(
                    Writer.Request(byteCount: 1) { _ in
                        writer.submit(
                            Writer.Request(byteCount: 1) { _ in
                                { continuation.resume(returning: store.commits.count) }
                            } fail: { _ in
                                continuation.resume(returning: 0)
                            }
                        )
                        return {}
                    } fail: { _ in
                    }
                )
            }
            #expect(commit == before + 1)
        }
    }

    @Test(
        "a commit with many bytes takes no more of those that would rather wait for the next",
        arguments: [true, false],
        [StoreLimits.fullBatchByteCount, nil]
    )
    func leavesFull(_ isFull: Bool, _ full: Int?) async throws {
        try await withStore { store in
            let writer = try store.writer()
            let before = await store.waitForCommit(after: .max)
            let first = StoreLimits.fullBatchByteCount - (isFull ? 0 : 1)
            let commit = await withCheckedContinuation {
                (continuation: CheckedContinuation<UInt64, Never>) in
                writer.submit(
                    Writer.Request(byteCount: first) { _ in
                        writer.submit(
                            Writer.Request(byteCount: 1, fullByteCount: full) { _ in
                                { continuation.resume(returning: store.commits.count) }
                            } fail: { _ in
                                continuation.resume(returning: 0)
                            }
                        )
                        return {}
                    } fail: { _ in
                    }
                )
            }
            #expect(commit == before + (isFull && full != nil ? 2 : 1))
        }
    }

    @Test(
        "what was handed in before the derived tables are made anew is refused between their steps"
    )
    func refusedBetweenSteps() async throws {
        try await withStore { store in
            let filing = try PreparedFiling(Samples.filing("2023/湛江市/甲/整体支出"))
            let writer = try store.writer()
            try #require(store.beginsRebuilding())
            let refusal = await #expect(throws: ReportError.self) {
                _ = try await writer.perform { try store.append(filing, $0) }
            }
            #expect(refusal?.code == DerivedTables.refusal.code)
            store.endRebuilding()
            let outcome = try await writer.perform { try store.append(filing, $0) }
            guard case .stored(let version) = outcome else {
                Issue.record("not stored: \(outcome)")
                return
            }
            #expect(version.sequence == 1 && version.number == 1)
        }
    }

    @Test("within a transaction everybody sees the rows of logs that are written at its end")
    func seesLogs() async throws {
        try await withStore { store in
            let writer = try store.writer()
            let filing = try PreparedFiling(Samples.filing("2023/湛江市/甲/整体支出"))
            let seen = try await writer.perform { transaction in
                let own = try store.ownRow(transaction)
                _ = try store.append(filing, transaction)
                let logs = LogRows(tables: store.tables)
                return [
                    own.held, try store.ownRow(transaction).held,
                    try logs.row(own.ref, transaction).held,
                    try logs.row(of: own.id, transaction)?.held ?? 0,
                    try logs.all(transaction).first { $0.ref == own.ref }?.held ?? 0,
                ]
            }
            #expect(seen == [0, 1, 1, 1, 1])
            let stored = try store.read { transaction in try store.ownRow(transaction) }
            #expect(stored.held == 1 && stored.head?.size == 1)
        }
    }

    @Test("what joined a transaction that is given up is done in one of its own")
    func survives() async throws {
        try await withStore { store in
            let writer = try store.writer()
            let runs = Mutex(0)
            let failures = Mutex(0)
            let isDone = await withCheckedContinuation {
                (continuation: CheckedContinuation<Bool, Never>) in
                let joining = Writer.Request(byteCount: 1) { _ in
                    // Fails the transaction that it shares, and not the one of its own.
                    guard runs.withLock({ $0 }) > 1 else {
                        throw ReportError(.internal, "not with others")
                    }
                    return { continuation.resume(returning: true) }
                } fail: { _ in
                    continuation.resume(returning: false)
                }
                let first = Writer.Request(byteCount: 1) { _ in
                    let isFirst = runs.withLock { runs in
                        runs += 1
                        return runs == 1
                    }
                    if isFirst { writer.submit(joining) }
                    return {}
                } fail: { _ in
                    failures.withLock { $0 += 1 }
                }
                writer.submit(first)
            }
            #expect(isDone)
            let counts = (runs.withLock { $0 }, failures.withLock { $0 })
            #expect(counts.0 == 2)
            #expect(counts.1 == 0)
        }
    }

    @Test("a filing that shares its commit with a fork of its log has a signed head")
    func forkAside() async throws {
        let fixture = try StoreFixture()
        defer { fixture.close() }
        let store = fixture.store
        for name in ["甲", "乙"] { _ = try await store.append(try Samples.filing(files: [name])) }
        let former = try await store.ownLog()
        let descriptor = try #require(try await store.logState(former)).descriptor
        let key = try #require(store.key)
        var branch = ForgedLog(of: descriptor, key: key)
        branch.add(try Samples.filing(files: ["丙"]))
        let batch = branch.batch()
        let writer = try store.writer()
        let gate = DispatchSemaphore(value: 0)
        writer.submit(
            Writer.Request(byteCount: 1) { _ in
                gate.wait()
                return {}
            } fail: { _ in
            }
        )
        let filing = try Samples.filing(files: ["丁"])
        let filed = Task { try await store.append(filing) }
        while writer.condition.waitingCount < 1 { try await Task.sleep(for: .milliseconds(1)) }
        let taken = Task { try await store.accept(batch, descriptor: descriptor) }
        while writer.condition.waitingCount < 2 { try await Task.sleep(for: .milliseconds(1)) }
        gate.signal()
        _ = try await filed.value
        await expectFailure(.forked) { _ = try await taken.value }
        let state = try #require(try await store.logState(former))
        #expect(state.isForked)
        #expect(state.position.sequence == 3)
        #expect(state.head?.size == 3)
    }
}
