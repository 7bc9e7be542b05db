import LMDB
import ReportModel

/// An entry about other entries, before it has a place in the log.
struct Statement: Sendable {
    var kind: EntryKind
    var keyHash: Hash256
    var subjects: [Hash256]
    var bodies: [Body]
    var trailer: [UInt8] = []
    /// Times of the entries that it refers to.
    var referred: [Timestamp]
}

extension Store {
    /// Appends an entry about other entries to the own log.
    /// - Returns: the entry, its hash, and the entries that lost bodies by it.
    func append(
        _ statement: Statement,
        _ transaction: borrowing WriteTransaction
    ) throws -> (entry: Entry, hash: Hash256, touched: [Hash256]) {
        var log = try appendableRow(transaction)
        let entry = Entry(
            kind: statement.kind,
            log: log.descriptor.id,
            sequence: log.held + 1,
            previous: log.last,
            recordedAt: try nextTime(log, after: statement.referred, transaction),
            keyHash: statement.keyHash,
            number: 0,
            parents: [],
            subjects: statement.subjects,
            bodies: statement.bodies.map(\.reference),
            trailer: statement.trailer
        )
        let header = entry.bytes
        let incoming = EntryApplier.Incoming(
            entry: entry,
            header: header,
            hash: Hash256(hashing: header),
            bodies: statement.bodies,
            facts: nil
        )
        let touched = try EntryApplier(tables: tables).apply(
            incoming,
            to: &log,
            arrivedAt: clock(),
            transaction
        )
        try LogRows(tables: tables).put(log, transaction)
        return (entry, incoming.hash, touched)
    }

    /// Runs a command in the writer's transaction; its refusals leave everything as it was.
    func command<R: Sendable>(
        byteCount: Int = 0,
        _ work: @escaping @Sendable (borrowing WriteTransaction) throws -> R
    ) async throws(ReportError) -> R {
        try await writer().perform(byteCount: byteCount) { transaction in
            do {
                return try work(transaction)
            } catch let error as ReportError where error.code != .integrity {
                throw Refusal(error: error)
            }
        }
    }

    /// A version that a command speaks of.
    struct Target {
        var key: ReportKey
        var number: UInt64
        var stored: StoredEntry
        var version: VersionInfo
        var state: VersionState

        /// Times that an entry about it comes after.
        ///
        /// One millisecond more than a judgement of another log, so that this one counts after it.
        func referred(own log: LogID) -> [Timestamp] {
            var times = [stored.entry.recordedAt]
            if let last = state.last {
                let later = last.log == log ? 0 : UInt64(1)
                times.append(Timestamp(milliseconds: last.recordedAt.milliseconds &+ later))
            }
            return times
        }
    }

    /// Finds the version that a lookup means now.
    func target<T: ReadOperations & ~Copyable>(
        _ lookup: Lookup,
        _ transaction: borrowing T
    ) throws -> Target {
        let hit = try single(lookup, at: .now, transaction)
        let view = MomentView(tables: tables, moment: .now)
        let (place, version) = try chosen(lookup, hit, view, transaction)
        let stored = try EntryRows(tables: tables).required(at: place, transaction)
        let state = try JudgementRows(tables: tables).state(
            of: stored.hash,
            keyHash: stored.entry.keyHash,
            at: .now,
            transaction
        )
        return Target(
            key: hit.key,
            number: hit.number,
            stored: stored,
            version: version,
            state: state
        )
    }

    /// What an entry says of a record, with the record's key.
    ///
    /// By the key, whose hash the header has, a node without the record can tell the region.
    static func detail(_ words: JSONValue, about key: ReportKey) -> Body {
        var members = words.objectValue ?? [:]
        members["key"] = .string(key.text)
        return Body(kind: .detail, bytes: JSONValue.object(members).canonicalBytes)
    }

    /// Appends a judgement of a version, and tells what the version is now.
    func judge(
        _ target: Target,
        _ kind: EntryKind,
        detail: JSONValue,
        trailer: [UInt8] = [],
        _ transaction: borrowing WriteTransaction
    ) throws -> JudgedVersion {
        let log = try ownRow(transaction).descriptor.id
        let appended = try append(
            Statement(
                kind: kind,
                keyHash: target.stored.entry.keyHash,
                subjects: [target.stored.hash],
                bodies: [Self.detail(detail, about: target.key)],
                trailer: trailer,
                referred: target.referred(own: log)
            ),
            transaction
        )
        return try judged(target.stored, target.key, appended.entry, appended.hash, transaction)
    }

    /// A version as it is after an entry about it.
    func judged<T: ReadOperations & ~Copyable>(
        _ stored: StoredEntry,
        _ key: ReportKey,
        _ entry: Entry,
        _ hash: Hash256,
        _ transaction: borrowing T
    ) throws -> JudgedVersion {
        JudgedVersion(
            version: try HeadRows(tables: tables).info(stored, key: key.text, transaction),
            entry: hash,
            recordedAt: entry.recordedAt
        )
    }
}
