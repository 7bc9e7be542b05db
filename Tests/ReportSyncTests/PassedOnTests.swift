import ReportModel
import ReportSync
import ReportWire
import Testing

/// Found by the simulation: logs that reach a node by way of peers without a grant for them.
@Suite("Logs by way of others")
struct PassedOnTests {
    private let narrow = Grant(regions: ["湛江市/麻章区"], rights: [.peer])

    /// A county that knows no key of what it holds without a record, and its city.
    private func withoutKeys(
        _ county: InMemoryLog,
        _ city: InMemoryLog,
        limits: SyncLimits = SyncLimits()
    ) -> Conversation {
        Conversation(
            county: county,
            city: city,
            limits: limits,
            countyReadableRegion: { _ in nil }
        )
    }

    @Test("what a node filed in an earlier log comes back from a peer that may file only its own")
    func earlierLog() {
        let county = Nodes.county(entries: 2)
        let before = Nodes.city()
        before.append("the city's own", region: "湛江市")
        Conversation(county: county, city: before, grant: narrow).run()
        let restored = InMemoryLog(key: Nodes.key(2), name: "湛江市总工会 2")
        let next = Conversation(county: county, city: restored, grant: narrow)
        next.run()
        #expect(restored.contents[before.own] == before.contents[before.own])
        #expect(next.isCaughtUp)
    }

    @Test("a log that is refused from one peer and brought by another is missing at neither")
    func broughtByAnother() {
        let county = Nodes.county(entries: 1)
        let neighbour = InMemoryLog(key: Nodes.key(4), name: "赤坎区总工会")
        neighbour.append("the neighbour's", region: "湛江市/赤坎区")
        Conversation(county: neighbour, city: county).run()
        let city = Nodes.city()
        let conversation = Conversation(county: county, city: city, grant: narrow)
        conversation.run()
        #expect(city.contents[neighbour.own] == nil)
        #expect(!conversation.county.progress.isCaughtUp)
        Conversation(county: neighbour, city: city).run()
        conversation.city.step(.storeCommitted)
        conversation.run()
        #expect(city.contents[neighbour.own] == neighbour.contents[neighbour.own])
        let rows = conversation.county.progress.logs.filter { $0.log == neighbour.own }
        #expect(rows.map(\.missingThere) == [0])
    }

    @Test(
        "a log that a peer shows and does not pass on is missing at neither, whenever another brings it",
        arguments: 0..<14
    )
    func broughtAtAnyMoment(_ moment: Int) {
        let (county, city) = (Nodes.county(entries: 1), Nodes.city())
        let neighbour = InMemoryLog(key: Nodes.key(4), name: "赤坎区总工会")
        neighbour.append("the neighbour's")
        Conversation(county: neighbour, city: county).run()
        county.damage(neighbour.own, bodies: [1])
        let conversation = withoutKeys(county, city)
        conversation.run(messages: moment)
        Conversation(county: neighbour, city: city).run()
        conversation.city.step(.storeCommitted)
        // The store answers before anything else arrives.
        while !conversation.city.work.isEmpty { conversation.perform(.cityWork) }
        conversation.run()
        #expect(city.contents[neighbour.own]?.count == 1)
        let rows = conversation.county.progress.logs.filter { $0.log == neighbour.own }
        #expect(rows.map(\.missingThere) == [0])
    }

    @Test("behind an entry that is held without its record a log goes on once the peer got past it")
    func pastBareEntry() {
        let (county, city) = (Nodes.county(entries: 1), Nodes.city())
        let neighbour = InMemoryLog(key: Nodes.key(4), name: "赤坎区总工会")
        for number in 0..<5 { neighbour.append("neighbour \(number)") }
        Conversation(county: neighbour, city: county).run()
        county.damage(neighbour.own, bodies: [2])
        let conversation = withoutKeys(county, city)
        conversation.run()
        func told() -> LogProgress? {
            conversation.county.progress.logs.first { $0.log == neighbour.own }
        }
        func settled() -> [LogID: UInt64] {
            conversation.county.progress.settled(besides: county.node)
        }
        #expect(told()?.isWithheld == true && city.contents[neighbour.own] == nil)
        #expect(settled() == [neighbour.own: 5], "what is withheld waits for no signature")
        Conversation(county: neighbour, city: city).run()
        conversation.city.step(.storeCommitted)
        conversation.run()
        // From here on the neighbour reaches the city by way of the county only.
        for number in 5..<10 { neighbour.append("neighbour \(number)") }
        Conversation(county: neighbour, city: county).run()
        conversation.county.step(.storeCommitted)
        conversation.run()
        #expect(city.contents[neighbour.own]?.count == 10)
        #expect(told()?.missingThere == 0 && told()?.isWithheld == false)
        #expect(settled() == [neighbour.own: 10])
    }

