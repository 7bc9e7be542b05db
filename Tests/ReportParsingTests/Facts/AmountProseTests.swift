import ReportModel
import Testing

@testable import ReportParsing

@Suite("Amounts in running text")
struct AmountProseTests {
    private func describe(_ amount: Amount) -> String {
        let mark = amount.direction == "up" ? "+" : amount.direction == "down" ? "-" : ""
        let vague = amount.approximate ? "~" : ""
        return "\(amount.label)=\(amount.value) \(amount.unit) \(amount.role)\(mark)\(vague)"
    }

    @Test(
        "a sentence gives its amounts with names and roles",
        arguments: AmountCase.finalAccounts + AmountCase.reports + AmountCase.projects
            + AmountCase.more + AmountCase.contexts
    )
    func sentences(example: AmountCase) {
        let draft = FactTesting.draft(of: FactTesting.document([example.text]), kind: example.kind)
        #expect(draft.record.amounts.map(describe) == example.amounts)
        let scalars = Array(example.text.unicodeScalars)
        for amount in draft.record.amounts {
            let place = amount.place
            #expect(Array(scalars[place.start..<place.end]).string == place.quote)
        }
    }
}
