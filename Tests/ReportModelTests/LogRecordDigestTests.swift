import ReportModel
import Testing

@Suite("Digest form of a record")
struct LogRecordDigestTests {
    private func form(_ text: String) -> String {
        String(decoding: RecordDigest.form(of: Array(text.utf8)), as: UTF8.self)
    }

    /// The definition: parse, delete the names, write canonically.
    private func byDefinition(_ value: JSONValue) -> String {
        guard var members = value.objectValue, let sources = members["sources"]?.arrayValue else {
            return value.canonicalText
        }
        members["sources"] = .array(
            sources.map { source in
                guard var fields = source.objectValue else { return source }
                fields["name"] = nil
                return .object(fields)
            }
        )
        return JSONValue.object(members).canonicalText
    }

    @Test(
        "the names of files are cut wherever they stand, and nothing else is",
        arguments: [
            #"{"sources":[{"name":"a"}]}"#,
            #"{"sources":[{"name":"a","sha256":"x"}]}"#,
            #"{"sources":[{"bytes":1,"name":"a","sha256":"x"},{"bytes":2,"name":"b"}]}"#,
            #"{"sources":[{"bytes":1,"name":"\"}],\\"}]}"#,
            #"{"a":{"sources":[{"name":"a"}]},"sources":[]}"#,
            #"{"name":"a","parts":[{"name":"b"}],"sources":[{"place":{"name":"c"}}]}"#,
            #"{"sources":[1,null,"name",[{"name":"a"}],{"name":"b"}]}"#,
            #"{"sources":{"name":"a"}}"#, #"{"sources":null}"#, "{}", "[]", "null", "3", #""x""#,
            #"{"a":"\"sources\":[{","sources":[{"name":"名"}],"z":[1,2]}"#,
        ]
    )
    func table(text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(value.canonicalText == text)
        #expect(form(text) == byDefinition(value))
    }

    @Test(
        "a string of nothing but escapes is passed over once, not once for each",
        .timeLimit(.minutes(5))
    )
    func escapes() {
        // Looking for the end of the string at each of them reads 2^46 bytes: hours.
        let escapes = [UInt8](repeating: UInt8(ascii: "\\"), count: 16 << 20)
        let text = Array(#"{"a":""#.utf8) + escapes + Array(#"","sources":[{"name":"a"}]}"#.utf8)
        let form = RecordDigest.form(of: text)
        #expect(form.count == text.count - #""name":"a""#.utf8.count)
    }

    @Test("the digest form is the definition for random values")
    func random() throws {
        var generator = Splitmix(state: 7)
        for _ in 0..<2000 {
            let sources = JSONValue.array(
                (0..<Int.random(in: 0...3, using: &generator)).map { _ in value(2, &generator) }
            )
            let record: JSONValue = [
                "a": value(3, &generator), "name": value(1, &generator), "sources": sources,
                "z": value(2, &generator),
            ]
            #expect(form(record.canonicalText) == byDefinition(record))
        }
    }

    private struct Splitmix: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
            return word ^ word >> 31
        }
    }

    private func value(_ depth: Int, _ generator: inout Splitmix) -> JSONValue {
        let texts = ["", "name", "sources", "\"", "\\", "}],{", "名称", "a,b:c", "\n"]
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &generator) {
        case 0: return .null
        case 1: return .bool(.random(using: &generator))
        case 2: return .integer(.random(in: -9...9, using: &generator))
        case 3: return .string(texts.randomElement(using: &generator) ?? "")
        case 4:
            let count = Int.random(in: 0...3, using: &generator)
            return .array((0..<count).map { _ in value(depth - 1, &generator) })
        default:
            var members: [String: JSONValue] = [:]
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                let name = texts.randomElement(using: &generator) ?? ""
                members[name] = value(depth - 1, &generator)
            }
            return .object(members)
        }
    }

    @Test(
        "what is no canonical JSON has a digest form too",
        arguments: [
            #"{"sources":[{"name":"a","name":"b"}]}"#,
            #"{"sources":[{"name":"a","name":"b","name":"c"}"#,
            #"{"sources":[{"name":"#, #"{"sources":[{"name":"a"#, #"{"sources":[{"name":"a\"#,
            #"{"sources":[{"name""#, #"{"sources""#, "{", "", "}", #"{"sources":[{"name":}]}"#,
            "\"\\",
        ]
    )
    func malformed(text: String) {
        #expect(RecordDigest.form(of: Array(text.utf8)).count <= text.utf8.count)
    }

    @Test("the same file under another name has the same hash, another file has not")
    func names() {
        let salt = Hash256(hashing: [1])
        func hash(_ text: String) -> Hash256 {
            Body(kind: .record, salt: salt, bytes: Array(text.utf8)).reference.hash
        }
        let one = #"{"sources":[{"name":"a","sha256":"x"}]}"#
        #expect(hash(one) == hash(#"{"sources":[{"name":"bcd","sha256":"x"}]}"#))
        #expect(hash(one) != hash(#"{"sources":[{"name":"a","sha256":"y"}]}"#))
    }
}
