import Dispatch
import Failpoints
import Glibc
package import ReportModel
package import ReportStore
import Synchronization

/// The logs of many nodes in a database, as one of several nodes that share it writes them.
///
/// A commit is one transaction: it takes the place after the last entry of each log by comparing what
/// stands there, then sends the rows. So a log has no gap and no entry twice, whoever writes, and a
/// commit whose outcome nobody told is found by reading back.
///
/// Source: docs/scale-out.md; docs/decisions/0021-shared-log.md.
package final class SharedLog: CommitSink {
    /// What stands at the end of a log in the database.
    struct Head: Hashable, Sendable {
        var sequence: UInt64
        var last: Hash256
        /// Counts how often another node began to write the log.
        var epoch: Int64
        var writer: String
        /// Number of the last notice.
        var marks: UInt64
    }

    /// Where a test breaks the connection.
    enum Interruption: Sendable {
        case beforeCommit
        case afterCommit
        /// Every time, until it is taken away; and no attempt follows.
        case afterCommitForGood
    }

    /// Where the next commit loses its connection; nil outside of tests.
    var interruption: Interruption? {
        get { state.withLock { $0.interruption } }
        set { state.withLock { $0.interruption = newValue } }
    }

    /// Seconds for which a commit is tried; less in tests.
    var patience: Double {
        get { state.withLock { $0.patience } }
        set { state.withLock { $0.patience = newValue } }
    }

    private func fail(at place: Interruption) throws {
        let isMet = state.withLock { state in
            switch (state.interruption, place) {
            case (.beforeCommit?, .beforeCommit), (.afterCommit?, .afterCommit):
                state.interruption = nil
                return true
            case (.afterCommitForGood?, .afterCommit): return true
            default: return false
            }
        }
        guard isMet else { return }
        throw PostgresFault(state: "08006", message: "a test broke the connection", isLost: true)
    }

    private struct State {
        var interruption: Interruption?
        var patience = PostgresLimits.commitSeconds
        var heads: [LogID: Head] = [:]
        /// The node that writes; nil: a copy, which writes for nobody.
        var node: NodeID?
        /// Last entry of each log that a commit of this node is known to have brought.
        var committed: [LogID: UInt64] = [:]
        /// What was just read from the database, and need not be sent there: the end of a log, notices.
        var present: [LogID: LogPosition] = [:]
        var heard: Set<[UInt8]> = []
        /// Commits that have failed, and how many of them had when somebody last looked whether the
        /// database has everything.
        var failedCount = 0
        var settledCount = 0
        /// Whether rows go by COPY; some engines let only few users do so.
        var usesCopy = true
    }

    var usesCopy: Bool { state.withLock { $0.usesCopy } }

    let session: PostgresSession
    /// Connections for reading files, so that commits do not wait for them.
    let files: FileReaders
    private let state = Mutex(State())
    /// A thread that may wait, for commits of others than the writer.
    private let sending = DispatchQueue(label: "reportd.postgres.sending")

    /// Names the logs in a database; nothing is opened yet.
    /// - Parameter address: the database.
    package init(_ address: PostgresAddress) {
        session = PostgresSession(address)
        files = FileReaders(address)
    }

    /// Closes the connections.
    func close() {
        session.close()
        files.close()
    }

    /// The node that writes, known once its folder is open; nil: a copy, which writes for nobody.
    package var node: NodeID? {
        get { state.withLock { $0.node } }
        set { state.withLock { $0.node = newValue } }
    }

    // MARK: What came from the database

    /// Runs work that takes entries up to a position out of the database.
    func taking<R>(
        _ position: LogPosition,
        _ work: () async throws(ReportError) -> R
    ) async throws(ReportError) -> R {
        state.withLock { $0.present[position.log] = position }
        defer { state.withLock { $0.present[position.log] = nil } }
        return try await work()
    }

    /// Runs work that takes a notice out of the database.
    func hearing(
        _ notice: SharedCommit.Notice,
        _ work: () async throws(ReportError) -> Void
    ) async throws(ReportError) {
        let data = Self.encoded(notice).data
        state.withLock { _ = $0.heard.insert(data) }
        defer { state.withLock { _ = $0.heard.remove(data) } }
        try await work()
    }

    /// A commit without what came from the database.
    private func news(in commit: SharedCommit) -> SharedCommit {
        let (present, heard) = state.withLock { ($0.present, $0.heard) }
        var rest = commit
        rest.parts.removeAll { part in
            let last = part.batch.first + UInt64(part.hashes.count) - 1
            return present[part.batch.log].map {
                $0.sequence == last && $0.hash == part.hashes.last
            } ?? false
        }
        rest.notices.removeAll { heard.contains(Self.encoded($0).data) }
        return rest
    }

    // MARK: Heads

    /// What is known of the end of a log, without asking.
    func knownHead(_ log: LogID) -> Head? { state.withLock { $0.heads[log] } }

    /// Last entry of a log that a commit of this node is known to have brought; 0 for none.
    func committed(_ log: LogID) -> UInt64 { state.withLock { $0.committed[log] ?? 0 } }

    /// What is known of the ends of all logs, without asking.
    var knownHeads: [LogID: Head] { state.withLock { $0.heads } }

    /// Commits that have failed: nobody knows whether the database has what they brought.
    var failedCount: Int { state.withLock { $0.failedCount } }

    /// Whether a commit has failed since somebody looked whether the database has everything.
    var isInDoubt: Bool { state.withLock { $0.failedCount > $0.settledCount } }

    /// Somebody has looked whether the database has everything.
    /// - Parameter failedCount: commits that had failed before the look; later ones stay in doubt.
    func settle(_ failedCount: Int) {
        state.withLock { $0.settledCount = max($0.settledCount, failedCount) }
    }

    /// Remembers heads that were read; an older one never takes the place of a newer.
    func learn(_ heads: [LogID: Head]) {
        state.withLock { state in
            for (log, head) in heads {
                if let known = state.heads[log], known.sequence > head.sequence { continue }
                state.heads[log] = head
            }
        }
    }

    /// Forgets what was known: the database was put back, and has less.
    func forgetAll() {
        state.withLock { state in
            state.heads = [:]
            state.committed = [:]
        }
    }

    static func head(_ row: PostgresRow) throws(ReportError) -> (LogID, Head) {
        guard let log = LogID(hex: try row.text(0)), let last = Hash256(try row.present(4)) else {
            throw PostgresRow.unexpected(0)
        }
        let head = Head(
            sequence: try row.number(1),
            last: last,
            epoch: try row.integer(2),
            writer: try row.text(3),
            marks: try row.number(5)
        )
        return (log, head)
    }

    /// Reads the end of a log from the database; nil when it is not there.
    func refresh(_ log: LogID, _ connection: PostgresConnection) throws -> Head? {
        let row = try connection.run(.head, [.text(log.description)]).rows.first
        let head = try row.map { row throws(ReportError) in try Self.head(row).1 }
        state.withLock { $0.heads[log] = head }
        return head
    }

    // MARK: Commits

    /// See ``CommitSink``.
    package var cutByteCount: Int { PostgresLimits.sealByteCount }

    /// Makes a commit durable; see ``CommitSink``.
    package func commit(
        _ commit: SharedCommit,
        loading load: (SharedCommit.HeldFile) throws -> Body? = { _ in nil }
    ) throws(ReportError) {
        let commit = news(in: commit)
        if commit.isEmpty { return }
        let deadline = PostgresSession.now + patience
        var pause: UInt32 = 1000
        while true {
            let fault: PostgresFault
            do {
                let heads = try session.once { connection in try attempt(commit, load, connection) }
                learn(heads)
                state.withLock { state in
                    for (log, head) in heads { state.committed[log] = head.sequence }
                }
                return
            } catch let error as PostgresFault {
                fault = error
            } catch {
                forget(commit)
                throw error as? ReportError ?? ReportError(.internal, "\(error)")
            }
            forget(commit)
            switch fault.kind {
            case .conflict, .duplicate, .away, .readOnly:
                guard PostgresSession.now < deadline, interruption != .afterCommitForGood else {
                    session.rest(after: fault)
                    throw fault.reportError
                }
            case .noCopy:
                let isNews = state.withLock { state in
                    defer { state.usesCopy = false }
                    return state.usesCopy
                }
                guard isNews else { throw fault.reportError }
            case .full, .noTables, .lasting:
                throw fault.reportError
            }
            usleep(UInt32.random(in: 1...pause))
            pause = min(pause * 2, PostgresLimits.maximumPauseMicroseconds)
        }
    }

    /// Whatever stood in memory is in doubt: it is read anew.
    private func forget(_ commit: SharedCommit) {
        state.withLock { state in
            for part in commit.parts { state.heads[part.batch.log] = nil }
            state.failedCount += 1
        }
    }

    /// The same on a thread of its own.
    func committing(_ commit: SharedCommit) async throws(ReportError) {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Void, ReportError>, Never>) in
            sending.async {
                continuation.resume(
                    returning: Result { () throws(ReportError) in try self.commit(commit) }
                )
            }
        }
        try result.get()
    }

    private func attempt(
        _ commit: SharedCommit,
        _ load: (SharedCommit.HeldFile) throws -> Body?,
        _ connection: PostgresConnection
    ) throws -> [LogID: Head] {
        try connection.run("BEGIN")
        do {
            var heads: [LogID: Head] = [:]
            var parts: [SharedCommit.Part] = []
            for part in commit.parts {
                let claimed = try Failpoint.sharedClaim.around { try claim(part, connection) }
                guard let (rest, head) = claimed else { continue }
                heads[part.batch.log] = head
                parts.append(rest)
            }
            try send(parts, loading: load, connection)
            for loss in commit.losses { try drop(loss, connection) }
            for notice in commit.notices { try tell(notice, connection) }
            try fail(at: .beforeCommit)
            try Failpoint.sharedCommit.around { try connection.commit() }
            try fail(at: .afterCommit)
            return heads
        } catch {
            if connection.isInTransaction { try? connection.run("ROLLBACK") }
            throw error
        }
    }
}
