import LMDB
public import ReportModel

/// Forked logs: both branches are kept, with what shows to anybody that their owner signed both.
extension Store {
    /// Keeps the evidence of a fork: the entries of the other branch with their bodies.
    func keepFork(
        _ batch: CheckedBatch,
        from first: UInt64,
        difference: EntryApplier.Incoming?,
        _ known: LogRow,
        _ tree: GrownTree,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let arrivedAt = clock()
        for incoming in batch.entries where incoming.entry.sequence >= first {
            var key = RowKey.entry(known.ref, incoming.entry.sequence)
            incoming.hash.append(to: &key)
            var value: [UInt8] = []
            value.appendBigEndian(arrivedAt.milliseconds)
            value.appendBigEndian(UInt32(incoming.header.count))
            value.append(contentsOf: incoming.header)
            try transaction.put(key, Sealed.seal(value), in: tables.forks)
            let erased = try Erasures(tables: tables)
                .erased(incoming.entry, hash: incoming.hash, transaction)
            for (index, body) in incoming.bodies.enumerated() {
                guard let body, erased[index] == nil else { continue }
                var bodyKey = key
                bodyKey.appendBigEndian(UInt16(index))
                try keepForkBody(body, under: bodyKey, transaction)
            }
        }
        let evidence = try evidence(batch, difference, known, tree, at: arrivedAt, transaction)
        try transaction.put(
            Self.evidenceKey(known.ref),
            Sealed.seal(evidence.json.canonicalBytes),
            in: tables.forks
        )
        tables.pending?.add(.branch(batch.replicated))
        // Read anew: the evidence may have had the head signed.
        var log = try LogRows(tables: tables).row(known.ref, transaction)
        log.isForked = true
        log.isReleased = false
        try LogRows(tables: tables).put(log, transaction)
        try leaveForkedOwnLog(log, transaction)
    }

    /// Nothing is filed into a forked log: the node goes on in a new one, once its upstreams were asked.
    private func leaveForkedOwnLog(
        _ log: LogRow,
        _ transaction: borrowing WriteTransaction
    ) throws {
        guard let key, log.ref == (try ownRef(transaction)) else { return }
        try beginLogAnew(after: log, key, .forked, transaction)
    }

    /// Keeps salt and bytes of a body in chunks.
    private func keepForkBody(
        _ body: Body,
        under key: [UInt8],
        _ transaction: borrowing WriteTransaction
    ) throws {
        let bytes = body.salt.bytes + body.bytes
        let limit = StoreLimits.chunkByteCount
        for (chunk, start) in stride(from: 0, to: bytes.count, by: limit).enumerated() {
            var chunkKey = key
            chunkKey.appendBigEndian(UInt32(chunk))
            let piece = Array(bytes[start..<min(bytes.count, start + limit)])
            try transaction.put(chunkKey, Sealed.seal(piece), in: tables.forkBodies)
        }
    }

    // MARK: Evidence

    /// Key of the evidence among the entries of other branches: no entry has sequence 0.
    static func evidenceKey(_ ref: UInt32) -> [UInt8] {
        RowKey.entry(ref, 0) + Hash256.zero.bytes
    }

