import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite("Figures, trends and comparisons of a store")
struct StatsTests {
    private func append(
        _ key: String,
        score: String? = nil,
        executed: String? = nil,
        to store: Store
    ) async throws {
        var filing = try Samples.filing(key, files: [key + (score ?? "") + (executed ?? "")])
        filing.record.score = score
        if let executed {
            filing.record.amounts = [
                Amount(
                    label: "支出合计",
                    role: "executed-total",
                    value: executed,
                    unit: "元",
                    yuan: executed,
                    approximate: false,
                    part: 0,
                    place: Place(source: 0, block: 3, start: 0, end: 4, quote: executed + "元")
                )
            ]
        }
        _ = try await store.append(filing)
    }

    @Test("（汇总） records stay out of sums over several units unless they are asked for")
    func consolidated() async throws {
        try await withStore { store in
            let place = "2023/湛江市/麻章区/"
            try await append(place + "教育局/整体支出", executed: "10", to: store)
            try await append(place + "教育局（汇总）/整体支出", executed: "90", to: store)
            try await append(place + "总工会/整体支出", executed: "5.5", to: store)
            let total = try await store.stats(StatsQuery([.executed]))
            #expect(total.total.figures[0].sum == ExactDecimal(printed: "15.5"))
            #expect(total.consolidatedCount == 1)
            let byUnit = try await store.stats(StatsQuery([.executed], by: [.unit]))
            #expect(byUnit.groups.map(\.parts) == [["总工会"], ["教育局"], ["教育局（汇总）"]])
            #expect(byUnit.total.count == 2)
            let all = try await store.stats(StatsQuery([.executed], includesConsolidated: true))
            #expect(all.total.figures[0].sum == ExactDecimal(printed: "105.5"))
            let named = StatsQuery([.executed], filter: ListFilter(unit: "教育局（汇总）"))
            #expect(try await store.stats(named).total.count == 1)
            let lookup = try Lookup(parsing: "2023/麻章区/教育局（汇总）")
            let found = StatsQuery([.executed], filter: ListFilter(lookup: lookup))
            #expect(try await store.stats(found).total.count == 1)
        }
    }

    @Test("a role that neither the schema nor a record knows is refused, one of a record is not")
    func unknownRoles() async throws {
        try await withStore { store in
            try await append("2023/湛江市/麻章区/总工会/整体支出", executed: "10", to: store)
            var filing = try Samples.filing("2023/湛江市/麻章区/教育局/整体支出", files: ["newer"])
            filing.record.staffing = [
                Staffing(
                    role: "seconded",
                    count: "7",
                    label: "借调人数",
                    unit: "人",
                    part: 0,
                    place: Place(source: 0, block: 0, start: 0, end: 1, quote: "7")
                )
            ]
            _ = try await store.append(filing)
            func ask(_ verb: StoreQuery.Verb, _ options: [String: String]) async throws -> JSONValue
            {
                try await store.answer(try StoreQuery(verb, QueryArguments(options: options)))
            }
            let known = try await ask(.list, ["staff": "seconded:5.."])
            #expect(known["rows"]?.arrayValue?.count == 1)
            let none = try await ask(.list, ["staff": "contract:5.."])
            #expect(none["rows"]?.arrayValue?.isEmpty == true)
            for options in [
                ["staff": "bogus:1.."], ["rate": "bogus:95.."], ["amount": "bogus:5.."],
                ["kind": "nosuch"], ["score": "85..80"],
            ] {
                await expectFailure(.usage) { _ = try await ask(.list, options) }
                await expectFailure(.usage) { _ = try await ask(.stats, options) }
            }
            let near = await failure { _ = try await ask(.stats, ["of": "amount:executed-totals"]) }
            #expect(near.code == .usage && near.message.contains("amount:executed-total"))
            let all = await failure { _ = try await ask(.stats, ["of": "rate:bogus"]) }
            #expect(all.message.contains("rate:execution, rate:share"))
            for kind in ["整体支出", "项目支出/道路", "base-data-table"] {
                _ = try await ask(.list, ["kind": kind])
            }
        }
    }

    @Test("the answer names mean, ends and their keys, and null where nothing is")
    func answer() async throws {
        try await withStore { store in
            try await append("2022/湛江市/麻章区/总工会/整体支出", score: "90", to: store)
            try await append("2023/湛江市/麻章区/总工会/整体支出", score: "95", to: store)
            try await append("2024/湛江市/麻章区/总工会/整体支出", score: "96.5", to: store)
            let answer = try await store.answer(
                try StoreQuery(.stats, QueryArguments(options: ["of": "score,rate:share"]))
            )
            let score = answer["total"]?["values"]?["score"]
            #expect(score?["sum"] == "281.5" && score?["mean"] == "93.8333")
            #expect(score?["min"] == "90")
            #expect(score?["minKey"] == "2022/湛江市/麻章区/总工会/整体支出")
            #expect(score?["max"] == "96.5" && score?["count"] == 3)
            #expect(answer["total"]?["values"]?["rate:share"]?["mean"]?.isNull == true)
            #expect(answer["kinds"] == ["整体支出": 3])
        }
    }

