import Glibc
import ReportModel
import Synchronization
import Testing

@testable import ReportDaemon

@Suite("inbox after a crash", .timeLimit(.minutes(30)))
struct InboxCrashTests {
    private struct Crash: Error {}

    /// Runs an inbox that dies at a point; returns when it is dead.
    private func die(_ fixture: InboxFixture, at point: InboxFailpoint) async {
        let events = EventLog()
        let isDead = Atomic(false)
        let inbox = fixture.inbox(events: events) { reached in
            // Nothing goes on after the first death.
            if reached == point { isDead.store(true, ordering: .relaxed) }
            if isDead.load(ordering: .relaxed) { throw Crash() }
        }
        await inbox.run()
        #expect(events.events.last?.description.contains("stopped") == true)
    }

    @Test(
        "a file ends in exactly one outcome wherever the inbox died",
        arguments: InboxFailpoint.allCases,
        ["ok 1", "code encrypted", "needs year"]
    )
    func everyPoint(point: InboxFailpoint, text: String) async throws {
        let fixture = InboxFixture()
        let folder = fixture.folder
        folder.write(text, to: "a.txt")
        await die(fixture, at: point)
        // No receipt before the file is stored.
        if [.afterReading, .afterNote, .afterSubmit, .afterDecision].contains(point) {
            let receipts = InboxOutcome.allCases.flatMap {
                folder.names(in: $0.folderName, receipts: true)
            }
            #expect(receipts.isEmpty)
        }
        await fixture.running(fixture.inbox()) {
            await fixture.events.wait(forLine: "idle")
        }
        let outcome = text == "ok 1" ? "已接收" : text == "needs year" ? "待处理" : "未接收"
        #expect(folder.outcomes(of: "a.txt") == [outcome])
        #expect(folder.names(in: ".").count == 4)
        #expect(
            folder.names(in: outcome, receipts: true)
                == ["a.txt", "a.txt.回执.json", "a.txt.回执.txt"]
        )
        #expect(folder.text("\(outcome)/a.txt.回执.txt")?.contains(outcome) == true)
        #expect(fixture.store.versionCount == (text == "ok 1" ? 1 : 0))
        #expect(fixture.journal.count("n") == 0)
        #expect(fixture.journal.count("a") == (text == "ok 1" ? 1 : 0))
        #expect(fixture.journal.count("f") == (text == "needs year" ? 1 : 0))
    }

    @Test(
        "a form that was filled in is finished wherever the inbox died",
        arguments: InboxFailpoint.allCases
    )
    func formAtEveryPoint(point: InboxFailpoint) async throws {
        let fixture = InboxFixture()
        let folder = fixture.folder
        folder.write("needs year", to: "a.txt")
        await fixture.running(fixture.inbox()) { await fixture.events.waitForFinished(1) }
        let form = try #require(folder.text("待处理/a.txt.回执.txt"))
        folder.write(form.replacing("年度：\r\n", with: "年度：2023\r\n"), to: "待处理/a.txt.回执.txt")
        await die(fixture, at: point)
        let events = EventLog()
        await fixture.running(fixture.inbox(events: events)) { await events.wait(forLine: "idle") }
        #expect(folder.outcomes(of: "a.txt") == ["已接收"])
        #expect(folder.names(in: "待处理", receipts: true).isEmpty)
        #expect(folder.names(in: "已接收", receipts: true).count == 3)
        #expect(fixture.store.versionCount == 1)
        #expect(fixture.journal.count("n") + fixture.journal.count("f") == 0)
    }

    @Test("of two equal files in work at the crash one is accepted and one is a duplicate")
    func twins() async {
        let fixture = InboxFixture()
        fixture.folder.write("ok 1", to: "a.txt")
        fixture.folder.write("ok 1", to: "b.txt")
        await die(fixture, at: .afterSubmit)
        await fixture.running(fixture.inbox()) { await fixture.events.wait(forLine: "idle") }
        #expect(fixture.folder.names(in: "已接收").count == 1)
        #expect(fixture.folder.names(in: "重复").count == 1)
    }

    @Test("a file that was exchanged after the decision is a new file")
    func exchanged() async {
        let fixture = InboxFixture()
        fixture.folder.write("ok 1", to: "a.txt")
        await die(fixture, at: .afterDecision)
        fixture.folder.write("ok 2", to: "a.txt")
        await fixture.running(fixture.inbox()) { await fixture.events.wait(forLine: "idle") }
        #expect(fixture.store.versionCount == 2)
        #expect(fixture.folder.names(in: "已接收", receipts: true).count == 5)
        #expect(fixture.folder.text("已接收/a (2).txt") == "ok 2")
    }

    @Test("a file that went away during the crash leaves nothing behind")
    func goneMeanwhile() async {
        let fixture = InboxFixture()
        fixture.folder.write("ok 1", to: "a.txt")
        await die(fixture, at: .afterNote)
        fixture.folder.remove("a.txt")
        await fixture.running(fixture.inbox()) { await fixture.events.wait(forLine: "idle") }
        #expect(fixture.journal.count("n") == 0)
        #expect(fixture.folder.names(in: "已接收", receipts: true).isEmpty)
    }

    @Test("a fault of the journal after the file was stored does not make it a duplicate of itself")
    func journalFault() async {
        let fixture = InboxFixture()
        let journal = fixture.journal
        fixture.folder.write("ok 1", to: "a.txt")
        let isFirst = Atomic(true)
        let inbox = fixture.inbox { point in
            guard point == .afterSubmit else { return }
            if isFirst.exchange(false, ordering: .relaxed) {
                journal.setFault(ReportError(.noSpace, "full"))
            }
        }
        await fixture.running(inbox) {
            await fixture.events.wait(forLine: "no-space")
            journal.setFault(nil)
            await fixture.events.waitForFinished(1)
        }
        #expect(fixture.folder.outcomes(of: "a.txt") == ["已接收"])
        #expect(fixture.store.versionCount == 1)
    }

    @Test(
        "a duplicate that was in work at the crash stays a duplicate of the file that has the receipt"
    )
    func lateTwin() async {
        // The clock stands still, so the version seems to have come after either file's first attempt.
        let fixture = InboxFixture { Timestamp(milliseconds: 0) }
        fixture.folder.write("ok 1", to: "a.txt")
        await fixture.running(fixture.inbox()) { await fixture.events.waitForFinished(1) }
        fixture.folder.write("ok 1", to: "b.txt")
        await die(fixture, at: .afterSubmit)
        let events = EventLog()
        await fixture.running(fixture.inbox(events: events)) { await events.wait(forLine: "idle") }
        #expect(fixture.folder.outcomes(of: "a.txt") == ["已接收"])
        #expect(fixture.folder.outcomes(of: "b.txt") == ["重复"])
    }

    @Test("a file that was put away before the journal failed is finished when the journal is well")
    func putAwayBeforeFault() async {
        let fixture = InboxFixture()
        let journal = fixture.journal
        fixture.folder.write("ok", to: "a.txt")
        let faults = Atomic(1)
        let inbox = fixture.inbox { point in
            guard point == .afterMove, faults.subtract(1, ordering: .relaxed).newValue == 0 else {
                return
            }
            journal.setFault(ReportError(.noSpace, "full"))
        }
        await fixture.running(inbox) {
            await fixture.events.wait(forLine: "no-space")
            journal.setFault(nil)
            await fixture.events.wait { events in
                events.contains {
                    switch $0.kind {
                    case .finished, .gone: true
                    default: false
                    }
                }
            }
        }
        #expect(fixture.events.finished.map(\.outcome) == [.accepted])
        #expect(fixture.folder.names(in: "已接收") == ["a.txt"])
        #expect(inbox.filer.claims.count == 0)
        #expect(journal.count("n") == 0)
    }

    @Test("what a file took as its own is given back when the journal knows, also of a duplicate")
    func claims() async {
        // The clock stands still: each version seems to have come after any file's first attempt.
        let fixture = InboxFixture { Timestamp(milliseconds: 0) }
        let journal = fixture.journal
        for number in 0..<20 { fixture.folder.write("ok \(number % 10)", to: "\(number).txt") }
        let faults = Atomic(6)
        let inbox = fixture.inbox { point in
            guard point == .afterSubmit else { return }
            if faults.subtract(1, ordering: .relaxed).newValue == 0 {
                journal.setFault(ReportError(.noSpace, "full"))
            }
        }
        await fixture.running(inbox) {
            await fixture.events.wait(forLine: "no-space")
            journal.setFault(nil)
            await fixture.events.waitForFinished(20)
        }
        #expect(inbox.filer.claims.count == 0)
        #expect(fixture.folder.names(in: "已接收").count == 10)
        #expect(fixture.folder.names(in: "重复").count == 10)
    }

    @Test("a file that is only touched while it is stored is the same file")
    func touched() async {
        let fixture = InboxFixture()
        let path = fixture.folder.full("a.txt")
        fixture.folder.write("ok 1", to: "a.txt")
        let inbox = fixture.inbox { point in
            if point == .afterDecision { utimes(path, nil) }
        }
        await fixture.running(inbox) {
            await fixture.events.wait(forLine: "idle")
        }
        #expect(fixture.folder.outcomes(of: "a.txt") == ["已接收"])
        #expect(fixture.folder.names(in: "重复").isEmpty)
        #expect(fixture.store.submissions.count == 1)
    }
}
