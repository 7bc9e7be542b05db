import ReportModel
import ReportStore
import ReportTestKit
import Testing

/// Records of a store as a plain list holds them at every moment.
private struct QueryModel {
    /// States after each append, by time.
    private(set) var states: [(time: Timestamp, records: [String: PlainRecord])] = []

    var current: [String: PlainRecord] { states.last?.records ?? [:] }

    mutating func append(_ filing: Filing, at time: Timestamp) {
        var records = current
        records[filing.key.text] = PlainRecord(
            key: filing.key,
            record: filing.record,
            recordedAt: time,
            firstAt: records[filing.key.text]?.firstAt ?? time
        )
        states.append((time, records))
    }

    func records(at moment: Moment, _ filter: ListFilter) -> [PlainRecord] {
        let records =
            switch moment {
            case .now: current
            case .asOf(let time), .knownHere(let time):
                states.last { $0.time <= time }?.records ?? [:]
            }
        return records.values.filter { $0.passes(filter) }.sorted { $0.key < $1.key }
    }
}

@Suite("Random questions")
struct QueryPropertyTests {
    private func run(
        seed: UInt64,
        _ body: (Store, inout QueryChance, QueryModel) async throws -> Void
    ) async throws {
        var chance = QueryChance(generator: SeededGenerator(seed: seed))
        var model = QueryModel()
        try await withFixture { fixture in
            for _ in 0..<4 {
                fixture.clock.advance(milliseconds: 1000)
                let filings = try (0..<6).map { _ throws in try chance.filing() }
                let outcomes = try fixture.store.appendBatch(filings)
                for (filing, outcome) in zip(filings, outcomes) {
                    model.append(filing, at: try outcome.get().version.recordedAt)
                }
            }
            try await body(fixture.store, &chance, model)
        }
    }

    private func pages(
        _ filter: ListFilter,
        at moment: Moment,
        _ store: Store,
        limit: Int
    ) async throws -> [RecordSummary] {
        var filter = filter
        filter.limit = limit
        var rows: [RecordSummary] = []
        while true {
            let page = try await store.list(filter, at: moment)
            rows += page.rows
            guard let next = page.next else { return rows }
            filter.after = next
        }
    }

    @Test("lists with any filter are those of a plain model", arguments: 0..<25 as Range<UInt64>)
    func lists(seed: UInt64) async throws {
        try await run(seed: seed) { store, chance, model in
            let times = model.states.map(\.time)
            for _ in 0..<20 {
                let filter = try chance.filter(times: times)
                let then = Moment.asOf(chance.element(times))
                let moment = chance.element([Moment.now, then])
                let expected = model.records(at: moment, filter)
                let limit = chance.element([1, 3, 1000])
                let rows = try await pages(filter, at: moment, store, limit: limit)
                #expect(rows.map(\.version.key) == expected.map(\.key.text), "\(seed) \(filter)")
                #expect(rows.map(\.score) == expected.map(\.record.score))
                #expect(rows.map(\.filedAt) == expected.map(\.firstAt))
                let counts = expected.map { FindingCounts($0.record.findings) }
                #expect(rows.map(\.findings) == counts)
            }
        }
    }

    @Test("figures are those of a plain model", arguments: 0..<25 as Range<UInt64>)
    func figures(seed: UInt64) async throws {
        try await run(seed: seed) { store, chance, model in
            let times = model.states.map(\.time)
            for _ in 0..<10 {
                let measures = [chance.measure(), chance.measure()]
                let grouping = chance.element(StatsQuery.Grouping.allCases)
                let then = Moment.asOf(chance.element(times))
                let query = StatsQuery(
                    measures,
                    by: [grouping],
                    filter: try chance.filter(times: times),
                    includesConsolidated: true,
                    at: chance.element([Moment.now, then])
                )
                let answer = try await store.stats(query)
                let records = model.records(at: query.moment, query.filter)
                check(answer.total, records, measures, "\(seed)")
                let groups = Dictionary(grouping: records) { record in
                    switch grouping {
                    case .year: String(record.key.year)
                    case .city: record.key.city
                    case .district:
                        [record.key.city, record.key.district].compactMap(\.self)
                            .joined(separator: "/")
                    case .unit: record.key.unit
                    case .kind: record.key.kind.word
                    }
                }
                #expect(answer.groups.map { $0.parts[0] } == groups.keys.sorted(by: utf8Before))
                for group in answer.groups {
                    check(group, groups[group.parts[0]] ?? [], measures, "\(seed)")
                }
            }
        }
    }

    private func utf8Before(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    private func check(
        _ group: StatsAnswer.Group,
        _ records: [PlainRecord],
        _ measures: [Measure],
        _ seed: String
    ) {
        #expect(group.count == records.count, "seed \(seed)")
        for (measure, figures) in zip(measures, group.figures) {
            let values = records.compactMap { record in
                record.value(measure).map { (record.key.text, $0) }
            }
            let sum = values.reduce(ExactDecimal.zero) { $0 + $1.1 }
            #expect(figures.count == values.count, "seed \(seed) \(measure)")
            #expect(figures.sum == sum, "seed \(seed) \(measure)")
            #expect(figures.minimum?.value == values.map(\.1).min())
            #expect(figures.maximum?.value == values.map(\.1).max())
            let least = values.first { $0.1 == figures.minimum?.value }?.0
            #expect(figures.minimum?.key == least, "seed \(seed) \(measure)")
        }
    }

    @Test("pages stay stable while records come in between")
    func stablePages() async throws {
        try await withStore { store in
            for unit in stride(from: 10, to: 90, by: 2) {
                _ = try await store.append(try Samples.filing(key(unit), files: ["\(unit)"]))
            }
            var filter = ListFilter(limit: 7)
            var seen: [String] = []
            var step = 11
            while true {
                let page = try await store.list(filter, at: .now)
                seen += page.rows.map(\.version.key)
                guard let next = page.next else { break }
                filter.after = next
                // One before the place where the page ended and one behind it.
                _ = try await store.append(try Samples.filing(key(step), files: ["x\(step)"]))
                _ = try await store.append(try Samples.filing(key(step + 2), files: ["n\(step)"]))
                step += 4
            }
            #expect(Set(seen).count == seen.count)
            #expect(seen == seen.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            for unit in stride(from: 10, to: 90, by: 2) { #expect(seen.contains(key(unit))) }
        }
    }

    private func key(_ unit: Int) -> String { "2023/湛江市/麻章区/单位\(unit)/整体支出" }
}
