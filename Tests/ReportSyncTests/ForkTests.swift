import ReportModel
import ReportSync
import ReportWire
import Testing

@Suite("Forks and old copies")
struct ForkTests {
    private func forks(_ side: SimulatedSide, _ log: LogID) -> Bool {
        side.reports.contains { event in
            switch event {
            case .forkSeen(let position): position.log == log
            case .refused(log, .forked, _), .refusedByPeer(log, .forked, _): true
            default: false
            }
        }
    }

    /// A county that wrote two entries, was copied, and went on differently on both machines.
    private func forked(cityHas: Int, countyHas: Int) -> (county: InMemoryLog, city: InMemoryLog) {
        let original = Nodes.county(entries: 2)
        let copy = InMemoryLog(copying: original)
        let city = Nodes.city(entries: 1)
        for number in 0..<cityHas { original.append("original \(number)") }
        Conversation(county: original, city: city).run()
        for number in 0..<countyHas { copy.append("copy \(number)") }
        return (copy, city)
    }

    @Test(
        "a fork is seen and the other branch kept, whoever is longer",
        arguments: [
            (1, 1), (1, 3), (3, 1), (2, 2),
        ]
    )
    func fork(lengths: (Int, Int)) throws {
        let (county, city) = forked(cityHas: lengths.0, countyHas: lengths.1)
        let former = county.own
        let before = try #require(city.contents[former])
        let conversation = Conversation(county: county, city: city, limits: Nodes.small)
        conversation.run()
        #expect(forks(conversation.city, former))
        #expect(forks(conversation.county, former))
        let held = try #require(city.held(former))
        #expect(held.isForked)
        #expect(held.evidence.first == county.contents[former]?[2])
        #expect(city.contents[former] == before, "the first branch is untouched")
        #expect(county.own != former, "the county appends to neither branch any more")
        // The city's own log came through.
        #expect(county.contents[city.own] == city.contents[city.own])
        #expect(conversation.county.closed == nil && conversation.city.closed == nil)
    }

    @Test("a forked log stays in quarantine in later sessions")
    func quarantine() {
        let (county, city) = forked(cityHas: 1, countyHas: 2)
        let former = county.own
        Conversation(county: county, city: city).run()
        county.append("later")
        let next = Conversation(county: county, city: city)
        next.run()
        #expect(city.contents[former]?.count == 3)
        #expect(city.contents[county.own] == nil, "no log of that node is taken")
        #expect(next.county.progress.logs.contains { $0.lastError == .forked })
        #expect(!next.county.progress.isCaughtUp)
        city.release(former)
        let last = Conversation(county: county, city: city)
        last.run()
        #expect(city.contents[county.own]?.count == 1)
        #expect(city.contents[former]?.count == 3)
        // Nothing more of the forked log will go anywhere: nothing of it is missing.
        for side in [last.county, last.city] {
            #expect(side.progress.isCaughtUp)
            #expect(side.progress.stoppedLogs == [])
        }
    }

    @Test("a release ends the session that refused the node's next log, and the next one takes it")
    func releasedInSession() {
        let (county, city) = forked(cityHas: 1, countyHas: 2)
        let former = county.own
        Conversation(county: county, city: city).run()
        county.append("later")
        let standing = Conversation(county: county, city: city)
        standing.run()
        #expect(!standing.city.isEnded)
        // No commit lay between the refusal and the release.
        city.release(former)
        standing.city.step(.storeCommitted)
        standing.run()
        #expect(standing.city.isEnded)
        Conversation(county: county, city: city).run()
        #expect(city.contents[county.own]?.count == 1)
    }

    @Test("a node that is offered more of its own log than it holds leaves the log, then takes it")
    func ownLogOffered() throws {
        let county = Nodes.county(entries: 3)
        let former = county.own
        let full = InMemoryLog(copying: county)
        county.truncate(former, to: 2)
        let side = Conversation(county: county, city: Nodes.city())
        side.run()
        let held = try #require(full.held(former))
        let head = try #require(held.head)
        let batch = try #require(full.batchNow(former, after: 2, count: 1, byteCount: 1))
        side.county.step(.received(.log(held.descriptor, head)))
        side.county.step(.received(.batch(batch)))
        side.run()
        #expect(county.own != former)
        #expect(county.contents[former] == full.contents[former])
        #expect(side.county.closed == nil)
    }

