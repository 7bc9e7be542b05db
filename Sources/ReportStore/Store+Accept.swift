import LMDB
public import ReportModel

extension Store {
    /// Commits the entries of a batch that are not held yet; see ``ReportLog``.
    public func accept(
        _ batch: EntryBatch,
        descriptor: LogDescriptor
    ) async throws(ReportError) -> LogPosition {
        let checked = try CheckedBatch(batch, descriptor: descriptor)
        let result: Result<LogPosition, ReportError> = try await writer().perform(
            byteCount: checked.byteCount
        ) { [self] transaction in
            try accept(checked, transaction)
        }
        return try result.get()
    }

    /// Takes a batch; what must be kept although it is refused comes back as a failure.
    private func accept(
        _ batch: CheckedBatch,
        _ transaction: borrowing WriteTransaction
    ) throws -> Result<LogPosition, ReportError> {
        let logs = LogRows(tables: tables)
        let known = try logs.row(of: batch.head.log, transaction)
        if let known, known.isForked { return .failure(Self.forked(known.descriptor.id)) }
        let held = known?.held ?? 0
        guard batch.first <= held + 1 else {
            throw Refusal(
                error: ReportError(
                    .conflict,
                    "the batch begins with entry \(batch.first), entry \(held + 1) is missing"
                )
            )
        }
        if let known, let fork = try firstDifference(batch, known, transaction) {
            try keepFork(batch, from: fork, known, transaction)
            return .failure(Self.forked(known.descriptor.id))
        }
        if known?.ref == ownRef {
            throw Refusal(error: ReportError(.conflict, "this node's own log is not taken"))
        }
        let fresh = batch.entries.drop { $0.entry.sequence <= held }
        if let first = fresh.first, first.entry.previous != (known?.last ?? .zero) {
            throw Refusal(
                error: ReportError(.integrity, "an entry does not follow the one before it")
            )
        }
        try checkRoot(batch, fresh: Array(fresh), held: held, ref: known?.ref, transaction)
        var log = try known ?? logs.add(batch.descriptor, transaction)
        let arrivedAt = clock()
        for incoming in fresh {
            try EntryApplier(tables: tables).apply(
                incoming,
                to: &log,
                arrivedAt: arrivedAt,
                transaction
            )
        }
        if batch.head.size >= log.head?.size ?? 0 { log.head = batch.head }
        try logs.put(log, transaction)
        return .success(log.position)
    }

    private static func forked(_ log: LogID) -> ReportError {
        ReportError(
            .forked,
            "log \(log) has two different entries with the same sequence",
            hint: "an administrator must decide; both branches are kept"
        )
    }

    /// Checks, before anything is written, that the tree with the new entries is the signed one.
    private func checkRoot(
        _ batch: CheckedBatch,
        fresh: [EntryApplier.Incoming],
        held: UInt64,
        ref: UInt32?,
        _ transaction: borrowing WriteTransaction
    ) throws {
        var added: [MerkleTree.Node: Hash256] = [:]
        let merkle = MerkleRows(tables: tables)
        for incoming in fresh {
            let nodes = try MerkleTree.append(
                incoming.hash,
                at: incoming.entry.sequence - 1
            ) { node throws(any Error) in
                if let hash = added[node] { return hash }
                guard let ref else { throw Sealed.damaged("merkle", []) }
                return try merkle.hash(log: ref, node, transaction)
            }
            for (node, hash) in nodes { added[node] = hash }
        }
        let last = batch.last
        let root = try MerkleTree.root(size: last) { node throws(any Error) in
            if let hash = added[node] { return hash }
            guard let ref else { throw Sealed.damaged("merkle", []) }
            return try merkle.hash(log: ref, node, transaction)
        }
        let isProved =
            last == batch.head.size
            ? root == batch.head.root && batch.proof.isEmpty
            : MerkleTree.verifiesConsistency(
                old: last,
                oldRoot: root,
                size: batch.head.size,
                root: batch.head.root,
                proof: batch.proof
            )
        guard isProved else {
            throw Refusal(
                error: ReportError(
                    .integrity,
                    "the entries are not those that the log's owner signed"
                )
            )
        }
    }

    /// The first entry that differs from the one held; nil when all agree.
    private func firstDifference(
        _ batch: CheckedBatch,
        _ log: LogRow,
        _ transaction: borrowing WriteTransaction
    ) throws -> EntryApplier.Incoming? {
        for incoming in batch.entries where incoming.entry.sequence <= log.held {
            let place = EntryPlace(log: log.ref, sequence: incoming.entry.sequence)
            let held = try EntryRows(tables: tables).required(at: place, transaction)
            if held.hash != incoming.hash { return incoming }
        }
        return nil
    }

