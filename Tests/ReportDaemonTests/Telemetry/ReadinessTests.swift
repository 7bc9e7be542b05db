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

    private func isMet(_ lag: PeerLag, started: UInt64 = 100_000) -> Bool {
        ReadinessWatch.condition(
            of: lag,
            "city",
            limit: .seconds(3600),
            at: now,
            since: ago(started)
        ).isMet
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
        // A machine that was off over the weekend: nobody could sign meanwhile.
        #expect(isMet(lag(oldest: ago(5000), signed: nil), started: 2))
        #expect(isMet(lag(oldest: ago(5000), signed: ago(4000)), started: 59))
        #expect(!isMet(lag(oldest: ago(5000), signed: nil), started: 61))
    }

    private func inbox(
        mode: InboxStatus.Mode = .watching,
        fault: ReportError? = nil,
        lastScan: Timestamp?,
        started: UInt64 = 100
    ) -> ReadinessCondition {
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
        return ReadinessWatch.condition(of: status, at: now, since: ago(started))
    }

    @Test("an inbox is fine while it runs, without a fault, and was scanned a moment ago")
    func inboxes() {
        #expect(inbox(lastScan: ago(1)).isMet)
        #expect(inbox(mode: .polling, lastScan: ago(1)).isMet)
        #expect(!inbox(mode: .stopped, lastScan: ago(1)).isMet)
        #expect(!inbox(fault: ReportError(.noSpace, "full"), lastScan: ago(1)).isMet)
        #expect(!inbox(lastScan: nil).isMet)
        #expect(!inbox(lastScan: ago(6)).isMet)
    }

    @Test("a node that has just started says so, is no fault, and is looked at again at once")
    func starting() {
        for mode in [InboxStatus.Mode.stopped, .watching] {
            let first = inbox(mode: mode, lastScan: nil, started: 1)
            #expect(!first.isMet && first.isPending, "\(first)")
            #expect(first.message.contains("just started"))
            #expect(ReadinessWatch.pause(after: [first]) == ReadinessWatch.startInterval)
        }
        // A folder that cannot be read is a fault from the beginning, and one that is never scanned later.
        let fault = inbox(fault: ReportError(.noSpace, "full"), lastScan: nil, started: 1)
        #expect(!fault.isPending && ReadinessWatch.pause(after: [fault]) == ReadinessWatch.interval)
        #expect(!inbox(lastScan: nil, started: 6).isPending)
        let book = ReadinessBook()
        #expect(book.report(at: now).json["starting"] == true)
        let pending = ReadinessCondition.pending(.inbox, "soon")
        book.take([.met(.disk, "room"), pending], at: now)
        let (isReady, json) = book.report(at: now)
        #expect(!isReady && json["starting"] == true && json["reasons"] == ["soon"])
        book.take([.unmet(.disk, "full", advice: "make room"), pending], at: now)
        #expect(book.report(at: now).json["starting"] == false, "something is wrong")
        book.take([.met(.disk, "room")], at: now)
        #expect(book.report(at: now).json["starting"] == false)
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
