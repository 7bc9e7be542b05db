import NIOCore
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
        for second in 1...7200 {
            conversation.advance(to: .seconds(second))
            conversation.run()
        }
        #expect(conversation.county.closed == nil && conversation.city.closed == nil)
        #expect((500...515).contains(pingCount(conversation.county)))
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

    /// Pings from a peer that says nothing else, every five seconds.
    /// - Returns: when the side had enough.
    private func ended(_ side: SimulatedSide, in conversation: Conversation) -> Int? {
        for second in stride(from: 5, through: 300, by: 5) {
            conversation.advance(to: .seconds(second))
            if side.isEnded { return second }
            side.step(.received(.ping(UInt64(second))))
        }
        return nil
    }

    @Test("an acceptor that answers pings and never states its positions is cut")
    func acceptorWithoutPositions() {
        let conversation = Conversation(county: Nodes.county(entries: 1), city: Nodes.city())
        // The city's store is asked for its logs and never tells.
        while let step = conversation.possible.first(where: { $0 != .cityWork }) {
            conversation.perform(step)
        }
        #expect(!conversation.county.isEstablished)
        #expect(ended(conversation.county, in: conversation) == 120)
        #expect(conversation.county.closed?.code == .timedOut)
        #expect(conversation.county.closed?.message.contains("positions") == true)
        #expect(stalled(conversation.county))
        let pongs = conversation.county.sent.count { if case .pong = $0 { true } else { false } }
        #expect(pongs == 23, "it lived on pings all the while")
    }

    @Test("an initiator that never states its positions is cut, after the acceptor stated its own")
    func initiatorWithoutPositions() {
        let conversation = Conversation(county: Nodes.county(entries: 1), city: Nodes.city())
        while let step = conversation.possible.first(where: { $0 != .countyWork }) {
            conversation.perform(step)
        }
        #expect(!conversation.city.isEstablished)
        #expect(ended(conversation.city, in: conversation) == 120)
        #expect(conversation.city.closed?.code == .timedOut)
        #expect(conversation.city.closed?.message.contains("positions") == true)
        // A statement without end is none either.
        let endless = Conversation(county: Nodes.county(), city: Nodes.city())
        while let step = endless.possible.first(where: { $0 != .countyWork }) {
            endless.perform(step)
        }
        for second in stride(from: 5, through: 300, by: 5) where !endless.city.isEnded {
            endless.city.step(.received(.positions([], isLast: false)))
            endless.advance(to: .seconds(second))
        }
        #expect(endless.city.closed?.code == .timedOut)
    }

    @Test("a store that is slow at this side is no fault of the peer")
    func slowOwnStore() {
        let conversation = Conversation(county: Nodes.county(entries: 1), city: Nodes.city())
        while let step = conversation.possible.first(where: { $0 != .countyWork }) {
            conversation.perform(step)
        }
        for second in stride(from: 5, through: 300, by: 5) {
            conversation.advance(to: .seconds(second), city: false)
            conversation.county.step(.received(.ping(UInt64(second))))
        }
        #expect(conversation.county.closed == nil, "the city has stated everything")
    }

    @Test("a peer that leaves the ping behind a burst of witnesses unanswered is cut")
    func unansweredBurst() throws {
        var limits = SyncLimits()
        limits.witnessBurstCount = 2
        let county = Nodes.county(entries: 1)
        let conversation = Conversation(county: county, city: Nodes.city(), limits: limits)
        conversation.run()
        let position = try #require(county.held(county.own)).position
        let witnesses = (UInt8(50)..<53).map {
            Acknowledgement(position: position, receivedAt: .now, key: Nodes.key($0))
        }
        conversation.city.step(.witnessesLoaded(witnesses))
        // The county goes on with everything but this ping.
        let lost = conversation.city.outbound.popLast()
        #expect(lost.map { String(buffer: $0).hasPrefix("PING") } == true)
        for second in stride(from: 5, through: 300, by: 5) where !conversation.city.isEnded {
            conversation.advance(to: .seconds(second))
            conversation.run()
        }
        #expect(conversation.city.closed?.code == .timedOut)
        #expect(conversation.city.closed?.message.contains("ping") == true)
        #expect(stalled(conversation.city))
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