    /// Keeps the evidence of a fork: the entries of the other branch with their bodies.
    private func keepFork(
        _ batch: CheckedBatch,
        from first: EntryApplier.Incoming,
        _ known: LogRow,
        _ transaction: borrowing WriteTransaction
    ) throws {
        for incoming in batch.entries where incoming.entry.sequence >= first.entry.sequence {
            var key = RowKey.entry(known.ref, incoming.entry.sequence)
            incoming.hash.append(to: &key)
            var value: [UInt8] = []
            value.appendBigEndian(clock().milliseconds)
            value.appendBigEndian(UInt32(incoming.header.count))
            value.append(contentsOf: incoming.header)
            try transaction.put(key, Sealed.seal(value), in: tables.forks)
            for (index, body) in incoming.bodies.enumerated() {
                guard let body else { continue }
                var bodyKey = key
                bodyKey.appendBigEndian(UInt16(index))
                bodyKey.appendBigEndian(UInt32(0))
                try transaction.put(
                    bodyKey,
                    Sealed.seal(body.salt.bytes + body.bytes),
                    in: tables.forkBodies
                )
            }
        }
        var log = known
        log.isForked = true
        try LogRows(tables: tables).put(log, transaction)
    }
}

/// A batch whose headers, salted hashes and head were checked, outside the writer.
struct CheckedBatch: Sendable {
    var descriptor: LogDescriptor
    var head: SignedHead
    var proof: [Hash256]
    var first: UInt64
    var entries: [EntryApplier.Incoming] = []
    var byteCount = 0

    /// Sequence of the last entry.
    var last: UInt64 { first + UInt64(entries.count) - 1 }

    init(_ batch: EntryBatch, descriptor: LogDescriptor) throws(ReportError) {
        guard descriptor.id == batch.log, batch.head.log == batch.log,
            batch.head.isAuthentic(for: descriptor)
        else { throw Self.wrong("the head of the log is not signed by its owner") }
        guard !batch.entries.isEmpty, batch.first > 0 else {
            throw Self.wrong("the batch is empty")
        }
        self.descriptor = descriptor
        head = batch.head
        proof = batch.proof
        first = batch.first
        var previous: Hash256?
        for (offset, replicated) in batch.entries.enumerated() {
            let incoming = try Self.incoming(
                replicated,
                log: batch.log,
                sequence: batch.first + UInt64(offset),
                previous: previous
            )
            previous = incoming.hash
            byteCount += replicated.byteCount
            entries.append(incoming)
        }
        guard last <= head.size else {
            throw Self.wrong("the head does not cover the entries")
        }
        if last == head.size, head.last != previous {
            throw Self.wrong("the head names another last entry")
        }
    }

    private static func incoming(
        _ replicated: ReplicatedEntry,
        log: LogID,
        sequence: UInt64,
        previous: Hash256?
    ) throws(ReportError) -> EntryApplier.Incoming {
        guard let entry = Entry(replicated.header), entry.log == log, entry.sequence == sequence
        else { throw wrong("entry \(sequence) has no valid header") }
        if let previous, entry.previous != previous {
            throw wrong("entry \(sequence) does not follow the one before it")
        }
        guard replicated.bodies.count == entry.bodies.count else {
            throw wrong("entry \(sequence) has another number of bodies")
        }
        for (reference, body) in zip(entry.bodies, replicated.bodies) {
            if let body, body.reference != reference {
                throw wrong("a body of entry \(sequence) is not the one that was signed")
            }
        }
        var facts: RecordFacts?
        if entry.kind == .submit, let record = replicated.bodies.first ?? nil,
            record.kind == .record
        {
            facts = RecordFacts(recordBytes: record.bytes)
            guard let key = facts?.key, Entry.keyHash(of: key) == entry.keyHash,
                (try? ReportKey(parsing: key))?.text == key
            else { throw wrong("the record of entry \(sequence) has another key") }
        }
        return EntryApplier.Incoming(
            entry: entry,
            header: replicated.header,
            hash: Hash256(hashing: replicated.header),
            bodies: replicated.bodies,
            facts: facts
        )
    }

    private static func wrong(_ message: String) -> ReportError {
        ReportError(.integrity, message)
    }
}
