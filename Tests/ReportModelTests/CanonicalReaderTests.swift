import ReportModel
import Testing

/// The reader of canonical records against the tree of the same bytes.
@Suite("Records read without a tree")
struct CanonicalReaderTests {
    /// What became of a payload, in a form that can be compared.
    private struct Outcome: Equatable {
        var record: Record?
        var people: [Person] = []
        var bytes: [UInt8] = []
        var sources = 0
        var error: String?
    }

    private func outcome(_ make: () throws(ReportError) -> Filing) -> Outcome {
        do throws(ReportError) {
            let filing = try make()
            let form = filing.canonicalForm
            return Outcome(
                record: filing.record,
                people: filing.people,
                bytes: form.bytes,
                sources: form.sources
            )
        } catch {
            return Outcome(error: "\(error.code) \(error.message)")
        }
    }

    /// The way by the tree alone: what the reader must agree with.
    private func byTree(_ payload: [UInt8]) -> Outcome {
        outcome { () throws(ReportError) in
            let json: JSONValue
            do throws(JSONError) {
                json = try JSONValue(parsing: payload)
            } catch {
                throw ReportError(.usage, "\(error)")
            }
            guard let record = json["record"] else {
                throw ReportError(.usage, "the payload is JSON: {record, people}")
            }
            return try Filing(importing: record, people: json["people"] ?? .null)
        }
    }

    private func byReader(_ payload: [UInt8]) -> Outcome {
        outcome { () throws(ReportError) in try Filing(importing: payload) }
    }

    private func payload(_ record: [UInt8], _ people: [Person], peopleFirst: Bool) -> [UInt8] {
        let written = JSONValue.array(people.map(\.json)).canonicalBytes
        if people.isEmpty { return Array("{\"record\":".utf8) + record + Array("}".utf8) }
        if peopleFirst {
            return Array("{\"people\":".utf8) + written + Array(",\"record\":".utf8) + record
                + Array("}".utf8)
        }
        return Array("{\"record\":".utf8) + record + Array(",\"people\":".utf8) + written
            + Array("}".utf8)
    }

    @Test("records as the store keeps them are read without a tree, and kept byte by byte")
    func canonical() throws {
        for seed in 0..<300 {
            var maker = RecordMaker(seed: UInt64(seed))
            let record = maker.record()
            let people = maker.people()
            let bytes = record.canonicalBytes
            let payload = payload(bytes, people, peopleFirst: maker.flag())
            let read = try #require(Filing.canonical(payload), "seed \(seed)")
            #expect(read.outline == RecordOutline.read(canonical: bytes)?.outline)
            #expect(try Filing(importing: payload).record == record)
            #expect(read.people == people)
            #expect(read.form.bytes == bytes)
            #expect(read.form.sources == record.canonicalForm.sources)
            #expect(byReader(payload) == byTree(payload), "seed \(seed)")
            #expect(Record(canonical: bytes) == record)
            #expect(RecordNumbers(record) == RecordNumbers(json: record.json))
            for other in [bytes.dropLast(), bytes + [0x0A], [0x20] + bytes] {
                #expect(Record(canonical: Array(other)) == nil)
            }
        }
    }

    @Test("what get prints is taken without status and version")
    func printed() throws {
        for seed in 0..<50 {
            var maker = RecordMaker(seed: UInt64(seed))
            let record = maker.record()
            let printed =
                record.canonicalBytes.dropLast()
                + Array(",\"status\":\"current\",\"version\":{\"number\":1,\"parents\":[]}}\n".utf8)
            let payload = payload(Array(printed), [], peopleFirst: false)
            let read = try #require(Filing.canonical(payload))
            #expect(read.form.bytes == record.canonicalBytes)
            #expect(byReader(payload) == byTree(payload))
        }
    }

