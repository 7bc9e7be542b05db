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
}
