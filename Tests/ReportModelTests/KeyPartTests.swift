import ReportModel
import Testing

@Suite("Cleaning of parts")
struct KeyPartTests {
    @Test(
        "a part is cleaned as the table says",
        arguments: [
            ("总工会", "总工会"),
            ("ＡＢｃ０１９", "ABc019"),
            ("总工会(本部)", "总工会（本部）"),
            ("总工会（汇总）", "总工会（汇总）"),
            ("总 工\u{3000}会\t\r\n", "总工会"),
            ("总\u{A0}工\u{2009}会\u{2028}", "总工会"),
            ("\u{FEFF}总\u{200B}工\u{200D}会\u{2060}", "总工会"),
            ("总\u{0}工\u{7F}会\u{9B}", "总工会"),
            ("总\u{AD}工\u{202E}会\u{FE0F}", "总工会"),
            ("a/b", "a／b"),
            ("a@3", "a＠3"),
            ("a＠3", "a＠3"),
            (".hidden", "．hidden"),
            (" .hidden", "．hidden"),
            ("..", "．."),
            ("．a.b", "．a.b"),
            ("e\u{301}", "\u{E9}"),
            ("ｅ\u{301}", "\u{E9}"),
            ("e\u{200B}\u{301}", "\u{E9}"),
            ("\u{F967}", "\u{4E0D}"),
            ("\u{1100}\u{1161}", "\u{AC00}"),
            ("=\u{338}", "\u{2260}"),
            ("１００％－＋", "100％－＋"),
            ("\u{20000}", "\u{20000}"),
            ("~1a", "~1a"),
            ("", ""),
            (" \u{3000}\u{0}", ""),
        ]
    )
    func table(text: String, expected: String) {
        let clean = KeyPart.clean(text)
        #expect(Array(clean.utf8) == Array(expected.utf8))
    }

    @Test("cleaning twice is cleaning once, and a clean part makes a key")
    func idempotent() throws {
        var generator = SeededGenerator(seed: 20_231)
        for _ in 0..<4000 {
            let text = generator.text(maximumCount: 12)
            let once = KeyPart.clean(text)
            #expect(
                Array(KeyPart.clean(once).utf8) == Array(once.utf8),
                "seed text \(text.debugDescription)"
            )
            #expect(!once.contains("/") && !once.contains("@") && !once.hasPrefix("."))
            guard !once.isEmpty, ReportKind(word: once) == nil else { continue }
            let key = try ReportKey(
                year: 2023,
                city: text,
                district: text,
                unit: text,
                kind: .project(text)
            )
            #expect(try ReportKey(parsing: key.text) == key)
            #expect(key.unit == once)
        }
    }
}

/// A small generator with a seed, so that a failing run can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// Text of scalars that keys and names trip over, mixed with any others.
    mutating func text(maximumCount: Int) -> String {
        let pool = Array(
            "年市区县旗州省中共委直总工会乐山湛江麻章本级汇总新开发园0123２ａZ/／@＠.．()（）[]-~ \u{3000}\u{200B}\u{301}\u{338}\u{0}整体支出"
                .unicodeScalars
        )
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...maximumCount, using: &self) {
            if Int.random(in: 0..<6, using: &self) == 0 {
                let value = UInt32.random(in: 0...0x10FFFF, using: &self)
                if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
            } else if let scalar = pool.randomElement(using: &self) {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
