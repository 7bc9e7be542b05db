import ReportTestKit
import Testing

@testable import ReportPostgres

/// What `REPORTD_TEST_POSTGRES` needs beside a server.
@Suite("A server that the tests are given", .timeLimit(.minutes(10)))
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

    /// Counts who is in.
    private actor Tally {
        var inside = 0
        var most = 0
        var done = 0

        func enter() {
            inside += 1
            most = max(most, inside)
        }

        func leave() {
            inside -= 1
            done += 1
        }
    }

    @Test("lets one test in after the other, also behind one that failed")
    func turns() async {
        let (turns, tally) = (Turns(), Tally())
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    try? await turns.take {
                        await tally.enter()
                        await Task.yield()
                        await tally.leave()
                        if number.isMultiple(of: 3) { throw CancellationError() }
                    }
                }
            }
        }
        #expect(await tally.most == 1)
        #expect(await tally.done == 50)
    }
}
