import ReportModel
import ReportStore
import Testing

@testable import ReportDaemon

@Suite struct ReadinessTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func ago(_ minutes: UInt64) -> Timestamp {
        Timestamp(milliseconds: now.milliseconds - minutes * 60_000)
    }

    private func lag(oldest: Timestamp?, signed: Timestamp?, count: Int = 3) -> PeerLag {
        var lag = PeerLag()
        lag.oldest = oldest
        lag.lastSigned = signed
        lag.entryCount = oldest == nil ? 0 : count
        return lag
    }

    private func isMet(_ lag: PeerLag) -> Bool {
        ReadinessWatch.condition(of: lag, "city", limit: .seconds(3600), at: now).isMet
    }

    @Test("an upstream is fine while nothing is missing, or while it goes on signing")
    func upstream() {
        #expect(isMet(lag(oldest: nil, signed: nil)))
        #expect(isMet(lag(oldest: nil, signed: ago(100_000))))
        #expect(isMet(lag(oldest: ago(59), signed: nil)))
        #expect(isMet(lag(oldest: ago(600), signed: ago(5))), "it signs, there is much to send")
        #expect(!isMet(lag(oldest: ago(61), signed: nil)))
        #expect(!isMet(lag(oldest: ago(61), signed: ago(62))))
        let ahead = Timestamp(milliseconds: now.milliseconds + 86_400_000)
        #expect(isMet(lag(oldest: ago(600), signed: ahead)), "a clock that is ahead does no harm")
    }

    private func inbox(
        mode: InboxStatus.Mode = .watching,
        fault: ReportError? = nil,
        lastScan: Timestamp?
    ) -> Bool {
        let status = InboxStatus(
            path: "/收件",
            mode: mode,
            finished: [:],
            pendingCount: 0,
            workingCount: 0,
            queuedCount: 0,
            waiting: [],
            more: 0,
            fault: fault,
            lastScan: lastScan
        )
        return ReadinessWatch.condition(of: status, at: now).isMet
    }

    @Test("an inbox is fine while it runs, without a fault, and was scanned a moment ago")
    func inboxes() {
        #expect(inbox(lastScan: ago(1)))
        #expect(inbox(mode: .polling, lastScan: ago(1)))
        #expect(!inbox(mode: .stopped, lastScan: ago(1)))
        #expect(!inbox(fault: ReportError(.noSpace, "full"), lastScan: ago(1)))
        #expect(!inbox(lastScan: nil))
        #expect(!inbox(lastScan: ago(6)))
    }

    @Test("a condition keeps the time since which it has been so")
    func since() throws {
        let book = ReadinessBook()
        #expect(!book.report(at: now).isReady, "nothing was looked at")
        let good = ReadinessCondition.met(.disk, "room")
        let bad = ReadinessCondition.unmet(.disk, "full", advice: "make room")
        book.take([good], at: ago(30))
        book.take([bad], at: ago(20))
        book.take([bad], at: ago(10))
        let (isReady, json) = book.report(at: now)
        #expect(!isReady)
        #expect(json["reasons"] == ["full"])
        let rows = json["conditions"]?.arrayValue ?? []
        let disk = try #require(rows.first { $0["condition"] == "disk" })
        #expect(disk["since"]?.stringValue == ago(20).description)
        #expect(disk["advice"] == "make room")
        book.take([good], at: now)
        #expect(book.report(at: now).isReady)
    }

    @Test("a look that does not come any more is told, and so is the end")
    func stale() {
        let book = ReadinessBook()
        let moment = ContinuousClock.now
        book.take([.met(.disk, "room")], at: now, moment: moment)
        func isReady(after time: Duration) -> Bool {
            book.rows(at: now, moment: moment + time).allSatisfy(\.condition.isMet)
        }
        #expect(isReady(after: .seconds(29)))
        #expect(!isReady(after: .seconds(31)))
        book.stop()
        #expect(!isReady(after: .seconds(1)))
    }
}
