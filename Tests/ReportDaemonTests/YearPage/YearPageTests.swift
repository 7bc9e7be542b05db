import ReportModel
import Testing

@testable import ReportDaemon

@Suite struct YearPageTests {
    /// Text that means something in HTML, to a terminal, and to the eye.
    private static let hostile =
        "</td><script>alert(1)</script><img src=x onerror=\"a()\">'&amp;\u{202E}\u{0}\n麻章区"

    private static func full(_ text: String) -> YearPage {
        YearPage(
            year: 2026,
            place: text,
            day: "2026年11月21日",
            filed: [
                YearPage.Filed(
                    key: text,
                    unit: text,
                    report: text,
                    version: 2,
                    time: text,
                    score: text,
                    findings: YearPage.Findings(high: 1, medium: 2, messages: [text, text]),
                    city: .waiting,
                    isApproved: true
                )
            ],
            moreFiled: 3,
            returned: [
                YearPage.Returned(
                    key: text,
                    unit: text,
                    report: text,
                    version: 1,
                    time: text,
                    comment: text
                )
            ],
            pending: [YearPage.Pending(file: text, time: text, missing: [text], form: text)],
            refused: [YearPage.Refused(file: text, time: text, reason: text, advice: text)],
            missing: [YearPage.Missing(unit: text, report: text, deadline: text, days: 3)],
            problems: [text]
        )
    }

    /// Names of the elements in a page; what stands between `<` and `>` and is none is a failure.
    private static func elements(_ html: String) throws -> [String] {
        var names: [String] = []
        var rest = html[...]
        while let start = rest.firstIndex(of: "<") {
            let end = try #require(rest[start...].firstIndex(of: ">"))
            let tag = rest[rest.index(after: start)..<end]
            names.append(String(tag.prefix { $0 != " " && $0 != "\n" }))
            rest = rest[rest.index(after: end)...]
        }
        return names
    }

    @Test("text from anywhere stays text, whatever it says")
    func escaping() throws {
        let hostile = Self.full(Self.hostile).html
        let plain = Self.full("x").html
        #expect(try Self.elements(hostile) == Self.elements(plain), "the markup is the page's own")
        #expect(!hostile.contains("<script"))
        #expect(!hostile.contains("<img"))
        #expect(hostile.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(hostile.contains("&#39;&amp;amp;"))
        let bad = hostile.unicodeScalars.contains { [0, 0x202E].contains($0.value) }
        #expect(!bad)
        // Quotes of the text never end an attribute.
        #expect(!hostile.contains("onerror=\""))
    }

    @Test("elements are opened and closed in order")
    func wellFormed() throws {
        let empty: Set = ["meta", "!DOCTYPE", "!--"]
        var open: [String] = []
        for name in try Self.elements(Self.full("x").html) where !empty.contains(name) {
            if name.hasPrefix("/") {
                #expect(open.popLast() == String(name.dropFirst()))
            } else {
                open.append(name)
            }
        }
        #expect(open.isEmpty)
    }

    @Test(
        "without a roster nobody is missing, without work there is none, without a city no column"
    )
    func absences() {
        var page = YearPage(year: 2026, place: "麻章区", day: "2026年11月21日")
        #expect(page.html.contains("目前没有需要办理的事项"))
        #expect(!page.html.contains("未报送"))
        #expect(page.html.contains("本年还没有收到报告"))
        page.missing = []
        #expect(page.html.contains("未报送"), "with a roster and nobody missing the number says so")
        #expect(!page.html.contains("id=\"missing\""))
        page.filed = Self.full("x").filed
        page.filed[0].city = .none
        #expect(!page.html.contains("市级收件"))
        page.filed[0].city = .received
        #expect(page.html.contains("已收到"))
        #expect(!page.html.contains("等待中"))
    }

    @Test("deadlines are told in words")
    func deadlines() {
        func words(_ days: Int?) -> String {
            var page = YearPage(year: 2026, place: "麻章区", day: "2026年11月21日")
            page.missing = [
                YearPage.Missing(unit: "民政局", report: "2025年度", deadline: "2026年5月31日", days: days)
            ]
            return page.html
        }
        #expect(words(3).contains("已逾期 3 天"))
        #expect(words(0).contains("今天截止"))
        #expect(words(-4).contains("还剩 4 天"))
        #expect(!words(nil).contains("逾期"))
    }

    @Test("a page needs nothing from anywhere, and the same value gives the same bytes")
    func selfContained() {
        let html = Self.full("x").html
        #expect(html == Self.full("x").html)
        for word in ["http:", "https:", "src=", "url(", "<script", "<link"] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.contains("charset=\"utf-8\""))
        #expect(YearPageFile.isOurs(Array(html.utf8)))
    }
}
