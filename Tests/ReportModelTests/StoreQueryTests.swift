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
            .queue(QueueQuery()),
            .queue(
                QueueQuery(within: lookup, countsOpenFindings: true, limit: 7, after: "00ff")
            ),
            .queue(QueueQuery(order: .deadline, day: Timestamp(milliseconds: 1_700_000_000_000))),
            .queue(QueueQuery(within: lookup, order: .open, after: "a.b.c.d.00ff")),
            .audit(AuditQuery()),
            .audit(
                AuditQuery(
                    within: lookup,
                    since: Timestamp(milliseconds: 1_700_000_000_001),
                    limit: 7,
                    after: "00ff"
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
            .witnesses(KeyQuery(lookup)),
        ]
        let elsewhere: Set<StoreQuery.Verb> = [.prove, .diskUse, .search]
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

    @Test("every command about versions is read back from its object")
    func workflowCommands() throws {
        let lookup = try Lookup(argument: "2023/麻章区@2")
        let key = try ReportKey(argument: "2023/湛江市/麻章区/财政局/整体支出")
        let commands: [StoreCommand] = [
            .review(try ReviewCommand([lookup], .returned, comment: "缺表", by: "李")),
            .review(try ReviewCommand([lookup, lookup], .undo)),
            .retract(try RetractCommand(lookup, reason: "有误")),
            .rekey(try RekeyCommand(lookup, to: key, reason: "认错", by: "王")),
            .erase(
                try EraseCommand(
                    lookup,
                    parts: [.people],
                    reason: "a",
                    authority: "b",
                    isRehearsal: true
                )
            ),
            .reparse(try ReparseCommand([lookup], olderThan: "2", reason: "升级")),
        ]
        for command in commands {
            #expect(try StoreCommand(command.verb, json: command.json) == command)
        }
        let wrong: [(StoreCommand.Verb, JSONValue)] = [
            (.review, ["lookups": ["2023/a"], "verdict": "return"]),
            (.review, ["lookups": [], "verdict": "approve"]),
            (.review, ["lookups": ["2023/a"], "verdict": "maybe"]),
            (.erase, ["lookup": "2023/a", "parts": ["all"], "reason": "a", "authority": "b"]),
            (.erase, ["lookup": "2023/a", "parts": [], "reason": "a", "authority": "b"]),
            (.rekey, ["lookup": "2023/a", "to": "2023/b", "reason": "a"]),
            (.retract, ["lookup": "2023/a", "reason": 7]),
        ]
        for (verb, json) in wrong {
            #expect(throws: ReportError.self) { try StoreCommand(verb, json: json) }
        }
        var arguments = QueryArguments(positional: ["2023/麻章区"])
        arguments.set("open", "1")
        arguments.set("limit", "7")
        let query = try StoreQuery(.queue, arguments)
        #expect(try StoreQuery(.queue, query.arguments) == query)
    }

    @Test("what an erasure drops is read back from its header, and unknown pairs are passed over")
    func erasedSubjects() throws {
        let hashes = [Hash256(hashing: [1]), Hash256(hashing: [2])]
        let erased = [
            ErasedSubject(entry: hashes[0], selection: .kind(.people)),
            ErasedSubject(entry: hashes[1], selection: .all),
            ErasedSubject(entry: hashes[0], selection: .index(3)),
        ]
        let named = Entry.erasing(erased)
        #expect(named.subjects == hashes)
        var entry = Entry(
            kind: .erase,
            log: try #require(LogID([UInt8](repeating: 1, count: 16))),
            sequence: 1,
            previous: .zero,
            recordedAt: Timestamp(milliseconds: 1),
            keyHash: hashes[0],
            number: 0,
            parents: [],
            subjects: named.subjects,
            bodies: [],
            trailer: named.trailer
        )
        #expect(entry.erasedSubjects == erased)
        // A subject that is not there, a selection of a later format, half a pair.
        entry.trailer += [0, 9, 255, 255, 0, 1, 0xFF, 0x77, 0]
        #expect(entry.erasedSubjects == erased)
        #expect(ErasedSelection.index(0).coversReading(.record))
        #expect(!ErasedSelection.index(1).coversReading(.people))
    }
}
