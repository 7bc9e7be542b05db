import ReportModel
import ReportSync
import ReportWire
import Testing

@Suite("Silence, stalls and windows")
struct TimerTests {
    private func stalled(_ side: SimulatedSide) -> Bool {
        side.reports.contains { event in
            if case .stalled = event { true } else { false }
        }
    }

    private func pingCount(_ side: SimulatedSide) -> Int {
        side.sent.reduce(0) { count, message in
            if case .ping = message { count + 1 } else { count }
        }
    }

    @Test("pings keep an idle session alive for hours")
    func idle() {
        let conversation = Conversation(county: Nodes.county(entries: 1), city: Nodes.city())
        conversation.run()
        for second in stride(from: 5, through: 7200, by: 5) {
            conversation.advance(to: .seconds(second))
            conversation.run()
        }
        #expect(conversation.county.closed == nil && conversation.city.closed == nil)
        #expect((700...720).contains(pingCount(conversation.county)))
        #expect(pingCount(conversation.city) == 0, "the county's pings are a sign of life")
    }

    @Test("an acceptor asks an initiator that is silent, and gives it up after thirty seconds")
    func silentInitiator() {
        let conversation = Conversation(county: Nodes.county(), city: Nodes.city())
        conversation.run()
        conversation.advance(to: .seconds(14))
        #expect(pingCount(conversation.city) == 0)
        conversation.advance(to: .seconds(15))
        #expect(pingCount(conversation.city) == 1)
        conversation.advance(to: .seconds(29))
        #expect(conversation.city.closed == nil)
        conversation.advance(to: .seconds(30))
        #expect(conversation.city.closed?.code == .timedOut)
        #expect(stalled(conversation.city))
    }

    @Test("a peer that is silent for thirty seconds is gone")
    func silence() {
        let conversation = Conversation(county: Nodes.county(), city: Nodes.city())
        conversation.run()
        conversation.advance(to: .seconds(29))
        #expect(conversation.county.closed == nil)
        conversation.advance(to: .seconds(30))
        #expect(conversation.county.closed?.code == .timedOut)
        #expect(stalled(conversation.county))
    }

    @Test("a peer that answers pings and acknowledges nothing is a stall, too")
    func noProgress() {
        let county = Nodes.county(entries: 1)
        let conversation = Conversation(county: county, city: Nodes.city())
        var second = 0
        while conversation.county.closed == nil, second < 200 {
            while let step = conversation.possible.first(where: { step in
                guard step == .cityWork, case .accept = conversation.city.work[0] else {
                    return true
                }
                return false
            }) { conversation.perform(step) }
            second += 5
            conversation.advance(to: .seconds(second))
        }
        #expect(second == 120)
        #expect(conversation.county.closed?.code == .timedOut)
        #expect(stalled(conversation.county))
        #expect(conversation.county.progress.missingThere == 1, "status tells that it is missing")
    }

    @Test("a sender stops at eight batches until one is acknowledged")
    func window() {
        let conversation = Conversation(
            county: Nodes.county(entries: 20),
            city: Nodes.city(),
            limits: Nodes.small
        )
        func unacknowledged() -> Int {
            conversation.county.sent.reduce(0) { count, message in
                if case .batch = message { count + 1 } else { count }
            }
                - conversation.county.log.kept.count
        }
        var largest = 0
        var generator = SeededGenerator(seed: 1)
        while let step = conversation.possible.randomElement(using: &generator) {
            conversation.perform(step)
            largest = max(largest, unacknowledged())
        }
        #expect(conversation.holdTheSame)
        #expect(largest <= 8)
        // A city whose store does nothing gets eight and no more.
        let stuck = Conversation(
            county: Nodes.county(entries: 20),
            city: Nodes.city(),
            limits: Nodes.small
        )
        while let step = stuck.possible.first(where: { step in
            guard step == .cityWork, case .accept = stuck.city.work[0] else { return true }
            return false
        }) { stuck.perform(step) }
        let batches = stuck.county.sent.filter { message in
            if case .batch = message { true } else { false }
        }
        #expect(batches.count == 8)
        #expect(stuck.city.closed == nil)
    }

    @Test("a sender stops at the window's bytes, but one large batch goes alone")
    func byteWindow() {
        let county = Nodes.county()
        for number in 0..<4 { county.append("\(number)", sourceByteCount: 3 << 20) }
        county.append("large", sourceByteCount: 9 << 20)
        county.append("after")
        let conversation = Conversation(county: county, city: Nodes.city(), limits: Nodes.small)
        var largest = 0
        while let step = conversation.possible.first(where: { $0 != .cityWork })
            ?? conversation.possible.first
        {
            conversation.perform(step)
            let bytes = conversation.county.progress.logs.reduce(0) {
                $0 + $1.unacknowledgedByteCount
            }
            largest = max(largest, bytes)
        }
        #expect(conversation.holdTheSame)
        #expect(conversation.county.closed == nil && conversation.city.closed == nil)
        #expect(largest > 9 << 20 && largest < 10 << 20)
    }

    @Test("a question about a log that stays unanswered ends the session")
    func unanswered() {
        let conversation = Conversation(county: Nodes.county(entries: 2), city: Nodes.city())
        conversation.run()
        conversation.county.step(.resync)
        conversation.county.outbound = []
        conversation.run()
        for second in stride(from: 10, to: 200, by: 10) where !conversation.county.isEnded {
            conversation.advance(to: .seconds(second))
            conversation.run()
        }
        #expect(conversation.county.closed?.code == .timedOut)
    }
}
