import LMDB
public import ReportModel

/// Mending entries and bodies by a peer's copy; see ``LogReconciling``.
extension Store {
    /// Puts what verifies in the place of what is damaged or absent; see ``LogReconciling``.
    public func repair(_ fetched: FetchedEntries) async throws(ReportError) -> LogRepair {
        var incoming: [EntryApplier.Incoming] = []
        var bad: [UInt64] = []
        var byteCount = 0
        for row in fetched.rows {
            let checked = row.entry.flatMap { entry in
                try? CheckedBatch.incoming(
                    entry,
                    log: fetched.log,
                    sequence: row.sequence,
                    previous: nil
                )
            }
            guard let checked else {
                bad.append(row.sequence)
                continue
            }
            byteCount += row.entry?.byteCount ?? 0
            incoming.append(checked)
        }
        let checked = incoming
        let (log, start) = (fetched.log, bad)
        return try await writer().perform(byteCount: byteCount) { [self] transaction in
            if isBeingRebuilt { throw Refusal(error: DerivedTables.refusal) }
            var repair = LogRepair()
            repair.remaining = start
            guard let row = try LogRows(tables: tables).row(of: log, transaction) else {
                repair.remaining += checked.map(\.entry.sequence)
                return repair
            }
            let trusted = try trusted(checked, of: row, transaction)
            for entry in checked {
                let sequence = entry.entry.sequence
                guard trusted.contains(sequence) else {
                    repair.remaining.append(sequence)
                    continue
                }
                do {
                    let place = EntryPlace(log: row.ref, sequence: sequence)
                    try mend(entry, at: place, &repair, transaction)
                } catch let error as ReportError where error.code == .integrity {
                    // A table that would say when it arrived is damaged as well.
                    repair.remaining.append(sequence)
                }
            }
            repair.remaining.sort()
            return repair
        }
    }

    /// Sequences of the entries that the log's owner signed for their places.
    ///
    /// Mostly the stored tree leads from the entry to the signed head. When it does not, the tree is made
    /// anew from all entries with these in their places; nodes that were damaged are then mended as well.
    private func trusted(
        _ entries: [EntryApplier.Incoming],
        of log: LogRow,
        _ transaction: borrowing WriteTransaction
    ) throws -> Set<UInt64> {
        guard let head = log.head, log.held > 0 else { return [] }
        let size = min(head.size, log.held)
        let root = try signedRoot(of: log, size, transaction)
        var trusted: Set<UInt64> = []
        for entry in entries where entry.entry.sequence <= size {
            if let root, isIncluded(entry, of: log, size, root, transaction) {
                trusted.insert(entry.entry.sequence)
            }
        }
        let missing = entries.filter { $0.entry.sequence <= size }
        guard trusted.count < missing.count, size == head.size else { return trusted }
        let replaced = Dictionary(
            missing.map { ($0.entry.sequence, $0.hash) },
            uniquingKeysWith: { first, _ in first }
        )
        var chain = ChainCheck(log: log)
        var nodes: [(node: MerkleTree.Node, hash: Hash256)] = []
        for sequence in 1...size {
            let place = EntryPlace(log: log.ref, sequence: sequence)
            let held = try? EntryRows(tables: tables).entry(at: place, transaction)?.hash
            guard let hash = replaced[sequence] ?? held else { return trusted }
            nodes += chain.add(hash)
        }
        guard chain.root == head.root else { return trusted }
        for (node, hash) in nodes {
            let key = RowKey.merkle(log.ref, level: node.level, index: node.index)
            if try transaction.copyValue(key, in: tables.merkle) != hash.bytes {
                try transaction.put(key, hash.bytes, in: tables.merkle)
            }
        }
        return Set(missing.map(\.entry.sequence))
    }

    /// Root of the first entries, when the head's signature covers it.
    private func signedRoot(
        of log: LogRow,
        _ size: UInt64,
        _ transaction: borrowing WriteTransaction
    ) throws -> Hash256? {
        guard let head = log.head, head.isAuthentic(for: log.descriptor) else { return nil }
        if size == head.size { return head.root }
        let merkle = MerkleRows(tables: tables)
        guard let root = try? merkle.root(log: log.ref, size: size, transaction),
            let proof = try? merkle.proof(of: log, from: size, transaction)
        else { return nil }
        let isSigned = MerkleTree.verifiesConsistency(
            old: size,
            oldRoot: root,
            size: head.size,
            root: head.root,
            proof: proof
        )
        return isSigned ? root : nil
    }

    private func isIncluded(
        _ entry: EntryApplier.Incoming,
        of log: LogRow,
        _ size: UInt64,
        _ root: Hash256,
        _ transaction: borrowing WriteTransaction
    ) -> Bool {
        let index = entry.entry.sequence - 1
        let path = try? MerkleTree.inclusionProof(of: index, size: size) { node throws(any Error) in
            try MerkleRows(tables: tables).hash(log: log.ref, node, transaction)
        }
        guard let path else { return false }
        return MerkleTree.verifiesInclusion(
            of: entry.hash,
            at: index,
            size: size,
            root: root,
            proof: path
        )
    }

