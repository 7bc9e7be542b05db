import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite("Notes about findings")
struct NoteTests {
    private static let print = "0123456789abcdef"

    private func lookup() throws -> Lookup { try Lookup(parsing: Samples.key) }

    @Test("a note names its version, stands in the history, and holds for the next version")
    func kept() async throws {
        try await withStore(name: "县") { store in
            let first = try await store.append(try Samples.filing(files: ["甲"])).version
            let note = try Note(fingerprint: Self.print, text: "加分不计入", author: "财务科")
            let item = try await store.append(note, about: try lookup())
            #expect(item.version == first.id)
            _ = try await store.append(try Samples.filing(files: ["乙"]))
            let items = try await store.notes(try lookup())
            #expect(items == [item])
            #expect(NoteItem.holding(items)[Self.print]?.note.text == "加分不计入")
            let history = try await store.history(try lookup())
            #expect(history.map(\.kind) == [.submit, .note, .submit])
            var said = note.json.objectValue ?? [:]
            said["key"] = .string(Samples.key)
            #expect(history[1].detail == .object(said))
            #expect(try store.number(Samples.key) == 2)
            #expect(try await store.verify { _, _ in }.isSound)
        }
    }

    @Test("the last note about a finding holds; a withdrawal ends it")
    func withdrawn() async throws {
        try await withStore(name: "县") { store in
            _ = try await store.append(try Samples.filing(files: ["甲"]))
            for text in ["一", "二"] {
                let note = try Note(fingerprint: Self.print, text: text)
                _ = try await store.append(note, about: try lookup())
            }
            var holding = NoteItem.holding(try await store.notes(try lookup()))
            #expect(holding[Self.print]?.note.text == "二")
            let end = try Note(fingerprint: Self.print, text: "")
            _ = try await store.append(end, about: try lookup())
            holding = NoteItem.holding(try await store.notes(try lookup()))
            #expect(holding.isEmpty)
        }
    }

    @Test("notes travel with the log, and give the same answer at the other node")
    func replicated() async throws {
        try await withStore(name: "县") { county in
            try await withStore(name: "市") { city in
                _ = try await county.append(try Samples.filing(files: ["甲"]))
                let note = try Note(fingerprint: Self.print, text: "说明")
                _ = try await county.append(note, about: try lookup())
                try await replicate(from: county, to: city)
                #expect(try await city.notes(try lookup()) == county.notes(try lookup()))
                #expect(try await answers(city) == answers(county))
                #expect(try await city.verify { _, _ in }.isSound)
            }
        }
    }

    @Test("a note about nothing, or with a fingerprint that is none, is refused and stores nothing")
    func refused() async throws {
        await expectFailure(.usage) { _ = try Note(fingerprint: "WEIGHT-SUM", text: "x") }
        let long = String(repeating: "长", count: 4000)
        await expectFailure(.tooLarge) { _ = try Note(fingerprint: Self.print, text: long) }
        try await withStore(name: "县") { store in
            _ = try await store.append(try Samples.filing(files: ["甲"]))
            let note = try Note(fingerprint: Self.print, text: "x")
            let other = try Lookup(parsing: "1999/没有")
            await expectFailure(.notFound) { _ = try await store.append(note, about: other) }
            #expect(try await store.status().arrival == 1)
        }
    }
}
