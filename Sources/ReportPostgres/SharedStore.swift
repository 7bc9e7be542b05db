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
        /// What of it cannot be sent: the database has other entries.
        var unsent: ReportError?
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
    private let reader: PostgresSession
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
    ///   are of a newer format, `needs-tool` without libpq; as `Store.open`.
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
            // Neither is a log that is damaged there, or goes on otherwise.
            guard [.unreachable, .integrity, .conflict].contains(error.code) else {
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

    /// Takes everything that is in the database now; the first time it also gets what it lacks.
    ///
    /// A log that cannot be taken holds up no other.
    /// - Throws: ``ReportError`` `unreachable`, `not-found` without tables, `integrity` when something
    ///   in it does not verify, `conflict` when it has other entries of a log than this node.
    public func catchUp() async throws(ReportError) {
        if !state.withLock({ $0.hasSent }) {
            try await reader.reading { connection in
                try PostgresSchema.check(try PostgresSchema.format(of: connection))
            }
            let unsent = try await sendMissing()
            state.withLock { state in
                state.hasSent = true
                state.unsent = unsent
            }
        }
        let heads = try await reader.reading { connection in try SharedLog.heads(connection) }
        log.session.wake()
        log.learn(heads)
        let seen = state.withLock { $0.seen }
        let changed = heads.filter { seen[$0.key] != $0.value }.sorted { $0.key < $1.key }
        var lacking: [LogID: UInt64] = [:]
        for (id, head) in changed {
            let held = try await store.logState(id)?.position.sequence ?? 0
            if head.sequence > held { lacking[id] = head.sequence - held }
        }
        var refused = state.withLock { $0.unsent }
        let underWay = lacking.keys.filter { id in heads[id].map { isUnderWay(id, $0) } ?? false }
        for id in underWay { lacking[id] = nil }
        var total = lacking.values.reduce(0, +)
        for (id, head) in changed where !underWay.contains(id) {
            do throws(ReportError) {
                if let count = lacking[id] {
                    state.withLock { $0.condition = .behind(total) }
                    try await take(id, after: head.sequence - count)
                    total -= count
                }
                if head.marks > state.withLock({ $0.marks[id] ?? 0 }) {
                    try await takeNotices(of: id)
                }
                state.withLock { $0.seen[id] = head }
            } catch {
                guard error.code == .integrity else { throw error }
                refused = refused ?? error
            }
        }
        if let refused { throw refused }
        state.withLock { $0.condition = .current }
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
        let descriptor = try await reader.reading { connection in
            try SharedLog.descriptor(of: id, connection)
        }
        while !Task.isCancelled {
            let after = held
            let batch = try await reader.reading { connection in
                try SharedLog.batch(of: id, after: after, connection)
            }
            guard let batch else { return }
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
                // Both branches are kept; nothing more is to be had of this log.
                guard error.code == .forked else { throw error }
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

    // MARK: Sending

    /// Sends what this node holds and the database lacks: a store that was on one machine before, or a
    /// database that was put back.
    /// - Returns: why something was not sent; nil when everything is there.
    private func sendMissing() async throws(ReportError) -> ReportError? {
        let heads = try await reader.reading { connection in try SharedLog.heads(connection) }
        var unsent: ReportError?
        for state in try await store.logStates() {
            let id = state.descriptor.id
            let head = heads[id]
            let held = head?.sequence ?? 0
            guard state.position.sequence > held else { continue }
            if let head, let own = try await store.entryHash(log: id, sequence: held),
                own != head.last
            {
                unsent =
                    unsent
                    ?? ReportError(
                        .conflict,
                        "the database holds other entries of log \(id) than this node",
                        hint:
                            "reportctl peer resync with a node that has the log as its owner wrote it"
                    )
                continue
            }
            try await StoreCopy.send(id, of: store, to: log, after: held)
        }
        return unsent
    }
}