    /// Writes what is damaged or absent of one entry.
    private func mend(
        _ incoming: EntryApplier.Incoming,
        at place: EntryPlace,
        _ repair: inout LogRepair,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let held = try? EntryRows(tables: tables).entry(at: place, transaction)
        if held?.hash != incoming.hash {
            let (arrival, time) = try arrival(of: place, transaction)
            try EntryRows(tables: tables).put(
                incoming.header,
                at: place,
                arrival: arrival,
                arrivedAt: time,
                transaction
            )
            repair.entryCount += 1
        }
        let leaf = RowKey.merkle(place.log, level: 0, index: place.sequence - 1)
        let leafHash = MerkleTree.leaf(incoming.hash).bytes
        if try transaction.copyValue(leaf, in: tables.merkle) != leafHash {
            try transaction.put(leaf, leafHash, in: tables.merkle)
        }
        for (node, hash) in try wrongNodes(at: place, transaction) {
            let key = RowKey.merkle(place.log, level: node.level, index: node.index)
            try transaction.put(key, hash.bytes, in: tables.merkle)
        }
        let erased = try Erasures(tables: tables)
            .erased(incoming.entry, hash: incoming.hash, transaction)
        let rows = BodyRows(tables)
        var isWhole = true
        var isWithheld = false
        var isLate = false
        for (index, body) in incoming.bodies.enumerated() where erased[index] == nil {
            let reference = incoming.entry.bodies[index]
            var isAbsent = false
            do {
                let old = try rows.body(at: place, index: index, transaction)
                if old?.reference == reference { continue }
                isAbsent = old == nil
            } catch {
                // Damaged: it is replaced.
            }
            guard let body else {
                // What is absent at both may be somebody else's; damage is not.
                if isAbsent { isWithheld = true } else { isWhole = false }
                continue
            }
            try rows.removeDamaged(at: place, index: index, transaction)
            try rows.put(
                body,
                compressed: incoming.compressed.map { $0[index] } ?? BodyRows.compressed(body),
                at: place,
                index: index,
                transaction
            )
            repair.bodyCount += 1
            guard isAbsent else { continue }
            if body.kind == .record || body.kind == .detail { isLate = true }
            repair.needsReindex = true
        }
        if isLate {
            var held = incoming
            if erased[0] != nil { held.facts = nil }
            try EntryApplier(tables: tables)
                .deriveLate(held, at: place, erased: Set(erased.keys), transaction)
        }
        if !isWhole {
            repair.remaining.append(place.sequence)
        } else if isWithheld {
            repair.withheld.append(place.sequence)
        }
    }

    /// When an entry arrived, by the change feed and the entry that arrived before it.
    private func arrival(
        of place: EntryPlace,
        _ transaction: borrowing WriteTransaction
    ) throws -> (UInt64, Timestamp) {
        var found: UInt64?
        _ = try transaction.forEach(in: tables.feed) {
            (key: RawSpan, value: RawSpan) throws -> ScanStep in
            let row = value.withUnsafeBytes { Array($0.prefix(EntryPlace.byteCount)) }
            guard row == place.bytes else { return .continue }
            var reader = ByteReader(key.withUnsafeBytes { Array($0) }[...])
            found = reader.integer(UInt64.self)
            return .stop
        }
        guard let found else { throw Sealed.damaged("feed", place.bytes) }
        var time = Timestamp(milliseconds: 0)
        if let value = try transaction.copyValue(place.bytes, in: tables.entries), value.count >= 24
        {
            // The checksum does not hold any more; where the number is right the time mostly is, too.
            var reader = ByteReader(value[8...])
            if reader.integer(UInt64.self) == found, let stored = reader.integer(UInt64.self) {
                time = Timestamp(milliseconds: stored)
            }
        }
        let (lower, upper) = try neighbours(of: found, transaction)
        return (found, min(max(time, lower), upper))
    }

    /// Times of the entries that arrived just before and after.
    private func neighbours(
        of arrival: UInt64,
        _ transaction: borrowing WriteTransaction
    ) throws -> (Timestamp, Timestamp) {
        func time(_ number: UInt64) -> Timestamp? {
            guard let row = try? transaction.copyValue(RowKey.number(number), in: tables.feed),
                let place = EntryPlace(row.prefix(EntryPlace.byteCount))
            else { return nil }
            return (try? EntryRows(tables: tables).entry(at: place, transaction))?.arrivedAt
        }
        let before = arrival > 1 ? time(arrival - 1) : nil
        let after = time(arrival + 1)
        let lower = before ?? after ?? clock()
        return (lower, max(lower, after ?? lower))
    }
}

extension BodyRows {
    /// Removes every row of a body, whatever its head says.
    func removeDamaged(
        at place: EntryPlace,
        index: Int,
        _ transaction: borrowing WriteTransaction
    ) throws {
        var prefix = place.bytes
        prefix.appendBigEndian(UInt16(clamping: index))
        var keys: [[UInt8]] = []
        _ = try transaction.forEach(in: table, prefix: prefix) {
            (key: RawSpan, _: RawSpan) throws -> ScanStep in
            keys.append(key.withUnsafeBytes { Array($0) })
            return .continue
        }
        for key in keys { _ = try transaction.delete(key, in: table) }
    }
}
