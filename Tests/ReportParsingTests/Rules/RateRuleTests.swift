import ReportModel
import ReportParsing
import Testing

@Suite("Rules on percentages")
struct RateRuleTests {
    private func execution(_ budget: String, _ executed: String, _ percent: String) -> Record {
        build { b in
            b.part(.overallSelfEvaluationReport)
            b.money("整体收支预算", "budget-total", budget)
            b.money("整体收支决算", "executed-total", executed)
            b.rate("execution", percent, "完成预算")
        }
    }

    @Test(
        "a rate passes within half a unit, is a notice within one, and contradicts beyond",
        arguments: [
            ("97.21", nil), ("97.2", nil), ("97", nil), ("97.22", Severity.info), ("97.23", .high),
            ("92.71", .high), ("100", .high),
        ] as [(String, Severity?)]
    )
    func boundary(percent: String, severity: Severity?) {
        // 13492.0000 / 13879.0000 = 97.2116 %; large amounts leave no room for their own rounding.
        let record = execution("138790000.00", "134920000.00", percent)
        #expect(record.findings(of: "EXEC-RATE").first?.severity == severity)
    }

    @Test("a wrong rate is named with both numbers and its places")
    func wrongRate() throws {
        let finding = try #require(
            execution("138.79", "134.92", "92.71").findings(of: "EXEC-RATE").first
        )
        #expect(finding.message.contains("92.71%") && finding.message.contains("97.21%"))
        #expect(finding.places.count == 3)
    }

    @Test("nothing of nothing, a plug of one unit and 11.97 as 12.0 are silent")
    func silent() {
        #expect(execution("0", "0", "0").findings(of: "EXEC-RATE").isEmpty)
        #expect(execution("0", "0", "100").findings(of: "EXEC-RATE").isEmpty)
        #expect(execution("100.00", "11.97", "12.0").findings(of: "EXEC-RATE").isEmpty)
        #expect(
            execution("139", "135", "97.21").findings(of: "EXEC-RATE").allSatisfy {
                $0.severity == .info
            }
        )
    }

    @Test("a rate above 100 against the initial budget is silent though the adjusted one differs")
    func initialBudget() {
        let record = build { b in
            b.part(.finalAccountExplanation)
            b.money("年初预算", "budget-initial", "41.80")
            b.money("全年预算", "budget", "50.00")
            b.money("支出决算", "executed", "44.75")
            b.rate("execution", "107.06", "完成年初预算")
        }
        #expect(record.findings(of: "EXEC-RATE").isEmpty)
    }

    @Test("cells of one row belong together, cells of other rows do not")
    func tableRate() throws {
        func table(_ percent: String) -> Record {
            build { b in
                b.part(.overallSelfEvaluationTable)
                b.cell("（1）基本支出 全年预算数", "budget-expenditure-part", "254.85")
                b.cell("（1）基本支出 全年执行数", "executed-expenditure-part", "254.85")
                b.line()
                b.rate("execution", "100", "（1）基本支出 执行率")
                b.cell("（2）项目支出 全年预算数", "budget-expenditure-part", "44.74")
                b.cell("（2）项目支出 全年执行数", "executed-expenditure-part", "40.00")
                b.line()
                b.rate("execution", percent, "（2）项目支出 执行率")
            }
        }
        #expect(table("89.41").findings(of: "EXEC-RATE").isEmpty)
        #expect(table("100").findings(of: "EXEC-RATE").first?.computed == "89.41%")
    }

    @Test("a rate without its budget in the sentence takes the budget of the same fact")
    func budgetElsewhere() throws {
        func report(_ percent: String) -> Record {
            build { b in
                b.part(.overallSelfEvaluationReport)
                b.money("整体支出预算", "budget-expenditure-total", "138.79")
                b.line()
                b.money("整体支出决算", "final-expenditure-total", "134.92")
                b.rate("execution", percent, "完成预算")
            }
        }
        #expect(report("97.21").findings(of: "EXEC-RATE").isEmpty)
        #expect(report("79.21").findings(of: "EXEC-RATE").first?.severity == .high)
    }

    private func growth(_ value: String, _ delta: String, _ percent: String, _ direction: String?)
        -> Record
    {
        build { b in
            b.part(.finalAccountExplanation)
            b.money("收入、支出总计", "final-grand-total", value)
            b.money("各减少", "yoy-delta", delta, direction: direction)
            b.rate("growth", percent, "下降", direction)
        }
    }

    @Test("a growth rate follows from the change; a slipped point is high, another rate medium")
    func growthRates() throws {
        #expect(growth("14.93", "1.28", "9.38", "up").findings(of: "YOY-PERCENT").isEmpty)
        #expect(growth("197.57", "0.41", "0.21", "down").findings(of: "YOY-PERCENT").isEmpty)
        let wrong = try #require(
            growth("395.14", "0.41", "0.21", "down").findings(of: "YOY-PERCENT").first
        )
        #expect(wrong.severity == .medium && wrong.stated == "0.21%" && wrong.computed == "0.1%")
        let slipped = try #require(
            growth("197.57", "0.41", "2.1", "down").findings(of: "YOY-PERCENT").first
        )
        #expect(slipped.severity == .high && slipped.computed == "0.21%")
    }

    @Test("a template's 增加/减少 0 and a change without direction are silent")
    func growthTemplate() {
        #expect(growth("0.35", "0", "0", nil).findings(of: "YOY-PERCENT").isEmpty)
        #expect(growth("0.35", "0.10", "70", nil).findings(of: "YOY-PERCENT").isEmpty)
        #expect(growth("0.35", "0.35", "100", "up").findings(of: "YOY-PERCENT").isEmpty)
    }

    @Test("last year's value by subtraction agrees with the one that is stated")
    func priorYear() throws {
        func record(_ prior: String) -> Record {
            build { b in
                b.part(.finalAccountExplanation)
                b.money("收入、支出总计", "final-grand-total", "395.14")
                b.money("各减少", "yoy-delta", "0.41", direction: "down")
                b.line()
                b.money("2022年收入支出", "other", prior, year: 2022)
            }
        }
        #expect(record("395.55").findings(of: "YOY-BASE").isEmpty)
        #expect(record("395.56").findings(of: "YOY-BASE").isEmpty)
        let finding = try #require(record("395.96").findings(of: "YOY-BASE").first)
        #expect(finding.severity == .medium)
        #expect(finding.message.contains("395.96万元") && finding.message.contains("395.55万元"))
    }

    private func shares(
        _ first: String,
        _ second: String,
        parts: (String, String) = ("139.47", "58.1")
    )
        -> Record
    {
        build { b in
            b.part(.finalAccountExplanation)
            b.money("本年支出合计", "final-expenditure-total", "197.57")
            b.money("基本支出", "final-expenditure-part", parts.0)
            b.rate("share", first, "占")
            b.money("项目支出", "final-expenditure-part", parts.1)
            b.rate("share", second, "占")
        }
    }

    @Test("shares follow from part and total, a plugged unit is a notice")
    func shareValues() throws {
        #expect(shares("70.59", "29.41").findings(of: "SHARE").isEmpty)
        #expect(shares("70.60", "29.41").findings(of: "SHARE").allSatisfy { $0.severity == .info })
        let wrong = try #require(shares("75.59", "29.41").findings(of: "SHARE").first)
        #expect(wrong.severity == .medium && wrong.message.contains("70.59%"))
        #expect(shares("100", "0", parts: ("197.57", "0")).findings(of: "SHARE").isEmpty)
    }

    @Test("shares of a complete list make one hundred")
    func shareSum() throws {
        #expect(shares("70.59", "29.41").findings(of: "SHARE-SUM").isEmpty)
        #expect(shares("71", "29").findings(of: "SHARE-SUM").isEmpty)
        let wrong = try #require(shares("70.59", "29.91").findings(of: "SHARE-SUM").first)
        #expect(wrong.severity == .low && wrong.computed == "100.5%")
        // A list that is not complete need not make one hundred.
        #expect(
            shares("70.59", "5.06", parts: ("139.47", "10.00")).findings(of: "SHARE-SUM").isEmpty
        )
    }
}
