import ReportModel
import ReportParsing
import Testing

/// The findings that the hand-read facts of the four samples must and must not raise.
@Suite(
    "Rules on the samples",
    .enabled(if: SampleTruth.directory != nil, "the samples are not here; set REPORTD_SHARED")
)
struct SampleRuleTests {
    private func findings(_ number: String, _ severities: Set<Severity>) throws -> [String] {
        let record = try #require(try SampleTruth.record(number))
        return Rules.check(record).filter { severities.contains($0.severity) }.map {
            "\($0.rule) \($0.stated ?? "-") \($0.computed ?? "-")"
        }
    }

    @Test("the first adds up: only notices of form")
    func first() throws {
        #expect(try findings("000", [.high, .medium]) == [])
        #expect(try findings("000", [.low]) == ["UNIT-NAME 乐山市中区总工会 乐山市市中区总工会"])
        #expect(try findings("000", [.info]) == ["GRADE-MISSING 95 -", "UNIT-MIX 0.00元 0万元"])
    }

    @Test("the second has a grade outside the scale and nothing else")
    func second() throws {
        #expect(try findings("001", [.high, .medium, .low]) == ["GRADE-BAND 优良 优"])
    }

    @Test("the third has wrong sums of points, and table and report that differ")
    func third() throws {
        #expect(try findings("003", [.high]) == ["SCORE-SUM 96 106", "WEIGHT-SUM 100 110"])
        #expect(
            try findings("003", [.medium]) == [
                "CROSS-AMOUNT 44.74万元 44.75万元", "CROSS-BUDGET 44.74万元 41.8万元", "CROSS-STAFF 8 7",
                "PARTS-SUM 44.75万元 44.5455万元", "STAFF-CAP 7 3", "TOTAL-EMPTY 空 299.59万元",
            ]
        )
        #expect(try findings("003", [.low]) == ["DEDUCTION-REASON 8/10、4/5、4/5 -"])
    }

    @Test("the fourth has doubled totals, wrong growth rates and weights for values")
    func fourth() throws {
        #expect(
            try findings("004", [.high]) == [
                "BALANCE 395.14万元 197.57万元", "CROSS-AMOUNT 395.14万元 197.57万元",
                "DOUBLE-TOTAL 395.14万元 197.57万元", "DOUBLE-TOTAL 395.14万元 197.57万元",
                "YOY-PERCENT 2.1% 0.21%",
            ]
        )
        #expect(
            try findings("004", [.medium]) == [
                "INDICATOR-COLUMN 5、10、10、20、10、10、20、5 90", "SCORE-SUM 90 90", "STAFF-CAP 6 4",
                "YOY-BASE 395.96万元 395.55万元", "YOY-PERCENT 0.21% 0.1%", "YOY-PERCENT 0.21% 0.1%",
            ]
        )
        #expect(try findings("004", [.low]).allSatisfy { $0.hasPrefix("CLASS-NAME") })
        #expect(
            try findings("004", [.info]) == [
                "GRADE-MISSING 90 -", "SHARE 81.76% 81.75%", "TITLE-REGION 区总工会 乐山市金口河区总工会",
            ]
        )
    }
}
