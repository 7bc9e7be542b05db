import ReportModel
import Testing

@Suite("Questions and commands")
struct StoreQueryTests {
    @Test("every question is read back from its arguments")
    func roundTrip() throws {
        let lookup = try Lookup(argument: "2023/麻章区@2")
        let moment = Moment.asOf(Timestamp(milliseconds: 1_700_000_000_009))
        let filter = ListFilter(
            lookup: lookup,
            city: "湛江市",
            unit: "~工会",
            kind: "项目支出/道路",
            years: 2021...2023,
            region: "440800",
            receivedSince: Timestamp(milliseconds: 1_700_000_000_001),
            findings: .low,
            ranges: [
                MeasureRange(.score, minimum: ExactDecimal(80)),
                MeasureRange(.rate("share"), maximum: ExactDecimal(5)),
                MeasureRange(.budget, maximum: ExactDecimal(9)),
                MeasureRange(.staff("serving"), minimum: ExactDecimal(1)),
            ]
        )
        let queries: [StoreQuery] = [
            .history(KeyQuery(lookup)), .notes(KeyQuery(lookup)),
            .list(ListQuery(filter, at: moment)), .list(ListQuery(ListFilter(limit: 7))),
            .diff(DiffQuery(lookup)), .diff(DiffQuery(lookup, lookup, at: moment)),
            .stats(StatsQuery()),
            .stats(
                StatsQuery(
                    [.score, .amount("yoy-delta"), .findings(.high)],
                    by: [.year, .unit],
                    filter: filter,
                    includesRetracted: true,
                    includesConsolidated: true,
                    at: moment
                )
            ),
            .trend(
                try TrendQuery(
                    "湛江市/麻章区/总工会",
                    otherNames: ["工会", "区总工会"],
                    measures: [.executed],
                    kind: "整体支出",
                    years: 2020...2024,
                    includesRetracted: true,
                    at: moment
                )
            ),
            .missing(MissingQuery()),
            .missing(
                MissingQuery(
                    years: 2023...2023,
                    region: "麻章区",
                    kind: "整体支出",
                    day: Timestamp(milliseconds: 1_700_000_000_000),
                    at: moment
                )
            ),
        ]
        let elsewhere: Set<StoreQuery.Verb> = [.prove, .diskUse, .queue, .audit, .search]
        #expect(Set(queries.map(\.verb)).union(elsewhere) == Set(StoreQuery.Verb.allCases))
        for query in queries {
            #expect(try StoreQuery(query.verb, query.arguments) == query)
        }
        #expect(queries[0].lookups == [lookup] && queries[5].lookups == [lookup, lookup])
    }

    @Test("what is missing, unknown or too much is named")
    func wrongArguments() {
        let cases: [(QueryArguments, String)] = [
            (QueryArguments(), "a year and parts"),
            (QueryArguments(positional: ["麻章区"]), "no lookup"),
            (QueryArguments(positional: ["2023/a", "b"]), "'b' is an argument too many"),
            (QueryArguments(positional: ["2023/a"], options: ["by": "x"]), "unknown option by"),
        ]
        for (arguments, message) in cases {
            let error = #expect(throws: ReportError.self) {
                try StoreQuery(.history, arguments)
            }
            #expect(error?.code == .usage)
            #expect(error?.message.contains(message) == true)
        }
    }

    @Test("options of a list are checked")
    func wrongOptions() {
        let cases: [([String: String], String)] = [
            (["limit": "1001"], "limit must be a number from 1 to 1000"),
            (["limit": "0"], "limit must be"), (["colour": "red"], "unknown option colour"),
            (["status": "lost"], "status must be one of"), (["since": "soon"], "no time"),
            (["as-of": "2024-01-01", "known-here": "2024-01-01"], "exclude each other"),
            (["findings": "grave"], "findings must be one of"), (["year": "24"], "year must be"),
            (["score": "high"], "no range of numbers"), (["amount": "1..2"], "needs a role"),
        ]
        for (options, message) in cases {
            let error = #expect(throws: ReportError.self) {
                try StoreQuery(.list, QueryArguments(options: options))
            }
            #expect(error?.code == .usage)
            #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        }
    }

    @Test("options are taken once, in their form")
    func options() throws {
        var arguments = QueryArguments(options: [
            "limit": "7", "as-of": "2024-05-30", "flag": "1", "least": "12.50",
            "status": "returned",
        ])
        #expect(try arguments.integer("limit", in: 1...10) == 7)
        #expect(try arguments.moment() == .asOf(Timestamp(argument: "2024-05-30")))
        #expect(try arguments.flag("flag"))
        #expect(try arguments.decimal("least") == ExactDecimal(printed: "12.5"))
        #expect(try arguments.word("status", as: VersionStatus.self) == .returned)
        #expect(try arguments.integer("limit", in: 1...10) == nil)
        try arguments.finish()
        var wrong = QueryArguments(options: ["limit": "11", "as-of": "1", "known-here": "2"])
        #expect(throws: ReportError.self) { try wrong.integer("limit", in: 1...10) }
        #expect(throws: ReportError.self) { try wrong.moment() }
    }

    @Test("a command is read back from its object, and anything else is refused")
    func commands() throws {
        let note = try Note(fingerprint: "0123456789abcdef", text: "不计入总分", author: "财务科")
        let command = StoreCommand.note(NoteCommand(try Lookup(argument: "2023/麻章区"), note))
        #expect(try StoreCommand(command.verb, json: command.json) == command)
        #expect(throws: ReportError.self) { try StoreCommand(.note, json: []) }
        #expect(throws: ReportError.self) { try StoreCommand(.note, json: ["lookup": "2023/a"]) }
    }
}
