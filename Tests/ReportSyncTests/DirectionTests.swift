import ReportModel
import ReportSync
import ReportWire
import Testing

@Suite("Which way entries go")
struct DirectionTests {
    private func grant(_ direction: Direction) -> Grant {
        Grant(regions: ["*"], rights: [.peer], direction: direction)
    }

    private func refusals(_ side: SimulatedSide) -> [LogID] {
        side.sent.compactMap { if case .refuse(let log, .notAllowed, _) = $0 { log } else { nil } }
    }

    private func batchCount(_ side: SimulatedSide) -> Int {
        side.sent.count { if case .batch = $0 { true } else { false } }
    }

    @Test("a county that only pushes gets nothing, and neither side misses anything")
    func push() {
        let (county, city) = (Nodes.county(entries: 2), Nodes.city(entries: 3))
        let conversation = Conversation(county: county, city: city, countyDirection: .push)
        conversation.run()
        #expect(city.contents[county.own]?.count == 2)
        #expect(county.contents[city.own] == nil)
        #expect(conversation.isCaughtUp)
        #expect(conversation.county.progress.direction == .push)
        #expect(conversation.city.progress.direction == .pull)
        #expect(refusals(conversation.county).isEmpty && batchCount(conversation.city) == 0)
        // What either files later goes the same way.
        city.append("later")
        county.append("later, too")
        conversation.city.step(.storeCommitted)
        conversation.county.step(.storeCommitted)
        conversation.run()
        #expect(city.contents[county.own]?.count == 3)
        #expect(county.contents[city.own] == nil)
        #expect(conversation.isCaughtUp)
        let told = conversation.county.progress.logs.first { $0.log == city.own }
        #expect(told?.node == city.node && told?.lastError == nil, "it hears whose the log is")
    }

    @Test("a county that only pulls sends nothing, not even when it is asked for single entries")
    func pull() {
        let (county, city) = (Nodes.county(entries: 2), Nodes.city(entries: 3))
        let conversation = Conversation(county: county, city: city, countyDirection: .pull)
        conversation.run()
        #expect(county.contents[city.own]?.count == 3)
        #expect(city.contents[county.own] == nil)
        #expect(conversation.isCaughtUp)
        #expect(conversation.county.progress.direction == .pull)
        #expect(conversation.city.progress.direction == .push)
        conversation.county.step(.received(.fetch(county.own, [1])))
        conversation.county.step(.received(.fetch(city.own, [1])))
        conversation.county.doWork()
        conversation.county.doWork()
        let told = conversation.county.sent.compactMap { message -> FetchedEntries? in
            if case .entries(let fetched) = message { fetched } else { nil }
        }
        #expect(told.map { $0.rows.map { $0.entry != nil } } == [[false], [true]])
    }

    @Test("the grant of an acceptor has a direction of its own, as the acceptor sees it")
    func acceptor() {
        let (county, city) = (Nodes.county(entries: 2), Nodes.city(entries: 3))
        let conversation = Conversation(county: county, city: city, grant: grant(.push))
        conversation.run()
        #expect(county.contents[city.own]?.count == 3)
        #expect(city.contents[county.own] == nil)
        #expect(conversation.city.progress.isCaughtUp)
        // The county was set up to send: there it is a fault.
        let own = conversation.county.progress.logs.first { $0.log == county.own }
        #expect(own?.missingThere == 2 && own?.lastError == .notAllowed)
        #expect(conversation.county.progress.missingThere == 2)
        #expect(conversation.county.progress.direction == .pull)
    }

    @Test("two nodes of which each only pushes say that nothing goes either way")
    func neither() {
        let (county, city) = (Nodes.county(entries: 2), Nodes.city(entries: 3))
        let conversation = Conversation(
            county: county,
            city: city,
            grant: grant(.push),
            countyDirection: .push
        )
        conversation.run()
        #expect(county.contents.count == 1 && city.contents.count == 1)
        #expect(conversation.county.progress.direction == nil)
        #expect(conversation.county.progress.json(seenFrom: county.node)["direction"] == "none")
        #expect(!conversation.county.progress.isCaughtUp && conversation.city.progress.isCaughtUp)
    }

