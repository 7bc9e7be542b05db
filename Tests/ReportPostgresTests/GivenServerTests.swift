import ReportTestKit
import Synchronization
import Testing

@testable import ReportPostgres

/// What `REPORTD_TEST_POSTGRES` needs beside a server.
@Suite("A server that the tests are given", .timeLimit(.minutes(1)))
struct GivenServerTests {
    @Test(
        "is reached under its URL, with settings or without, at either isolation",
        arguments: [
            "postgresql://user@host/empty",
            "postgresql://user:p%3Fw@host:5433/empty?sslmode=require",
            "postgresql:///empty?host=/run/postgresql&user=user",
        ]
    )
    func settings(given: String) throws {
        for isolation in Isolation.allCases {
            let text = url(given, adding: isolation.setting)
            #expect(text.hasPrefix(given))
            let isReadable = try PostgresLibrary.load().canRead(text)
            #expect(isReadable, "\(text)")
        }
    }

    @Test("lets one test in after the other, also behind one that failed")
    func turns() async {
        let turns = Turns()
        let state = Mutex((inside: 0, most: 0, done: 0))
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    try? await turns.take {
                        state.withLock { state in
                            state.inside += 1
                            state.most = max(state.most, state.inside)
                        }
                        await Task.yield()
                        state.withLock { state in
                            state.inside -= 1
                            state.done += 1
                        }
                        if number.isMultiple(of: 3) { throw CancellationError() }
                    }
                }
            }
        }
        let (most, done) = state.withLock { ($0.most, $0.done) }
        #expect(most == 1)
        #expect(done == 50)
    }
}
