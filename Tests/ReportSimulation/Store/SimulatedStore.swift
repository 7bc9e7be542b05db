import ReportModel
import Synchronization

/// The disk of one machine: what is on it outlives crashes.
final class SimulatedDisk: Sendable {
    struct State: Sendable {
        var contents: StoreContents
        var commitCount: UInt64 = 0
        /// Until when nothing can be written.
        var fullUntil: Duration = .zero
        /// Until when a flush takes seconds.
        var slowUntil: Duration = .zero
    }

    let state: Mutex<State>

    init(_ contents: StoreContents) { state = Mutex(State(contents: contents)) }

    var contents: StoreContents { state.withLock { $0.contents } }

    func replace(_ contents: StoreContents) { state.withLock { $0.contents = contents } }
}

/// A store opened by one process: one serial writer, many writers in one commit, readers that see
/// what is on the disk and nothing else.
///
/// A commit is, as LMDB makes it, first pages and then one page that makes them count. A crash
/// among the pages leaves a torn tail that nothing points to; a crash at the last page leaves the
/// commit there or not there. Either way nobody was told.
final class SimulatedStore: Sendable {
    private typealias Write = @Sendable (inout StoreContents) -> @Sendable () -> Void

    private struct State {
        var queue: [(write: Write, fail: @Sendable (ReportError) -> Void)] = []
        var isBusy = false
        var isDead = false
        var commitCount: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var lastWaiter: UInt64 = 0
    }

    let key: NodeKey
    let disk: SimulatedDisk
    private let world: World
    private let number: Int
    private let state = Mutex(State())

    init(key: NodeKey, disk: SimulatedDisk, number: Int, world: World) {
        self.key = key
        self.disk = disk
        self.number = number
        self.world = world
    }

    static let gone = ReportError(.internal, "the process is gone")

    var contents: StoreContents { disk.contents }
    var isDead: Bool { state.withLock { $0.isDead } }

    /// The process ends: what waits fails, and nobody hears of it.
    func die() {
        let (queue, waiters) = state.withLock { state in
            state.isDead = true
            defer {
                state.queue = []
                state.waiters = [:]
            }
            return (state.queue, state.waiters.sorted { $0.key < $1.key })
        }
        for item in queue { item.fail(Self.gone) }
        for waiter in waiters { waiter.value.resume() }
    }

    /// Changes the contents in one commit with everything else that waits.
    /// - Returns: what the change made, once the disk has it.
    func perform<T: Sendable>(
        _ change: @escaping @Sendable (inout StoreContents) -> Result<T, ReportError>
    ) async throws(ReportError) -> T {
        let result: Result<T, ReportError> = await withCheckedContinuation { continuation in
            enqueue { contents in
                let result = change(&contents)
                return { continuation.resume(returning: result) }
            } fail: {
                continuation.resume(returning: .failure($0))
            }
        }
        return try result.get()
    }

    private func enqueue(
        _ write: @escaping Write,
        fail: @escaping @Sendable (ReportError) -> Void
    ) {
        let (isDead, begins) = state.withLock { state in
            guard !state.isDead else { return (true, false) }
            state.queue.append((write, fail))
            guard !state.isBusy else { return (false, false) }
            state.isBusy = true
            return (false, true)
        }
        if isDead { return fail(Self.gone) }
        if begins { world.agenda.plan(in: .microseconds(200)) { self.commit() } }
    }

    private func commit() {
        let queue = state.withLock { state in
            defer { state.queue = [] }
            return state.isDead ? [] : state.queue
        }
        guard !queue.isEmpty else { return state.withLock { $0.isBusy = false } }
        var contents = disk.contents
        let answers = queue.map { $0.write(&contents) }
        let now = world.agenda.now
        let (isFull, isSlow) = disk.state.withLock { ($0.fullUntil > now, $0.slowUntil > now) }
        let next = contents
        let pages: Duration =
            isSlow ? world.random(.seconds(1), .seconds(20)) : world.random(.zero, .milliseconds(8))
        if isFull {
            world.agenda.plan(in: pages) {
                guard !self.isDead else { return self.abandon(queue) }
                for item in queue { item.fail(ReportError(.noSpace, "the disk is full")) }
                self.commit()
            }
            return
        }
        world.agenda.plan(in: pages) {
            if self.world.crashes(self.number, at: .pages) || self.isDead {
                return self.abandon(queue)
            }
            self.world.agenda.plan(in: .microseconds(300)) {
                if self.isDead { return self.finish(queue, next, answers: []) }
                let crashes = self.world.crashes(self.number, at: .lastPage)
                self.finish(queue, next, answers: crashes ? [] : answers)
            }
        }
    }

    /// Makes a commit count, unless the machine stopped in the middle of it and lost it.
    private func finish(
        _ queue: [(write: Write, fail: @Sendable (ReportError) -> Void)],
        _ contents: StoreContents,
        answers: [@Sendable () -> Void]
    ) {
        // The process died while the last page was under way: it is there, or it is not.
        if answers.isEmpty, world.chance(0.5) { return abandon(queue) }
        disk.state.withLock { state in
            state.contents = contents
            state.commitCount += 1
        }
        world.committed(number, contents)
        guard !answers.isEmpty else { return abandon(queue) }
        for answer in answers { answer() }
        let waiters = state.withLock { state in
            state.commitCount += 1
            defer { state.waiters = [:] }
            return state.waiters.sorted { $0.key < $1.key }
        }
        for waiter in waiters { waiter.value.resume() }
        if world.crashes(number, at: .told) { return }
        commit()
    }

    private func abandon(_ queue: [(write: Write, fail: @Sendable (ReportError) -> Void)]) {
        for item in queue { item.fail(Self.gone) }
    }

    /// Returns when the number of commits differs from `seen`, or the task is cancelled.
    func waitForCommit(after seen: UInt64) async -> UInt64 {
        let id = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    guard state.commitCount == seen, !state.isDead, !Task.isCancelled else {
                        return true
                    }
                    state.waiters[id] = continuation
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
        return state.withLock { $0.commitCount }
    }
}
