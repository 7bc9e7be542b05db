import ReportModel

/// A batch whose headers, salted hashes and head were checked, outside the writer.
public struct CheckedBatch: Sendable {
    var descriptor: LogDescriptor
    var head: SignedHead
    var proof: [Hash256]
    var first: UInt64
    var entries: [EntryApplier.Incoming] = []
    var byteCount = 0
    /// Whether entries of the node's own log are taken: they come from an engine that it writes to.
    var takesOwn = false

    /// The batch as it came.
    var replicated: EntryBatch {
        EntryBatch(
            log: descriptor.id,
            first: first,
            entries: entries.map { ReplicatedEntry(header: $0.header, bodies: $0.bodies) },
            head: head,
            proof: proof
        )
    }

    /// Sequence of the last entry.
    var last: UInt64 { first + UInt64(entries.count) - 1 }

    init(_ batch: EntryBatch, descriptor: LogDescriptor) throws(ReportError) {
        guard descriptor.id == batch.log, batch.head.log == batch.log,
            batch.head.isAuthentic(for: descriptor)
        else { throw Self.wrong("the head of the log is not signed by its owner") }
        guard !batch.entries.isEmpty, batch.first > 0 else {
            throw Self.wrong("the batch is empty")
        }
        guard batch.head.size <= StoreLimits.maximumSequence, batch.first <= batch.head.size,
            UInt64(batch.entries.count) <= batch.head.size - batch.first + 1
        else { throw Self.wrong("the head does not cover the entries") }
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
        for (before, after) in zip(entries, entries.dropFirst())
        where after.entry.recordedAt < before.entry.recordedAt {
            throw Self.wrong("entry \(after.entry.sequence) is older than the one before it")
        }
        if last == head.size, head.last != previous {
            throw Self.wrong("the head names another last entry")
        }
    }

    static func incoming(
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
        // Where a record is written as the store writes it, reading it tells where its files are named,
        // which its hash leaves out.
        var read: (outline: RecordOutline, sources: Int)?
        for (index, reference) in entry.bodies.enumerated() {
            guard let body = replicated.bodies[index] else { continue }
            guard body.bytes.count <= StoreLimits.maximumBodyByteCount else {
                throw wrong("a body of entry \(sequence) has more than 64 MiB")
            }
            if index == 0, body.kind == .record {
                read = RecordOutline.read(canonical: body.bytes)
            }
            let found =
                if index == 0, let read {
                    body.reference(ofRecordWithSourcesAt: read.sources)
                } else {
                    body.reference
                }
            guard found == reference else {
                throw wrong("a body of entry \(sequence) is not the one that was signed")
            }
        }
        var facts: RecordFacts?
        if entry.kind == .submit || entry.kind == .reparse {
            guard entry.kind == .submit ? makesVersion(entry) : makesReading(entry) else {
                throw wrong("entry \(sequence) makes no version")
            }
            if let record = replicated.bodies[0] {
                facts = RecordFacts(foreignRecordBytes: record.bytes, outline: read?.outline)
                guard let key = facts?.key, Entry.keyHash(of: key) == entry.keyHash else {
                    throw wrong("the record of entry \(sequence) has another key")
                }
            }
        }
        var incoming = EntryApplier.Incoming(
            entry: entry,
            header: replicated.header,
            hash: Hash256(hashing: replicated.header),
            bodies: replicated.bodies,
            facts: facts
        )
        incoming.held = replicated.held.filter { index in
            entry.bodies.indices.contains(index) && entry.bodies[index].kind == .source
        }
        incoming.compress()
        return incoming
    }

    /// Whether a `submit` has what a version needs.
    ///
    /// Looks at the header alone, so that every node decides alike.
    private static func makesVersion(_ entry: Entry) -> Bool {
        (1...StoreLimits.maximumVersionNumber).contains(entry.number)
            && entry.parents.isEmpty == (entry.number == 1) && entry.keyHash != .zero
            && entry.bodies.first?.kind == .record
            && !entry.bodies.dropFirst().contains { $0.kind == .record }
    }

    /// Whether a `reparse` has what a reading needs, by its header alone.
    private static func makesReading(_ entry: Entry) -> Bool {
        entry.number == 0 && entry.parents.isEmpty && entry.subjects.count == 1
            && entry.keyHash != .zero && entry.bodies.first?.kind == .record
            && !entry.bodies.dropFirst().contains { $0.kind == .record || $0.kind == .source }
    }

    private static func wrong(_ message: String) -> ReportError {
        ReportError(.integrity, message)
    }
}
