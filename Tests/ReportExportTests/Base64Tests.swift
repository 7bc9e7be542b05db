import ReportExport
import ReportTestKit
import Testing

@Suite struct Base64Tests {
    @Test(
        "the vectors of RFC 4648 hold both ways",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ]
    )
    func vectors(plain: String, coded: String) {
        var text: [UInt8] = []
        Base64.encode(Array(plain.utf8), to: &text)
        #expect(String(decoding: text, as: UTF8.self) == coded)
        #expect(Base64.decode(coded) == Array(plain.utf8))
    }

    @Test("random bytes come back")
    func random() {
        var generator = SeededGenerator(seed: 7)
        for count in 0..<200 {
            let bytes = generator.bytes(count)
            var text: [UInt8] = []
            Base64.encode(bytes, to: &text)
            #expect(Base64.decode(String(decoding: text, as: UTF8.self)) == bytes)
        }
    }

    @Test(
        "what is no base64 gives nothing",
        arguments: ["Z", "Zg=", "Zg", "Zh==", "Zm9=", "Z===", "====", "Zm 9v", "Zg==Zg==", "Z=g="]
    )
    func refusals(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
