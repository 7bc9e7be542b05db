import ReportModel
import Testing

@Suite("Questions and commands")
struct StoreQueryTests {
    @Test("every question is read back from its arguments")
    func roundTrip() throws {
        let lookup = try Lookup(argument: "2023/麻章区@2")
        let queries: [StoreQuery] = [.history(KeyQuery(lookup)), .notes(KeyQuery(lookup))]
        for query in queries {
            #expect(try StoreQuery(query.verb, query.arguments) == query)
            #expect(query.lookup == lookup)
        }
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
