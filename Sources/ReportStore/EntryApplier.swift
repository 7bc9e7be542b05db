import LMDB
import ReportModel

/// Writes an entry with everything that follows from it, within one transaction.
///
/// Own and foreign entries come through here alike, so that derived tables cannot differ.
struct EntryApplier: Sendable {
    /// An entry whose hashes and place were checked.
    struct Incoming: Sendable {
        var entry: Entry
        var header: [UInt8]
        var hash: Hash256
        /// Bodies by index in the header; nil where they are absent.
        var bodies: [Body?]
        /// Indices of absent bodies that an earlier version brought.
        var held: Set<Int> = []
        /// Facts of the record; nil when it is absent or not readable.
        var facts: RecordFacts?
        /// What is stored in place of the bytes of each body; nil: not made yet.
        var compressed: [[UInt8]?]?
        /// What was found under the hash of the key, when it was looked for already.
        var found = KeyRows.Found.unknown

        /// Compresses bodies outside the writer.
        mutating func compress() {
            compressed = bodies.map { $0.flatMap { BodyRows.compressed($0) } }
        }
    }

    let tables: Tables

    private var keys: KeyRows { KeyRows(tables: tables) }
    private var meta: Metadata { Metadata(tables) }

    /// Appends an entry to its log.
    /// - Parameters:
    ///   - incoming: the entry; its sequence is the next of the log.
    ///   - log: row of the log; moved on, not yet written.
    ///   - arrivedAt: this node's clock.
    ///   - transaction: the transaction of the batch.
    /// - Returns: hashes of entries that lost bodies, when this one is an erasure.
    /// - Throws: ``ReportError`` `integrity`, `LMDBError`; then the transaction must end.
    @discardableResult
    func apply(
        _ incoming: Incoming,
        to log: inout LogRow,
        arrivedAt: Timestamp,
        _ transaction: borrowing WriteTransaction
    ) throws -> [Hash256] {
        let whole = try withHeldFiles(incoming, transaction)
        let incoming = try WorkflowRows(tables: tables).withoutErased(whole, transaction)
        let held = try heldFiles(incoming, transaction)
        let place = EntryPlace(log: log.ref, sequence: incoming.entry.sequence)
        let arrival = try meta.increment(.arrival, transaction)
        try EntryRows(tables: tables).put(
            incoming.header,
            at: place,
            arrival: arrival,
            arrivedAt: arrivedAt,
            transaction
        )
        try addLeaf(incoming.hash, at: place, transaction)
        try putBodies(incoming, held, at: place, transaction)
        log.held = incoming.entry.sequence
        log.last = incoming.hash
        log.lastRecordedAt = incoming.entry.recordedAt
        let touched = try derive(
            incoming,
            at: place,
            arrival: arrival,
            log: log,
            arrivedAt,
            transaction
        )
        if let pending = tables.pending {
            pending.add(incoming, held: held, ref: log.ref)
            let isReduced = whole.bodies != incoming.bodies
            for hash in touched + (isReduced ? [incoming.hash] : []) {
                try tell(pending, of: hash, transaction)
            }
        }
        return touched
    }

    /// An entry with the files that its sender left out because they are held here, but for those that
    /// ``heldFiles(_:_:)`` names: an engine that is shared gets every entry whole.
    private func withHeldFiles(
        _ incoming: Incoming,
        _ transaction: borrowing WriteTransaction
    ) throws -> Incoming {
        guard let pending = tables.pending, !incoming.held.isEmpty else { return incoming }
        var whole = incoming
        for index in incoming.held where incoming.bodies[index] == nil {
            let reference = incoming.entry.bodies[index]
            guard let held = try heldBody(reference, of: incoming.entry, transaction) else {
                continue
            }
            // It may have come in this very transaction, and be nowhere else yet.
            var body = pending.body(held.place, index: held.index)
            if body == nil, !isLarge(held.head) {
                body = try BodyRows(tables).body(at: held.place, index: held.index, transaction)
            }
            guard let body, body.reference == reference else { continue }
            whole.bodies[index] = body
            whole.compressed?[index] = BodyRows.compressed(body)
        }
        return whole
    }

