import ReportModel
import ReportParsing
import Testing

@Suite("Identity of documents")
struct IdentityTests {
    static func parse(_ text: String, _ given: GivenFacts = GivenFacts()) throws(ReportError)
        -> Parser.Output
    {
        try Parser.parse(ParsingInput(name: "报告.txt", bytes: Array(text.utf8), given: given))
    }

    @Test(
        "each form gives its key, unit, title, date, parts and lists",
        arguments: IdentityFixture.all
    )
    func identity(_ fixture: IdentityFixture) throws {
        let record = try Self.parse(fixture.text).record
        #expect(record.key == fixture.key)
        #expect(record.unit.name == fixture.unit)
        #expect(record.title == fixture.title)
        #expect(record.reportDate == fixture.date)
        #expect(record.parts.map(\.kind.rawValue) == fixture.parts)
        #expect(record.problems.map(\.text) == fixture.problems)
        #expect(record.improvements.map(\.text) == fixture.improvements)
    }
}
