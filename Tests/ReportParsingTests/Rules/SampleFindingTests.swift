import ReportModel
import ReportParsing
import Testing

/// The findings of the four samples as the parser reads them, from bytes to record.
///
/// High and medium are those of the hand-read truth, rule by rule, and nothing else; low ones and
/// notices are listed or defensible.
@Suite(
    "Findings of the parsed samples",
    .enabled(if: Samples.areThere, "the samples are not beside the repository")
)
struct SampleFindingTests {
    private func found(_ name: String, _ severities: Set<Severity>) throws -> [String] {
        try SampleTests.record(name).findings.filter { severities.contains($0.severity) }
            .map(\.rule)
    }

    private let grave: Set<Severity> = [.high, .medium]

    @Test("the first has nothing grave, a scope that contradicts and a name written two ways")
    func first() throws {
        #expect(try found(SampleTests.keys[0].0, grave) == [])
        #expect(try found(SampleTests.keys[0].0, [.low]) == ["SCOPE", "UNIT-NAME"])
    }

    @Test("the second has its grade, and meetings without a number")
    func second() throws {
        #expect(try found(SampleTests.keys[1].0, grave) == ["GRADE-BAND"])
        #expect(try found(SampleTests.keys[1].0, [.low]) == ["TARGET-NO-ACTUAL"])
    }

    @Test("the third has wrong sums of points, and table and report that differ in four facts")
    func third() throws {
        #expect(
            try found(SampleTests.keys[2].0, grave) == [
                "SCORE-SUM", "WEIGHT-SUM", "CROSS-AMOUNT", "CROSS-BUDGET", "CROSS-COUNT",
                "CROSS-STAFF", "PARTS-SUM", "STAFF-CAP", "TOTAL-EMPTY",
            ]
        )
        #expect(
            try found(SampleTests.keys[2].0, [.low]) == ["DEDUCTION-REASON", "TEMPLATE-RESIDUE"]
        )
    }

    @Test("the fourth has doubled totals, wrong rates, misnamed items and half a template")
    func fourth() throws {
        #expect(
            try found(SampleTests.keys[3].0, grave) == [
                "BALANCE", "CROSS-AMOUNT", "DOUBLE-TOTAL", "DOUBLE-TOTAL", "YOY-PERCENT",
                "INDICATOR-COLUMN", "SCORE-SUM", "STAFF-CAP", "YOY-BASE", "YOY-PERCENT",
                "YOY-PERCENT",
            ]
        )
        #expect(
            Set(try found(SampleTests.keys[3].0, [.low])) == [
                "CLASS-NAME", "PROJECT-COUNT", "TEMPLATE-RESIDUE",
            ]
        )
        let notices = Set(try found(SampleTests.keys[3].0, [.info]))
        #expect(notices.isSuperset(of: ["VEHICLE", "NARRATIVE-MISMATCH", "SHARE", "TITLE-REGION"]))
    }
}
