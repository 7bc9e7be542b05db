/// Finds a short history that still fails.
public enum Shrinker {
    /// Leaves out actions of a failing plan as long as it goes on failing.
    /// - Parameters:
    ///   - seed: a seed that fails.
    ///   - options: what it was run with.
    ///   - maximumRunCount: most runs that are tried.
    /// - Returns: the result of the shortest history found; nil when the seed does not fail.
    public static func shrink(
        seed: UInt64,
        options: SimulationOptions = SimulationOptions(),
        maximumRunCount: Int = 200
    ) -> SimulationResult? {
        var plan = Plan(seed: seed)
        var best = Simulation.run(plan, options)
        guard !best.violations.isEmpty else { return nil }
        var runCount = 1
        var width = max(1, plan.actions.count / 2)
        while runCount < maximumRunCount {
            var start = 0
            var hasChanged = false
            while start < plan.actions.count, runCount < maximumRunCount {
                var shorter = plan
                let end = min(start + width, plan.actions.count)
                shorter.actions.removeSubrange(start..<end)
                let result = Simulation.run(shorter, options)
                runCount += 1
                if result.violations.isEmpty {
                    start = end
                } else {
                    plan = shorter
                    best = result
                    hasChanged = true
                }
            }
            if width == 1, !hasChanged { break }
            width = max(1, width / 2)
        }
        return best
    }
}
