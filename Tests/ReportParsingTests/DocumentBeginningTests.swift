import ReportModel
import ReportParsing
import Testing

/// Cover, title and first lines of a document with the key and the unit that they name.
struct DocumentBeginning: Sendable, CustomTestStringConvertible {
    /// The key; nil when the region is ambiguous.
    var key: String?
    var unit: String
    var text: String

    var testDescription: String { (key ?? "no key") + " " + unit }

    static let all = first + second + third
}

@Suite("Beginnings of documents of many provinces")
struct DocumentBeginningTests {
    @Test(
        "key and unit come from cover, title, form and signature",
        arguments: DocumentBeginning.all
    )
    func identity(_ beginning: DocumentBeginning) throws {
        let record = try IdentityTests.parse(beginning.text).record
        #expect(record.key == beginning.key)
        #expect(record.unit.name == beginning.unit)
    }
}
