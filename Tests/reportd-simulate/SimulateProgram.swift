import ReportSimulation

/// Runs seeds of the simulation; see docs/simulation.md.
@main
struct SimulateProgram {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        var seeds: ClosedRange<UInt64> = 1...1
        var options = SimulationOptions()
        var rest = arguments
        while let word = rest.popFirst() {
            switch word {
            case "--seed":
                if let text = rest.popFirst(), let seed = UInt64(text) { seeds = seed...seed }
            case "--seeds":
                let ends = (rest.popFirst() ?? "").split(separator: ".").compactMap { UInt64($0) }
                if ends.count == 2, ends[0] <= ends[1] { seeds = ends[0]...ends[1] }
            case "--trace": options.traces = true
            case "--bug": options.bug = rest.popFirst().flatMap { PlantedBug(rawValue: $0) }
            default: break
            }
        }
        var failed = 0
        for seed in seeds {
            let result = Simulation.run(seed: seed, options: options)
            if options.traces || !result.violations.isEmpty {
                for line in result.history { print(line) }
                for line in result.trace { print(line) }
            }
            for line in result.violations { print("seed \(seed): \(line)") }
            if options.traces {
                print(
                    "seed \(seed): digest \(result.digest) time \(result.time) entries \(result.entryCount) messages \(result.messageCount)"
                )
            }
            if !result.violations.isEmpty { failed += 1 }
        }
        print("simulate: \(seeds.count) seeds, \(failed) failed")
    }
}
