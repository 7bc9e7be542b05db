import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite("Appending and reading")
struct AppendTests {
    @Test("a filing is read back with status and version in place of the last brace")
    func roundTrip() async throws {
        try await withStore { store in
            let filing = try Samples.filing(people: ["王某"])
            let outcome = try await store.append(filing)
            #expect(outcome.version.number == 1)
            let text = try store.text(Samples.key)
            let stored = String(decoding: filing.record.canonicalBytes.dropLast(), as: UTF8.self)
            #expect(text.hasPrefix(stored + ",\"status\":\"submitted\",\"version\":{"))
            #expect(text.hasSuffix("}}\n"))
            let json = try JSONValue(parsing: text)
            #expect(json["version"]?["number"] == 1)
            #expect(json["version"]?["id"]?.stringValue == outcome.version.id)
            #expect(json["version"]?["conflict"] == [])
            #expect(json["version"]?["node"] == "县")
        }
    }

    @Test("people and files are bodies of their own, files by index with their names")
    func otherBodies() async throws {
        try await withStore { store in
            let filing = try Samples.filing(
                files: ["甲", String(repeating: "乙", count: 100_000)],
                names: ["一.txt", "二.txt"],
                people: ["王某"]
            )
            _ = try await store.append(filing)
            let lookup = try Lookup(parsing: Samples.key)
            let people = try store.getNow(lookup, body: .people)
            #expect(try JSONValue(parsing: people.bytes).arrayValue?.first?["name"] == "王某")
            let second = try store.getNow(lookup, body: .source(1))
            #expect(second.bytes == Array(String(repeating: "乙", count: 100_000).utf8))
            #expect(second.name == "二.txt")
            for index in [2, -1] {
                let error = await failure { _ = try store.getNow(lookup, body: .source(index)) }
                #expect(error.code == .notFound)
            }
        }
    }

