import ReportModel
import ReportSync
import ReportWire
import Testing

@Suite("What a peer may read")
struct SubscriptionTests {
    private func hasBodies(_ log: InMemoryLog, _ id: LogID) -> [Bool] {
        (log.contents[id] ?? []).map { !$0.bodies.contains(nil) }
    }

    private func statementCount(_ side: SimulatedSide) -> Int {
        side.sent.reduce(0) { count, message in
            if case .positions = message { count + 1 } else { count }
        }
    }

    @Test("a peer gets the header of every entry and the bodies of its regions")
    func regions() throws {
        let (county, city) = (Nodes.county(entries: 1), Nodes.city())
        let regions = ["湛江市/麻章区", "湛江市/赤坎区", "湛江市/麻章区"]
        var known: [Hash256: String] = [:]
        for (number, region) in regions.enumerated() {
            city.append("city \(number)", region: region)
            known[Entry.keyHash(of: "city \(number)")] = region
        }
        let table = known
        let grant = Grant(regions: ["湛江市/麻章区"], rights: [.peer])
        let down = Conversation(
            county: county,
            city: city,
            grant: grant,
            readableRegion: { table[$0.keyHash] }
        )
        down.run()
        #expect(hasBodies(county, city.own) == [true, false, true])
        #expect(hasBodies(city, county.own) == [true], "an upstream gets everything")
        #expect(down.isCaughtUp)
        // What is held bare is not passed on: it would take the place of whole entries.
        let province = Nodes.province()
        let past = Conversation(
            county: county,
            city: province,
            countyReadableRegion: { _ in nil }
        )
        past.run()
        #expect(province.contents[city.own] == nil)
        #expect(hasBodies(province, county.own) == [true])
        func told() -> LogProgress? { past.county.progress.logs.first { $0.log == city.own } }
        #expect(told()?.isWithheld == true && told()?.missingThere == 3)
        #expect(told()?.lastError == nil, "a healthy network has no fault")
        #expect(past.county.progress.stoppedLogs.isEmpty)
        // Once it came there from another node, nothing is wrong any more.
        Conversation(county: city, city: province).run()
        past.city.step(.storeCommitted)
        past.run()
        #expect(told()?.missingThere == 0 && told()?.isWithheld == false)
        let statements = statementCount(past.city)
        past.city.step(.storeCommitted)
        past.run()
        #expect(statementCount(past.city) == statements, "it is said once")
        city.append("city 3", region: "湛江市/麻章区")
        Conversation(county: city, city: province).run()
        past.city.step(.storeCommitted)
        past.run()
        #expect(told()?.missingThere == 0 && told()?.lastError == nil)
        // Nor does anybody get by asking what it may not read.
        county.damage(city.own, [2])
        down.county.step(.resync)
        down.run()
        #expect(hasBodies(county, city.own) == [true, false, true, true])
        #expect(county.held(city.own)?.damaged == [])
        // Its own log comes back whole to a county that lost it.
        let former = county.own
        county.truncate(former, to: 0)
        Conversation(
            county: county,
            city: city,
            grant: Grant(regions: ["别处"], rights: [.peer]),
            readableRegion: { table[$0.keyHash] }
        ).run()
        #expect(hasBodies(county, former) == [true])
    }
}
