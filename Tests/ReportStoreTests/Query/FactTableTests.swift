import LMDB
import ReportModel
import ReportTestKit
import Testing

@testable import ReportStore

@Suite("The table of figures")
struct FactTableTests {
    private func row() -> FactRow {
        FactRow(
            key: 7,
            status: 2,
            isConflict: true,
            isWithheld: false,
            recordedAt: Timestamp(milliseconds: 3),
            filedAt: Timestamp(milliseconds: 1),
            arrivedAt: Timestamp(milliseconds: 4),
            regionCode: 440_811,
            partKinds: 5,
            findings: FindingCounts(),
            indicatorCount: 70_000,
            problemCount: 2,
            tail: FactRow.tail(
                province: "广东省",
                unitName: String(repeating: "会", count: 100),
                numbers: Self.numbers.map { NamedNumber(role: $0.key, value: $0.value) }
            )
        )
    }

    private static let numbers = [
        "score": ExactDecimal(coefficient: 9650, places: 2),
        "amount:yoy-delta": ExactDecimal(
            coefficient: -12_345_678_901_234_567_890,
            places: 3
        ),
        "rate:made-up": ExactDecimal(127), "staff:serving": ExactDecimal(128),
        "amount:other": ExactDecimal(-128), "amount:assets": ExactDecimal(-129),
        "budget": .zero,
    ]

    @Test("a name has one code, found whole or by its role")
    func codes() {
        for name in FactNames.known + ["amount:made-up", "rate:", "staff:budget", "amount:score"] {
            let list = RoleList.allCases.first { name.hasPrefix($0.prefix) }
            let role = String(name.dropFirst(list?.prefix.count ?? 0))
            let number = NamedNumber(list: list, role: role, value: .zero)
            #expect(number.name == name)
            #expect(FactNames.code(of: number) == FactNames.code(of: name), "\(name)")
        }
    }

    @Test("a row is read back, with numbers of every size and sign")
    func roundTrip() throws {
        let row = row()
        row.bytes.withUnsafeBytes { bytes in
            guard let view = FactView(lending: bytes) else {
                Issue.record("the row is not read")
                return
            }
            #expect(view.key == 7 && view.status == 2 && view.isConflict && !view.isWithheld)
            #expect(view.recordedAt == 3 && view.filedAt == 1 && view.arrivedAt == 4)
            #expect(view.regionCode == 440_811 && view.partKinds == 5)
            #expect(view.indicatorCount == 65535 && view.problemCount == 2)
            #expect(KeyFields.string(view.province) == "广东省")
            #expect(KeyFields.string(view.unitName) == String(repeating: "会", count: 85))
            for (name, value) in Self.numbers {
                guard let measure = Measure(name) else {
                    Issue.record("\(name) is no measure")
                    continue
                }
                #expect(FactMeasure(measure).value(in: view) == value, "\(name)")
            }
            #expect(FactMeasure(.rate("execution")).value(in: view) == nil)
        }
    }

    @Test("every shorter text of a row is refused or ends early, and never traps")
    func cut() {
        let bytes = row().bytes
        for count in 0..<bytes.count {
            bytes[..<count].withUnsafeBytes { bytes in
                guard let view = FactView(lending: bytes) else { return }
                #expect(view.forEachNumber { _, _, _ in true } == false)
            }
        }
    }

    @Test("parts of keys are found as keys find them")
    func keyFields() throws {
        for text in [
            "2023/湛江市/麻章区/总工会/整体支出", "2022/益阳市/总工会（汇总）/部门决算",
            "2024/乐山市/金口河区/总工会/项目支出/工会经费", "2024/乐山市/总工会/其他",
        ] {
            let key = try ReportKey(parsing: text)
            Array(text.utf8).withUnsafeBytes { bytes in
                let fields = KeyFields(bytes)
                #expect(fields?.year == key.year)
                #expect((fields?.city).map(KeyFields.string) == key.city)
                #expect((fields?.district).map(KeyFields.string) == key.district ?? "")
                #expect((fields?.unit).map(KeyFields.string) == key.unit)
                #expect((fields?.kind).map(KeyFields.string) == key.kind.word)
                #expect((fields?.project).map(KeyFields.string) == key.project ?? "")
                #expect(fields?.isConsolidated == key.unit.hasSuffix("（汇总）"))
            }
        }
        for text in ["", "2023", "2023/湛江市/整体支出", "2023//a/b/整体支出", "2023/a/b/c/d/e/f"] {
            let isKey = Array(text.utf8).withUnsafeBytes { KeyFields($0) != nil }
            #expect(!isKey, "\(text)")
        }
    }

    @Test("a store that lacks rows gives the same answers, and its next version brings the row")
    func olderStore() async throws {
        try await withStore { store in
            for unit in ["甲局", "乙局", "丙局"] {
                _ = try await store.append(
                    try Samples.filing("2023/湛江市/麻章区/\(unit)/整体支出", files: [unit])
                )
            }
            let filter = ListFilter(ranges: [try MeasureRange(argument: "96..97", of: .score)])
            let stats = StatsQuery([.score], by: [.unit])
            let before = try await store.list(filter, at: .now).json
            let figures = try await store.stats(stats).json
            #expect(before["rows"]?.arrayValue?.count == 3)
            let facts = try #require(store.tables.facts)
            try store.writer().performBlocking { transaction in
                for unit in ["甲局", "丙局"] {
                    let key = "2023/湛江市/麻章区/\(unit)/整体支出"
                    _ = try transaction.delete(Array(key.utf8), in: facts)
                }
            }
            #expect(try await store.list(filter, at: .now).json == before)
            #expect(try await store.stats(stats).json == figures)
            _ = try await store.append(
                try Samples.filing("2023/湛江市/麻章区/甲局/整体支出", files: ["甲局二"])
            )
            let count = try store.read { (transaction: borrowing ReadTransaction) throws in
                try transaction.count(facts)
            }
            #expect(count == 2)
        }
    }

    @Test("a damaged row is named by verify, and a list says so")
    func damage() async throws {
        let fixture = try StoreFixture()
        defer { fixture.close() }
        _ = try await fixture.store.append(try Samples.filing())
        let facts = try #require(fixture.store.tables.facts)
        try fixture.store.writer().performBlocking { transaction in
            try transaction.put(Array(Samples.key.utf8), Array("nonsense".utf8), in: facts)
        }
        let report = try fixture.store.verifyNow()
        let isNamed = report.problems.contains { $0.contains("row of figures") }
        #expect(isNamed, "\(report.problems)")
        await expectFailure(.integrity) { _ = try await fixture.store.list(ListFilter(), at: .now) }
    }

    @Test("a row under the text of another key is named by verify, and never listed")
    func strayRow() async throws {
        let fixture = try StoreFixture()
        defer { fixture.close() }
        _ = try await fixture.store.append(try Samples.filing())
        let facts = try #require(fixture.store.tables.facts)
        let stray = Array("2023/湛江市/坡头区/总工会/整体支出".utf8)
        try fixture.store.writer().performBlocking { transaction in
            let row = try transaction.copyValue(Array(Samples.key.utf8), in: facts) ?? []
            _ = try transaction.delete(Array(Samples.key.utf8), in: facts)
            try transaction.put(stray, row, in: facts)
        }
        let report = try fixture.store.verifyNow()
        let isNamed = report.problems.contains { $0.contains("not that of a key") }
        #expect(isNamed, "\(report.problems)")
        await expectFailure(.integrity) { _ = try await fixture.store.list(ListFilter(), at: .now) }
    }
}
