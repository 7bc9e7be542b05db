import ReportSimulation
import Testing

@Suite("Simulation")
struct SimulationTests {
    @Test("a seed gives the same run twice, to the byte", arguments: [1, 2, 3])
    func deterministic(seed: UInt64) {
        var options = SimulationOptions()
        options.traces = true
        let first = Simulation.run(seed: seed, options: options)
        let second = Simulation.run(seed: seed, options: options)
        #expect(first.digest == second.digest)
        #expect(first.trace == second.trace)
    }
}
