import ReportExport
import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite struct RecordLineTests {
    private func line(_ store: Store, people: Bool) async throws -> [UInt8] {
        let lookup = try Lookup(parsing: Samples.key)
        let record = try await store.get(lookup, body: .record, at: .now)
        let names = people ? try await store.get(lookup, body: .people, at: .now).bytes : nil
        return RecordLine.bytes(printed: record.bytes, people: names)
    }

    @Test("a line comes back as a version with the same record and no files")
    func roundTrip() async throws {
        try await withStore { store in
            _ = try await store.append(
                try Samples.filing(files: ["甲", "乙"], people: ["王某"])
            )
            let bytes = try await line(store, people: true)
            #expect(bytes.count { $0 == UInt8(ascii: "\n") } == 1)
            let filing = try RecordLine.filing(try JSONValue(parsing: bytes))
            #expect(filing.people.map(\.name) == ["王某"])
            try await withStore(name: "空") { empty in
                _ = try await empty.append(filing)
                let before = try await store.record(Samples.key)
                let after = try await empty.record(Samples.key)
                #expect(before == after)
                await expectFailure(.notFound) { _ = try await empty.source(0, of: Samples.key) }
                let again = try await empty.append(filing)
                guard case .duplicate(let version) = again else {
                    Issue.record("the same files are a duplicate")
                    return
                }
                #expect(version.number == 1)
            }
        }
    }

    @Test("without people there is no member for them")
    func people() async throws {
        try await withStore { store in
            _ = try await store.append(try Samples.filing(people: ["王某"]))
            let json = try JSONValue(parsing: try await line(store, people: false))
            #expect(json["people"] == nil)
            #expect(json["version"] != nil)
        }
    }

    @Test(
        "what is no record is refused with what is wrong",
        arguments: [
            "{}", "[]", "{\"schema\":\"reportd.record/2\"}", "{\"schema\":\"reportd.record/1\"}",
            "7",
        ]
    )
    func refusals(text: String) async throws {
        let json = try JSONValue(parsing: text)
        await expectFailure(.unreadable) { _ = try RecordLine.filing(json) }
    }

    @Test("an export of more entries than stand before a head comes back in batches")
    func batches() async throws {
        try await withStore { store in
            var filings: [Filing] = []
            for index in 0..<1203 {
                let key = "2023/湛江市/麻章区/单位\(index)/整体支出"
                filings.append(try Samples.filing(key, files: ["\(index)"]))
            }
            for result in try store.appendBatch(filings) { _ = try result.get() }
            let text = try await exported(store)
            #expect(text.split(separator: "\n").count { $0.hasPrefix("{\"covers\":") } == 3)
            try await withStore(name: "空") { empty in
                // Cut inside of the third batch: two are stored, the rest comes with a second run.
                let lines = text.split(separator: "\n")
                let cut = lines[..<1100].joined(separator: "\n")
                await expectFailure(.truncated) { _ = try await imported(cut, into: empty) }
                let held = try await entryCount(empty)
                #expect(held == 1000)
                let summary = try await imported(text, into: empty)
                #expect(summary.heldCount == 1000)
                #expect(summary.storedCount == 203)
                try await expectSameLogs(store, empty)
            }
        }
    }
}
