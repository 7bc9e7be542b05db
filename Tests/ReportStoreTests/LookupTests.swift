import ReportModel
import ReportStore
import ReportTestKit
import Testing

@Suite("Lookups, lists and moments")
struct LookupTests {
    private static let keys = [
        "2023/湛江市/总工会/整体支出", "2023/湛江市/麻章区/总工会/整体支出",
        "2023/湛江市/麻章区/总工会/项目支出/工会经费", "2023/湛江市/麻章区/财政局/整体支出",
        "2023/乐山市/市中区/总工会/整体支出", "2023/内江市/市中区/总工会/整体支出",
        "2022/湛江市/麻章区/总工会/整体支出",
    ]

    private func withKeys(_ body: (Store) async throws -> Void) async throws {
        try await withStore { store in
            for result in store.appendAll(Self.keys) { _ = try result.get() }
            try await body(store)
        }
    }

    @Test(
        "the first stage with a hit decides",
        arguments: [
            ("2023/湛江市/麻章区/总工会/整体支出", [1]), ("2023/湛江市/总工会", [0]),
            ("2023/麻章区/财政局", [3]), ("2023/麻章区/总工会", [1, 2]), ("2023/麻章区/工会经费", [2]),
            ("2023/湛江市/麻章区", [1, 2, 3]), ("2022", [6]), ("2022/440811", [6]),
            ("2023/440811/财政局", [3]), ("2022/麻章区总工会", [6]), ("2022/湛江市麻章区总工会", [6]),
            ("2023/市中区", [4, 5]), ("2023/乐山市/市中区", [4]), ("2023/湛江市/麻章区/总工会/整体支出/", [1]),
        ] as [(String, [Int])]
    )
    func stages(lookup: String, hits: [Int]) async throws {
        try await withKeys { store in
            let filter = ListFilter(lookup: try Lookup(parsing: lookup))
            let found = try await store.list(filter, at: .now).rows.map(\.version.key)
            let expected = hits.map { Self.keys[$0] }.sorted {
                $0.utf8.lexicographicallyPrecedes($1.utf8)
            }
            #expect(found == expected)
            if hits.count == 1 {
                #expect(
                    try store.getNow(try Lookup(parsing: lookup), body: .record).version.key
                        == expected[0]
                )
            }
        }
    }

    @Test("a shared name is ambiguous, with candidates that tell them apart")
    func ambiguous() async throws {
        try await withKeys { store in
            let error = await failure { _ = try store.text("2023/市中区") }
            #expect(error.code == .ambiguous)
            let candidates = try #require(error.details["candidates"]?.arrayValue)
            #expect(candidates.map { $0["key"]?.stringValue } == [Self.keys[4], Self.keys[5]])
            for name in ["unit", "kind", "version", "score", "findings"] {
                #expect(candidates.allSatisfy { $0[name].map { !$0.isNull } ?? false }, "\(name)")
            }
            #expect(error.details["more"] == 0)
        }
    }

    @Test("at most fifty candidates are listed, the rest is counted")
    func many() async throws {
        try await withStore { store in
            let keys = (0..<60).map { "2023/湛江市/麻章区/单位\($0)/整体支出" }
            for result in store.appendAll(keys) { _ = try result.get() }
            let error = await failure { _ = try store.text("2023/麻章区") }
            #expect(error.details["candidates"]?.arrayValue?.count == 50)
            #expect(error.details["more"] == 10)
        }
    }

    @Test("nothing found names what is near, and lookups beyond every limit are no fault")
    func nearMisses() async throws {
        try await withKeys { store in
            for lookup in ["2021/麻章区/财政局", "2023/麻章区/财政所", "2023/湛江市/麻章区/财政局/部门决算"] {
                let error = await failure { _ = try store.text(lookup) }
                #expect(error.code == .notFound)
                #expect(
                    error.details["near"]?.arrayValue?.contains(.string(Self.keys[3])) == true,
                    "\(lookup)"
                )
            }
            for lookup in [
                "2023/" + String(repeating: "长", count: 1300), "2023/000000", "2023/x/y/z/w",
            ] {
                await expectFailure(.notFound) { _ = try store.text(lookup) }
                let page = try await store.list(
                    ListFilter(lookup: try Lookup(parsing: lookup)),
                    at: .now
                )
                #expect(page.rows.isEmpty)
            }
        }
    }

    @Test("lists go on after a key, page by page, with every condition")
    func pages() async throws {
        try await withKeys { store in
            var keys: [String] = []
            var filter = ListFilter(limit: 3)
            while true {
                let page = try await store.list(filter, at: .now)
                keys += page.rows.map(\.version.key)
                guard let next = page.next else { break }
                filter.after = next
            }
            #expect(keys == Self.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            func count(_ filter: ListFilter) async throws -> Int {
                try await store.list(filter, at: .now).rows.count
            }
            #expect(try await count(ListFilter(city: "湛江市")) == 5)
            #expect(try await count(ListFilter(district: "麻章区", unit: "财政局")) == 1)
            #expect(try await count(ListFilter(kind: "项目支出")) == 1)
            #expect(try await count(ListFilter(province: "广东省")) == 7)
            #expect(try await count(ListFilter(province: "440000")) == 7)
            #expect(try await count(ListFilter(province: "四川省")) == 0)
            #expect(try await count(ListFilter(status: .approved)) == 0)
            #expect(try await count(ListFilter(after: String(repeating: "x", count: 900))) == 0)
        }
    }

    @Test("a moment shows what was recorded, or known here, by then")
    func moments() async throws {
        let clock = TestClock()
        try await withStore(clock: clock) { source in
            let start = clock.now
            _ = try await source.append(try Samples.filing(files: ["甲"]))
            clock.advance(milliseconds: 1000)
            let middle = clock.now
            _ = try await source.append(try Samples.filing(files: ["乙"]))
            _ = try await source.append(try Samples.filing("2023/湛江市/总工会/整体支出"))
            clock.advance(milliseconds: 1000)
            try await withStore(clock: clock) { target in
                try await replicate(from: source, to: target)
                let before = Timestamp(milliseconds: start.milliseconds - 1)
                for store in [source, target] {
                    #expect(try store.number(Samples.key, at: .asOf(start)) == 1)
                    #expect(try store.number(Samples.key, at: .asOf(middle)) == 2)
                    #expect(
                        try await store.list(ListFilter(), at: .asOf(start)).rows.map(
                            \.version.number
                        ) == [1]
                    )
                    let early = await failure {
                        _ = try store.number(Samples.key, at: .asOf(before))
                    }
                    #expect(early.code == .notFound)
                    #expect(early.details.isEmpty, "nothing was misspelt: \(early)")
                    let told = "\(Samples.key) was recorded at \(start.zonedOfficeText)"
                    #expect(early.hint == "the first version of " + told)
                    await expectFailure(.notFound) {
                        _ = try store.number(Samples.key + "@2", at: .asOf(start))
                    }
                }
                #expect(
                    try source.text(Samples.key, at: .asOf(start))
                        == target.text(Samples.key, at: .asOf(start))
                )
                #expect(try source.number(Samples.key, at: .knownHere(start)) == 1)
                let early = await failure {
                    _ = try target.number(Samples.key, at: .knownHere(middle))
                }
                #expect(early.code == .notFound)
                let told = "\(Samples.key) arrived here at \(clock.now.zonedOfficeText)"
                #expect(early.hint == "the first version of " + told)
                #expect(try target.number(Samples.key, at: .knownHere(clock.now)) == 2)
            }
        }
    }

    @Test("the change feed goes on after a position, and shows only what is asked for")
    func changes() async throws {
        try await withKeys { store in
            let (first, position) = try await store.changes(after: 0, matching: nil, limit: 4)
            #expect(first.map(\.arrival) == [1, 2, 3, 4])
            #expect(position == 4)
            let (rest, end) = try await store.changes(after: position, matching: nil, limit: 100)
            #expect(rest.map(\.version.key) == Array(Self.keys[4...]))
            #expect(end == 7)
            let (some, upTo) = try await store.changes(
                after: 0,
                matching: try Lookup(parsing: "2023/440811"),
                limit: 100
            )
            #expect(some.map(\.version.key) == Array(Self.keys[1...3]))
            #expect(upTo == 7)
            #expect(try await store.changes(after: .max, matching: nil, limit: 0).items.isEmpty)
        }
    }
}

extension Store {
    /// Appends one filing for each key.
    fileprivate func appendAll(_ keys: [String]) -> [Result<FilingOutcome, any Error>] {
        keys.map { key in
            Result { try appendBatch([try Samples.filing(key)])[0].get() }
        }
    }
}
