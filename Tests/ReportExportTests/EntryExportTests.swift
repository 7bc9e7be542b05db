import ReportExport
import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite struct EntryExportTests {
    @Test(
        "an export taken into an empty store gives the same hashes, positions and answers",
        arguments: [false, true]
    )
    func roundTrip(hasPeople: Bool) async throws {
        try await withStore { county in
            try await fill(county)
            try await withStore(name: "市") { city in
                try await sendOwnLog(of: county, to: city)
                _ = try await city.append(
                    try Samples.filing("2024/湛江市/总工会/部门决算", files: ["市级"])
                )
                let contents = ExportLine.Contents(hasPeople: hasPeople, hasSources: true)
                let text = try await exported(city, EntryExporter.Options(contents: contents))
                try await withStore(name: "空") { empty in
                    let summary = try await imported(text, into: empty)
                    #expect(summary.logCount == 2)
                    #expect(summary.heldCount == 0)
                    let total = try await entryCount(city)
                    #expect(summary.storedCount == total)
                    try await expectSameLogs(city, empty)
                    let before = try await answers(city, people: hasPeople)
                    let after = try await answers(empty, people: hasPeople)
                    #expect(before == after)
                    let again = try await imported(text, into: empty)
                    #expect(again.storedCount == 0)
                    #expect(again.heldCount == summary.storedCount)
                }
            }
        }
    }

    @Test("people stay out unless they are asked for, and an erased body is told as such")
    func people() async throws {
        try await withStore { store in
            try await fill(store)
            let without = try await exported(store)
            #expect(!without.contains("\"kind\":\"people\""))
            let contents = ExportLine.Contents(hasPeople: true, hasSources: true)
            let with = try await exported(store, EntryExporter.Options(contents: contents))
            #expect(with.contains("\"kind\":\"people\""))
            #expect(with.contains("王某"))
            try await withStore(name: "空") { empty in
                _ = try await imported(without, into: empty)
                let lookup = try Lookup(parsing: Samples.key + "@1")
                await expectFailure(.erased) {
                    _ = try await empty.get(lookup, body: .people, at: .now)
                }
            }
        }
    }

    @Test("without source files the hashes stay the same and the files are not there")
    func noSources() async throws {
        try await withStore { store in
            try await fill(store)
            let contents = ExportLine.Contents(hasPeople: false, hasSources: false)
            let text = try await exported(store, EntryExporter.Options(contents: contents))
            try await withStore(name: "空") { empty in
                _ = try await imported(text, into: empty)
                try await expectSameLogs(store, empty)
                let lookup = try Lookup(parsing: Samples.key)
                await expectFailure(.erased) {
                    _ = try await empty.get(lookup, body: .source(0), at: .now)
                }
                let before = try await answers(store)
                let after = try await answers(empty)
                #expect(before == after)
            }
        }
    }

    @Test("a store takes the export of its own log for held, and refuses what it does not have")
    func ownLog() async throws {
        try await withFixture { fixture in
            try await fill(fixture.store)
            let text = try await exported(fixture.store)
            let summary = try await imported(text, into: fixture.store)
            #expect(summary.storedCount == 0)
            #expect(summary.heldCount == 6)
        }
    }

    @Test("a part of a log goes to a store that has the part before; else the gap is named")
    func gap() async throws {
        try await withStore { store in
            try await fill(store)
            let log = try await store.ownLog()
            let first = try await exported(store)
            _ = try await store.append(try Samples.filing(files: ["新"]))
            let options = EntryExporter.Options(since: [log: 6])
            let rest = try await exported(store, options)
            try await withStore(name: "空") { empty in
                let error = await failure { _ = try await imported(rest, into: empty) }
                #expect(error.code == .conflict)
                #expect(error.message.contains("entries 1 to 6"), "\(error)")
                #expect(error.message.hasPrefix("line 4:"), "\(error)")
                let state = try await empty.logState(log)
                #expect(state == nil)
                _ = try await imported(first, into: empty)
                let summary = try await imported(rest, into: empty)
                #expect(summary.storedCount == 1)
                try await expectSameLogs(store, empty)
            }
        }
    }

    @Test("an export that is cut off is told as such, and what came before the last head is stored")
    func truncated() async throws {
        try await withStore { store in
            try await fill(store)
            let lines = try await exported(store).split(separator: "\n")
            try await withStore(name: "空") { empty in
                let cut = lines.dropLast().joined(separator: "\n")
                await expectFailure(.truncated) { _ = try await imported(cut, into: empty) }
                let count = try await entryCount(empty)
                #expect(count == 6)
            }
            try await withStore(name: "空") { empty in
                let cut = lines.dropLast(2).joined(separator: "\n")
                await expectFailure(.truncated) { _ = try await imported(cut, into: empty) }
                let count = try await entryCount(empty)
                #expect(count == 0)
            }
        }
    }
}

extension EntryExportTests {
    /// Ways to damage an export, each with the line that the error names.
    @Test(
        "a damaged line is refused with its number, and nothing of its batch is stored",
        arguments: [
            Damage(line: 4, from: "96.50", to: "99.50", code: .integrity),
            Damage(line: 4, from: "\"sequence\":2", to: "\"sequence\":3", code: .unreadable),
            Damage(line: 5, from: "\"header\":\"7", to: "\"header\":\"8", code: .unreadable),
            Damage(line: 5, from: "\"salt\":\"", to: "\"salt\":\"00", code: .unreadable),
            Damage(line: 3, from: "\"hash\":\"", to: "\"hash\":\"x", code: .integrity),
            Damage(
                line: 9,
                from: "\"head\":\"72706801",
                to: "\"head\":\"72706802",
                code: .unreadable
            ),
            Damage(line: 9, from: "\"covers\":6", to: "\"covers\":5", code: .integrity),
            Damage(
                line: 2,
                from: "\"descriptor\":\"7270",
                to: "\"descriptor\":\"7271",
                code: .unreadable
            ),
            Damage(line: 1, from: "export/1", to: "export/9", code: .unsupported),
        ]
    )
    func damage(damage: Damage) async throws {
        try await withStore { store in
            try await fill(store)
            var lines = try await exported(store).split(separator: "\n").map { String($0) }
            let line = lines[damage.line - 1]
            let range = try #require(line.firstRange(of: damage.from), "\(line.prefix(300))")
            lines[damage.line - 1] = line.replacingCharacters(range, damage.to)
            let text = lines.joined(separator: "\n")
            try await withStore(name: "空") { empty in
                let error = await failure { _ = try await imported(text, into: empty) }
                #expect(error.code == damage.code, "\(error)")
                #expect(error.message.hasPrefix("line \(damage.line):"), "\(error)")
                let count = try await entryCount(empty)
                #expect(count == 0)
            }
        }
    }

    @Test("a line too few or too many inside of a log is refused at the next one")
    func missingLine() async throws {
        try await withStore { store in
            try await fill(store)
            var lines = try await exported(store).split(separator: "\n").map { String($0) }
            lines.remove(at: 4)
            let text = lines.joined(separator: "\n")
            try await withStore(name: "空") { empty in
                let error = await failure { _ = try await imported(text, into: empty) }
                #expect(error.code == .integrity)
                #expect(error.message == "line 5: entry 4 stands where entry 3 is expected")
                let count = try await entryCount(empty)
                #expect(count == 0)
            }
        }
    }
}

/// A change of one line.
struct Damage: Sendable, CustomTestStringConvertible {
    var line: Int
    var from: String
    var to: String
    var code: ReportError.Code

    var testDescription: String { "line \(line): \(from) becomes \(to)" }
}
