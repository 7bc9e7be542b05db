import ReportModel
import Testing

@Suite("What a search is made of")
struct SearchQueryTests {
    @Test("terms, exclusions, quotation marks and conditions are told apart")
    func words() throws {
        let query = try SearchQuery(
            "困难职工 -慰问 “a b” unit:总工会 -年度：2023 \"year:x\" score:>=80 http://x 9:30"
        )
        #expect(
            query.terms == [
                SearchQuery.Term("困难职工"), SearchQuery.Term("慰问", isExcluded: true),
                SearchQuery.Term("a b"), SearchQuery.Term("year:x"), SearchQuery.Term("http://x"),
                SearchQuery.Term("9:30"),
            ]
        )
        #expect(
            query.conditions == [
                SearchQuery.Condition(.unit, "总工会"),
                SearchQuery.Condition(.year, "2023", isExcluded: true),
                SearchQuery.Condition(.score, ">=80"),
            ]
        )
    }

    @Test("a value in quotation marks keeps its blanks")
    func quotedValue() throws {
        let query = try SearchQuery("title:\"绩效 自评\" 单位:总工会")
        #expect(
            query.conditions == [
                SearchQuery.Condition(.title, "绩效 自评"), SearchQuery.Condition(.unit, "总工会"),
            ]
        )
    }

    @Test("a search is read back from its arguments")
    func roundTrip() throws {
        let query = try SearchQuery(
            "困难 -\"a b\"",
            within: try Lookup(argument: "2023/麻章区"),
            limit: 7,
            after: "00ff",
            allVersions: true
        )
        let question = StoreQuery.search(query)
        #expect(try StoreQuery(question.verb, question.arguments) == question)
        let plain = StoreQuery.search(try SearchQuery("困难"))
        #expect(plain.arguments.options.isEmpty)
        #expect(try StoreQuery(.search, plain.arguments) == plain)
    }

    @Test("nothing, too much and a limit out of range are refused")
    func refusals() {
        let many = (0..<40).map { "词语\($0)" }.joined(separator: " ")
        for text in ["", " ", "“”", many, String(repeating: "长", count: 1000)] {
            #expect(throws: ReportError.self) { try SearchQuery(text) }
        }
        #expect(throws: ReportError.self) {
            try StoreQuery(.search, QueryArguments(positional: ["困难"], options: ["limit": "0"]))
        }
    }
}
