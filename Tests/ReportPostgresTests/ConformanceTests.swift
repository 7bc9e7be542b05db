import ReportModel
import ReportPostgres
import ReportStore
import ReportTestKit
import Testing

/// Random work on two nodes of one database and on a county that sends its log to either.
private struct Run {
    var generator: SeededGenerator
    let nodes: [SharedNode]
    let county: Store
    let clock: TestClock

    mutating func step() async throws {
        clock.advance(milliseconds: Int.random(in: 0...2, using: &generator))
        let node = nodes[Int.random(in: 0..<nodes.count, using: &generator)]
        switch Int.random(in: 0..<24, using: &generator) {
        case 0..<4: _ = try await county.append(try filing())
        case 4..<7:
            let count = Int.random(in: 1...4, using: &generator)
            try await replicate(from: county, to: node.store, count: count)
        case 7..<10: _ = try await node.store.append(try filing())
        case 10..<13: try await node.shared.catchUp()
        case 13: try await node.reopen()
        case 14:
            let batch = try (0..<5).map { _ throws in try filing() }
            for result in try node.store.appendBatch(batch) { _ = try result.get() }
        case let choice: try await judge(choice, node.store)
        }
    }

    private mutating func filing() throws -> Filing {
        let unit =
            ["总工会", "财政局", "Ａ局", "㐀局", "𠀀局", "a局", "教育局（汇总）"]
            .randomElement(using: &generator) ?? "总工会"
        let district = Bool.random(using: &generator) ? "麻章区" : "赤坎区"
        // A large file goes into rows of its own.
        let size = [10, 40, 200_000].randomElement(using: &generator) ?? 10
        let text = "文件\(Int.random(in: 0..<4, using: &generator))"
        return try Samples.filing(
            "2023/湛江市/\(district)/\(unit)/整体支出",
            files: [text + String(repeating: "\(size)", count: size)],
            people: Bool.random(using: &generator) ? ["王某"] : []
        )
    }

    private mutating func judge(_ choice: Int, _ store: Store) async throws {
        let rows = try await store.list(ListFilter(), at: .now).rows
        guard let row = rows.randomElement(using: &generator) else { return }
        let lookup = try Lookup(parsing: row.version.key)
        do throws(ReportError) {
            switch choice {
            case 15...17:
                let verdict = Verdict.allCases.randomElement(using: &generator) ?? .approve
                _ = try await store.review(try ReviewCommand([lookup], verdict, comment: "意见"))
            case 18: _ = try await store.retract(try RetractCommand(lookup, reason: "有误"))
            case 19: try await move(lookup, store)
            case 20:
                let parts: Set<EraseCommand.Part> =
                    [[.people], [.sources], EraseCommand.Part.usual]
                    .randomElement(using: &generator) ?? [.people]
                let command = try EraseCommand(
                    lookup,
                    parts: parts,
                    reason: "依法",
                    authority: "法"
                )
                _ = try await store.erase(command)
            default:
                let note = try Note(fingerprint: "0000000000000000", text: "说明\(choice)")
                _ = try await store.append(note, about: lookup)
            }
        } catch {
            #expect([.conflict, .erased, .notFound].contains(error.code), "\(error)")
        }
    }

    private mutating func move(_ lookup: Lookup, _ store: Store) async throws(ReportError) {
        let unit = "单位\(Int.random(in: 0..<3, using: &generator))"
        guard let key = try? ReportKey(parsing: "2023/湛江市/麻章区/\(unit)/整体支出") else { return }
        _ = try await store.rekey(try RekeyCommand(lookup, to: key, reason: "错"))
    }
}

@Suite("Two nodes on one database", .serialized, .enabled(if: PostgresServer.absence == nil))
struct ConformanceTests {
    @Test(
        "and a store on one machine give the same bytes after any work",
        arguments: Isolation.allCases,
        1...2
    )
    func conformance(isolation: Isolation, seed: Int) async throws {
        try await withDatabase(isolation) { address in
            let clock = TestClock()
            let left = try await SharedNode(address, name: "省甲", clock: clock)
            let right = try await SharedNode(address, name: "省乙", clock: clock)
            defer {
                left.close()
                right.close()
            }
            try await withStore(name: "县", clock: clock) { county in
                var run = Run(
                    generator: SeededGenerator(seed: UInt64(seed)),
                    nodes: [left, right],
                    county: county,
                    clock: clock
                )
                for _ in 0..<50 { try await run.step() }
                let before = clock.now
                clock.advance(milliseconds: 50)
                for _ in 0..<30 { try await run.step() }
                try await replicate(from: county, to: left.store)
                for node in [left, right, left] { try await node.shared.catchUp() }
                try await withStore(name: "镜", clock: clock) { mirror in
                    try await replicate(from: left.store, to: mirror)
                    try await withStore(name: "抄", clock: clock) { copy in
                        _ = try await StoreCopy.copy(from: address, to: copy) { _, _ in }
                        for moment in [Moment.now, .asOf(before)] {
                            let expected = try await answers(mirror, at: moment)
                            #expect(try await answers(left.store, at: moment) == expected)
                            #expect(try await answers(right.store, at: moment) == expected)
                            #expect(try await answers(copy, at: moment) == expected)
                        }
                    }
                }
                #expect(try left.store.verifyNow().problems == [])
                #expect(try right.store.verifyNow().problems == [])
                let held = try await left.store.logStates().reduce(0) { $0 + $1.position.sequence }
                #expect(try await StoreCopy.check(address) == held)
            }
        }
    }
}