    /// Files that the sender of an entry left out and the shared engine keeps in pieces: each is read
    /// when it is sent, since entries may name more of them than memory holds.
    private func heldFiles(
        _ incoming: Incoming,
        _ transaction: borrowing WriteTransaction
    ) throws -> [SharedCommit.HeldFile] {
        guard let pending = tables.pending, !incoming.held.isEmpty else { return [] }
        var files: [SharedCommit.HeldFile] = []
        for index in incoming.held.sorted() where incoming.bodies[index] == nil {
            let reference = incoming.entry.bodies[index]
            guard reference.kind == .source,
                let held = try heldBody(reference, of: incoming.entry, transaction),
                isLarge(held.head)
            else { continue }
            // The one before may name it in this very transaction.
            let named = pending.heldFile(held.place, index: held.index)
            files.append(
                SharedCommit.HeldFile(
                    offset: 0,
                    index: index,
                    reference: reference,
                    salt: held.head.salt,
                    byteCount: Int(held.head.byteCount),
                    origin: named?.origin ?? held.place,
                    originIndex: named?.originIndex ?? held.index
                )
            )
        }
        return files
    }

    private func isLarge(_ head: BodyRows.Head) -> Bool {
        tables.files.map { head.byteCount >= UInt64($0.minimumByteCount) } ?? false
    }

    /// Notes which bodies of an entry nobody may hold any more.
    private func tell(
        _ pending: PendingCommit,
        of hash: Hash256,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let entries = EntryRows(tables: tables)
        guard let place = try entries.place(of: hash, transaction) else { return }
        let stored = try entries.required(at: place, transaction)
        let erased = try Erasures(tables: tables).erased(stored.entry, hash: hash, transaction)
        let loss = SharedCommit.Loss(
            log: stored.entry.log,
            sequence: stored.entry.sequence,
            bodies: erased.keys.sorted()
        )
        pending.add(loss)
    }

    private func addLeaf(
        _ hash: Hash256,
        at place: EntryPlace,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let added = try MerkleTree.append(hash, at: place.sequence - 1) { node throws(any Error) in
            try MerkleRows(tables: tables).hash(log: place.log, node, transaction)
        }
        for (node, hash) in added {
            try transaction.put(
                RowKey.merkle(place.log, level: node.level, index: node.index),
                hash.bytes,
                in: tables.merkle
            )
        }
    }

    private func putBodies(
        _ incoming: Incoming,
        _ files: [SharedCommit.HeldFile],
        at place: EntryPlace,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let rows = BodyRows(tables)
        for file in files {
            _ = try rows.putElsewhere(
                file.reference.kind,
                salt: file.salt,
                byteCount: file.byteCount,
                of: incoming.entry,
                at: place,
                index: file.index,
                transaction
            )
        }
        let named = Set(files.map(\.index))
        for (index, body) in incoming.bodies.enumerated()
        where body != nil || incoming.held.contains(index) && !named.contains(index) {
            let reference = incoming.entry.bodies[index]
            if let body,
                try rows.putElsewhere(
                    body.kind,
                    salt: body.salt,
                    byteCount: body.bytes.count,
                    of: incoming.entry,
                    at: place,
                    index: index,
                    transaction
                )
            {
                continue
            }
            if reference.kind == .source,
                let held = try heldBody(reference, of: incoming.entry, transaction)
            {
                try rows.putAlias(
                    of: (held.place, held.index),
                    kind: reference.kind,
                    salt: held.head.salt,
                    byteCount: held.head.byteCount,
                    at: place,
                    index: index,
                    transaction
                )
            } else if let body {
                try rows.put(
                    body,
                    compressed: incoming.compressed.map { $0[index] } ?? BodyRows.compressed(body),
                    at: place,
                    index: index,
                    transaction
                )
            }
        }
    }

