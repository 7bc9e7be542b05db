import ReportModel
import ReportSync
import ReportWire
import Synchronization
import Testing

/// Records that were erased before an upstream had them: nothing in the batch tells whose region they are of.
@Suite("Versions without their records")
struct ErasedRecordTests {
    private let grant = Grant(regions: ["湛江市/麻章区"], rights: [.peer])

    /// A county of three versions, of which it holds the second without its record.
    private func county(_ region: String = "湛江市/麻章区") -> (InMemoryLog, [Hash256: String]) {
        let county = Nodes.county()
        let keys = (0..<3).map { "record \($0) in \($0 == 1 ? region : "湛江市/麻章区")" }
        for key in keys { county.append(key) }
        county.damage(county.own, bodies: [2])
        return (county, Dictionary(uniqueKeysWithValues: keys.map { (Entry.keyHash(of: $0), $0) }))
    }

    private func conversation(
        _ county: InMemoryLog,
        _ keys: [Hash256: String],
        _ city: InMemoryLog,
        forms: BodyForms = [.keys]
    ) -> Conversation {
        let conversation = Conversation(
            county: county,
            city: city,
            grant: grant,
            limits: Nodes.small,
            cityForms: forms,
            regions: InMemoryLog.strictRegions,
            countyKeys: { keys[$0.keyHash] }
        )
        conversation.run()
        return conversation
    }

    private func told(_ side: SimulatedSide) -> [String] {
        side.sent.compactMap { if case .key(let key) = $0 { key } else { nil } }
    }

    @Test("its key is told, so that an upstream with a grant by regions takes the log whole")
    func taken() {
        let (county, keys) = county()
        let city = Nodes.city()
        let conversation = conversation(county, keys, city)
        #expect(told(conversation.county) == ["record 1 in 湛江市/麻章区"])
        #expect(city.contents[county.own]?.count == 3)
        #expect(conversation.isCaughtUp)
        #expect(told(conversation.city).isEmpty)
    }

    @Test("a key of another region, or one with another hash, is refused as before")
    func foreign() {
        let (other, keys) = county("湛江市/赤坎区")
        let city = Nodes.city()
        let refused = conversation(other, keys, city)
        #expect(city.contents[other.own]?.count == 1)
        #expect(refused.county.progress.logs.first?.lastError == .notAllowed)
        let (county, right) = county()
        let wrong = right.mapValues { $0 + " in 湛江市/麻章区" }
        let second = Nodes.city()
        let lied = conversation(county, wrong, second)
        #expect(second.contents[county.own]?.count == 1, "the key must have the header's hash")
        #expect(lied.county.progress.logs.first?.lastError == .notAllowed)
    }

    @Test("an older upstream is told nothing that it did not ask for")
    func older() {
        let (county, keys) = county()
        let city = Nodes.city()
        let conversation = conversation(county, keys, city, forms: [.zstd, .held])
        #expect(told(conversation.county).isEmpty)
        #expect(city.contents[county.own]?.count == 1)
    }

    @Test("more keys than a batch has entries end the session")
    func tooMany() {
        let conversation = Conversation(county: Nodes.county(), city: Nodes.city())
        conversation.run()
        for number in 0..<WireLimits.maximumBatchEntryCount {
            conversation.city.step(.received(.key("\(number)")))
        }
        #expect(!conversation.city.isEnded)
        conversation.city.step(.received(.key("one more")))
        #expect(conversation.city.closed?.code == .usage)
    }

    /// Something that stores learn while a session stands.
    private final class Knowledge: Sendable {
        private let isThere = Mutex(false)

        var isKnown: Bool { isThere.withLock { $0 } }

        func come() { isThere.withLock { $0 = true } }
    }

    @Test("a log held without a record is passed on once an erasure tells the record's key")
    func explained() {
        let (county, city, province) = (Nodes.county(), Nodes.city(entries: 2), Nodes.province())
        Conversation(county: county, city: city).run()
        county.damage(city.own, bodies: [2])
        let knowledge = Knowledge()
        let past = Conversation(
            county: county,
            city: province,
            countyReadableRegion: { _ in knowledge.isKnown ? "湛江市" : nil }
        )
        past.run()
        #expect(province.contents[city.own] == nil)
        past.county.step(.storeCommitted)
        past.run()
        #expect(province.contents[city.own] == nil)
        knowledge.come()
        past.county.step(.storeCommitted)
        past.run()
        #expect(province.contents[city.own]?.count == 2)
        #expect(past.isCaughtUp)
    }

    @Test(
        "a judgement of a record in an earlier log of its node is looked at again when that log came"
    )
    func earlierLog() {
        let (county, city) = (Nodes.county(entries: 2), Nodes.city())
        let knowledge = Knowledge()
        let conversation = Conversation(
            county: county,
            city: city,
            judgement: { _, _ in knowledge.isKnown ? nil : .erase }
        )
        conversation.run()
        #expect(city.contents[county.own] == nil)
        conversation.city.step(.storeCommitted)
        conversation.run()
        #expect(!conversation.city.isEnded, "nothing more is known")
        knowledge.come()
        city.append("came meanwhile")
        conversation.city.step(.storeCommitted)
        conversation.run()
        #expect(conversation.city.isEnded && conversation.city.closed?.code == nil)
        #expect(conversation.city.sent.last == .bye)
        Conversation(county: county, city: city, judgement: { _, _ in nil }).run()
        #expect(city.contents[county.own]?.count == 2)
    }
}
