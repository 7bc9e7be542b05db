import NIOCore
import ReportModel
import ReportSync
import ReportWire
import Testing

@Suite("Catching up")
struct CatchUpTests {
    @Test("two nodes that lack each other's logs end with the same")
    func both() {
        let conversation = Conversation(
            county: Nodes.county(entries: 5),
            city: Nodes.city(entries: 3),
            limits: Nodes.small
        )
        conversation.run()
        #expect(conversation.holdTheSame)
        #expect(conversation.isCaughtUp)
        let county = conversation.county.log
        #expect(county.contents.count == 2)
        // The city witnessed every entry of the county, by signature.
        let witnessed = county.kept.filter { $0.node == conversation.city.log.node }
        #expect(witnessed.map(\.position.sequence) == [1, 2, 3, 4, 5])
        #expect(witnessed.allSatisfy { $0.isAuthentic && $0.position.log == county.own })
    }

    @Test("nothing is sent twice, and no echo comes back")
    func noEcho() {
        let conversation = Conversation(county: Nodes.county(entries: 4), city: Nodes.city())
        conversation.run()
        conversation.county.log.append("later")
        conversation.county.step(.storeCommitted)
        conversation.run()
        #expect(conversation.holdTheSame)
        let batches = conversation.county.sent.compactMap { message -> UInt64? in
            if case .batch(let batch, _) = message { batch.first } else { nil }
        }
        #expect(batches == [1, 5])
        let echoed = conversation.city.sent.contains { message in
            if case .batch = message { true } else { false }
        }
        #expect(!echoed)
    }

