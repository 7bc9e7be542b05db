import ReportModel
import ReportSync
import ReportWire
import Testing

@Suite("What is not taken")
struct RefusalTests {
    /// A session that stands, between a county that may report for one district and a city.
    private func standing(
        _ county: InMemoryLog = Nodes.county(),
        _ city: InMemoryLog = Nodes.city(),
        regions: [String] = ["湛江市/麻章区"]
    ) -> Conversation {
        let conversation = Conversation(
            county: county,
            city: city,
            grant: Grant(regions: regions, rights: [.peer])
        )
        conversation.run()
        return conversation
    }

    /// What the county says next, without its own machine.
    private func say(_ conversation: Conversation, _ messages: PeerMessage...) {
        for message in messages { conversation.city.step(.received(message)) }
        conversation.run()
    }

    private func announce(_ log: InMemoryLog) throws -> (PeerMessage, EntryBatch) {
        let held = try #require(log.held(log.own))
        let head = try #require(held.head)
        let batch = try #require(log.batchNow(log.own, after: 0, count: 99, byteCount: 1 << 20))
        return (.log(held.descriptor, head), batch)
    }

    /// A log of somebody else, with a head that another node signed for it.
    private func forged(_ victim: InMemoryLog, by signer: InMemoryLog) throws -> PeerMessage {
        let descriptor = try #require(victim.held(victim.own)).descriptor
        let (_, batch) = try announce(signer)
        let head = SignedHead(
            log: descriptor.id,
            size: 1,
            root: batch.head.root,
            last: batch.head.last,
            signedAt: batch.head.signedAt,
            key: signer.key
        )
        return .log(descriptor, head)
    }

