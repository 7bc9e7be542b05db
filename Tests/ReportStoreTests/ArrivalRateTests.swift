import Testing

@testable import ReportStore

@Suite("arrival rate") struct ArrivalRateTests {
    @Test("single filings and a steady append keep nothing waiting") func steady() {
        var rate = ArrivalRate()
        var waits = 0
        for second in 0..<100 where rate.isFlood(total: UInt64(second * 300), at: .seconds(second))
        {
            waits += 1
        }
        #expect(waits == 0)
    }

    @Test("a flood is waited for, and its end is seen") func flood() {
        var rate = ArrivalRate()
        let first = rate.isFlood(total: 0, at: .zero)
        var during: [Bool] = []
        for tick in 1...20 {
            during.append(rate.isFlood(total: UInt64(tick * 1000), at: .milliseconds(tick * 250)))
        }
        let after = rate.isFlood(total: 20_010, at: .milliseconds(5_250))
        #expect(!first)
        #expect(during == Array(repeating: true, count: 20))
        #expect(!after)
    }

    @Test("an endless flood is waited for no longer than a minute") func endless() {
        var rate = ArrivalRate()
        var steps: [Int] = []
        for second in 0...200
        where !rate.isFlood(total: UInt64(second * 5000), at: .seconds(second)) {
            steps.append(second)
        }
        // The first look has nothing to compare with.
        #expect(steps == [0, 61, 122, 183])
    }
}
