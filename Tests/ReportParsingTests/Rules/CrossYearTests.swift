import ReportModel
import ReportParsing
import Testing

@Suite("This year's filing against last year's")
struct CrossYearTests {
    private func filing(
        _ year: Int,
        total: String,
        _ body: (inout RecordBuilder) -> Void = { _ in }
    )
        -> Record
    {
        build(year: year) { b in
            b.part(.finalAccountExplanation)
            b.money("收入、支出总计", "final-grand-total", total)
            body(&b)
        }
    }

    private func rules(_ current: Record, _ previous: Record) -> [String] {
        Rules.crossYear(current: current, previous: previous).map {
            "\($0.rule) \($0.severity.rawValue) \($0.stated ?? "-") \($0.computed ?? "-")"
        }
    }

    @Test("a stated prior-year value unlike last year's filing")
    func stated() {
        let current = filing(2023, total: "210.00") { b in
            b.money("收入、支出总计上年决算数", "prior-final", "201.50", year: 2022)
        }
        #expect(
            rules(current, filing(2022, total: "205.10")) == [
                "CROSS-YEAR medium 201.5万元 205.10万元"
            ]
        )
        #expect(rules(current, filing(2022, total: "201.50")) == [])
        #expect(rules(current, filing(2022, total: "201.5")) == [])
    }

    @Test("a value less its change unlike last year's filing, within rounding of both")
    func derived() {
        let current = filing(2023, total: "210.00") { b in
            b.money("增加", "yoy-delta", "8.49", direction: "up")
        }
        #expect(rules(current, filing(2022, total: "201.51")) == [])
        #expect(rules(current, filing(2022, total: "201.52")) == [])
        #expect(rules(current, filing(2022, total: "211.51")).count == 1)
    }

    @Test("units, other years, other kinds of parts and scopes are no contradiction")
    func silent() {
        let current = filing(2023, total: "210.00") { b in
            b.money("收入、支出总计上年决算数", "prior-final", "201.50", year: 2022)
        }
        var yuan = filing(2022, total: "2015012.30")
        yuan.amounts[0].unit = "元"
        #expect(rules(current, yuan) == [])
        #expect(rules(current, filing(2021, total: "99.00")) == [])
        var report = filing(2022, total: "99.00")
        report.parts[0].kind = .overallSelfEvaluationReport
        #expect(rules(current, report) == [])
        var whole = filing(2022, total: "99.00")
        whole.unit.scope = "汇总"
        #expect(rules(current, whole) == [])
    }

    @Test("what is carried in is what was carried out")
    func carried() {
        let current = filing(2023, total: "210.00") { b in
            b.money("年初结转和结余", "opening-carry-over", "20.00")
        }
        func before(_ closing: String) -> Record {
            filing(2022, total: "200.00") { b in
                b.money("年末结转和结余", "closing-carry-over", closing)
            }
        }
        #expect(rules(current, before("20")) == [])
        #expect(rules(current, before("12.00")) == ["CROSS-YEAR medium 20.00万元 12.00万元"])
    }

    @Test("a total ten thousand times last year's is a slip of the unit")
    func slip() {
        let found = rules(filing(2023, total: "2100000.00"), filing(2022, total: "205.10"))
        #expect(found == ["UNIT-SLIP high 2100000.00万元 205.10万元"])
        #expect(rules(filing(2023, total: "410.00"), filing(2022, total: "205.10")) == [])
    }

    @Test("a check with last year's filing adds to the filing's own findings")
    func recheck() {
        let current = filing(2023, total: "210.00") { b in
            b.money("收入、支出总计上年决算数", "prior-final", "201.50", year: 2022)
            b.total("96", grade: "优良")
        }
        let found = Parser.recheck(current, previous: filing(2022, total: "205.10"))
        #expect(found.map(\.rule).contains("CROSS-YEAR"))
        #expect(found.map(\.rule).contains("GRADE-BAND"))
        #expect(Parser.recheck(current, previous: nil) == Parser.recheck(current))
    }
}