    @Test(
        "what a node filed itself comes back to it whatever the directions",
        arguments: Direction.allCases,
        Direction.allCases
    )
    func ownLog(county direction: Direction, city granted: Direction) {
        let (county, city) = (Nodes.county(entries: 3), Nodes.city(entries: 1))
        Conversation(county: county, city: city).run()
        let former = county.own
        county.truncate(former, to: 1)
        let conversation = Conversation(
            county: county,
            city: city,
            grant: grant(granted),
            countyDirection: direction
        )
        conversation.run()
        #expect(county.own != former, "the city's head tells that the store is an old copy")
        #expect(county.contents[former]?.count == 3)
        #expect(conversation.county.progress.hasAll(of: county.node))
        #expect(conversation.county.closed == nil && conversation.city.closed == nil)
    }

    @Test("a program that knows no directions is told which logs are not taken, and goes on")
    func older() throws {
        let (county, city) = (Nodes.county(entries: 2), Nodes.city(entries: 3))
        let conversation = Conversation(
            county: county,
            city: city,
            cityForms: [],
            countyDirection: .push
        )
        conversation.run()
        let isSilent = conversation.city.sent.allSatisfy {
            if case .forms = $0 { false } else { true }
        }
        #expect(isSilent)
        #expect(refusals(conversation.county) == [city.own])
        let told = conversation.city.reports.compactMap { report -> String? in
            if case .refusedByPeer(city.own, .notAllowed, let why) = report { why } else { nil }
        }
        #expect(told.count == 1 && told[0].contains("push"))
        #expect(county.contents[city.own] == nil)
        #expect(city.contents[county.own]?.count == 2)
        #expect(conversation.county.progress.isCaughtUp)
        let log = conversation.county.progress.logs.first { $0.log == city.own }
        #expect(log?.lastError == nil, "what is not wanted is no fault here")
        let isNews = conversation.county.reports.contains {
            if case .refused = $0 { true } else { false }
        }
        #expect(!isNews)
        #expect(conversation.county.closed == nil && conversation.city.closed == nil)
    }

    @Test("a peer that sends all the same is refused that log, with the reason")
    func insolent() throws {
        let (county, city) = (Nodes.county(entries: 2), Nodes.city(entries: 3))
        let conversation = Conversation(county: county, city: city, countyDirection: .push)
        conversation.run()
        let batch = try #require(city.batchNow(city.own, after: 0, count: 9, byteCount: 1 << 20))
        conversation.county.step(.received(.batch(batch)))
        #expect(refusals(conversation.county) == [city.own])
        conversation.county.step(.received(.batch(batch)))
        #expect(refusals(conversation.county) == [city.own], "it is told once")
        conversation.run()
        #expect(county.contents[city.own] == nil)
        #expect(!conversation.county.isEnded)
        county.append("goes on")
        conversation.county.step(.storeCommitted)
        conversation.run()
        #expect(city.contents[county.own]?.count == 3)
    }

    @Test("a grant with another direction ends the session in good order, for the next one")
    func changed() {
        let (county, city) = (Nodes.county(entries: 1), Nodes.city(entries: 1))
        let conversation = Conversation(county: county, city: city, grant: grant(.both))
        conversation.run()
        conversation.city.step(.grantChanged(grant(.both)))
        #expect(!conversation.city.isEnded)
        conversation.city.step(.grantChanged(grant(.pull)))
        #expect(conversation.city.isEnded && conversation.city.closed?.code == nil)
        #expect(conversation.city.sent.last == .bye)
    }

    @Test("directions hold whatever the order in which bytes and disks come", arguments: 0..<40)
    func anyOrder(seed: Int) {
        let directions = Direction.allCases
        let (mine, theirs) = (directions[seed % 3], directions[seed / 3 % 3])
        let (county, city) = (Nodes.county(entries: 5), Nodes.city(entries: 5))
        let conversation = Conversation(
            county: county,
            city: city,
            grant: grant(theirs),
            limits: Nodes.small,
            countyDirection: mine
        )
        var generator = SeededGenerator(seed: UInt64(seed))
        conversation.run(using: &generator)
        let goesUp = mine.sends && theirs.takes
        let comesDown = mine.takes && theirs.sends
        #expect(city.contents[county.own]?.count == (goesUp ? 5 : nil))
        #expect(county.contents[city.own]?.count == (comesDown ? 5 : nil))
        #expect(conversation.city.progress.isCaughtUp)
        #expect(refusals(conversation.county).isEmpty && refusals(conversation.city).isEmpty)
        #expect(conversation.county.closed == nil && conversation.city.closed == nil)
    }
}