    private func evidence(
        _ batch: CheckedBatch,
        _ difference: EntryApplier.Incoming?,
        _ known: LogRow,
        _ tree: GrownTree,
        at time: Timestamp,
        _ transaction: borrowing WriteTransaction
    ) throws -> ForkEvidence {
        // Entries of this transaction are not signed yet.
        if known.ref == (try ownRef(transaction)) { try signHead(transaction) }
        let known = try LogRows(tables: tables).row(known.ref, transaction)
        var evidence = ForkEvidence(descriptor: known.descriptor, seenAt: time)
        if let difference {
            evidence.sequence = difference.entry.sequence
            evidence.branches = [
                try heldBranch(known, difference.entry.sequence, transaction),
                ForkEvidence.Branch(
                    head: batch.head,
                    header: difference.header,
                    size: batch.last,
                    inclusion: try tree.inclusion(
                        of: difference.entry.sequence,
                        size: batch.last,
                        transaction
                    ),
                    consistency: batch.proof
                ),
            ]
            return evidence
        }
        guard let head = known.head else { return evidence }
        let (smaller, larger) =
            head.size < batch.head.size ? (head, batch.head) : (batch.head, head)
        evidence.branches = [smaller, larger].map { ForkEvidence.Branch(head: $0) }
        evidence.root = larger.root
        guard smaller.size < larger.size else { return evidence }
        evidence.root = try tree.root(size: smaller.size, transaction)
        if larger == head {
            evidence.consistency =
                try MerkleRows(tables: tables).proof(of: known, from: smaller.size, transaction)
                ?? []
        } else {
            evidence.consistency = try tree.proof(
                from: smaller.size,
                last: batch.last,
                head: larger.size,
                batch.proof,
                transaction
            )
        }
        return evidence
    }

    /// What the owner signed for the entry that is held.
    private func heldBranch(
        _ known: LogRow,
        _ sequence: UInt64,
        _ transaction: borrowing WriteTransaction
    ) throws -> ForkEvidence.Branch {
        let place = EntryPlace(log: known.ref, sequence: sequence)
        let held = try EntryRows(tables: tables).required(at: place, transaction)
        guard let head = known.head else { throw Sealed.damaged("logs", RowKey.number(known.ref)) }
        let merkle = MerkleRows(tables: tables)
        let size = min(head.size, known.held)
        return ForkEvidence.Branch(
            head: head,
            header: held.header,
            size: size,
            inclusion: sequence <= size
                ? try MerkleTree.inclusionProof(of: sequence - 1, size: size) {
                    node throws(any Error) in
                    try merkle.hash(log: known.ref, node, transaction)
                } : [],
            consistency: try merkle.proof(of: known, from: size, transaction) ?? []
        )
    }

    /// Evidence of forked logs.
    /// - Parameter log: a log, or the first digits of its identifier; nil for all.
    /// - Returns: one piece of evidence for each forked log.
    /// - Throws: ``ReportError`` `not-found` when no log has that name, `ambiguous`.
    public func forkEvidence(of log: String?) throws(ReportError) -> [ForkEvidence] {
        try read { (transaction: borrowing ReadTransaction) throws -> [ForkEvidence] in
            let rows = try forkedRows(log, transaction)
            return try rows.compactMap { row throws in
                let key = Self.evidenceKey(row.ref)
                let bytes = try transaction.get(key, in: tables.forks) { (value: RawSpan) throws in
                    try Sealed.open(value, table: "forks", key: key)
                }
                guard let bytes else { return nil }
                return try ForkEvidence(json: try JSONValue(parsing: bytes))
            }
        }
    }

    /// Forked logs, or the one that is named.
    private func forkedRows<T: ReadOperations & ~Copyable>(
        _ log: String?,
        _ transaction: borrowing T
    ) throws -> [LogRow] {
        let rows = try LogRows(tables: tables).all(transaction).filter(\.isForked)
        guard let log else { return rows }
        let found = rows.filter { "\($0.descriptor.id)".hasPrefix(log) }
        guard let first = found.first else {
            throw ReportError(.notFound, "there is no forked log \(log)")
        }
        guard found.count == 1 else {
            throw ReportError(.ambiguous, "\(found.count) forked logs begin with \(log)")
        }
        return [first]
    }

    /// Lets the owner of a forked log go on with other logs; the forked log stays as it is.
    /// - Parameter log: the log, or the first digits of its identifier.
    /// - Returns: the log.
    /// - Throws: ``ReportError`` `not-found`, `ambiguous`.
    public func release(_ log: String) async throws(ReportError) -> LogState {
        try await command { [self] transaction in
            var row = try forkedRows(log, transaction)[0]
            guard !row.isReleased else { return row.state }
            row.isReleased = true
            try LogRows(tables: tables).put(row, transaction)
            tables.pending?.add(.release(row.descriptor.id))
            return row.state
        }
    }
}
