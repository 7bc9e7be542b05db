import ReportModel
import Testing

@Suite("JSON")
struct JSONTests {
    @Test(
        "text is parsed and written canonically",
        arguments: [
            ("null", "null"), (" true ", "true"), ("-0", "0"), ("-12", "-12"),
            ("9223372036854775807", "9223372036854775807"), ("[ 1 , 2 ]", "[1,2]"), ("{}", "{}"),
            ("[]", "[]"),
            (#"{"b":1,"a":2}"#, #"{"a":2,"b":1}"#), (#""\u0041\/\n\u000b""#, #""A/\n\u000b""#),
            (#""\ud83d\ude00""#, "\"😀\""), (#""\u20ac""#, "\"€\""),
            (#""\b\f\r\t\"\\""#, #""\b\f\r\t\"\\""#),
            ("\"\u{7F}\"", "\"\u{7F}\""),
            (#"{"€":1,"\r":2,"😀":3,"1":4}"#, #"{"\r":2,"1":4,"€":1,"😀":3}"#),
            // UTF-16 order: the surrogates of U+1F600 come before U+FB33.
            ("{\"\u{FB33}\":1,\"😀\":2}", "{\"😀\":2,\"\u{FB33}\":1}"),
        ]
    )
    func canonical(text: String, expected: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(value.canonicalText == expected)
        #expect(try JSONValue(parsing: value.canonicalBytes) == value)
    }

    @Test(
        "what is not the JSON of this project is refused with its place",
        arguments: [
            "", " ", "nul", "nulll", "tru", "1.5", "1e3", "1E3", "01", "-", "+1",
            "9223372036854775808", "1 2",
            "[1,]", "[1", "[,1]", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#,
            #"{"a":1,"a":2}"#,
            #"{"a":1,"\u0061":2}"#, "\"", "\"\n\"", #""\x""#, #""\u12""#, #""\u+123""#,
            #""\ud800""#,
            #""\ud800\u0041""#, #""\udc00""#, #""\"#, "'a'", "\u{FEFF}1",
        ]
    )
    func refused(text: String) { #expect(throws: JSONError.self) { try JSONValue(parsing: text) } }

    @Test("bytes that are not UTF-8 are refused")
    func badBytes() {
        for bytes in [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
        ] as [[UInt8]] {
            #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        }
    }

    @Test("nesting ends at its limit, for arrays and objects")
    func depth() throws {
        let limit = JSONValue.maximumDepth
        func nested(_ open: String, _ close: String, _ count: Int) -> String {
            String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
        }
        for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
            _ = try JSONValue(parsing: nested(open, close, limit - 1))
            #expect(throws: JSONError.self) { try JSONValue(parsing: nested(open, close, limit)) }
            #expect(throws: JSONError.self) { try JSONValue(parsing: nested(open, close, 100_000)) }
        }
    }

    @Test("values give what they hold, and nothing else")
    func accessors() {
        let value: JSONValue = ["a": [1, "x", true, nil]]
        #expect(value["a"]?.arrayValue?.map(\.integerValue) == [1, nil, nil, nil])
        #expect(value["a"]?.arrayValue?[1].stringValue == "x")
        #expect(value["a"]?.arrayValue?[2].boolValue == true)
        #expect(value["a"]?.arrayValue?[3].isNull == true)
        #expect(value["b"] == nil)
        #expect(value.arrayValue == nil)
    }
}
