import ReportModel
import Synchronization
import Testing

@testable import ReportDaemon

/// Collects the events of an inbox and lets a test wait for them.
final class EventLog: Sendable {
    private struct State {
        var events: [InboxEvent] = []
        var finishedCount = 0
        var countWaiters: [(count: Int, CheckedContinuation<Void, Never>)] = []
        var waiters:
            [(isOver: @Sendable ([InboxEvent]) -> Bool, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var events: [InboxEvent] { state.withLock { $0.events } }
    var finished: [FinishedFile] { Self.finished(events) }

    static func finished(_ events: [InboxEvent]) -> [FinishedFile] {
        events.compactMap { if case .finished(let file) = $0.kind { file } else { nil } }
    }

    func add(_ event: InboxEvent) {
        let ready = state.withLock { state in
            state.events.append(event)
            if case .finished = event.kind { state.finishedCount += 1 }
            let count = state.finishedCount
            let counted = state.countWaiters.filter { $0.count <= count }.map(\.1)
            state.countWaiters.removeAll { $0.count <= count }
            let events = state.events
            let ready = state.waiters.filter { $0.isOver(events) }.map(\.1)
            state.waiters.removeAll { $0.isOver(events) }
            return ready + counted
        }
        for waiter in ready { waiter.resume() }
    }

    /// Returns as soon as the events so far satisfy the condition.
    func wait(_ isOver: @escaping @Sendable ([InboxEvent]) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isOverNow = state.withLock { state in
                if isOver(state.events) { return true }
                state.waiters.append((isOver, continuation))
                return false
            }
            if isOverNow { continuation.resume() }
        }
    }

    func waitForFinished(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isOverNow = state.withLock { state in
                if state.finishedCount >= count { return true }
                state.countWaiters.append((count, continuation))
                return false
            }
            if isOverNow { continuation.resume() }
        }
    }

    func wait(forLine part: String) async {
        await wait { $0.contains { $0.description.contains(part) } }
    }
}

extension InboxTiming {
    /// Waits short enough for tests.
    static let quick = InboxTiming(
        settle: .milliseconds(60),
        settleAfterClose: .milliseconds(20),
        rescanInterval: .milliseconds(250),
        pollInterval: .milliseconds(50),
        incompleteGrace: .milliseconds(300),
        retryFloor: .milliseconds(10),
        retryCeiling: .milliseconds(60),
        drainLimit: .seconds(3600)
    )
}

/// One folder, journal and store, on which inboxes come and go.
struct InboxFixture: Sendable {
    let folder: TestFolder
    let journal = MemoryJournal()
    let store = FakeStore()
    let events = EventLog()
    let clock: @Sendable () -> Timestamp

    init(inMemory: Bool = false, clock: @escaping @Sendable () -> Timestamp = { .now }) {
        folder = TestFolder(inMemory: inMemory)
        self.clock = clock
    }

    func inbox(
        events: EventLog? = nil,
        year: Int? = nil,
        region: String? = nil,
        divisions: Divisions = .standard,
        timing: InboxTiming = .quick,
        usesWatcher: Bool = true,
        failpoint: @escaping @Sendable (InboxFailpoint) throws -> Void = { _ in },
        prove: @escaping Inbox.Prove = { _, _ in nil }
    ) -> Inbox {
        let log = events ?? self.events
        return Inbox(
            configuration: InboxConfiguration(
                path: folder.path,
                year: year,
                region: region,
                divisions: divisions,
                usesWatcher: usesWatcher,
                timing: timing
            ),
            journal: journal,
            submit: { [store] name, bytes, given, check throws(ReportError) in
                try await store.submit(name, bytes, given, check)
            },
            prove: prove,
            now: clock,
            log: { log.add($0) },
            failpoint: failpoint
        )
    }

    /// Runs an inbox while the body works, and drains it.
    func running(_ inbox: Inbox, _ body: () async throws -> Void) async rethrows {
        let task = Task { await inbox.run() }
        defer { task.cancel() }
        try await body()
        task.cancel()
        await task.value
    }
}