    @Test("a unit is followed over the years, also by its other name")
    func trend() async throws {
        try await withStore { store in
            let place = "/湛江市/麻章区/"
            try await append("2021" + place + "人社局/整体支出", score: "80", to: store)
            try await append(
                "2022" + place + "人力社保局/整体支出",
                score: "84",
                executed: "100",
                to: store
            )
            try await append("2022" + place + "人力社保局/部门决算", executed: "999", to: store)
            try await append("2023" + place + "人力社保局/部门决算", executed: "150", to: store)
            try await append("2023/湛江市/坡头区/人力社保局/整体支出", score: "1", to: store)
            let query = try TrendQuery(
                "麻章区/人力社保局",
                otherNames: ["人社局"],
                measures: [.score, .executed]
            )
            let rows = try await store.trend(query).json["rows"]?.arrayValue ?? []
            #expect(rows.map { $0["year"] } == [2021, 2022, 2023])
            #expect(rows[1]["values"]?["score"]?["difference"] == "4")
            #expect(rows[1]["values"]?["score"]?["percent"] == "5")
            #expect(rows[1]["values"]?["executed"]?["value"] == "100")
            #expect(rows[2]["values"]?["executed"]?["percent"] == "50")
            #expect(rows[2]["values"]?["score"]?.isNull == true)
            let full = try TrendQuery("2023/湛江市麻章区人力社保局")
            #expect(try await store.trend(full).json["rows"]?.arrayValue?.count == 2)
            let several = try TrendQuery("人力社保局")
            await expectFailure(.ambiguous) { _ = try await store.trend(several) }
            let none = try TrendQuery("麻章区/气象局")
            await expectFailure(.notFound) { _ = try await store.trend(none) }
        }
    }

    @Test("one lookup is compared with the version before it, two with each other")
    func diff() async throws {
        try await withStore { store in
            let key = "2023/湛江市/麻章区/总工会/整体支出"
            try await append(key, score: "90", executed: "100", to: store)
            await expectFailure(.notFound) {
                _ = try await store.answer(.diff(DiffQuery(try Lookup(parsing: key))))
            }
            try await append(key, score: "95", executed: "108.1", to: store)
            try await append(key, score: "96", executed: "108.1", to: store)
            let last = try await store.answer(.diff(DiffQuery(try Lookup(parsing: key))))
            #expect(last["from"]?["version"] == 2 && last["to"]?["version"] == 3)
            #expect(last["amounts"]?.arrayValue?.isEmpty == true)
            let both = DiffQuery(
                try Lookup(parsing: key + "@1"),
                try Lookup(parsing: "2023/麻章区@2")
            )
            let answer = try await store.answer(.diff(both))
            let amount = answer["amounts"]?.arrayValue?.first
            #expect(amount?["difference"] == "8.1" && amount?["percent"] == "8.1")
            #expect(amount?["from"]?["place"]?["quote"] == "100元")
            #expect(amount?["to"]?["place"]?["quote"] == "108.1元")
            let same = DiffQuery(try Lookup(parsing: key), try Lookup(parsing: key))
            #expect(try await store.answer(.diff(same))["identical"] == true)
        }
    }

    @Test("what arrived here since a time is told from what was recorded since")
    func receivedSince() async throws {
        let clock = TestClock()
        let county = try StoreFixture(name: "县", clock: clock)
        let city = try StoreFixture(name: "市", clock: clock)
        defer {
            county.close()
            city.close()
        }
        _ = try await county.store.append(try Samples.filing())
        let recorded = clock.now
        clock.advance(milliseconds: 86_400_000)
        try await replicate(from: county.store, to: city.store)
        let later = Timestamp(milliseconds: recorded.milliseconds + 1000)
        let byArrival = ListFilter(receivedSince: later)
        #expect(try await city.store.list(byArrival, at: .now).rows.count == 1)
        #expect(try await county.store.list(byArrival, at: .now).rows.isEmpty)
        #expect(try await city.store.list(ListFilter(since: later), at: .now).rows.isEmpty)
        try city.verify()
    }

    @Test("what cannot be counted or grouped is named as wrong usage")
    func arguments() {
        let wrong: [[String: String]] = [
            ["of": "nonsense"], ["of": "amount:"], ["of": "findings:grave"], ["by": "planet"],
            ["score": "a..b"], ["amount": "1..2"], ["score": ".."], ["year": "2023..2021"],
            ["rate": "UPPER:1.."], ["findings": "severe"],
        ]
        for options in wrong {
            let error = #expect(throws: ReportError.self) {
                try StoreQuery(.stats, QueryArguments(options: options))
            }
            #expect(error?.code == .usage, "\(options)")
        }
    }
}
