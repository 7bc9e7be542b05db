import Glibc
import ReportSimulation

/// Runs seeds of the simulation; see docs/simulation.md.
///
/// Ends with 0 when all went well, 1 when a seed failed, 2 when it was called wrongly.
@main
struct SimulateProgram {
    private static let usage = """
        usage: reportd-simulate [--seed N | --seeds A..B] [--seconds N] [--trace] [--no-shrink] [--bug NAME]
          --seed N      one seed
          --seeds A..B  all seeds from A to B
          --seconds N   begins no further seed after that time
          --trace       every message and step of each seed
          --no-shrink   failing seeds as they are, without looking for a shorter history
          --bug NAME    plants a mistake: \(PlantedBug.allCases.map(\.rawValue).joined(separator: ", "))
        """

    private var seeds: ClosedRange<UInt64> = 1...100
    private var options = SimulationOptions()
    private var shrinks = true
    private var time: Duration?

    private init?(_ arguments: some Sequence<String>) {
        var rest = Array(arguments)[...]
        while let word = rest.popFirst() {
            switch word {
            case "--seed":
                guard let seed = rest.popFirst().flatMap({ UInt64($0) }) else { return nil }
                seeds = seed...seed
            case "--seeds":
                let ends = (rest.popFirst() ?? "").split(separator: ".").compactMap { UInt64($0) }
                guard ends.count == 2, ends[0] <= ends[1] else { return nil }
                seeds = ends[0]...ends[1]
            case "--seconds":
                guard let count = rest.popFirst().flatMap({ UInt32($0) }) else { return nil }
                time = .seconds(count)
            case "--trace": options.traces = true
            case "--no-shrink": shrinks = false
            case "--bug":
                guard let bug = rest.popFirst().flatMap({ PlantedBug(rawValue: $0) }) else {
                    return nil
                }
                options.bug = bug
            default: return nil
            }
        }
    }

    static func main() {
        guard let program = SimulateProgram(CommandLine.arguments.dropFirst()) else {
            print(usage)
            exit(2)
        }
        exit(program.run() ? 0 : 1)
    }

    private func run() -> Bool {
        let end = time.map { ContinuousClock.now + $0 }
        var failed: [UInt64] = []
        var count = 0
        var entryCount = 0
        var messageCount = 0
        for seed in seeds {
            if let end, ContinuousClock.now >= end {
                print("simulate: the time is over before seed \(seed)")
                break
            }
            count += 1
            let result = Simulation.run(seed: seed, options: options)
            entryCount += result.entryCount
            messageCount += result.messageCount
            if options.traces {
                for line in result.history + result.trace { print(line) }
                print("seed \(seed): digest \(result.digest)")
            }
            if !result.violations.isEmpty {
                failed.append(seed)
                tell(result)
            } else if seed % 100 == 0 {
                print("simulate: at seed \(seed), \(failed.count) failed")
            }
            fflush(nil)
        }
        print(
            "simulate: \(count) seeds, \(entryCount) entries, \(messageCount) messages, "
                + "\(failed.count) failed \(failed.map(String.init).joined(separator: " "))"
        )
        // A machine on which the time is over at once has shown nothing.
        guard count >= min(seeds.count, Self.leastSeedCount) else {
            print("simulate: fewer than \(Self.leastSeedCount) seeds were run")
            return false
        }
        return failed.isEmpty
    }

    /// Seeds without which a run with an end says nothing.
    private static let leastSeedCount = 20

    /// Says what failed, with the shortest history that still fails.
    private func tell(_ result: SimulationResult) {
        for line in result.violations { print("failed: seed \(result.seed): \(line)") }
        var plain = options
        plain.traces = false
        let short = shrinks ? Shrinker.shrink(seed: result.seed, options: plain) : nil
        guard !options.traces || short != nil else { return }
        print("history of seed \(result.seed)\(short == nil ? "" : ", made shorter"):")
        for line in (short ?? result).history { print("  \(line)") }
        for line in short?.violations ?? [] { print("  then: \(line)") }
    }
}