    @Test("progress counts what is missing from signed heads, down to zero")
    func progress() throws {
        let conversation = Conversation(
            county: Nodes.county(entries: 3),
            city: Nodes.city(),
            limits: Nodes.small
        )
        var seen: [UInt64] = []
        while let step = conversation.possible.first {
            conversation.perform(step)
            let missing = conversation.city.progress.missingHere
            if seen.last != missing { seen.append(missing) }
            if conversation.city.progress.isCaughtUp, conversation.city.isEstablished {
                #expect(
                    conversation.holdTheSame,
                    "caught up means that nothing is missing"
                )
            }
        }
        #expect(seen == [0, 3, 2, 1, 0])
        #expect(conversation.county.progress.missingThere == 0)
        let row = try #require(conversation.county.progress.logs.first)
        #expect(row.heldThere == 3)
        #expect(row.lastProgress != nil)
        #expect(row.unacknowledgedByteCount == 0)
    }

    @Test("status tells the logs of the two nodes, and of others those that are not done")
    func toldLogs() throws {
        let (county, city) = (Nodes.county(entries: 3), Nodes.city(entries: 2))
        let province = Nodes.filled(Nodes.province(), 4)
        Conversation(county: city, city: province).run()
        let conversation = Conversation(county: county, city: city, limits: Nodes.small)
        func told() -> Set<String> {
            let rows =
                conversation.city.progress.json(seenFrom: city.node)["logs"]?.arrayValue ?? []
            return Set(rows.compactMap { $0["log"]?.stringValue })
        }
        let ours = Set([county.own, city.own].map(\.description))
        while !conversation.city.isEstablished, let step = conversation.possible.first {
            conversation.perform(step)
        }
        #expect(told() == ours.union([province.own.description]))
        conversation.run()
        #expect(conversation.isCaughtUp && conversation.city.progress.logs.count == 3)
        #expect(told() == ours)
    }

    @Test("a log of a third node is passed on", arguments: [1, 256])
    func relay(batchEntryCount: Int) {
        var limits = SyncLimits()
        limits.batchEntryCount = batchEntryCount
        let county = Nodes.county(entries: 3)
        let city = Nodes.city(entries: 2)
        let province = Nodes.province()
        Conversation(county: county, city: city, limits: limits).run()
        Conversation(county: city, city: province, limits: limits).run()
        #expect(province.contents == county.contents)
        #expect(province.contents.count == 2)
    }

    @Test(
        "after a cut at any message the rest comes with the next session",
        arguments: [true, false]
    )
    func cuts(storesFinish: Bool) {
        let whole = Conversation(
            county: Nodes.county(entries: 4),
            city: Nodes.city(entries: 2),
            limits: Nodes.small
        )
        whole.run()
        #expect(whole.deliveredCount > 12)
        for index in 0...whole.deliveredCount {
            let county = Nodes.county(entries: 4)
            let city = Nodes.city(entries: 2)
            let first = Conversation(county: county, city: city, limits: Nodes.small)
            first.run(messages: index)
            first.cut(storesFinish: storesFinish)
            let second = Conversation(county: county, city: city, limits: Nodes.small)
            second.run()
            #expect(second.holdTheSame, "cut after \(index) messages")
            #expect(second.isCaughtUp, "cut after \(index) messages")
            let newest = county.kept.filter { $0.node == city.node }.map(\.position.sequence).max()
            #expect(newest == 4, "the witness is not lost, cut after \(index) messages")
        }
    }

    @Test("a log held in part is passed on once it is whole, and holds nothing else up")
    func partialRelay() {
        let county = Nodes.county(entries: 4)
        let city = Nodes.city(entries: 1)
        let province = Nodes.province()
        let first = Conversation(county: county, city: city, limits: Nodes.small)
        while city.contents[county.own]?.count != 2, let step = first.possible.first {
            first.perform(step)
        }
        let upwards = Conversation(county: city, city: province)
        upwards.run()
        #expect(Set(province.contents.keys) == [city.own])
        #expect(!upwards.county.progress.isCaughtUp)
        #expect(upwards.county.closed == nil)
        first.run()
        upwards.county.step(.storeCommitted)
        upwards.run()
        #expect(province.contents == county.contents)
        #expect(upwards.county.progress.isCaughtUp)
    }

    @Test("a log that the store cannot read does not hold up the others")
    func unreadable() {
        let city = Nodes.city(entries: 2)
        let other = Nodes.filled(InMemoryLog(key: Nodes.key(9), name: "other"), 2)
        Conversation(county: other, city: city).run()
        let conversation = Conversation(county: Nodes.county(), city: city)
        while let step = conversation.possible.first {
            if step == .cityWork, case .loadBatch(other.own, _, _, _) = conversation.city.work[0] {
                conversation.city.work.removeFirst()
                let damage = ReportError(.integrity, "an entry is damaged")
                conversation.city.step(.batchFailed(other.own, damage))
            } else {
                conversation.perform(step)
            }
        }
        #expect(Set(conversation.county.log.contents.keys) == [city.own])
        #expect(conversation.city.closed == nil)
        let row = conversation.city.progress.logs.first { $0.log == other.own }
        #expect(row?.lastError == .integrity)
        #expect(row?.missingThere == 2)
    }

    @Test("a batch that arrives twice changes nothing")
    func duplicates() {
        let conversation = Conversation(
            county: Nodes.county(entries: 3),
            city: Nodes.city(),
            limits: Nodes.small
        )
        while let step = conversation.possible.first {
            if step == .toCity, case let bytes = conversation.county.outbound[0],
                bytes.readableBytesView.starts(with: "BATCH".utf8)
            {
                conversation.city.deliver(bytes)
            }
            conversation.perform(step)
        }
        #expect(conversation.holdTheSame)
        #expect(conversation.isCaughtUp)
        #expect(conversation.county.closed == nil)
    }

    @Test("positions may go backwards: a city that lost its disk gets everything again")
    func backwards() {
        let county = Nodes.county(entries: 4)
        Conversation(county: county, city: Nodes.city()).run()
        let emptied = Nodes.city()
        let again = Conversation(county: county, city: emptied)
        again.run()
        #expect(again.holdTheSame)
        #expect(emptied.contents[county.own]?.count == 4)
    }

    @Test("a position restated within a session is sent from there again")
    func restated() {
        let county = Nodes.county(entries: 3)
        let conversation = Conversation(county: county, city: Nodes.city(), limits: Nodes.small)
        conversation.run()
        let before = conversation.county.sent.count
        conversation.county.step(
            .received(
                .positions([LogPosition(log: county.own, sequence: 0, hash: .zero)], isLast: true)
            )
        )
        conversation.run()
        let batches = conversation.county.sent[before...].filter { message in
            if case .batch = message { true } else { false }
        }
        #expect(batches.count == 3)
        #expect(conversation.isCaughtUp)
    }

    @Test("several logs take turns")
    func fairness() {
        let city = Nodes.city(entries: 4)
        for number: UInt8 in 10..<13 {
            let other = Nodes.filled(InMemoryLog(key: Nodes.key(number), name: "\(number)"), 4)
            Conversation(county: other, city: city).run()
        }
        let conversation = Conversation(county: Nodes.county(), city: city, limits: Nodes.small)
        conversation.run()
        #expect(conversation.holdTheSame)
        let order = conversation.city.sent.compactMap { message -> LogID? in
            if case .batch(let batch, _) = message { batch.log } else { nil }
        }
        #expect(order.count == 16)
        for start in stride(from: 0, to: 16, by: 4) {
            #expect(Set(order[start..<start + 4]).count == 4)
        }
    }

    @Test(
        "whatever the order of deliveries, cuts and appends, both end with the same",
        arguments: 0..<10
    )
    func interleavings(block: Int) {
        for seed in (block * 50)..<(block * 50 + 50) {
            var generator = SeededGenerator(seed: UInt64(seed))
            let county = Nodes.county(entries: Int.random(in: 0...4, using: &generator))
            let city = Nodes.city(entries: Int.random(in: 0...3, using: &generator))
            var limits = SyncLimits()
            limits.batchEntryCount = Int.random(in: 1...3, using: &generator)
            limits.unacknowledgedBatchCount = Int.random(in: 1...4, using: &generator)
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                let session = Conversation(county: county, city: city, limits: limits)
                for _ in 0..<Int.random(in: 0...3, using: &generator) {
                    session.run(using: &generator, steps: Int.random(in: 0...12, using: &generator))
                    let side = Bool.random(using: &generator) ? session.county : session.city
                    side.log.append("more")
                    side.step(.storeCommitted)
                }
                session.cut(storesFinish: Bool.random(using: &generator))
            }
            let last = Conversation(county: county, city: city, limits: limits)
            last.run(using: &generator)
            #expect(last.holdTheSame, "seed \(seed)")
            #expect(last.isCaughtUp, "seed \(seed)")
            #expect(last.county.closed == nil && last.city.closed == nil, "seed \(seed)")
        }
    }
}