    @Test("a region outside the grant refuses the log, with the region's name")
    func region() {
        let county = Nodes.county()
        county.append("ours", region: "湛江市/麻章区")
        county.append("not ours", region: "湛江市/霞山区")
        let conversation = standing(county, Nodes.city(entries: 2))
        #expect(conversation.city.log.contents[county.own] == nil)
        #expect(
            conversation.county.reports.contains { event in
                guard case .refusedByPeer(county.own, .notAllowed, let message) = event else {
                    return false
                }
                return message.contains("湛江市/霞山区")
            }
        )
        #expect(conversation.county.log.contents.count == 2, "the city's log came all the same")
        #expect(conversation.county.closed == nil)
        let row = conversation.county.progress.logs.first { $0.log == county.own }
        #expect(row?.lastError == .notAllowed)
        #expect(row?.lastErrorMessage != nil)
        #expect(row?.missingThere == 2)
        #expect(!conversation.county.progress.isCaughtUp)
    }

    @Test("a log that judges others is refused from there on, unless its node is a reviewer")
    func judgement() {
        let judging: @Sendable (EntryBatch, NodeID) -> EntryKind? = { batch, _ in
            batch.first + UInt64(batch.entries.count) > 2 ? .review : nil
        }
        let county = Nodes.county(entries: 3)
        let refusing = Conversation(
            county: county,
            city: Nodes.city(),
            limits: Nodes.small,
            judgement: judging
        )
        refusing.run()
        #expect(refusing.city.log.held(county.own)?.position.sequence == 1)
        let isTold = refusing.county.reports.contains { event in
            guard case .refusedByPeer(county.own, .notAllowed, let message) = event else {
                return false
            }
            return message.contains("under reviewers")
        }
        #expect(isTold)
        let taking = Conversation(
            county: Nodes.county(entries: 3),
            city: Nodes.city(),
            limits: Nodes.small,
            reviewers: [county.node],
            judgement: judging
        )
        taking.run()
        #expect(taking.isCaughtUp)
    }

    @Test("a foreign log that is passed on is held to the same regions")
    func foreignRegion() {
        let other = InMemoryLog(key: Nodes.key(4), name: "霞山区总工会")
        other.append("theirs", region: "湛江市/霞山区")
        let county = Nodes.county(entries: 1)
        Conversation(county: other, city: county).run()
        let narrow = standing(county)
        #expect(Set(narrow.city.log.contents.keys) == [county.own])
        let wide = standing(county, Nodes.city(), regions: ["湛江市"])
        #expect(Set(wide.city.log.contents.keys) == [county.own, other.own])
    }

    @Test(
        "a refused log takes no room, also when its sender finds an entry without record meanwhile",
        arguments: 0..<14
    )
    func refusedBesideBareEntry(_ moment: Int) {
        let other = InMemoryLog(key: Nodes.key(4), name: "霞山区总工会")
        for number in 0..<3 { other.append("theirs \(number)", region: "湛江市/霞山区") }
        let county = Nodes.county(entries: 1)
        Conversation(county: other, city: county).run()
        county.damage(other.own, bodies: [3])
        let conversation = Conversation(
            county: county,
            city: Nodes.city(),
            grant: Grant(regions: ["湛江市/麻章区"], rights: [.peer]),
            limits: Nodes.small,
            countyReadableRegion: { _ in nil }
        )
        conversation.run(messages: moment)
        while !conversation.county.work.isEmpty { conversation.perform(.countyWork) }
        conversation.run()
        let row = conversation.county.progress.logs.first { $0.log == other.own }
        #expect(row?.unacknowledgedByteCount == 0)
        #expect(row?.lastError == .notAllowed && row?.isErrorFromPeer == true)
        #expect(row?.isWithheld == false)
    }

    @Test("entries in the name of another node are refused")
    func originated() throws {
        let victim = InMemoryLog(key: Nodes.key(4), name: "霞山区总工会")
        let county = Nodes.county(entries: 1)
        let conversation = standing(county)
        say(conversation, try forged(victim, by: county))
        #expect(
            conversation.city.reports.contains { event in
                if case .refused(victim.own, .integrity, _) = event { true } else { false }
            }
        )
        #expect(conversation.city.closed == nil)
        #expect(conversation.city.log.contents[victim.own] == nil)
    }

    @Test("a peer that makes up log after log is closed off, whosever they are said to be")
    func madeUp() throws {
        let county = Nodes.county(entries: 1)
        // Another log of a forked node is refused without a look at what it holds.
        let forked = InMemoryLog(key: Nodes.key(4), name: "霞山区总工会")
        forked.append("theirs")
        let city = Nodes.city()
        city.adopt(forked.own, from: forked)
        city.markForked(forked.own)
        let conversation = standing(county, city)
        let limit = SyncLimits().unsignedHeadCount
        for number in 1...limit {
            #expect(conversation.city.closed == nil)
            let madeUp = InMemoryLog(key: Nodes.key(4), name: "made up \(number)")
            say(conversation, try forged(madeUp, by: county))
        }
        #expect(conversation.city.closed?.code == .integrity)
        let refused = conversation.city.reports.filter {
            if case .refused(_, .integrity, _) = $0 { true } else { false }
        }
        #expect(refused.count == limit - 1)
    }

    @Test("a batch that was tampered with refuses its log, and others go on")
    func tampered() throws {
        let relay = InMemoryLog(key: Nodes.key(5), name: "relay")
        let victim = InMemoryLog(key: Nodes.key(4), name: "victim")
        for number in 0..<2 { victim.append("v\(number)") }
        let conversation = standing(relay)
        let (announcement, batch) = try announce(victim)
        var forged = batch
        forged.entries[1].bodies[0]?.bytes.append(0x20)
        say(conversation, announcement, .batch(forged))
        #expect(conversation.city.log.contents.isEmpty)
        #expect(
            conversation.city.reports.contains { event in
                if case .refused(victim.own, .integrity, _) = event { true } else { false }
            }
        )
        // Batches that were on the way are ignored, even good ones.
        say(conversation, .batch(batch))
        #expect(conversation.city.log.contents.isEmpty)
        relay.append("good")
        conversation.county.step(.storeCommitted)
        conversation.run()
        #expect(conversation.city.log.contents[relay.own]?.count == 1)
        #expect(conversation.city.closed == nil)
    }

    @Test("a batch beyond its head, or of another log, is refused", arguments: 0..<3)
    func wrongHead(variant: Int) throws {
        let victim = InMemoryLog(key: Nodes.key(4), name: "victim")
        victim.append("v0")
        let (announcement, old) = try announce(victim)
        victim.append("v1")
        var (_, batch) = try announce(victim)
        switch variant {
        case 0: batch.head = old.head
        case 1: batch.first = 2
        default: batch.head.signature = [UInt8](repeating: 0, count: 64)
        }
        let conversation = standing()
        say(conversation, announcement, .batch(batch))
        #expect(conversation.city.log.contents.isEmpty)
        #expect(
            conversation.city.reports.contains { event in
                if case .refused(victim.own, .integrity, _) = event { true } else { false }
            }
        )
    }

    @Test("a gap is refused")
    func gap() throws {
        let victim = InMemoryLog(key: Nodes.key(4), name: "victim")
        for number in 0..<3 { victim.append("v\(number)") }
        let (announcement, _) = try announce(victim)
        let batch = try #require(victim.batchNow(victim.own, after: 1, count: 1, byteCount: 1))
        let conversation = standing()
        say(conversation, announcement, .batch(batch))
        #expect(
            conversation.city.reports.contains { event in
                if case .refused(victim.own, .conflict, _) = event { true } else { false }
            }
        )
    }

    @Test("a batch without announcement, or more than the window, ends the session")
    func protocolFaults() throws {
        let victim = InMemoryLog(key: Nodes.key(4), name: "victim")
        for number in 0..<9 { victim.append("v\(number)") }
        let (announcement, batch) = try announce(victim)
        let unannounced = standing()
        say(unannounced, .batch(batch))
        #expect(unannounced.city.closed?.code == .usage)
        let flooded = standing()
        flooded.city.step(.received(announcement))
        for sequence: UInt64 in 0..<9 {
            let one = try #require(
                victim.batchNow(victim.own, after: sequence, count: 1, byteCount: 1)
            )
            #expect(flooded.city.closed == nil)
            flooded.city.step(.received(.batch(one)))
        }
        #expect(flooded.city.closed?.code == .usage)
    }

    @Test("an acknowledgement that the peer did not sign ends the session")
    func forgedAcknowledgement() throws {
        let county = Nodes.county(entries: 1)
        let conversation = standing(county)
        let position = try #require(county.held(county.own)).position
        for key in [Nodes.key(7), Nodes.key(2)] {
            var forged = Acknowledgement(
                position: position,
                receivedAt: Timestamp(milliseconds: 1),
                key: key
            )
            forged.receivedAt = Timestamp(milliseconds: 2)
            let kept = county.kept
            let side = standing(county).county
            side.step(.received(.acknowledgement(forged)))
            #expect(side.closed?.code == .integrity)
            #expect(county.kept.count <= kept.count + 1)
            #expect(!county.kept.contains(forged))
        }
        #expect(conversation.county.closed == nil)
    }

    @Test("a full disk ends the session and refuses no log")
    func fullDisk() {
        let conversation = Conversation(county: Nodes.county(entries: 1), city: Nodes.city())
        while let step = conversation.possible.first {
            if step == .cityWork, case .accept(let batch, _) = conversation.city.work[0] {
                conversation.city.work.removeFirst()
                conversation.city.step(
                    .acceptFailed(batch.log, ReportError(.noSpace, "the disk is full"))
                )
            } else {
                conversation.perform(step)
            }
        }
        #expect(conversation.city.closed?.code == .noSpace)
        #expect(conversation.county.closed?.code == .noSpace)
    }
}
