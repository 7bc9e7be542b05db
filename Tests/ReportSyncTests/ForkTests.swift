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
        let before = try #require(city.contents[county.own])
        let conversation = Conversation(county: county, city: city, limits: Nodes.small)
        conversation.run()
        #expect(forks(conversation.city, county.own))
        #expect(forks(conversation.county, county.own))
        let held = try #require(city.held(county.own))
        #expect(held.isForked)
        #expect(held.evidence.first == county.contents[county.own]?[2])
        #expect(city.contents[county.own] == before, "the first branch is untouched")
        // The city's own log came through.
        #expect(county.contents[city.own] == city.contents[city.own])
        #expect(conversation.county.closed == nil && conversation.city.closed == nil)
    }

    @Test("a forked log stays in quarantine in later sessions")
    func quarantine() {
        let (county, city) = forked(cityHas: 1, countyHas: 2)
        Conversation(county: county, city: city).run()
        county.append("later")
        let next = Conversation(county: county, city: city)
        next.run()
        #expect(city.contents[county.own]?.count == 3)
        #expect(next.county.progress.logs.contains { $0.lastError == .forked })
        #expect(!next.county.progress.isCaughtUp)
    }

    @Test("a node takes its own log from nobody, not even what it lacks")
    func ownLogOffered() throws {
        let county = Nodes.county(entries: 3)
        let full = InMemoryLog(copying: county)
        county.truncate(county.own, to: 2)
        let side = Conversation(county: county, city: Nodes.city())
        side.run()
        let held = try #require(full.held(full.own))
        let head = try #require(held.head)
        let batch = try #require(full.batchNow(full.own, after: 2, count: 1, byteCount: 1))
        side.county.step(.received(.log(held.descriptor, head)))
        side.county.step(.received(.batch(batch)))
        side.run()
        #expect(county.contents[county.own]?.count == 2)
        #expect(
            side.county.reports.contains { event in
                if case .refused(county.own, .conflict, _) = event { true } else { false }
            }
        )
        #expect(side.county.closed == nil)
    }

    @Test("a node restored from an old copy says so and takes nothing")
    func ownLogAhead() {
        let county = Nodes.county(entries: 4)
        let city = Nodes.city()
        Conversation(county: county, city: city).run()
        county.truncate(county.own, to: 2)
        let next = Conversation(county: county, city: city)
        next.run()
        let seen = next.county.reports.contains { event in
            guard case .ownLogAhead(let peer, let own) = event else { return false }
            return peer.log == county.own && peer.sequence == 4 && own == 2
        }
        #expect(seen)
        #expect(county.contents[county.own]?.count == 2)
        #expect(city.contents[county.own]?.count == 4)
        #expect(next.city.progress.logs.contains { $0.lastError == .conflict })
        #expect(next.county.closed == nil)
    }
}