    @Test("entries of the own log that a peer passes back are passed over")
    func ownLogReturned() throws {
        let county = Nodes.county(entries: 3)
        let side = Conversation(county: county, city: Nodes.city())
        side.run()
        let held = try #require(county.held(county.own))
        let head = try #require(held.head)
        let batch = try #require(
            county.batchNow(county.own, after: 1, count: 2, byteCount: 1 << 20)
        )
        side.county.step(.received(.log(held.descriptor, head)))
        side.county.step(.received(.batch(batch)))
        side.run()
        #expect(!county.isHeld)
        #expect(county.contents[county.own]?.count == 3)
        #expect(side.county.progress.logs.allSatisfy { $0.lastError == nil })
    }

    @Test("a node on an old copy leaves its log, takes the rest of it and goes on in a new one")
    func ownLogAhead() {
        let county = Nodes.county(entries: 4)
        let former = county.own
        let city = Nodes.city()
        Conversation(county: county, city: city).run()
        county.truncate(former, to: 2)
        let next = Conversation(county: county, city: city, limits: Nodes.small)
        next.run()
        let seen = next.county.reports.contains { event in
            guard case .ownLogAhead(let peer, let own) = event else { return false }
            return peer.log == former && peer.sequence == 4 && own == 2
        }
        #expect(seen)
        #expect(county.own != former && county.isHeld)
        #expect(county.contents[former] == city.contents[former])
        #expect(next.county.progress.hasAll(of: county.node))
        county.append("after")
        Conversation(county: county, city: city).run()
        #expect(county.contents == city.contents)
        #expect(next.county.closed == nil)
    }

    @Test("what a peer says of a node's own log without its signature moves it to nothing")
    func unsignedWords() throws {
        let county = Nodes.county(entries: 3)
        let own = county.own
        let city = Nodes.city()
        let side = Conversation(county: county, city: city)
        side.run()
        let wrong = Hash256(hashing: [7])
        for sequence in [UInt64(9), 3, 2] {
            let position = LogPosition(log: own, sequence: sequence, hash: wrong)
            side.county.step(.received(.positions([position], isLast: true)))
            side.county.step(.received(.acknowledgement(city.acknowledge(position))))
            side.run()
        }
        #expect(county.own == own && !county.isHeld)
        #expect(side.county.closed == nil)
        let isAhead = side.county.progress.hasAll(of: county.node)
        let position = LogPosition(log: own, sequence: 9, hash: wrong)
        side.county.step(.received(.positions([position], isLast: true)))
        #expect(isAhead)
        #expect(!side.county.progress.hasAll(of: county.node), "an upstream is believed")
        #expect(side.county.progress.hasAll(of: county.node, trusting: false))
    }

    @Test("a peer that cannot send what it holds of a node's log shows the head it signed")
    func ownHeadShown() {
        let county = Nodes.county(entries: 4)
        let former = county.own
        let city = Nodes.city()
        Conversation(county: county, city: city).run()
        let copy = InMemoryLog(copying: county)
        copy.truncate(former, to: 2)
        city.markForked(former)
        let next = Conversation(county: copy, city: city)
        next.run()
        #expect(copy.own != former && copy.isHeld)
    }

    @Test("wrong statements about a log, however many, lead to one search and one report")
    func manyStatements() {
        let city = Nodes.city(entries: 3)
        let side = Conversation(county: Nodes.county(), city: city)
        side.run()
        side.county.sent = []
        for number in 0..<100 {
            let position = LogPosition(
                log: city.own,
                sequence: 3,
                hash: Hash256(hashing: [UInt8(number)])
            )
            side.county.step(.received(.positions([position], isLast: true)))
        }
        let questions = side.county.sent.filter { message in
            if case .compare = message { true } else { false }
        }
        let reports = side.county.reports.filter { event in
            if case .forkSeen = event { true } else { false }
        }
        #expect(questions.count == 1)
        #expect(reports.count == 1)
    }

    @Test("releasing a node ends the session that refused its log, so that the next one takes it")
    func releaseWhileConnected() {
        let (county, city) = forked(cityHas: 1, countyHas: 2)
        let former = county.own
        Conversation(county: county, city: city).run()
        county.append("later")
        let next = Conversation(county: county, city: city)
        next.run()
        next.city.step(.storeCommitted)
        next.run()
        #expect(next.city.closed == nil)
        city.release(former)
        next.city.step(.storeCommitted)
        next.run()
        #expect(next.city.closed?.code == nil && next.city.closed != nil)
        Conversation(county: county, city: city).run()
        #expect(city.contents[county.own]?.count == 1)
    }
}
