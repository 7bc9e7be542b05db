import Logging
import ReportModel
import Testing

@testable import ReportDaemon

@Suite struct LogLineTests {
    private let time = Timestamp(milliseconds: 1_800_000_000_123)
    private let hostile = "a\nb\r\u{1B}[31m\u{202E}\u{2028}\"x\" = 麻章区"

    private func line(_ format: NodeConfiguration.LogFormat, journal: Bool = false) -> String {
        LogLine(format: format, isForJournal: journal).text(
            at: time,
            level: .warning,
            message: "收到 " + hostile,
            fields: [("event", "file.finished"), ("file", hostile), ("key", "2023/湛江市")]
        )
    }

    @Test(
        "a line for people is one line without control characters, and values do not run together"
    )
    func text() {
        let text = line(.text)
        #expect(text.hasPrefix("2027-01-15T08:00:00.123Z warning 收到 a"))
        #expect(text.hasSuffix(" key=2023/湛江市"))
        #expect(text.contains(#"\"x\" = 麻章区""#))
        #expect(!text.contains("event="))
        let bad = text.unicodeScalars.contains {
            $0.value < 0x20 || [0x2028, 0x202E].contains($0.value)
        }
        #expect(!bad)
    }

    @Test("a line of JSON is one object that holds what was said")
    func json() throws {
        let text = line(.json)
        #expect(!text.contains("\n"))
        let json = try JSONValue(parsing: Array(text.utf8))
        #expect(json["file"]?.stringValue == hostile)
        #expect(json["event"] == "file.finished")
        #expect(json["level"] == "warning")
        #expect(json["time"] == "2027-01-15T08:00:00.123Z")
    }

    @Test("the journal gets the priority and no time")
    func journal() {
        #expect(line(.text, journal: true).hasPrefix("<4>收到 a"))
        #expect(line(.json, journal: true).hasPrefix("<4>{"))
    }
}
