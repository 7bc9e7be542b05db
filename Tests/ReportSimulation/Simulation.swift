/// What a simulation is asked to do beyond its seed.
public struct SimulationOptions: Sendable {
    /// A mistake that is planted; nil to look at the product as it is.
    public var bug: PlantedBug?
    /// Whether every message and step is written down.
    public var traces = false

    /// Makes options for a plain run.
    public init() {}
}

/// What came out of a simulation.
public struct SimulationResult: Sendable {
    /// The seed.
    public var seed: UInt64
    /// What was planned, one thing a line.
    public var history: [String]
    /// Everything that must not have happened; empty when all is well.
    public var violations: [String]
    /// Every message and step, when asked for.
    public var trace: [String]
    /// A number that two runs of a seed share exactly when they said and did the same.
    public var digest: UInt64
    /// Virtual time at the end.
    public var time: Duration
    /// Entries made.
    public var entryCount: Int
    /// Messages sent.
    public var messageCount: Int
}

/// Runs the product's replication in a world made from a seed.
public enum Simulation {
    /// Jobs that run while time stands still before they count as a loop without end.
    static let maximumJobCount = 3_000_000
    /// Time after the faults until everything must be the same.
    static let patience: Duration = .seconds(1500)

    /// Runs one seed.
    /// - Parameters:
    ///   - seed: any number; the same number gives the same run, to the byte.
    ///   - options: what is asked for.
    /// - Returns: what came out.
    public static func run(
        seed: UInt64,
        options: SimulationOptions = SimulationOptions()
    ) -> SimulationResult {
        run(Plan(seed: seed), options)
    }

    static func run(_ plan: Plan, _ options: SimulationOptions) -> SimulationResult {
        let world = World(plan: plan, bug: options.bug, traces: options.traces)
        for node in world.nodes { node.start() }
        for action in plan.actions {
            world.agenda.plan(at: action.time) { world.perform(action) }
        }
        advance(world, to: Plan.faultTime) { _ in false }
        world.note("all faults end")
        world.heal()
        var reason: String? = "not looked at"
        advance(world, to: Plan.faultTime + patience) { statuses in
            reason =
                world.checker.missing(
                    statuses,
                    links: world.links,
                    sawFork: world.sawFork
                ) ?? world.nodes.lazy.compactMap(\.inbox.complaint).first
            return reason == nil
        }
        if let reason, world.checker.violations.isEmpty {
            world.checker.fail("no convergence: \(reason)")
        }
        world.finish()
        let time = world.agenda.now
        defer { world.close() }
        world.foldTrace()
        return SimulationResult(
            seed: plan.seed,
            history: plan.lines,
            violations: world.checker.violations,
            trace: world.trace,
            digest: world.digest,
            time: time,
            entryCount: world.checker.facts.count,
            messageCount: world.messageCount
        )
    }

    /// Lets time pass, and looks at what every session says once in a while.
    private static func advance(
        _ world: World,
        to end: Duration,
        until isOver: ([StatusView]) -> Bool
    ) {
        while world.agenda.now < end, world.checker.violations.isEmpty {
            let next = min(end, world.agenda.now + .seconds(3))
            while true {
                guard world.settle() else { return }
                guard world.checker.violations.isEmpty, world.agenda.step(until: next) else {
                    break
                }
            }
            guard world.checker.violations.isEmpty else { return }
            let statuses = world.statuses()
            world.check(statuses)
            if isOver(statuses) { return }
        }
    }
}
