import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite("Ready records")
struct ImportTests {
    private func payload(_ change: (inout [String: JSONValue]) -> Void = { _ in }) throws -> [UInt8]
    {
        var members = try Samples.filing(files: ["甲", "乙"]).record.json.objectValue ?? [:]
        change(&members)
        let people = Person(
            name: "王某",
            place: Place(source: 0, block: 0, start: 0, end: 1, quote: "王某")
        )
        return JSONValue.object(["record": .object(members), "people": [people.json]])
            .canonicalBytes
    }

    @Test("a record whose files are elsewhere is stored, got, and known by their hashes")
    func stored() async throws {
        try await withStore { store in
            let filing = try Filing(importing: try payload { $0["unknown"] = 7 }, ifVersion: 0)
            let outcome = try await store.append(filing)
            #expect(outcome.version.number == 1)
            let text = try store.text(Samples.key)
            #expect(text.utf8.starts(with: filing.record.canonicalBytes.dropLast()))
            #expect(!text.contains("unknown"))
            let lookup = try Lookup(parsing: Samples.key)
            #expect(try store.getNow(lookup, body: .people).bytes.count > 10)
            let error = await failure { _ = try store.getNow(lookup, body: .source(0)) }
            #expect(error.code == .notFound)
            #expect(error.message == "the record of this version came without its files")
            await expectFailure(.notFound) { _ = try store.getNow(lookup, body: .source(9)) }
            let again = try await store.append(try Samples.filing(files: ["乙", "甲"]))
            #expect(again == .duplicate(of: outcome.version))
            await expectFailure(.conflict) { _ = try await store.append(filing) }
        }
    }

    @Test("what is no record of the schema is refused with the member that is wrong")
    func refused() throws {
        let cases: [(String, JSONValue, String)] = [
            ("schema", "reportd.record/2", "Record.schema"), ("parts", 3, "Record.parts"),
            ("key", "2023/湛江市//总工会/整体支出", "key"), ("key", "2023／湛江市", "key"),
            ("year", 2022, "year"), ("sources", [["name": "a"]], "SourceFile.format"),
        ]
        for (name, value, expected) in cases {
            let bytes = try payload { $0[name] = value }
            do throws(ReportError) {
                _ = try Filing(importing: bytes)
                Issue.record("\(name) was accepted")
            } catch {
                #expect(error.code == .usage && error.message.contains(expected), "\(error)")
            }
        }
        for text in ["", "[]", "{}", "{\"record\":[]}"] {
            let code = Result { () throws(ReportError) in try Filing(importing: Array(text.utf8)) }
            #expect(throws: ReportError.self) { _ = try code.get() }
        }
    }
}