    @Test("a filing that names nobody has an empty list of people")
    func nobody() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing())
            let people = try store.getNow(try Lookup(parsing: Samples.key), body: .people)
            #expect(people.bytes == Array("[]\n".utf8))
        }
    }

    @Test("the same files are a duplicate, those of an older version a new version")
    func duplicates() async throws {
        try await withStore { store in
            let first = try await store.append(try Samples.filing(files: ["甲"]))
            let again = try await store.append(try Samples.filing(files: ["甲"], names: ["别名.txt"]))
            #expect(again == .duplicate(of: first.version))
            let second = try await store.append(try Samples.filing(files: ["乙"]))
            #expect(second.version.number == 2)
            #expect(second.version.parents == [first.version.hash])
            let third = try await store.append(try Samples.filing(files: ["甲"]))
            #expect(third.version.number == 3)
            #expect(try await store.history(try Lookup(parsing: Samples.key)).count == 3)
            #expect(try await store.status().versionCount == 3)
        }
    }

    @Test("a version is found by number and by identifier, another one is not")
    func versions() async throws {
        try await withStore { store in
            let first = try await store.append(try Samples.filing(files: ["甲"])).version
            _ = try await store.append(try Samples.filing(files: ["乙"]))
            #expect(try store.number(Samples.key + "@1") == 1)
            #expect(try store.number(Samples.key + "@" + first.id) == 1)
            #expect(try store.number(Samples.key) == 2)
            for wrong in ["@3", "@999999999", "@1-00000000"] {
                let error = await failure { _ = try store.text(Samples.key + wrong) }
                #expect(error.code == .notFound)
            }
        }
    }

    @Test(
        "a filing for a certain version is taken only when that is the current one",
        arguments: [(0, 0, true), (0, 1, false), (1, 0, false), (1, 1, true), (1, 2, false)]
    )
    func ifVersion(held: Int, wanted: Int, isTaken: Bool) async throws {
        try await withStore { store in
            for number in 0..<held {
                _ = try await store.append(try Samples.filing(files: ["甲\(number)"]))
            }
            let filing = try Samples.filing(files: ["乙"], ifVersion: wanted)
            guard isTaken else {
                let error = await failure { _ = try await store.append(filing) }
                #expect(error.code == .conflict)
                #expect(error.details["current"] == .integer(held))
                return
            }
            #expect(try await store.append(filing).version.number == held + 1)
        }
    }

    @Test("that a record must not exist holds for the same files as well")
    func mustNotExist() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing())
            let error = await failure {
                _ = try await store.append(try Samples.filing(ifVersion: 0))
            }
            #expect(error.code == .conflict)
        }
    }

    @Test("a supplement names files that are held and does not store them again")
    func supplement() async throws {
        try await withFixture { fixture in
            let big = String(
                (0..<40_000).map {
                    Character(Unicode.Scalar(0x4E00 + UInt32($0 * 7919 % 20_000)) ?? "字")
                }
            )
            let first = try await fixture.store.append(try Samples.filing(files: [big])).version
            let before = try await fixture.store.status().usedByteCount
            var filing = try Samples.filing(files: [big, "附表"])
            filing.sources[0] = .held(entry: first.hash, body: 1)
            filing.basis = [first.hash]
            let second = try await fixture.store.append(filing).version
            #expect(second.number == 2)
            #expect(try await fixture.store.status().usedByteCount - before < 100_000)
            let lookup = try Lookup(parsing: Samples.key)
            #expect(try fixture.store.getNow(lookup, body: .source(0)).bytes == Array(big.utf8))
            // The supplement of a supplement points to the bytes themselves.
            filing = try Samples.filing(files: [big, "附表", "说明"])
            filing.sources[0] = .held(entry: second.hash, body: 1)
            filing.sources[1] = .held(entry: second.hash, body: 2)
            filing.basis = [second.hash]
            #expect(try await fixture.store.append(filing).version.number == 3)
            try fixture.reopen()
            #expect(try fixture.store.getNow(lookup, body: .source(0)).bytes == Array(big.utf8))
            #expect(try fixture.store.getNow(lookup, body: .source(1)).bytes == Array("附表".utf8))
        }
    }

    @Test("a receiver that is told it holds a file takes it from the earlier version")
    func heldThere() async throws {
        try await withFixture { fixture in
            let file = String(repeating: "支出功能分类科目。", count: 2000)
            let first = try await fixture.store.append(try Samples.filing(files: [file])).version
            var filing = try Samples.filing(files: [file, "附表"])
            filing.sources[0] = .held(entry: first.hash, body: 1)
            filing.basis = [first.hash]
            _ = try await fixture.store.append(filing)
            let lookup = try Lookup(parsing: Samples.key)
            try await withFixture { other in
                try await replicate(from: fixture.store, to: other.store) { batch in
                    let index = batch.entries.count - 1
                    guard batch.entries[index].origins[1]?.sequence == batch.first else {
                        return #expect(batch.entries.count == 1)
                    }
                    batch.entries[index].bodies[1] = nil
                    batch.entries[index].held = [1]
                }
                #expect(try await answers(other.store) == answers(fixture.store))
                let there = try other.store.getNow(lookup, body: .source(0)).bytes
                #expect(there == Array(file.utf8))
                #expect(try other.store.verifyNow().isSound)
            }
        }
    }

    @Test("a supplement to a version that is no longer current is refused as stale")
    func stale() async throws {
        try await withStore { store in
            let first = try await store.append(try Samples.filing(files: ["甲"])).version
            _ = try await store.append(try Samples.filing(files: ["乙"]))
            var filing = try Samples.filing(files: ["甲", "丙"])
            filing.sources[0] = .held(entry: first.hash, body: 1)
            filing.basis = [first.hash]
            let error = await failure { _ = try await store.append(filing) }
            #expect(error.code == .conflict)
            #expect(error.details["stale"] == true)
        }
    }

    @Test("a held file must be there and be the one that the record names")
    func wrongHeldFile() async throws {
        try await withStore { store in
            let first = try await store.append(try Samples.filing(files: ["甲"])).version
            for (hash, body, code) in [
                (Hash256.zero, 1, ReportError.Code.notFound), (first.hash, 7, .notFound),
                (first.hash, -1, .notFound), (first.hash, 0, .notFound), (first.hash, 1, .internal),
            ] {
                var filing = try Samples.filing(files: ["乙"])
                filing.sources = [.held(entry: hash, body: body)]
                let error = await failure { _ = try await store.append(filing) }
                #expect(error.code == code)
            }
        }
    }

    @Test("a record of several chunks is read, and not lent in one piece")
    func longRecord() async throws {
        try await withStore { store in
            let filing = try Samples.filing(padding: 400_000)
            _ = try await store.append(filing)
            let text = try store.text(Samples.key)
            #expect(text.utf8.starts(with: filing.record.canonicalBytes.dropLast()))
            #expect(try lent(store, Samples.key) == nil)
        }
    }

    @Test("the record lent from the map is what a get returns")
    func lending() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(files: ["甲"]))
            _ = try await store.append(try Samples.filing(files: ["乙"]))
            #expect(try lent(store, Samples.key) == store.text(Samples.key))
            #expect(try lent(store, "2023/湛江市/总工会/整体支出") == nil)
            #expect(try lent(store, String(repeating: "x", count: 5000)) == nil)
        }
    }

    private func lent(_ store: Store, _ key: String) throws -> String? {
        try Array(key.utf8).withUnsafeBytes { key in
            try store.withCurrentRecord(key: key) { record in
                let pieces = [record.first, record.second, record.third, record.suffix]
                return String(decoding: pieces.flatMap { Array($0) }, as: UTF8.self)
            }
        }
    }

    @Test("a filing whose parts do not belong together is refused")
    func inconsistent() async throws {
        try await withStore { store in
            var other = try Samples.filing()
            other.record.key = "2023/湛江市/总工会/整体支出"
            var fewer = try Samples.filing()
            fewer.sources = []
            var changed = try Samples.filing()
            changed.sources = [.bytes([1])]
            for filing in [other, fewer, changed] {
                await expectFailure(.internal) { _ = try await store.append(filing) }
            }
            #expect(try await store.status().arrival == 0)
        }
    }

    @Test("an empty store answers lists, status and gets")
    func empty() async throws {
        try await withStore { store in
            #expect(try await store.list(ListFilter(), at: .now).rows.isEmpty)
            #expect(try await store.list(ListFilter(after: ""), at: .now).next == nil)
            let status = try await store.status()
            #expect(status.keyCount == 0)
            #expect(status.logs.count == 1)
            #expect(try await store.changes(after: 0, matching: nil, limit: 10).items.isEmpty)
            await expectFailure(.notFound) { _ = try store.text(Samples.key) }
        }
    }
}
