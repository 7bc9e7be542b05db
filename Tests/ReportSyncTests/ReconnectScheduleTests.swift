import ReportModel
import Testing

@testable import ReportSync

@Suite("Coming back, and grants")
struct ReconnectScheduleTests {
    @Test("delays double up to five minutes, each between half and all")
    func delays() {
        var generator = SeededGenerator(seed: 7)
        var schedule = ReconnectSchedule()
        for attempt in 0..<40 {
            let full = min(Duration.seconds(1) * (1 << min(attempt, 20)), .seconds(300))
            let delay = schedule.next(using: &generator)
            #expect(delay >= full / 2 && delay <= full)
        }
        schedule.reset()
        #expect(schedule.next(using: &generator) <= .seconds(1))
    }

    @Test("a session that a fault of a node ended does not make the next one come sooner")
    func faultyEnd() {
        var generator = SeededGenerator(seed: 7)
        var schedule = ReconnectSchedule()
        for _ in 0..<5 {
            _ = schedule.next(using: &generator)
            schedule.note(PeerSessionEnd(code: .readOnly, message: "x", wasEstablished: true))
        }
        #expect(schedule.failureCount == 5)
        schedule.note(PeerSessionEnd(code: .unreachable, message: "x", wasEstablished: false))
        #expect(schedule.failureCount == 5)
        schedule.note(PeerSessionEnd(message: "x", wasEstablished: true))
        #expect(schedule.failureCount == 0)
        for (stood, count) in [(Duration.seconds(299), 1), (.seconds(300), 0)] {
            _ = schedule.next(using: &generator)
            var end = PeerSessionEnd(code: .readOnly, message: "x", wasEstablished: true)
            end.established = stood
            schedule.note(end)
            #expect(schedule.failureCount == count)
        }
    }

    @Test(
        "a region covers itself and what lies in it, by whole parts",
        arguments: [
            ("湛江市/麻章区", "湛江市/麻章区", true), ("湛江市", "湛江市/麻章区", true),
            ("湛江市/麻章区", "湛江市", false), ("湛江市/麻章", "湛江市/麻章区", false),
            ("湛江", "湛江市", false), ("*", "益阳市", true), ("", "益阳市", false),
        ]
    )
    func regions(granted: String, region: String, isCovered: Bool) {
        #expect(Grant(regions: [granted], rights: [.peer]).covers(region) == isCovered)
    }
}
