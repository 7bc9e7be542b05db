import ReportSimulation
import Testing

@Suite("Simulation")
struct SeedTests {
    @Test("a seed gives the same run twice, to the byte", arguments: [6, 60])
    func deterministic(seed: UInt64) {
        var options = SimulationOptions()
        options.traces = true
        let first = Simulation.run(seed: seed, options: options)
        let second = Simulation.run(seed: seed, options: options)
        #expect(first.trace.count > 100)
        #expect(first.digest == second.digest)
        #expect(first.trace == second.trace)
    }

    /// All parts together run as many of their 400 seeds as fit into a minute, so that a slow machine
    /// runs fewer and fails none.
    private static let end = ContinuousClock.now + .seconds(60)

    @Test(
        "whatever fails and in whatever order, nothing is lost and all becomes alike",
        arguments: 0..<4
    )
    func seeds(part: UInt64) {
        let end = Self.end
        var count: UInt64 = 0
        for seed in (part * 100 + 1)...(part * 100 + 100) {
            guard count < 5 || ContinuousClock.now < end else { break }
            let result = Simulation.run(seed: seed)
            let isSound = result.violations.isEmpty
            #expect(isSound, "\(Self.text(result))")
            count += 1
        }
        print("simulation: seeds \(part * 100 + 1) to \(part * 100 + count)")
    }

    @Test("seeds that found mistakes stay sound", arguments: FormerFailures.seeds)
    func formerFailures(seed: UInt64) {
        let result = Simulation.run(seed: seed)
        let isSound = result.violations.isEmpty
        #expect(isSound, "\(Self.text(result))")
    }

    static func text(_ result: SimulationResult) -> String {
        (result.violations + result.history).joined(separator: "\n")
    }
}

/// Seeds and what they found.
///
/// 40: a restored node's earlier log, which no grant of its peers covers. 60: a judgement that came
/// before the record. 77: a refused log that another peer brought. 574: two branches in a mesh.
enum FormerFailures {
    static let seeds: [UInt64] = [18, 40, 60, 77, 537, 574, 759]
}