    @Test(
        "a standing session hears that what it holds back came by another way, also behind what it brought",
        arguments: [0, 3]
    )
    func pastBareEntryLater(_ before: Int) {
        let (county, city) = (Nodes.county(entries: 1), Nodes.city())
        let neighbour = Nodes.filled(InMemoryLog(key: Nodes.key(4), name: "赤坎区总工会"), 5)
        Conversation(county: neighbour, city: county).run()
        // With 3 the session itself brings what lies before the entry; with 0 both hold all of it before.
        if before == 0 { Conversation(county: neighbour, city: city).run() }
        if before == 3 { county.damage(neighbour.own, bodies: [before + 1]) }
        let conversation = withoutKeys(county, city, limits: Nodes.small)
        conversation.run()
        if before == 0 {
            for number in 5..<8 { neighbour.append("neighbour \(number)") }
            Conversation(county: neighbour, city: county).run()
            county.damage(neighbour.own, bodies: [6])
            conversation.county.step(.storeCommitted)
            conversation.run()
        }
        func row() -> LogProgress? {
            conversation.county.progress.logs.first { $0.log == neighbour.own }
        }
        #expect(row()?.isWithheld == true)
        #expect(city.contents[neighbour.own]?.count == (before == 0 ? 5 : before))
        Conversation(county: neighbour, city: city).run()
        conversation.city.step(.storeCommitted)
        conversation.run()
        #expect(row()?.isWithheld == false && row()?.missingThere == 0)
        #expect(
            conversation.county.progress.settled(besides: county.node)[neighbour.own]
                == (before == 0 ? 8 : 5)
        )
    }

    @Test("of a log that was shown, what came later and cannot be passed on is missing at neither")
    func shownAgain() {
        let (county, city) = (Nodes.county(entries: 1), Nodes.city())
        let neighbour = Nodes.filled(InMemoryLog(key: Nodes.key(4), name: "赤坎区总工会"), 2)
        Conversation(county: neighbour, city: county).run()
        county.damage(neighbour.own, bodies: [1])
        let conversation = withoutKeys(county, city)
        conversation.run()
        func row() -> LogProgress? {
            conversation.county.progress.logs.first { $0.log == neighbour.own }
        }
        #expect(row()?.isWithheld == true, "shown with its two entries, and held back")
        for number in 2..<4 { neighbour.append("neighbour \(number)") }
        Conversation(county: neighbour, city: city).run()
        conversation.city.step(.storeCommitted)
        conversation.run()
        #expect(row()?.missingThere == 0, "the city has more than it was shown")
        // What the county gets later it cannot pass on either; the city has it all along.
        for number in 4..<6 { neighbour.append("neighbour \(number)") }
        Conversation(county: neighbour, city: city).run()
        conversation.city.step(.storeCommitted)
        conversation.run()
        Conversation(county: neighbour, city: county).run()
        county.damage(neighbour.own, bodies: [2, 3, 4, 5])
        conversation.county.step(.storeCommitted)
        conversation.run()
        #expect(row()?.heldHere == 6 && row()?.missingThere == 0 && row()?.isWithheld == false)
    }

    @Test("what came to a peer by another way is known to be there without its signature")
    func settled() {
        let (county, city) = (Nodes.county(entries: 1), Nodes.city())
        let neighbour = Nodes.filled(InMemoryLog(key: Nodes.key(4), name: "赤坎区总工会"), 3)
        for node in [county, city] { Conversation(county: neighbour, city: node).run() }
        let conversation = Conversation(county: county, city: city)
        conversation.run()
        #expect(conversation.isCaughtUp)
        let signed = county.kept.filter { $0.node == city.node }
        #expect(Set(signed.map(\.position.log)) == [county.own])
        let settled = conversation.county.progress.settled(besides: county.node)
        #expect(settled == [neighbour.own: 3], "of its own log only a signature counts")
        // One that takes nothing, of whose log of a neighbour the peer has more by now.
        neighbour.append("later")
        Conversation(county: neighbour, city: city).run()
        let refusing = Conversation(
            county: county,
            city: city,
            limits: Nodes.small,
            countyDirection: .push
        )
        refusing.run()
        #expect(county.contents[neighbour.own]?.count == 3)
        #expect(
            refusing.county.progress.settled(besides: county.node) == [neighbour.own: 3],
            "the peer signed for nothing, and holds everything that is here"
        )
    }
}
