import ReportModel
import Synchronization
import Testing

@testable import ReportDaemon

@Suite("inbox under random crashes", .timeLimit(.minutes(30)))
struct InboxPropertyTests {
    private struct Crash: Error {}

    /// SplitMix64, so that a failing seed can be run again.
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    @Test(
        "every file has one outcome, its receipts, and no version is lost or doubled",
        arguments: 1...12
    )
    func crashes(seed: UInt64) async {
        var random = Seeded(state: seed)
        let fixture = InboxFixture(inMemory: true)
        let folder = fixture.folder
        folder.makeFolder("2023")
        var expected: [String: String] = [:]
        for number in 0..<30 {
            let (text, outcome) =
                [("ok \(number)", "已接收"), ("code no-text", "未接收"), ("needs unit", "待处理")][
                    Int.random(in: 0..<3, using: &random)
                ]
            expected["\(number).txt"] = outcome
            let prefix = Bool.random(using: &random) ? "2023/" : ""
            folder.write(text, to: "\(prefix)\(number).txt")
        }
        for _ in 0..<6 {
            let point = InboxFailpoint.allCases.randomElement(using: &random)
            let countdown = Mutex(Int.random(in: 1...8, using: &random))
            let events = EventLog()
            let inbox = fixture.inbox(events: events) { reached in
                // Nothing goes on after the first death.
                let isOver = countdown.withLock { count in
                    if reached == point { count -= 1 }
                    return count <= 0
                }
                if isOver { throw Crash() }
            }
            let task = Task { await inbox.run() }
            await events.wait { events in
                events.contains { event in
                    switch event.kind {
                    case .idle, .stopped: true
                    default: false
                    }
                }
            }
            task.cancel()
            await task.value
        }
        await fixture.running(fixture.inbox()) { await fixture.events.wait(forLine: "idle") }
        for (name, outcome) in expected {
            #expect(folder.outcomes(of: name) == [outcome], "seed \(seed), \(name)")
            #expect(folder.exists("\(outcome)/\(name).回执.txt"))
            #expect(folder.exists("\(outcome)/\(name).回执.json"))
        }
        let receipts = InboxOutcome.allCases.flatMap {
            folder.names(in: $0.folderName, receipts: true)
        }
        #expect(receipts.count == 90)
        let stored = expected.values.count { $0 == "已接收" }
        #expect(fixture.store.versionCount == stored)
        #expect(fixture.journal.count("a") == stored)
        #expect(fixture.journal.count("n") == 0)
        #expect(fixture.journal.count("f") == expected.values.count { $0 == "待处理" })
    }
}
