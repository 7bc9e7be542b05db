import ReportModel
import ReportStore
import ReportTestKit
import Testing

/// What a key must hold, kept in plain arrays.
private struct Model {
    var versions: [String: [[String]]] = [:]

    /// Appends as DESIGN section 3 says; returns the version's number and whether it is a duplicate.
    mutating func append(_ key: String, _ files: [String]) -> (number: Int, isDuplicate: Bool) {
        let held = versions[key] ?? []
        if let last = held.last,
            Set(last) == Set(files) || files.count == 1 && last.contains(files[0])
        {
            return (held.count, true)
        }
        versions[key, default: []].append(files)
        return (held.count + 1, false)
    }
}

@Suite("Random runs")
struct PropertyTests {
    private func hashes(_ filing: Filing) -> [String] { filing.record.sources.map(\.sha256) }

    @Test(
        "one store does what a plain model does, through reopening",
        arguments: 0..<100 as Range<UInt64>
    )
    func oneStore(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        var model = Model()
        try await withFixture { fixture in
            for _ in 0..<12 {
                fixture.clock.advance(milliseconds: Int.random(in: -3...20, using: &generator))
                if Int.random(in: 0..<10, using: &generator) == 0 { try fixture.reopen() }
                let filing = try Samples.random(using: &generator)
                let expected = model.append(filing.key.text, hashes(filing))
                let outcome = try await fixture.store.append(filing)
                let isDuplicate = if case .duplicate = outcome { true } else { false }
                #expect(outcome.version.number == expected.number, "seed \(seed)")
                #expect(isDuplicate == expected.isDuplicate, "seed \(seed)")
            }
            for (key, versions) in model.versions {
                for (index, files) in versions.enumerated() {
                    let json = try JSONValue(parsing: try fixture.store.text("\(key)@\(index + 1)"))
                    let held = json["sources"]?.arrayValue?.compactMap { $0["sha256"]?.stringValue }
                    #expect(held == files, "seed \(seed)")
                }
            }
            #expect(try await fixture.store.status().keyCount == model.versions.count)
        }
    }

    @Test(
        "stores that exchanged their logs in any order give the same answers",
        arguments: 0..<100 as Range<UInt64>
    )
    func exchange(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed &+ 1000)
        let clock = TestClock()
        let fixtures = try ["甲", "乙", "丙"].map { name throws in
            try StoreFixture(name: name, clock: clock)
        }
        defer { for fixture in fixtures { fixture.close() } }
        for _ in 0..<14 {
            clock.advance(milliseconds: Int.random(in: 0...5, using: &generator))
            let fixture = fixtures[Int.random(in: 0..<3, using: &generator)]
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<6:
                _ = try await fixture.store.append(
                    try Samples.random(using: &generator, keyCount: 2)
                )
            case 6..<9:
                let other = fixtures[Int.random(in: 0..<3, using: &generator)]
                guard other !== fixture else { continue }
                let count = Int.random(in: 1...4, using: &generator)
                try await replicate(from: other.store, to: fixture.store, count: count)
            default: try fixture.reopen()
            }
        }
        for source in fixtures {
            for target in fixtures where target !== source {
                try await replicate(
                    try await source.store.ownLog(),
                    from: source.store,
                    to: target.store
                )
            }
        }
        let expected = try await answers(fixtures[0].store)
        for fixture in fixtures {
            #expect(try await answers(fixture.store) == expected, "seed \(seed)")
            try fixture.verify()
        }
    }
}
