import ReportModel
import ReportSync
import ReportWire
import Testing

@Suite("Slow lines, nonsense and bursts")
struct SlowLineTests {
    private func standing(
        entries: Int = 0,
        limits: SyncLimits = SyncLimits()
    ) -> Conversation {
        let conversation = Conversation(
            county: Nodes.county(entries: entries),
            city: Nodes.city(),
            limits: limits
        )
        conversation.run()
        return conversation
    }

    @Test("a message under way for minutes keeps the session alive, a drop now and then does not")
    func arriving() {
        let county = standing().county
        let least = SyncLimits().leastArrivedByteCount
        func pass(_ second: Int, arrived: UInt64) {
            county.now = .seconds(second)
            county.step(.arrived(arrived))
            county.step(.timerFired)
        }
        for second in stride(from: 10, through: 600, by: 10) {
            pass(second, arrived: UInt64(second / 10) * least)
        }
        #expect(county.closed == nil)
        // Else the sender of the message hears nothing for 30 s, and closes.
        let pings = county.sent.count { if case .ping = $0 { true } else { false } }
        #expect(pings >= 600 / 20)
        for second in stride(from: 610, through: 630, by: 10) {
            pass(second, arrived: 60 * least + UInt64(second))
        }
        #expect(county.closed?.code == .timedOut)
    }

    @Test("a large batch has the time that a slow line needs")
    func largeBatch() throws {
        let county = standing(entries: 1).county
        county.log.append("大", sourceByteCount: 16 << 20)
        county.step(.storeCommitted)
        while !county.work.isEmpty { county.doWork() }
        let isSent = county.sent.contains { message in
            if case .batch(let batch, _) = message { batch.first == 2 } else { false }
        }
        #expect(isSent)
        func pass(_ second: Int) {
            county.now = .seconds(second)
            county.step(.received(.pong(0)))
            county.step(.timerFired)
        }
        for second in stride(from: 10, through: 600, by: 10) { pass(second) }
        #expect(county.closed == nil, "16 MiB at 32 KiB a second take 512 seconds")
        for second in stride(from: 610, through: 700, by: 10) { pass(second) }
        #expect(county.closed?.code == .timedOut)
    }

    @Test("nonsense ends the session with an error that the peer is told")
    func garbled() {
        let city = standing().city
        city.step(.garbled(ReportError(.integrity, "damaged")))
        #expect(city.closed?.code == .integrity)
        #expect(city.sent.last == .failure(.integrity, message: "damaged"))
    }

    @Test("a store that gives other entries than it was asked for is asked once")
    func wrongBatch() throws {
        let conversation = Conversation(county: Nodes.county(entries: 3), city: Nodes.city())
        let county = conversation.county
        var asked = 0
        while let step = conversation.possible.first {
            guard step == .countyWork, case .loadBatch(let log, let after, _, _) = county.work[0]
            else {
                conversation.perform(step)
                continue
            }
            asked += 1
            try #require(asked < 10)
            county.work.removeFirst()
            let wrong = county.log.batchNow(log, after: after + 1, count: 1, byteCount: 1 << 20)
            #expect(wrong?.first == after + 2)
            county.step(.batchLoaded(log: log, after: after, wrong))
        }
        #expect(asked == 1)
        let told = county.reports.contains { event in
            if case .unreadable(county.log.own, .internal, _) = event { true } else { false }
        }
        #expect(told)
        #expect(county.closed == nil, "other logs go on")
    }

    @Test("witnesses go in bursts, the next one when the peer has read the one before")
    func witnesses() throws {
        var limits = SyncLimits()
        limits.witnessBurstCount = 2
        let conversation = standing(entries: 1, limits: limits)
        let (county, city) = (conversation.county, conversation.city)
        let position = try #require(county.log.held(county.log.own)).position
        for number in UInt8(50)..<55 {
            let witness = Acknowledgement(
                position: position,
                receivedAt: .now,
                key: Nodes.key(number)
            )
            city.log.keepNow(witness)
        }
        func told() -> Int { city.sent.count { if case .witness = $0 { true } else { false } } }
        city.step(.storeCommitted)
        while !city.work.isEmpty { city.doWork() }
        #expect(told() == 2)
        city.step(.storeCommitted)
        while !city.work.isEmpty { city.doWork() }
        #expect(told() == 2, "commits do not press on")
        conversation.run()
        #expect(told() == 5)
        let signers = Set(county.log.kept.map(\.node))
        #expect((UInt8(50)..<55).allSatisfy { signers.contains(Nodes.key($0).id) })
    }
}
