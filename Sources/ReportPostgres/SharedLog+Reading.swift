import ReportModel
import ReportStore

/// Reading logs out of a database.
extension SharedLog {
    /// The end of every log in the database; remembered.
    /// - Throws: ``ReportError``.
    static func heads(_ connection: PostgresConnection) throws -> [LogID: Head] {
        var heads: [LogID: Head] = [:]
        for row in try connection.run(.heads, []).rows {
            let (log, head) = try head(row)
            heads[log] = head
        }
        return heads
    }

    /// The hash of an entry in the database; nil when it is not there.
    static func hash(
        of log: LogID,
        at sequence: UInt64,
        _ connection: PostgresConnection
    ) throws -> Hash256? {
        let place: [PostgresValue] = [.text(log.description), .number(sequence)]
        return try connection.run(.hash, place).rows.first.flatMap { row throws(ReportError) in
            Hash256(try row.present(0))
        }
    }

    /// How many logs do not have an entry any more that they had.
    /// - Parameters:
    ///   - known: entries that the database had, one of a log.
    ///   - heads: how its logs end.
    ///   - connection: the database.
    /// - Returns: the number of logs.
    /// - Throws: ``PostgresFault``, ``ReportError``.
    static func lost(
        _ known: [LogPosition],
        _ heads: [LogID: Head],
        _ connection: PostgresConnection
    ) throws -> Int {
        var count = 0
        for entry in known where entry.sequence > 0 {
            guard let head = heads[entry.log], head.sequence >= entry.sequence else {
                count += 1
                continue
            }
            let isKept =
                head.sequence == entry.sequence
                ? head.last == entry.hash
                : try hash(of: entry.log, at: entry.sequence, connection) == entry.hash
            if !isKept { count += 1 }
        }
        return count
    }

    /// Who owns a log.
    static func descriptor(
        of log: LogID,
        _ connection: PostgresConnection
    ) throws -> LogDescriptor {
        let row = try connection.run(.descriptor, [.text(log.description)]).rows.first
        guard let row, let descriptor = LogDescriptor(try row.present(0)), descriptor.id == log
        else {
            throw ReportError(.integrity, "the database does not tell who owns log \(log)")
        }
        return descriptor
    }

    /// The entries behind a sequence up to the next that its owner's head was kept for; nil when there
    /// are none.
    ///
    /// Nothing of it is verified: the store that takes it does so.
    static func batch(
        of log: LogID,
        after sequence: UInt64,
        _ connection: PostgresConnection
    ) throws -> EntryBatch? {
        let origin = PostgresValue.text(log.description)
        let seals = try connection.run(.seal, [origin, .number(sequence)]).rows
        guard let seal = seals.first else { return nil }
        let last = try seal.number(1)
        guard let head = SignedHead(try seal.present(2)), last > sequence,
            last - sequence <= UInt64(Int32.max)
        else { throw damaged(log, last) }
        let proofBytes = try seal.present(3)
        let proof = stride(from: 0, to: proofBytes.count, by: Hash256.byteCount).compactMap {
            Hash256(proofBytes[$0..<min(proofBytes.count, $0 + Hash256.byteCount)])
        }
        let entries = try entries(of: log, from: sequence + 1, through: last, connection)
        guard entries.count == Int(last - sequence) else { throw damaged(log, last) }
        return EntryBatch(
            log: log,
            first: sequence + 1,
            entries: entries,
            head: head,
            proof: proof
        )
    }

    /// Entries of a range, as far as they are there without a gap.
    static func entries(
        of log: LogID,
        from first: UInt64,
        through last: UInt64,
        _ connection: PostgresConnection
    ) throws -> [ReplicatedEntry] {
        let range: [PostgresValue] = [.text(log.description), .number(first), .number(last)]
        var files: [UInt64: [Int: [UInt8]]] = [:]
        for row in try connection.run(.chunks, range).rows {
            let index = Int(try row.integer(1))
            files[try row.number(0), default: [:]][index, default: []] += try row.present(2)
        }
        var entries: [ReplicatedEntry] = []
        for row in try connection.run(.records, range).rows {
            let sequence = try row.number(0)
            let header = try row.present(1)
            guard sequence == first + UInt64(entries.count), let entry = Entry(header) else {
                throw damaged(log, sequence)
            }
            let bodies = try PackedEntry.unpack(
                try row.present(2),
                count: entry.bodies.count,
                files: files[sequence] ?? [:]
            )
            entries.append(ReplicatedEntry(header: header, bodies: bodies))
        }
        return entries
    }

    /// What was said of a log behind a number.
    static func notices(
        of log: LogID,
        after number: UInt64,
        _ connection: PostgresConnection
    ) throws -> [(number: UInt64, notice: SharedCommit.Notice?)] {
        try connection.run(.notices, [.text(log.description), .number(number)]).rows.map { row in
            (
                try row.number(0),
                notice(kind: try row.integer(1), data: try row.present(2))
            )
        }
    }

    private static func damaged(_ log: LogID, _ sequence: UInt64) -> ReportError {
        ReportError(
            .integrity,
            "log \(log) has a gap or damage at entry \(sequence) in the database"
        )
    }
}
