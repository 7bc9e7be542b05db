public import ReportModel
public import ReportStore
import Synchronization

/// A store whose logs are those of a database that several nodes share.
///
/// The database holds the logs, their files and what proves them, and every commit is durable there
/// before it counts here. What questions are answered from is kept in a folder of this machine, in the
/// form of the store on one machine, so that answers are the same bytes; it can be thrown away, since
/// it is made anew from the database.
///
/// Source: docs/decisions/0021-shared-log.md.
public final class SharedStore: Sendable {
    private struct State {
        /// Number of the last notice taken of each log.
        var marks: [LogID: UInt64] = [:]
        /// Heads of which everything was taken.
        var seen: [LogID: SharedLog.Head] = [:]
        /// Entries of this node's commits that were not here yet at the last look.
        var awaited: [LogID: UInt64] = [:]
        var condition = Condition.starting
        /// Whether the database got what it lacked since this node was started.
        var hasSent = false
        /// Logs that cannot be sent, with the reason.
        var unsent: [LogID: ReportError] = [:]
    }

    /// How this node stands to the database.
    public enum Condition: Hashable, Sendable, CustomStringConvertible {
        /// Not yet compared.
        case starting
        /// Everything in the database is here.
        case current
        /// So many entries are still to come.
        case behind(UInt64)
        /// The database does not answer, or something in it cannot be taken.
        case failed(String)

        /// A few words for `status`.
        public var description: String {
            switch self {
            case .starting: "starting"
            case .current: "current"
            case .behind(let count): "\(count) entries behind"
            case .failed(let message): message
            }
        }
    }

    /// What questions are asked of, and what appends go to.
    public let store: Store
    let log: SharedLog
    /// Connection for reading, so that commits do not wait for it.
    let reader: PostgresSession
    private let state = Mutex(State())

    private init(store: Store, log: SharedLog, address: PostgresAddress) {
        self.store = store
        self.log = log
        reader = PostgresSession(address)
    }

    /// Opens the folder of this node, and takes from and gives to the database what the other lacks.
    ///
    /// A database that does not answer is no reason not to: questions are answered with what is here,
    /// and ``follow(onFailure:)`` goes on when it is back.
    /// - Parameters:
    ///   - address: the database; its tables must be there.
    ///   - directory: folder of this node's key and of what it answers from; made when it is not there.
    ///   - options: how it is opened.
    /// - Returns: the store.
    /// - Throws: ``ReportError`` `not-found` when the database has no tables, `unsupported` when they
    ///   are of a newer format, `needs-tool` without libpq, `usage` for an address that cannot be read;
    ///   as `Store.open`.
    public static func open(
        _ address: PostgresAddress,
        directory: String,
        options: Store.Options
    ) async throws(ReportError) -> SharedStore {
        let log = SharedLog(address)
        var options = options
        options.sink = log
        let store = try Store.open(directory: directory, options: options)
        log.node = store.node
        let shared = SharedStore(store: store, log: log, address: address)
        do throws(ReportError) {
            try await shared.catchUp()
        } catch {
            // What somebody must do before this node can share it; all else is told and tried again.
            if [.notFound, .unsupported, .needsTool, .usage].contains(error.code) {
                shared.close()
                throw error
            }
            shared.fail(error)
        }
        return shared
    }

    /// Closes store and connections.
    public func close() {
        store.close()
        reader.close()
        log.close()
    }

    /// How this node stands to the database.
    public var condition: Condition { state.withLock { $0.condition } }

    private func fail(_ error: ReportError) {
        state.withLock { $0.condition = .failed(error.message) }
    }

    // MARK: Following

    /// Takes what other nodes write until the task is cancelled.
    /// - Parameter onFailure: told when the database stops answering or something cannot be taken, once
    ///   until it goes on.
    public func follow(onFailure: @Sendable (ReportError) -> Void) async {
        var told: String?
        while !Task.isCancelled {
            var rest = PostgresLimits.pollInterval
            do throws(ReportError) {
                try await catchUp()
                told = nil
            } catch {
                if told != error.message { onFailure(error) }
                told = error.message
                fail(error)
                rest = PostgresLimits.awayInterval
            }
            try? await Task.sleep(for: rest)
        }
    }

    /// Takes everything that is in the database now; the first time it also gets what it lacks, and so
    /// it does after it lost something.
    ///
    /// A log that cannot be taken holds up no other.
    /// - Throws: ``ReportError`` `unreachable`, `not-found` without tables, `integrity` when something
    ///   in it does not verify or is there no more, `forked`, `conflict` when it has other entries of a
    ///   log than this node.
    public func catchUp() async throws(ReportError) {
        var refused: ReportError?
        if !state.withLock({ $0.hasSent }) {
            try await reader.reading { connection in
                try PostgresSchema.check(try PostgresSchema.format(of: connection))
            }
            let (unsent, forked) = try await sendMissing()
            refused = forked
            state.withLock { state in
                state.hasSent = unsent.isEmpty
                state.unsent = unsent
            }
        }
        let heads = try await comparedHeads()
        log.session.wake()
        log.learn(heads)
        let seen = state.withLock { $0.seen }
        let changed = heads.filter { seen[$0.key] != $0.value }.sorted { $0.key < $1.key }
        var lacking: [LogID: UInt64] = [:]
        for (id, head) in changed {
            let held = try await store.logState(id)?.position.sequence ?? 0
            if head.sequence > held { lacking[id] = head.sequence - held }
        }
        refused = refused ?? state.withLock { $0.unsent.min { $0.key < $1.key }?.value }
        let underWay = lacking.keys.filter { id in heads[id].map { isUnderWay(id, $0) } ?? false }
        for id in underWay { lacking[id] = nil }
        var total = lacking.values.reduce(0, +)
        for (id, head) in changed where !underWay.contains(id) {
            do throws(ReportError) {
                if let count = lacking[id] {
                    state.withLock { $0.condition = .behind(total) }
                    try await take(id, after: head.sequence - count)
                    total -= count
                } else {
                    try await compare(id, head)
                }
                if head.marks > state.withLock({ $0.marks[id] ?? 0 }) {
                    try await takeNotices(of: id)
                }
                state.withLock { $0.seen[id] = head }
            } catch {
                // These would meet every other log as well.
                guard ![.unreachable, .noSpace, .readOnly].contains(error.code) else { throw error }
                refused = refused ?? error
            }
        }
        if let refused { throw refused }
        state.withLock { $0.condition = .current }
    }