    @Test("of changed bytes both ways make the same record, or the same refusal")
    func changed() {
        let tokens = [
            "null", "01", "-0", "-", " ", "\\u0041", "\\/", "\\u000a", "\\u001F", "\\u001f", "\"",
            "\\", "{", "}", "[", "]", ",", ":", "1.5", "1e3", "9223372036854775808", "\u{1}",
            ",\"page\":1", ",\"page\":null", ",\"cell\":\"A1\"", ",\"ocr\":true",
            ",\"ocr\":false", ",\"year\":2023", ",\"x\":1", "true", "{}", "[]",
        ].map { Array($0.utf8) }
        var accepted = 0
        var refused = 0
        for seed in 0..<400 {
            var maker = RecordMaker(seed: UInt64(seed))
            let record = maker.record().canonicalBytes
            let people = maker.people()
            let whole = payload(record, people, peopleFirst: maker.flag())
            for _ in 0..<12 {
                var bytes = whole
                for _ in 0..<maker.number(1..<3) {
                    let offset = maker.number(0..<bytes.count)
                    switch maker.number(0..<6) {
                    case 0: bytes[offset] = UInt8(truncatingIfNeeded: maker.next())
                    case 1: bytes.remove(at: offset)
                    case 2: bytes.removeSubrange(offset..<min(bytes.count, offset + 9))
                    case 3: bytes = Array(bytes[..<(offset + 1)])
                    case 4:
                        let end = min(bytes.count, offset + maker.number(1..<40))
                        bytes.insert(contentsOf: bytes[offset..<end], at: end)
                    default:
                        let token = tokens[maker.number(0..<tokens.count)]
                        bytes.insert(contentsOf: token, at: offset)
                    }
                }
                let read = byReader(bytes)
                if read.error == nil { accepted += 1 } else { refused += 1 }
                let text = String(decoding: bytes, as: UTF8.self)
                #expect(read == byTree(bytes), "seed \(seed): \(text)")
            }
        }
        #expect(accepted > 100)
        #expect(refused > 100)
    }

    @Test("any other spelling of a record is read as a tree and kept as the store writes it")
    func otherSpellings() throws {
        var maker = RecordMaker(seed: 7)
        var record = maker.record()
        record.title = "标题/A"
        let bytes = record.canonicalBytes
        let text = String(decoding: bytes, as: UTF8.self)
        let members = try #require(try JSONValue(parsing: bytes).objectValue)
        let reversed = members.sorted { $0.key > $1.key }.map { name, value in
            "\"\(name)\":\(value.canonicalText)"
        }
        let spellings = [
            " " + text, text.replacing("\"标题/A\"", with: "\"标题\\/\\u0041\""),
            text.replacing("{\"amounts\":", with: "{ \"amounts\" : "),
            "{" + reversed.joined(separator: ",\n") + "}",
            text.replacing("{\"amounts\":", with: "{\"Amounts\":[],\"amounts\":"),
        ]
        for spelling in spellings {
            let payload = payload(Array(spelling.utf8), [], peopleFirst: false)
            #expect(Filing.canonical(payload) == nil)
            let read = byReader(payload)
            #expect(read.record == record)
            #expect(read.bytes == bytes)
            #expect(read == byTree(payload))
        }
    }

    @Test("a record that was changed after it was read is written anew")
    func changedLater() throws {
        var maker = RecordMaker(seed: 3)
        let record = maker.record()
        var filing = try Filing(
            importing: payload(record.canonicalBytes, [], peopleFirst: false)
        )
        #expect(filing.canonicalForm.bytes == record.canonicalBytes)
        filing.record.title = "另一个标题"
        #expect(filing.canonicalForm.bytes == filing.record.canonicalBytes)
        #expect(filing.canonicalForm.bytes != record.canonicalBytes)
    }

    @Test("given facts nest as deep as anywhere in JSON, and no deeper")
    func depth() {
        var maker = RecordMaker(seed: 11)
        var record = maker.record()
        for depth in JSONValue.maximumDepth - 6..<JSONValue.maximumDepth + 2 {
            var value = JSONValue.integer(1)
            for _ in 0..<depth { value = ["a": value] }
            record.given = value.objectValue ?? [:]
            let payload = payload(record.canonicalBytes, [], peopleFirst: false)
            #expect(byReader(payload) == byTree(payload))
        }
    }
}
