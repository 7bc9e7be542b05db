import ReportModel
import ReportParsing
import Testing

@Suite("The list of rules")
struct RulesTests {
    @Test("clean filings raise nothing above low", arguments: CleanRecords.all.indices)
    func clean(index: Int) {
        let (name, record) = CleanRecords.all[index]
        let grave = Rules.check(record).filter { $0.severity >= .medium }
        #expect(grave.isEmpty, "\(name): \(grave.map { "\($0.rule) \($0.message)" })")
    }

    @Test("every rule has an identifier of its own")
    func identifiers() {
        #expect(Set(Rules.all.map(\.id)).count == Rules.all.count)
        #expect(Rules.all.count >= 35)
    }

    private func contradicting(_ total: String) -> Record {
        build { b in
            b.part(.finalAccountExplanation)
            b.money("2023年本年收入合计", "final-income-total", total)
            b.money("一般公共预算财政拨款收入", "final-income-part", "137.86")
            b.money("其他收入", "final-income-part", "20.32")
            b.total("96", grade: "优良")
            b.staff("authorised", "3", "编制")
            b.staff("serving", "7")
        }
    }

    @Test("fingerprints survive other numbers, not another label or rule")
    func fingerprints() throws {
        let first = try #require(contradicting("258.18").findings(of: "INCOME-SUM").first)
        let second = try #require(contradicting("268.99").findings(of: "INCOME-SUM").first)
        #expect(first.fingerprint == second.fingerprint)
        #expect(first.message != second.message)
        #expect(first.fingerprint.utf8.count == 16)
        #expect(first.fingerprint.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        let all = Rules.check(contradicting("258.18")).map(\.fingerprint)
        #expect(Set(all).count == all.count)
    }

    @Test("the same contradiction twice has two fingerprints")
    func ordinals() {
        let record = build { b in
            for _ in 0..<2 {
                b.line()
                b.total("96", grade: "优良")
            }
        }
        let found = record.findings(of: "GRADE-BAND").map(\.fingerprint)
        #expect(found.count == 2 && Set(found).count == 2)
    }

    @Test("the gravest come first, then rules in order")
    func order() {
        let found = Rules.check(contradicting("258.18"))
        #expect(found.map(\.severity) == found.map(\.severity).sorted(by: >))
        let medium = found.filter { $0.severity == .medium }.map(\.rule)
        #expect(medium == medium.sorted() && medium.count >= 2)
    }

    @Test("findings quote their places and stay within their bound")
    func bound() {
        let record = build { b in
            for index in 0..<200 {
                b.row("产出指标", "指标\(index)", "5", "6")
            }
        }
        let found = record.findings(of: "SCORE-RANGE")
        #expect(found.count == 50)
        #expect(found.allSatisfy { $0.places.count == 1 && $0.message.contains("6分") })
    }
}