    /// The place of the same body in a version that this one follows or took over.
    private func heldBody(
        _ reference: BodyReference,
        of entry: Entry,
        _ transaction: borrowing WriteTransaction
    ) throws -> (head: BodyRows.Head, place: EntryPlace, index: Int)? {
        let entries = EntryRows(tables: tables)
        for parent in entry.parents + (entry.kind == .submit ? entry.subjects : []) {
            guard let place = try entries.place(of: parent, transaction),
                let stored = try entries.entry(at: place, transaction),
                let index = stored.entry.bodies.firstIndex(of: reference),
                let origin = try BodyRows(tables).origin(
                    of: place,
                    index: index,
                    transaction
                )
            else { continue }
            return origin
        }
        return nil
    }

    /// Writes the rows of derived tables that follow from an entry.
    func derive(
        _ incoming: Incoming,
        at place: EntryPlace,
        arrival: UInt64,
        log: LogRow,
        _ arrivedAt: Timestamp,
        _ transaction: borrowing WriteTransaction
    ) throws -> [Hash256] {
        var number: UInt64 = 0
        if incoming.entry.keyHash != .zero {
            number = try keys.numberOrNew(
                hash: incoming.entry.keyHash,
                naming: incoming.facts?.reportKey,
                found: incoming.found,
                transaction
            )
            try transaction.put(
                RowKey.keyEntry(number, arrival),
                place.bytes,
                in: tables.keyEntries
            )
        }
        try transaction.put(
            RowKey.number(arrival),
            FeedRow(place: place, key: number, hash: incoming.hash).bytes,
            in: tables.feed
        )
        if incoming.entry.kind == .submit, number > 0 {
            let known = HeadRows.Known(
                stored: StoredEntry(
                    place: place,
                    arrival: arrival,
                    arrivedAt: arrivedAt,
                    header: incoming.header,
                    entry: incoming.entry,
                    hash: incoming.hash
                ),
                text: incoming.facts?.key,
                node: log.descriptor.name,
                facts: incoming.facts
            )
            try deriveVersion(incoming, known, key: number, transaction)
        }
        return try WorkflowRows(tables: tables)
            .derive(incoming, at: place, key: number, arrivedAt, transaction)
    }

    /// Keys of the rows that find the files of a version, with the index of each body.
    static func sourceRows(
        _ entry: Entry,
        _ facts: RecordFacts,
        key: UInt64,
        at place: EntryPlace
    ) -> [(index: Int, row: [UInt8])] {
        let indices = entry.bodies.indices.filter { entry.bodies[$0].kind == .source }
        return zip(facts.sourceHashes, indices).map { hash, index in
            var row = hash.bytes + RowKey.number(key) + place.bytes
            row.appendBigEndian(UInt16(index))
            return (index, row)
        }
    }

    private func deriveVersion(
        _ incoming: Incoming,
        _ known: HeadRows.Known,
        key: UInt64,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let entry = incoming.entry
        let place = known.stored.place
        try transaction.put(
            RowKey.version(key, entry.number, incoming.hash.bytes),
            place.bytes,
            in: tables.versions
        )
        _ = try meta.increment(.versionCount, transaction)
        if let facts = incoming.facts {
            let erased = try Erasures(tables: tables).erased(
                entry,
                hash: incoming.hash,
                transaction
            )
            for (index, row) in Self.sourceRows(entry, facts, key: key, at: place)
            where erased[index] == nil {
                try transaction.put(row, [UInt8](), in: tables.sourceHashes)
            }
        } else {
            try WorkflowRows(tables: tables).nameErasedKey(key, incoming, transaction)
        }
        let head = HeadRow.Head(
            number: entry.number,
            hash: incoming.hash,
            place: place,
            recordedAt: entry.recordedAt,
            status: 0,
            sourceDigest: incoming.facts?.sourceDigest ?? .zero
        )
        try HeadRows(tables: tables).add(
            head,
            known: known,
            key: key,
            transaction
        )
    }
}