    /// The ends of all logs in the database, which has what it had at the last look.
    /// - Throws: ``ReportError`` `integrity` when it has not: what is lacking is sent at the next look.
    private func comparedHeads() async throws(ReportError) -> [LogID: SharedLog.Head] {
        // Asked for before the database is, or a commit between the two would look like a loss.
        var known = log.knownHeads
        for (id, head) in state.withLock({ $0.seen })
        where head.sequence > known[id]?.sequence ?? 0 { known[id] = head }
        var ends = known.mapValues { ($0.sequence, $0.last) }
        let failedCount = log.failedCount
        if log.isInDoubt {
            let unsent = state.withLock { $0.unsent }
            for state in try await store.logStates() where !state.isForked {
                let (id, held) = (state.descriptor.id, state.position)
                guard unsent[id] == nil, held.sequence > ends[id]?.0 ?? 0 else { continue }
                ends[id] = (held.sequence, held.hash)
            }
        }
        let entries = ends.map { LogPosition(log: $0.key, sequence: $0.value.0, hash: $0.value.1) }
        let (heads, lost) = try await reader.reading { connection in
            let heads = try SharedLog.heads(connection)
            return (heads, try SharedLog.lost(entries, heads, connection))
        }
        log.settle(failedCount)
        guard lost > 0 else { return heads }
        log.forgetAll()
        state.withLock { state in
            state.hasSent = false
            state.seen = [:]
            state.marks = [:]
            state.awaited = [:]
        }
        throw ReportError(
            .integrity,
            "the database has lost entries of \(lost) logs that it had: it was put back, or went over "
                + "to a standby that lacked them",
            hint: "this node sends what it has of them; large files among them are lost: "
                + "reportctl store check names what does not fit"
        )
    }

    /// Whether what is lacking was brought by this node itself a moment ago, and is being committed here.
    private func isUnderWay(_ id: LogID, _ head: SharedLog.Head) -> Bool {
        guard log.committed(id) >= head.sequence else { return false }
        // The same again at the next look: the commit here has failed.
        return state.withLock { state in
            defer { state.awaited[id] = head.sequence }
            return state.awaited[id] != head.sequence
        }
    }

    private func take(_ id: LogID, after sequence: UInt64) async throws(ReportError) {
        var held = sequence
        // What is read may be at one machine alone, and counts as acknowledged once it is here.
        var secured: UInt64 = 0
        let descriptor = try await reader.reading { connection in
            try SharedLog.descriptor(of: id, connection)
        }
        while !Task.isCancelled {
            let (after, safe) = (held, secured)
            let (read, end) = try await reader.reading {
                [log] connection -> (EntryBatch?, UInt64) in
                guard let batch = try SharedLog.batch(of: id, after: after, connection) else {
                    return (nil, safe)
                }
                let last = batch.first + UInt64(batch.entries.count) - 1
                return (batch, last <= safe ? safe : try log.secure(id, connection))
            }
            guard let batch = read else { return }
            secured = end
            let last = LogPosition(
                log: id,
                sequence: batch.first + UInt64(batch.entries.count) - 1,
                hash: batch.entries.last.map { Hash256(hashing: $0.header) } ?? .zero
            )
            do throws(ReportError) {
                held = try await log.taking(last) { () throws(ReportError) in
                    try await store.adopt(batch, descriptor: descriptor).sequence
                }
            } catch {
                // Both branches are kept, and nothing more is to be had of this log; unless it is another
                // log of its owner that is forked: then it is taken once that one is released.
                guard error.code == .forked, try await store.logState(id)?.isForked ?? false else {
                    throw error
                }
                return
            }
        }
    }

    private func takeNotices(of id: LogID) async throws(ReportError) {
        while true {
            let seen = state.withLock { $0.marks[id] ?? 0 }
            let notices = try await reader.reading { connection in
                try SharedLog.notices(of: id, after: seen, connection)
            }
            guard let last = notices.last else { return }
            for (_, notice) in notices {
                guard let notice else { continue }
                try await log.hearing(notice) { () throws(ReportError) in
                    try await take(notice)
                }
            }
            state.withLock { $0.marks[id] = last.number }
        }
    }

    private func take(_ notice: SharedCommit.Notice) async throws(ReportError) {
        do throws(ReportError) {
            switch notice {
            case .acknowledgement(let acknowledgement): try await store.keep(acknowledgement)
            case .branch(let batch):
                guard let state = try await store.logState(batch.log), !state.isForked else {
                    return
                }
                _ = try await store.adopt(batch, descriptor: state.descriptor)
            case .release(let log):
                guard try await store.logState(log)?.isForked ?? false else { return }
                _ = try await store.release(log.description)
            }
        } catch {
            // A branch is answered with this error after it was kept.
            guard error.code != .forked else { return }
            throw error
        }
    }
}
