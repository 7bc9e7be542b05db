import ReportModel
import Testing

@Suite("Numbers of records")
struct MeasureTests {
    @Test("measures are read back from their text")
    func roundTrip() {
        let measures: [Measure] = [
            .score, .executionRate, .budget, .executed, .amount("final-expenditure-total"),
            .rate("share"), .staff("serving"), .indicators, .problems, .findings(nil),
            .findings(.high),
        ]
        for measure in measures { #expect(Measure(measure.description) == measure) }
        for text in ["", "amount", "amount:", "amount:A", "score:x", "findings:grave", "x:y"] {
            #expect(Measure(text) == nil, "\(text)")
        }
    }

    @Test("ranges take open ends, one value, and money with its unit")
    func ranges() throws {
        let money = try MeasureRange(argument: "12.5万元..1亿元", of: .executed)
        #expect(money.minimum == ExactDecimal(125_000))
        #expect(money.maximum == ExactDecimal(100_000_000))
        #expect(money.text == "125000..100000000")
        let score = try MeasureRange(argument: "..89.5", of: .score)
        #expect(score.contains(ExactDecimal(89)) && !score.contains(ExactDecimal(90)))
        let one = try MeasureRange(argument: "100%", of: .executionRate)
        #expect(one.minimum == one.maximum && one.contains(ExactDecimal(100)))
        for text in ["", "..", "a..", "1..2..3", "5万..", "1 2 x"] {
            #expect(throws: ReportError.self) { try MeasureRange(argument: text, of: .score) }
        }
    }

    private func amount(
        _ role: String,
        _ yuan: String,
        part: Int = 0,
        quote: String = "一百元",
        approximate: Bool = false,
        project: String? = nil,
        year: Int? = nil,
        direction: String? = nil
    ) -> Amount {
        Amount(
            label: "金额",
            role: role,
            value: yuan,
            unit: "元",
            yuan: yuan,
            direction: direction,
            approximate: approximate,
            year: year,
            project: project,
            part: part,
            place: Place(source: 0, block: 0, start: 0, end: 1, quote: quote)
        )
    }

    private func record(_ kind: String, _ amounts: [Amount]) -> Record {
        var record = Record(
            parser: "t",
            rules: "t",
            region: Region(),
            unit: UnitIdentity(name: "局"),
            kind: kind
        )
        record.year = 2023
        let place = Place(source: 0, block: 0, start: 0, end: 1, quote: "题")
        record.parts = [
            Part(kind: .projectSelfEvaluationTable, source: 0, place: place),
            Part(kind: .overallSelfEvaluationReport, source: 0, place: place),
        ]
        record.amounts = amounts
        return record
    }

    @Test("the first amount by the documented order stands for a role")
    func choice() {
        let cases: [([Amount], Int)] = [
            ([amount("executed", "1"), amount("executed", "2")], 1),
            ([amount("executed", "1", part: 0), amount("executed", "2", part: 1)], 2),
            (
                [
                    amount("executed", "1", part: 1, approximate: true),
                    amount("executed", "2", part: 0),
                ], 2
            ),
            (
                [amount("executed", "1", part: 1, project: "路"), amount("executed", "2", part: 0)],
                2
            ),
            (
                [amount("executed", "1", part: 1, year: 2022), amount("executed", "2", part: 0)], 2
            ),
            (
                [
                    amount("executed", "1", part: 1),
                    amount("executed", "2", part: 1, quote: "2.00"),
                ],
                2
            ),
            ([amount("executed", "3", part: 1, direction: "down")], -3),
        ]
        for (amounts, expected) in cases {
            let record = record("整体支出", amounts)
            let numbers = RecordNumbers(record)
            #expect(numbers.value(.amount("executed")) == ExactDecimal(expected))
            #expect(RecordNumbers(json: record.json) == numbers)
        }
    }

    @Test("budget and executed are those of the project only in reports on projects")
    func mainAmounts() {
        let amounts = [
            amount("budget-project", "41"), amount("executed-project", "40"),
            amount("executed-expenditure-total", "299"),
        ]
        let unit = RecordNumbers(record("整体支出", amounts))
        #expect(unit.value(.budget) == nil && unit.value(.executed) == ExactDecimal(299))
        let project = RecordNumbers(record("项目支出/道路", amounts))
        #expect(project.value(.budget) == ExactDecimal(41))
        #expect(project.value(.executed) == ExactDecimal(40))
    }

    @Test(
        "of each role the best number stands, however many roles there are",
        arguments: [1, 15, 16, 17, 40]
    )
    func manyRoles(count: Int) {
        let roles = (0..<count).map { "role-\($0)" }
        let worse = roles.map { amount($0, "1", part: 0) }
        let better = roles.reversed().map { amount($0, "2", part: 1, quote: "2.00") }
        let leading = [amount("budget", "3"), amount("budget-total", "4")]
        let record = record("整体支出", worse + leading + better + worse)
        let numbers = RecordNumbers(record)
        for role in roles { #expect(numbers.value(.amount(role)) == ExactDecimal(2)) }
        #expect(numbers.value(.budget) == ExactDecimal(4))
        #expect(numbers.named.filter { $0.list == .amounts }.count == count + 2)
        #expect(numbers.values.count == numbers.named.count)
        #expect(RecordNumbers(json: record.json) == numbers)
    }

    @Test("a record of another form has no numbers")
    func odd() {
        let odd: JSONValue = [
            "amounts": [["role": 1], ["role": "x", "yuan": "a"], 7], "rates": "x", "score": [],
            "year": "2023", "parts": [nil],
        ]
        #expect(RecordNumbers(json: odd).values.isEmpty)
    }
}
