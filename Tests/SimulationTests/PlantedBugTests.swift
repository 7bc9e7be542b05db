import ReportSimulation
import Testing

@Suite("Planted mistakes")
struct PlantedBugTests {
    @Test(
        "each mistake is found within a few seeds, and the same seeds pass without it",
        arguments: Reach.all
    )
    func found(bug: PlantedBug, seedCount: UInt64, word: String) throws {
        var options = SimulationOptions()
        options.bug = bug
        var found: SimulationResult?
        for seed in 1...seedCount {
            let result = Simulation.run(seed: seed, options: options)
            guard !result.violations.isEmpty else { continue }
            found = result
            break
        }
        let result = try #require(found)
        let isNamed = result.violations.contains { $0.contains(word) }
        #expect(isNamed, "\(result.violations)")
        let plain = Simulation.run(seed: result.seed)
        #expect(plain.violations.isEmpty)
    }

    @Test("a failing seed is made shorter and still fails")
    func shorter() throws {
        var options = SimulationOptions()
        options.bug = .positionWithoutLog
        let seed: UInt64 = 6
        let whole = Simulation.run(seed: seed, options: options)
        let short = try #require(Shrinker.shrink(seed: seed, options: options, maximumRunCount: 12))
        #expect(!short.violations.isEmpty)
        #expect(short.history.count < whole.history.count)
    }
}

/// Seeds within which each mistake must be found, and a word of what is said then.
enum Reach {
    static let all: [(bug: PlantedBug, seedCount: UInt64, word: String)] = [
        (.acknowledgeBeforeCommit, 2, "acknowledged"),
        (.positionWithoutLog, 10, "is not on its disk"),
        (.skippedGap, 2, "a gap"),
        (.fileBeforeAsking, 20, "before it has what its upstreams hold"),
        (.bodiesForAll, 2, "which it may not read"),
        (.keepErased, 2, "erased bodies"),
    ]
}
