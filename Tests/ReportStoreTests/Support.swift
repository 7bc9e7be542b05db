import ReportModel
import ReportStore
import ReportTestKit
import Testing

/// What every reader gets of a store, in one text: equal on nodes that hold the same entries.
func answers(_ store: Store) async throws -> String {
    var text = ""
    let page = try await store.list(ListFilter(limit: 1000), at: .now)
    text += page.json.canonicalText + "\n"
    for row in page.rows {
        let key = try ReportKey(parsing: row.version.key)
        let lookup = Lookup(key)
        let answer = try await store.get(lookup, body: .record, at: .now)
        text += String(decoding: answer.bytes, as: UTF8.self)
        for item in try await store.history(lookup) { text += item.json.canonicalText + "\n" }
        for head in try await store.heads(of: key) { text += head.json.canonicalText + "\n" }
    }
    return text
}

/// Sends everything that one store holds of every log to another, `count` entries in one batch.
func replicate(
    from source: Store,
    to target: Store,
    count: Int = 3,
    changing change: (inout EntryBatch) -> Void = { _ in }
) async throws {
    for state in try await source.logStates()
    where state.position.log != (try await target.ownLog()) {
        try await replicate(
            state.position.log,
            from: source,
            to: target,
            count: count,
            changing: change
        )
    }
}

/// Sends one log.
func replicate(
    _ log: LogID,
    from source: Store,
    to target: Store,
    count: Int = 3,
    changing change: (inout EntryBatch) -> Void = { _ in }
) async throws {
    let descriptor = try #require(try await source.logState(log)).descriptor
    while true {
        let held = try await target.logState(log)?.position.sequence ?? 0
        guard
            var batch = try await source.batch(
                log: log,
                after: held,
                maximumCount: count,
                maximumByteCount: 1 << 20
            )
        else { return }
        change(&batch)
        _ = try await target.accept(batch, descriptor: descriptor)
    }
}

/// The batch of a store's own log after a sequence.
func ownBatch(
    _ store: Store,
    after sequence: UInt64 = 0,
    count: Int = 100
) async throws -> (batch: EntryBatch, descriptor: LogDescriptor) {
    let log = try await store.ownLog()
    let batch = try await store.batch(
        log: log,
        after: sequence,
        maximumCount: count,
        maximumByteCount: 1 << 24
    )
    let state = try await store.logState(log)
    return (try #require(batch), try #require(state).descriptor)
}

/// The error that a body throws; records an issue when it throws none.
func failure(
    _ body: () async throws -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
) async -> ReportError {
    do {
        try await body()
    } catch let error as ReportError {
        return error
    } catch {
        Issue.record("\(error)", sourceLocation: sourceLocation)
    }
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    return ReportError(.partial, "nothing was thrown")
}

/// Expects that a body throws an error with a code.
///
/// The body must not stand inside of `#expect`: Swift 6.3.1 gives a closure there the symbol of
/// another closure of the same function, and runs that one.
func expectFailure(
    _ code: ReportError.Code,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async {
    let error = await failure(body, sourceLocation: sourceLocation)
    #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
}

extension Store {
    /// The current record as text.
    func text(_ lookup: String, at moment: Moment = .now) throws -> String {
        let answer = try getNow(try Lookup(parsing: lookup), body: .record, at: moment)
        return String(decoding: answer.bytes, as: UTF8.self)
    }

    /// Number of the version that a lookup finds.
    func number(_ lookup: String, at moment: Moment = .now) throws -> Int {
        try getNow(try Lookup(parsing: lookup), body: .record, at: moment).version.number
    }
}

extension BackupFolder {
    /// Makes one more backup, as a node does.
    func add(
        _ plan: Plan,
        at time: Timestamp,
        make: (BackupProcess.Order) async throws(ReportError) -> BackupProcess.Outcome
    ) async throws(ReportError) -> (item: Item, removed: [String]) {
        let pending = try begin(plan, at: time)
        let outcome: BackupProcess.Outcome
        do throws(ReportError) {
            outcome = try await make(pending.order)
        } catch {
            abandon()
            throw error
        }
        return try finish(pending, outcome)
    }
}
