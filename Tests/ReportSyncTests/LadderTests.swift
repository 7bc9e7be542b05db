import ReportModel
import ReportSync
import ReportWire
import Testing

@Suite("Who holds what")
struct LadderTests {
    @Test("the province's signature for a county's log comes down to the county")
    func ladder() throws {
        let (county, city, province) = (Nodes.county(entries: 3), Nodes.city(), Nodes.province())
        let down = Conversation(county: county, city: city)
        down.run()
        Conversation(county: city, city: province).run()
        func signers() -> Set<NodeID> {
            Set(county.kept.filter { $0.position.log == county.own }.map(\.node))
        }
        #expect(signers() == [city.node])
        down.city.step(.storeCommitted)
        down.run()
        #expect(signers() == [city.node, province.node])
        let told = down.city.sent.count { if case .witness = $0 { true } else { false } }
        down.city.step(.storeCommitted)
        down.run()
        #expect(down.city.sent.count { if case .witness = $0 { true } else { false } } == told)
        // A new session tells it again: the county may have lost it with its disk.
        let county2 = InMemoryLog(copying: county)
        Conversation(county: county2, city: city).run()
        #expect(county2.kept.contains { $0.node == province.node })
    }

    @Test("a forged witness ends the session, one of another branch or log is passed over")
    func forged() throws {
        let (county, city) = (Nodes.county(entries: 2), Nodes.city(entries: 1))
        let position = LogPosition(log: county.own, sequence: 1, hash: .zero)
        let wrong = Acknowledgement(position: position, receivedAt: .now, key: Nodes.key(9))
        let down = Conversation(county: county, city: city)
        down.run()
        down.county.step(.received(.witness(wrong)))
        down.run()
        #expect(!county.kept.contains { $0.node == wrong.node })
        let foreign = Acknowledgement(
            position: LogPosition(
                log: city.own,
                sequence: 1,
                hash: try #require(city.hashNow(city.own, 1))
            ),
            receivedAt: .now,
            key: Nodes.key(9)
        )
        down.county.step(.received(.witness(foreign)))
        down.run()
        #expect(!county.kept.contains { $0.node == foreign.node })
        var forged = wrong
        forged.position.sequence = 2
        down.county.step(.received(.witness(forged)))
        #expect(down.county.closed?.code == .integrity)
    }

    @Test("invented witnesses are taken from an upstream only, and up to a bound")
    func strangers() throws {
        let (county, city) = (Nodes.county(entries: 1), Nodes.city(entries: 1))
        var limits = SyncLimits()
        limits.strangerCount = 3
        let down = Conversation(county: county, city: city, limits: limits)
        down.run()
        for (side, log) in [(down.county, county), (down.city, city)] {
            let position = try #require(log.held(log.own)).position
            for number in UInt8(50)..<60 {
                let witness = Acknowledgement(
                    position: position,
                    receivedAt: .now,
                    key: Nodes.key(number)
                )
                side.step(.received(.witness(witness)))
            }
            down.run()
        }
        #expect(Set(county.kept.map(\.node)).subtracting([city.node]).count == 3)
        #expect(Set(city.kept.map(\.node)).subtracting([county.node]).isEmpty)
        #expect(down.county.closed == nil && down.city.closed == nil)
    }
}
