import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite("What speaks of a record tells whose region it is")
struct StatedKeyTests {
    private static let region = "湛江市/麻章区"
    private static let other = "2023/湛江市/麻章区/财政局/整体支出"

    /// A city's own log: everything that can be said of a county's record, without the record.
    private func judge(_ city: Store, through stop: EntryKind) async throws {
        let lookup = try Lookup(parsing: Samples.key)
        let note = try Note(fingerprint: "0123456789abcdef", text: "加分不计入")
        _ = try await city.append(note, about: lookup)
        _ = try await city.review(try ReviewCommand([lookup], .approve, comment: nil, by: "李审"))
        guard stop != .review else { return }
        _ = try await city.retract(try RetractCommand(lookup, reason: "重报"))
        _ = try await city.review(try ReviewCommand([lookup], .undo, comment: nil, by: nil))
        let key = try ReportKey(parsing: Self.other)
        if stop == .rekey {
            _ = try await city.rekey(try RekeyCommand(lookup, to: key, reason: "单位认错"))
        } else {
            let erasure = try EraseCommand(
                lookup,
                parts: [.people],
                reason: "本人要求",
                authority: "个人信息保护法第四十七条"
            )
            _ = try await city.erase(erasure)
        }
    }

    @Test(
        "a node without the record knows the region of each judgement, takes and passes it on",
        arguments: [EntryKind.review, .rekey, .erase]
    )
    func told(last: EntryKind) async throws {
        try await withStore(name: "县") { county in
            _ = try await county.append(try Samples.filing(files: ["甲"], people: ["王某"]))
            try await withStore(name: "市") { city in
                try await replicate(from: county, to: city)
                try await judge(city, through: last)
                try await withStore(name: "省") { province in
                    let (batch, descriptor) = try await ownBatch(city)
                    for index in batch.entries.indices {
                        var one = batch
                        one.first = UInt64(index + 1)
                        one.entries = [batch.entries[index]]
                        #expect(province.regions(of: one) == [Self.region])
                    }
                    #expect(province.regions(of: batch) == [Self.region])
                    _ = try await province.accept(batch, descriptor: descriptor)
                    for replicated in batch.entries {
                        let entry = try #require(Entry(replicated.header))
                        #expect(province.region(of: entry) == Self.region)
                    }
                    #expect(try await province.verify { _, _ in }.isSound)
                    // The record may come yet: then it is as if it had come first.
                    try await replicate(from: county, to: province)
                    #expect(try await answers(province) == answers(city))
                }
            }
        }
    }

    @Test("a key that is not the one of the header, or none, tells nothing")
    func untold() async throws {
        try await withStore { store in
            let filing = try Samples.filing()
            let words: [JSONValue] = [
                ["by": .null, "comment": .null, "verdict": "approve"],
                ["key": .string(Self.other), "verdict": "approve"],
                ["key": 7], ["key": "no key"], [],
            ]
            for json in words {
                var log = try ForgedLog()
                let body = Body(kind: .detail, bytes: json.canonicalBytes)
                log.add(filing, kind: .review, bodies: [body])
                #expect(store.regions(of: log.batch()) == [LogRegion.unknown])
            }
            var log = try ForgedLog()
            let told: JSONValue = ["key": .string(filing.key.text)]
            log.add(
                filing,
                kind: .review,
                bodies: [Body(kind: .detail, bytes: told.canonicalBytes)]
            )
            #expect(store.regions(of: log.batch()) == [Self.region])
            // Without the words, as for a peer that may not read them, there is nothing to go by.
            var bare = log.batch()
            bare.entries[0].bodies = [nil]
            #expect(store.regions(of: bare) == [LogRegion.unknown])
        }
    }

    @Test("of a report that was erased before it was sent only its sender can tell the region")
    func erasedFirst() async throws {
        try await withStore(name: "县") { county in
            try await withStore(name: "市") { city in
                _ = try await county.append(try Samples.filing(files: ["甲"]))
                let erasure = try EraseCommand(
                    try Lookup(parsing: Samples.key),
                    reason: "本人要求",
                    authority: "个人信息保护法第四十七条"
                )
                _ = try await county.erase(erasure)
                let own = try await county.ownLog()
                let batch = try #require(
                    try await county.batch(
                        log: own,
                        after: 0,
                        maximumCount: 1,
                        maximumByteCount: 1 << 20
                    )
                )
                #expect(batch.entries.count == 1 && batch.entries[0].bodies.first == .some(nil))
                #expect(city.regions(of: batch) == [LogRegion.unknown])
                let entry = try #require(Entry(batch.entries[0].header))
                let key = try #require(county.recordKey(of: entry))
                #expect(key == Samples.key)
                #expect(city.recordKey(of: entry) == nil)
                #expect(city.regions(of: batch, told: [key]) == [Self.region])
                #expect(city.regions(of: batch, told: [Self.other]) == [LogRegion.unknown])
                #expect(city.regions(of: batch, told: ["no key"]) == [LogRegion.unknown])
            }
        }
    }
}
