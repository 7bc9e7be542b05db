import Glibc
import ReportModel
import Synchronization
import Testing

@testable import ReportDaemon

@Suite("old files of an inbox", .timeLimit(.minutes(10)))
struct TidyTests {
    @Test("they go to the folder of their year with their receipts, when the city has them")
    func moved() async throws {
        let clock = Clock()
        let fixture = InboxFixture(clock: { clock.now })
        let folder = fixture.folder
        folder.write("ok 1", to: "一.txt")
        folder.write("ok 2", to: "二.txt")
        folder.write("code encrypted", to: "三.txt")
        let inbox = fixture.inbox(prove: { _, _ in ["proof": true] })
        try await fixture.running(inbox) {
            await fixture.events.waitForFinished(3)
            let year: Duration = .seconds(365 * 86_400)
            let young = await inbox.tidy(olderThan: year, awaitsCity: true)
            #expect(young == 0)
            clock.advance(days: 400)
            let unknown = await inbox.tidy(olderThan: year, awaitsCity: true)
            #expect(unknown == 0, "no city has them")
            let receipt = try JSONValue(parsing: folder.bytes("已接收/一.txt.回执.json") ?? [])
            let log = try #require(
                (receipt["version"]?["log"]?.stringValue).flatMap { LogID(hex: $0) }
            )
            let sequence = UInt64(receipt["version"]?["sequence"]?.integerValue ?? 0)
            await inbox.acknowledged(log: log, upTo: sequence, at: clock.now, by: "市")
            let first = await inbox.tidy(olderThan: year, awaitsCity: true)
            #expect(first >= 1)
            #expect(!folder.exists("已接收/一.txt"))
            for ending in ["", ".回执.txt", ".回执.json"] {
                #expect(folder.exists("已接收/2024年/一.txt" + ending))
            }
            _ = await inbox.tidy(olderThan: year, awaitsCity: false)
            #expect(folder.exists("已接收/2024年/二.txt"))
            #expect(folder.exists("未接收/三.txt"), "what a clerk has to do stays")
            // News still reach the receipt.
            await inbox.judged(
                .returned,
                log: log,
                sequence: sequence,
                at: clock.now,
                by: "市",
                comment: "请补充"
            )
            let text = String(decoding: folder.bytes("已接收/2024年/一.txt.回执.txt") ?? [], as: UTF8.self)
            #expect(text.contains("请补充"))
            // A file of the same name is another one.
            folder.write("ok 3", to: "一.txt")
            await fixture.events.waitForFinished(4)
            #expect(folder.exists("已接收/一.txt"))
        }
    }

    @Test("a version that the store does not show keeps its file where it is")
    func notStored() async throws {
        let clock = Clock()
        let fixture = InboxFixture(clock: { clock.now })
        fixture.folder.write("ok 1", to: "一.txt")
        let inbox = fixture.inbox()
        await fixture.running(inbox) {
            await fixture.events.waitForFinished(1)
            clock.advance(days: 4000)
            let moved = await inbox.tidy(olderThan: .seconds(1), awaitsCity: false)
            #expect(moved == 0)
            #expect(fixture.folder.exists("已接收/一.txt"))
        }
    }
}

/// A clock that a test moves on.
private final class Clock: Sendable {
    private let milliseconds = Mutex<UInt64>(1_732_924_800_000)

    var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

    func advance(days: UInt64) { milliseconds.withLock { $0 += days * 86_400_000 } }
}
