import ReportModel
import ReportParsing
import Testing

/// SplitMix64: the same seed gives the same records everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

@Suite("Rules on hostile records")
struct RuleFuzzTests {
    private static let numbers = [
        "0", "1", "-1", "44.74", "", ".", "1.", "0.000001", "0.0000001", "１２", "一百", "1e9", "100",
        "99.995",
        "99999999999999999999999999999999999999999999", "-5.5",
        "1234567890123456789012345678901234567890",
        "0.1234567890123456789012345678901234567890", "999999999999999.999999",
        "170141183460469231731687303715884105727",
        "999999999999999", "1,000.50", "%", "9".padded(300), "3.1.4", "nan", "10", "20", "90",
    ]
    private static let words = [
        "", "基本支出", "项目支出", "收入合计", "支出合计", "三公经费", "公务用车购置及运行费", "合计", "预算执行率",
        "2023年收入支出", "\u{0}\u{FFFF}", "👩‍👩‍👧‍👦", "（一）", "（类）", "x（类）", "（项）", "区总工会", "优良", "≥", ">90%",
        "人员经费 全年执行数", "e\u{301}".padded(400),
    ]
    private static let roles = [
        "budget-initial", "budget", "executed", "executed-project-total", "executed-project",
        "final-grand-total", "final-income-total", "final-income-part", "final-expenditure-total",
        "final-expenditure-part", "final-expenditure-function", "final-expenditure-item",
        "opening-carry-over", "closing-carry-over", "prior-final", "yoy-delta",
        "three-public-total",
        "three-public-part", "operating-funds", "other", "", "authorised", "serving",
        "serving-institution", "serving-administrative", "execution", "share", "growth", "control",
    ]

    private func pick<T>(_ values: [T], _ random: inout SeededGenerator) -> T {
        values[Int.random(in: values.indices, using: &random)]
    }

    private func place(_ random: inout SeededGenerator) -> Place {
        let extremes = [0, 1, 2, 3, 4, -1, Int.max, Int.min]
        return Place(
            source: Bool.random(using: &random) ? 0 : pick(extremes, &random),
            block: pick(extremes, &random),
            start: Int.random(in: -5...500, using: &random),
            end: pick(extremes, &random),
            quote: pick(Self.words, &random),
            page: Bool.random(using: &random) ? pick(extremes, &random) : nil
        )
    }

