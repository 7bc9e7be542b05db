import ReportModel
import ReportSync
import ReportWire
import Testing

@Suite("What a peer may read")
struct SubscriptionTests {
    private func hasBodies(_ log: InMemoryLog, _ id: LogID) -> [Bool] {
        (log.contents[id] ?? []).map { !$0.bodies.contains(nil) }
    }

    private func resync(_ conversation: Conversation) -> [ReconciledLog]? {
        conversation.county.step(.resync)
        conversation.run()
        for case .resynced(let logs) in conversation.county.reports.reversed() { return logs }
        return nil
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
        // Nor does anybody get by asking what it may not read; and that is no damage.
        county.damage(city.own, bodies: [2])
        let healthy = try #require(resync(down)?.first { $0.log == city.own })
        #expect(healthy.damaged == [] && healthy.remaining == [] && healthy.isSound)
        #expect(healthy.bare == [2] && healthy.withheld == [2] && !healthy.needsReindex)
        county.damage(city.own, [2])
        let mended = try #require(resync(down)?.first { $0.log == city.own })
        #expect(mended.damaged == [2] && mended.mendedEntryCount == 1 && mended.isSound)
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

    @Test(
        "a grant that changes while a batch is loaded, or waits for the window, counts for that batch",
        arguments: [true, false],
        [true, false]
    )
    func changedMeanwhile(isWidened: Bool, isLoading: Bool) throws {
        let (county, city) = (Nodes.county(), Nodes.city())
        let regions = ["湛江市/麻章区", "湛江市/赤坎区"]
        for number in 0..<12 { city.append("city \(number)", region: regions[(number + 1) % 2]) }
        let table = Dictionary(
            uniqueKeysWithValues: (0..<12).map {
                (Entry.keyHash(of: "city \($0)"), regions[($0 + 1) % 2])
            }
        )
        let (narrow, wide) = (
            Grant(regions: [regions[0]], rights: [.peer]), Grant(regions: regions, rights: [.peer])
        )
        var limits = Nodes.small
        // Room for a few batches: the next is ready and waits until one is acknowledged.
        limits.unacknowledgedByteCount = isWidened ? 1500 : 1700
        let conversation = Conversation(
            county: county,
            city: city,
            grant: isWidened ? narrow : wide,
            limits: limits,
            readableRegion: { table[$0.keyHash] }
        )
        func batchCount() -> Int {
            conversation.city.sent.count { if case .batch = $0 { true } else { false } }
        }
        func isAtLoad() -> Bool {
            if case .loadBatch = conversation.city.work.first { true } else { false }
        }
        // The county takes nothing once they are on the way.
        while batchCount() < 2 || (isLoading ? !isAtLoad() : !conversation.city.work.isEmpty),
            let step = conversation.possible.first(where: { $0 != .countyWork || batchCount() == 0 }
            )
        {
            conversation.perform(step)
        }
        let count = batchCount()
        try #require(count.isMultiple(of: 2), "the next entry is of the other region")
        let answer = isLoading ? try #require(conversation.city.readBatch()) : {}
        conversation.city.step(.grantChanged(isWidened ? wide : narrow))
        answer()
        conversation.run()
        #expect(conversation.isCaughtUp)
        let expected = (0..<12).map { number in
            number % 2 == 1 || (number < count) != isWidened
        }
        #expect(hasBodies(county, city.own) == expected)
    }
}
