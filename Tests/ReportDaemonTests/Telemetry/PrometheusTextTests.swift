import ReportTestKit
import ReportWire
import Testing

@testable import ReportDaemon

@Suite struct PrometheusTextTests {
    private func parse(_ families: MetricFamily...) throws -> MetricsText {
        try MetricsText(String(decoding: PrometheusText.bytes(families), as: UTF8.self))
    }

    @Test("labels hold any text and are read back as they were")
    func hostileLabels() throws {
        let hostile = "a\"b\\c\nd}e,f=\"g\" 麻章区\u{202E}\u{0}\r"
        var family = MetricFamily("x_files", .gauge, "Files with \\ and\na line.")
        family.add([.init("inbox", hostile), .init("state", "")], .integer(3))
        let metrics = try parse(family)
        #expect(metrics.value("x_files", ["inbox": hostile, "state": ""]) == 3)
        #expect(metrics.families["x_files"]?.help == "Files with \\\\ and\\na line.")
    }

    @Test("a histogram counts each observation in every bucket that holds it")
    func histogram() throws {
        let histogram = Histogram([0.5, 1, 10])
        for value in [0.1, 0.5, 0.6, 10, 11] { histogram.observe(value) }
        let metrics = try parse(
            MetricFamily("x_seconds", .histogram, "Time.", .histogram(histogram.snapshot))
        )
        let counts = ["0.5", "1", "10", "+Inf"].map {
            metrics.value("x_seconds_bucket", ["le": $0])
        }
        #expect(counts == [2, 3, 4, 5])
        #expect(metrics.value("x_seconds_count") == 5)
        #expect(metrics.value("x_seconds_sum") == 22.2)
    }

    @Test("numbers are written so that they are read back as they were")
    func numbers() throws {
        for number in [0, 1, -1, 0.1, 1.5e-9, 1e300, 9_007_199_254_740_992, .infinity] {
            let metrics = try parse(MetricFamily("x", .gauge, "A number.", .number(number)))
            #expect(metrics.value("x") == number)
        }
    }

    @Test("the parser of these tests refuses what is not the format")
    func strictness() throws {
        let good = "# HELP x_total X.\n# TYPE x_total counter\nx_total{a=\"b\"} 1\n"
        #expect(throws: Never.self) { try MetricsText(good) }
        let bad = [
            good + "x_total{a=\"b\"} 2\n", good + "\n", good + "y 1\n", good + good,
            "x_total 1\n", String(good.dropLast()), good + "x_total{a=\"\\t\"} 1\n",
            good + "x_total{a=\"c\",} 1\n", good + "x_total{a=\"c\"}  1\n",
            good + "x_total{a=\"c\"} 1 123\n", good + "x_total{a=\"c\"} -1\n",
            "# HELP x X.\n# TYPE x counter\nx 1\n", "# HELP x X.\n# TYPE x summary\nx 1\n",
            "# TYPE x gauge\nx 1\n", "# HELP x X.\n# TYPE x gauge\nx 0x1\n",
            "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\n"
                + "h_sum 1\nh_count 1\n",
        ]
        for text in bad {
            #expect(throws: MetricsText.Fault.self, "\(text)") { try MetricsText(text) }
        }
    }

    @Test("there is a counter for every verb, and a loop adds up what it counted")
    func requestCounts() {
        #expect(RequestCounts.verbs.count <= RequestCounts.room)
        let before = RequestCounts.total
        let counts = RequestCounts.ofThisThread
        counts.count(.status)
        counts.countGets(5)
        let after = RequestCounts.total
        func rise(_ verb: Verb) -> Int {
            let (old, new) = (before.first { $0.verb == verb }, after.first { $0.verb == verb })
            return (new?.count ?? 0) - (old?.count ?? 0)
        }
        // Other tests of this process may count at the same time.
        #expect(rise(.status) >= 1)
        #expect(rise(.get) >= 5)
    }
}
