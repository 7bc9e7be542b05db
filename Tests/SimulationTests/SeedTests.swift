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

    /// Runs 20 seeds, and up to 80 more until a quarter of a minute is over.
    ///
    /// CI runs several hundred in the release build; see docs/simulation.md.
    @Test("whatever fails and in whatever order, nothing is lost and all becomes alike")
    func seeds() {
        let end = ContinuousClock.now + .seconds(15)
        var count: UInt64 = 0
        for seed in UInt64(1)...100 {
            guard count < 20 || ContinuousClock.now < end else { break }
            let result = Simulation.run(seed: seed)
            let isSound = result.violations.isEmpty
            #expect(isSound, "\(Self.text(result))")
            count += 1
        }
        print("simulation: seeds 1 to \(count)")
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
/// 1646: a review of a record whose log forked before the node above had it. 5227: a journal that was put
/// back had forgotten a file of which one receipt was written; the checker took its second name for a fault.
enum FormerFailures {
    static let seeds: [UInt64] = [18, 40, 60, 77, 537, 574, 759, 1646, 5227]
}
