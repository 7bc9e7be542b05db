public import ReportModel
public import ReportStore

/// Copies logs between a store on this disk and a database, either way.
///
/// What is there already is passed over, so that a copy that was broken off goes on where it was.
public enum StoreCopy {
    /// What a copy did.
    public struct Outcome: Hashable, Sendable {
        /// Logs on the other side now.
        public var logCount = 0
        /// Entries that were sent; those that were there already do not count.
        public var entryCount: UInt64 = 0
        /// Entries whose hash, chain and signature were checked on the other side.
        public var checkedCount: UInt64 = 0

        /// Makes an empty outcome.
        public init() {}

        /// The object `{logs, copied, checked}`.
        public var json: JSONValue {
            [
                "logs": .integer(logCount), "copied": .integer(Int(clamping: entryCount)),
                "checked": .integer(Int(clamping: checkedCount)),
            ]
        }
    }

    /// Bytes of the entries sent in one transaction.
    private static let batchByteCount = 8 << 20
    private static let batchCount = 1024

    /// Makes the tables of a database.
    /// - Parameters:
    ///   - address: the database.
    ///   - isSpread: whether Citus spreads them over its machines.
    /// - Returns: whether they were made; false: they were there.
    /// - Throws: ``ReportError`` `unreachable`, `unsupported` for a newer format.
    public static func prepare(
        _ address: PostgresAddress,
        isSpread: Bool = false
    ) async throws(ReportError) -> Bool {
        let session = PostgresSession(address)
        defer { session.close() }
        return try await session.reading { connection in
            try PostgresSchema.prepare(connection, isSpread: isSpread) == nil
        }
    }

    /// Asks a database whether a node can share it.
    /// - Parameter address: the database.
    /// - Throws: ``ReportError`` `unreachable`, `needs-tool` without libpq, `not-found` without tables,
    ///   `unsupported` for a newer format.
    public static func probe(_ address: PostgresAddress) async throws(ReportError) {
        let session = PostgresSession(address)
        defer { session.close() }
        try await session.reading { connection in
            try PostgresSchema.check(try PostgresSchema.format(of: connection))
        }
    }

    /// Copies the logs of a store into a database, and checks what stands there then.
    /// - Parameters:
    ///   - store: the store; a node may go on writing it.
    ///   - address: the database; its tables must be there.
    ///   - progress: told how many entries of how many are there.
    /// - Returns: what was done.
    /// - Throws: ``ReportError`` `conflict` when the database has other entries of a log, `integrity`
    ///   when what stands there does not verify.
    public static func copy(
        from store: Store,
        to address: PostgresAddress,
        progress: @Sendable (_ done: UInt64, _ total: UInt64) -> Void
    ) async throws(ReportError) -> Outcome {
        let log = SharedLog(address)
        let reader = PostgresSession(address)
        defer {
            log.close()
            reader.close()
        }
        let heads = try await reader.reading { connection in
            try PostgresSchema.check(try PostgresSchema.format(of: connection))
            return try SharedLog.heads(connection)
        }
        log.learn(heads)
        let states = try await store.logStates().filter { $0.position.sequence > 0 }
        let total = states.reduce(0) { $0 + $1.position.sequence }
        var outcome = Outcome()
        var done: UInt64 = 0
        for state in states {
            let before = done
            try await compare(state, store, reader)
            let held = heads[state.descriptor.id]?.sequence ?? 0
            let last = try await send(state.descriptor.id, of: store, to: log, after: held) {
                progress(before + $0, total)
            }
            guard last >= state.position.sequence else {
                throw ReportError(
                    .integrity,
                    "log \(state.descriptor.id) cannot be proved beyond entry \(last)",
                    hint: "let the store catch up with its peers first"
                )
            }
            done += state.position.sequence
            outcome.entryCount += max(last, held) - held
        }
        outcome.logCount = states.count
        outcome.checkedCount = try await LogCheck.check(reader, comparingWith: store)
        return outcome
    }