    private func record(seed: UInt64) -> Record {
        var random = SeededGenerator(state: seed)
        var record = Record(parser: "", rules: "")
        record.year = pick([nil, 2023, 0, Int.min, Int.max], &random)
        record.title = pick([nil, "2022报告", "二〇二三", "\u{0}"], &random)
        record.reportDate = pick([nil, "2024-05", "", "9999999999", "20", "2023-99"], &random)
        record.unit = UnitIdentity(
            name: pick([nil, "宁江市总工会", "x"], &random),
            shortName: pick([nil, "", "总工会"], &random),
            aliases: Self.words
        )
        let parts = [0, 1, 2, -1, Int.max, Int.min]
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let kind = pick(PartKind.allCases, &random)
            record.parts.append(
                Part(kind: kind, title: pick(Self.words, &random), source: 0, place: place(&random))
            )
        }
        for _ in 0..<Int.random(in: 0...40, using: &random) {
            let part = pick(parts, &random)
            addMoney(part, to: &record, &random)
            record.staffing.append(
                Staffing(
                    role: pick(Self.roles, &random),
                    count: pick(Self.numbers, &random),
                    label: pick(Self.words, &random),
                    part: part,
                    place: place(&random)
                )
            )
            record.indicators.append(indicator(part, &random))
            addText(part, to: &record, &random)
            record.scores.append(
                TotalScore(
                    total: pick(Self.numbers, &random),
                    full: pick([nil, "100", "0"] + Self.numbers, &random),
                    grade: pick([nil] + Self.words, &random),
                    part: part,
                    place: place(&random)
                )
            )
            record.sections.append(
                Section(
                    number: pick(
                        [nil, "一", "（三）", "十十", "99999999999", "⑳"] + Self.words,
                        &random
                    ),
                    title: pick(Self.words, &random),
                    level: pick([0, 1, 2, -1, Int.max], &random),
                    place: place(&random)
                )
            )
        }
        return record
    }

    private func addText(_ part: Int, to record: inout Record, _ random: inout SeededGenerator) {
        let kinds = ["template-residue", "scope", "reason", "item-definition", ""]
        let units = ["个", "家", "辆", "场", ""]
        record.counts.append(
            StatedCount(
                label: pick(Self.words + Self.counted, &random),
                count: pick(Self.numbers, &random),
                unit: pick(units, &random),
                stage: pick([nil, nil, "planned"], &random),
                approximate: Bool.random(using: &random),
                part: part,
                place: place(&random)
            )
        )
        record.remarks.append(
            Remark(
                kind: pick(kinds, &random),
                label: pick(Self.words + ["no-subordinates", "with-subordinates"], &random),
                text: pick(Self.words, &random),
                part: part,
                place: place(&random)
            )
        )
        record.executionLines.append(
            ExecutionLine(
                label: pick(Self.words, &random),
                percent: pick([nil] + Self.numbers, &random),
                weight: pick([nil] + Self.numbers, &random),
                score: pick([nil] + Self.numbers, &random),
                part: part,
                place: place(&random)
            )
        )
        record.projects.append(
            Project(name: pick(Self.words, &random), part: part, place: place(&random))
        )
    }

    private static let counted = [
        "公务用车保有量", "该类项目总数", "下属二级预算单位", "所辖街道及下属机关企事业单位工会", "至少开会议",
    ]

    private func addMoney(_ part: Int, to record: inout Record, _ random: inout SeededGenerator) {
        record.amounts.append(
            Amount(
                label: pick(Self.words, &random),
                role: pick(Self.roles, &random),
                value: pick(Self.numbers, &random),
                unit: pick(["元", "万元", "亿元", "", "万", "美元"], &random),
                yuan: pick(Self.numbers, &random),
                direction: pick([nil, "up", "down", "?"], &random),
                approximate: Int.random(in: 0..<9, using: &random) == 0,
                year: pick([nil, 2023, 2022, Int.min], &random),
                functionCode: pick([nil, "201", "2012901", "1", ""], &random),
                part: part,
                place: place(&random)
            )
        )
        record.rates.append(
            Rate(
                label: pick(Self.words, &random),
                role: pick(Self.roles, &random),
                percent: pick(Self.numbers, &random),
                direction: pick([nil, "up", "down"], &random),
                part: part,
                place: place(&random)
            )
        )
    }

    private func indicator(_ part: Int, _ random: inout SeededGenerator) -> Indicator {
        Indicator(
            level1: pick([nil, "产出指标", "效益指标", "满意度指标", "预算执行"], &random),
            level2: pick([nil, "数量指标", "成本指标"], &random),
            level3: pick([nil] + Self.words, &random),
            target: pick([nil, "≥95%", "10", "10家/20人"] + Self.numbers, &random),
            actual: pick([nil, "90%", "10"] + Self.numbers, &random),
            weight: pick([nil, "10"] + Self.numbers, &random),
            score: pick([nil, "10"] + Self.numbers, &random),
            part: part,
            place: place(&random)
        )
    }

    @Test("random records never trap, and the findings are the same each time", arguments: 0..<20)
    func random(seed: Int) {
        for step in 0..<25 {
            let record = record(seed: UInt64(seed * 1000 + step))
            let found = Rules.check(record)
            #expect(found == Rules.check(record), "seed \(seed * 1000 + step)")
            #expect(found.allSatisfy { $0.fingerprint.utf8.count == 16 && !$0.message.isEmpty })
        }
    }

    @Test("two random years never trap", arguments: 0..<10)
    func years(seed: Int) {
        for step in 0..<20 {
            var current = record(seed: UInt64(seed * 77 + step))
            var previous = record(seed: UInt64(seed * 77 + step + 1))
            current.year = 2023
            previous.year = 2022
            let found = Parser.recheck(current, previous: previous)
            #expect(found == Parser.recheck(current, previous: previous))
            #expect(found.count >= Parser.recheck(current).count)
        }
    }

    @Test("clean records with one number changed never trap", arguments: CleanRecords.all.indices)
    func mutated(index: Int) {
        var random = SeededGenerator(state: UInt64(index))
        let clean = CleanRecords.all[index].record
        for _ in 0..<40 {
            var record = clean
            for position in record.amounts.indices where Int.random(in: 0..<4, using: &random) == 0
            {
                record.amounts[position].value = pick(Self.numbers, &random)
                record.amounts[position].part = pick([0, 1, 99, -1], &random)
            }
            for position in record.rates.indices {
                record.rates[position].percent = pick(Self.numbers, &random)
            }
            for position in record.indicators.indices where Bool.random(using: &random) {
                record.indicators[position] = indicator(0, &random)
            }
            record.parts = record.parts.shuffled(using: &random)
            let found = Rules.check(record)
            #expect(found.count <= Rules.all.count * 50)
        }
    }

    @Test("a long report is checked in bounded time")
    func long() {
        let record = build { b in
            for part in 0..<4 {
                b.part(.finalAccountExplanation)
                for index in 0..<500 {
                    b.line()
                    b.money("本年支出合计", "final-expenditure-total", "\(index).\(part)")
                    b.money("基本支出", "final-expenditure-part", "1.00")
                    b.rate("share", "50", "占")
                    b.rate("execution", "50", "基本支出 执行率")
                }
            }
        }
        var findings: [Finding] = []
        let elapsed = ThreadTime.measure { findings = Rules.check(record) }
        #expect(!findings.isEmpty)
        #expect(elapsed < .seconds(60))
    }
}

extension String {
    /// The text repeated a number of times.
    func padded(_ count: Int) -> String { String(repeating: self, count: count) }
}
