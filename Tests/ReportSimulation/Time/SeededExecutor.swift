import ReportTestKit
import Synchronization

/// Runs every task of a simulation on the thread that asks for it, in an order that follows from
/// a seed.
///
/// The product's own actors and tasks run here, since default actors follow the preference of the
/// task that calls them: no part of them has to be written anew to be simulated.
///
/// Source: Swift Evolution SE-0417, task executor preference.
final class SeededExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var generator: SeededGenerator
    }

    private let state: Mutex<State>

    init(seed: UInt64) { state = Mutex(State(generator: SeededGenerator(seed: seed))) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    /// Runs one of the jobs that are ready.
    /// - Returns: false when there was none.
    func runOne() -> Bool {
        let job: UnownedJob? = state.withLock { state in
            guard !state.jobs.isEmpty else { return nil }
            let index = Int.random(in: 0..<state.jobs.count, using: &state.generator)
            return state.jobs.remove(at: index)
        }
        guard let job else { return false }
        job.runSynchronously(on: asUnownedTaskExecutor())
        return true
    }
}
