import ReportModel

extension StoreContents {
    /// Takes a batch as the store on disk takes it: the same checks, in the same order.
    ///
    /// Contents that must be kept although the batch is refused, as evidence of a fork, are kept.
    mutating func accept(
        _ batch: EntryBatch,
        descriptor: LogDescriptor
    ) throws(ReportError) -> LogPosition {
        let entries = try Self.checked(batch, descriptor)
        let known = logs[batch.log]
        if known?.isForked == true { throw Self.forked }
        // The owner of a forked log is quarantined, not the log alone; own logs are not.
        let isOwn = descriptor.node == logs[own]?.descriptor.node
        let isQuarantined = logs.values.contains { log in
            log.descriptor.node == descriptor.node && log.isForked
        }
        if isQuarantined, !isOwn { throw Self.forked }
        var log = known ?? HeldLog(descriptor)
        let held = log.count
        guard batch.first <= held + 1 else {
            throw ReportError(.conflict, "the batch begins after a gap")
        }
        let hashes = batch.entries.map { Hash256(hashing: $0.header) }
        let overlap = min(Int(held - (batch.first - 1)), hashes.count)
        let difference = (0..<overlap).first { hashes[$0] != log.hashes[Int(batch.first) - 1 + $0] }
        if batch.log == own, difference == nil,
            batch.first + UInt64(entries.count) - 1 > held
        {
            throw ReportError(.conflict, "this node's own log is not taken")
        }
        if difference == nil, overlap < entries.count {
            let first = entries[overlap]
            guard first.previous == log.hashes.last ?? .zero,
                first.recordedAt >= log.headers.last?.recordedAt ?? first.recordedAt
            else { throw Self.wrong }
        }
        try Self.checkRoot(batch, hashes, in: log)
        if difference != nil || Self.contradicts(batch, hashes, log) {
            log.isForked = true
            log.evidence = Array(batch.entries[(difference ?? overlap)...])
            logs[batch.log] = log
            throw Self.forked
        }
        logs[batch.log] = log
        for index in overlap..<max(overlap, entries.count) {
            apply(batch.entries[index], entries[index])
        }
        let last = batch.first + UInt64(entries.count) - 1
        if let now = logs[batch.log], last == now.count, batch.head.size >= now.head?.size ?? 0 {
            logs[batch.log]?.head = batch.head
            logs[batch.log]?.tailProof = batch.proof
        }
        return logs[batch.log]?.position ?? log.position
    }

    private static let forked = ReportError(.forked, "the log is forked; both branches are kept")
    private static let wrong = ReportError(.integrity, "an entry does not verify")

    private static func checked(
        _ batch: EntryBatch,
        _ descriptor: LogDescriptor
    ) throws(ReportError) -> [Entry] {
        guard descriptor.id == batch.log, batch.head.log == batch.log,
            Verified.isAuthentic(batch.head, descriptor), !batch.entries.isEmpty, batch.first > 0,
            batch.first + UInt64(batch.entries.count) - 1 <= batch.head.size
        else { throw wrong }
        var entries: [Entry] = []
        var previous: Hash256?
        for (offset, replicated) in batch.entries.enumerated() {
            guard let entry = Entry(replicated.header), entry.log == batch.log,
                entry.sequence == batch.first + UInt64(offset),
                previous == nil || entry.previous == previous,
                entry.recordedAt >= entries.last?.recordedAt ?? entry.recordedAt,
                entry.bodies.count == replicated.bodies.count,
                zip(entry.bodies, replicated.bodies).allSatisfy({ reference, body in
                    body.map { $0.reference == reference } ?? true
                })
            else { throw wrong }
            previous = Hash256(hashing: replicated.header)
            entries.append(entry)
        }
        let end = batch.first + UInt64(entries.count) - 1
        if end == batch.head.size, batch.head.last != previous { throw wrong }
        return entries
    }

    private static func checkRoot(
        _ batch: EntryBatch,
        _ hashes: [Hash256],
        in log: HeldLog
    ) throws(ReportError) {
        let last = batch.first + UInt64(hashes.count) - 1
        let root = log.root(keeping: Int(batch.first) - 1, then: hashes)
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
        guard isProved else { throw wrong }
    }

    /// Whether the owner signed another tree of the same size before: a fork behind the entries.
    private static func contradicts(
        _ batch: EntryBatch,
        _ hashes: [Hash256],
        _ log: HeldLog
    ) -> Bool {
        let size = batch.head.size
        if size <= log.count, size > 0, log.root(size: size) != batch.head.root { return true }
        guard let head = log.head, head.size > log.count else { return false }
        if head.size == size { return head.root != batch.head.root }
        let last = batch.first + UInt64(hashes.count) - 1
        guard head.size <= last, head.size >= batch.first else { return false }
        let others = hashes.prefix(Int(head.size - batch.first) + 1)
        return log.root(keeping: Int(batch.first) - 1, then: Array(others)) != head.root
    }
}

extension StoreContents {
    /// Begins a new log when a peer holds what the current one lacks; see `ReportLog`.
    mutating func leaveOwnLog(
        _ stated: LogPosition,
        beginning descriptor: LogDescriptor,
        at time: Timestamp
    ) -> LogID {
        guard own == stated.log, stated.sequence > 0, let log = logs[own] else { return own }
        if stated.sequence <= log.count, log.hashes[Int(stated.sequence) - 1] == stated.hash {
            return own
        }
        beginLog(descriptor, FilingHold(.behind, since: time))
        return own
    }
}