    /// Compares the last entry that store and database both have of a log, whichever has more.
    /// - Throws: ``ReportError`` `conflict`.
    private static func compare(
        _ state: LogState,
        _ store: Store,
        _ reader: PostgresSession
    ) async throws(ReportError) {
        let id = state.descriptor.id
        let last = state.position.sequence
        let there = try await reader.reading { connection -> (UInt64, Hash256?)? in
            let row = try connection.run(.head, [.text(id.description)]).rows.first
            guard let head = try row.map({ row throws(ReportError) in try SharedLog.head(row).1 })
            else { return nil }
            let common = min(last, head.sequence)
            let hash =
                common == head.sequence
                ? head.last : try SharedLog.hash(of: id, at: common, connection)
            return (common, hash)
        }
        guard let (common, hash) = there, common > 0 else { return }
        let own = try await store.entryHash(log: id, sequence: common)
        guard own == nil || own != hash else { return }
        throw ReportError(
            .conflict,
            "entry \(common) of log \(id) in the database is not the one of the store",
            hint: "they are copies of different stores, or the log is forked: nothing was copied"
        )
    }

    /// Sends what a database lacks of a log.
    /// - Returns: last entry that is there now.
    @discardableResult
    static func send(
        _ id: LogID,
        of store: Store,
        to log: SharedLog,
        after sequence: UInt64,
        progress: (UInt64) -> Void = { _ in }
    ) async throws(ReportError) -> UInt64 {
        guard let state = try await store.logState(id) else { return sequence }
        var last = sequence
        while let batch = try await store.batch(
            log: id,
            after: last,
            maximumCount: batchCount,
            maximumByteCount: batchByteCount
        ) {
            var commit = SharedCommit()
            commit.parts = [SharedCommit.Part(descriptor: state.descriptor, batch: batch)]
            try await log.committing(commit)
            last = batch.first + UInt64(batch.entries.count) - 1
            progress(last)
        }
        return last
    }

    /// Copies the logs of a database into a store on this disk, which verifies every entry.
    /// - Parameters:
    ///   - address: the database.
    ///   - store: the store, open for writing.
    ///   - progress: told how many entries of how many are there.
    /// - Returns: what was done.
    /// - Throws: ``ReportError`` `integrity` when an entry does not verify, `forked`.
    public static func copy(
        from address: PostgresAddress,
        to store: Store,
        progress: @Sendable (_ done: UInt64, _ total: UInt64) -> Void
    ) async throws(ReportError) -> Outcome {
        let reader = PostgresSession(address)
        defer { reader.close() }
        let heads = try await reader.reading { connection in
            try PostgresSchema.check(try PostgresSchema.format(of: connection))
            return try SharedLog.heads(connection)
        }
        let total = heads.values.reduce(0) { $0 + $1.sequence }
        var outcome = Outcome()
        var done: UInt64 = 0
        for (id, head) in heads.sorted(by: { $0.key < $1.key }) {
            let descriptor = try await reader.reading { connection in
                try SharedLog.descriptor(of: id, connection)
            }
            let before = try await store.logState(id)?.position.sequence ?? 0
            var held = before
            while held < head.sequence {
                let after = held
                let batch = try await reader.reading { connection in
                    try SharedLog.batch(of: id, after: after, connection)
                }
                guard let batch else { break }
                held = try await store.adopt(batch, descriptor: descriptor).sequence
                progress(done + held, total)
            }
            let hash = try await store.entryHash(log: id, sequence: head.sequence)
            guard hash == head.last else {
                throw ReportError(.integrity, "log \(id) ends otherwise than in the database")
            }
            for (_, notice) in try await notices(of: id, reader) {
                if case .acknowledgement(let acknowledgement)? = notice {
                    try await store.keep(acknowledgement)
                }
            }
            done += head.sequence
            outcome.entryCount += held - before
            outcome.checkedCount += held - before
        }
        outcome.logCount = heads.count
        return outcome
    }

    private static func notices(
        of id: LogID,
        _ reader: PostgresSession
    ) async throws(ReportError) -> [(number: UInt64, notice: SharedCommit.Notice?)] {
        var all: [(number: UInt64, notice: SharedCommit.Notice?)] = []
        while true {
            let after = all.last?.number ?? 0
            let page = try await reader.reading { connection in
                try SharedLog.notices(of: id, after: after, connection)
            }
            guard !page.isEmpty else { return all }
            all += page
        }
    }

    /// Checks every entry in a database: hashes, chains, bodies, trees and the signatures of the owners.
    /// - Parameter address: the database.
    /// - Returns: entries that were checked.
    /// - Throws: ``ReportError`` `integrity` that names the first entry that is not as it was signed.
    public static func check(_ address: PostgresAddress) async throws(ReportError) -> UInt64 {
        let reader = PostgresSession(address)
        defer { reader.close() }
        return try await LogCheck.check(reader, comparingWith: nil)
    }
}
