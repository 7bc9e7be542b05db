import Failpoints
import LMDB
public import ReportModel

extension Store {
    /// The log that this node appends to.
    public func ownLog() async throws(ReportError) -> LogID {
        try read { (transaction: borrowing ReadTransaction) throws in
            try ownRow(transaction).descriptor.id
        }
    }

    /// Every log held, in ascending order of identifier.
    public func logStates() async throws(ReportError) -> [LogState] { try logStatesNow() }

    /// The same on the calling thread.
    ///
    /// What was read of one snapshot is kept for those who ask next: each of a city's sessions looks after each
    /// commit.
    /// - Returns: the logs in ascending order of identifier.
    /// - Throws: ``ReportError`` when the store cannot be read.
    public func logStatesNow() throws(ReportError) -> [LogState] {
        try read { (transaction: borrowing ReadTransaction) throws in
            let snapshot = transaction.transactionID
            if let states = stateCache.states(of: snapshot) { return states }
            let states = try LogRows(tables: tables).all(transaction).map(\.state)
                .sorted { $0.position.log < $1.position.log }
            stateCache.put(states, of: snapshot)
            return states
        }
    }

    /// One log; nil when nothing of it is known.
    public func logState(_ log: LogID) async throws(ReportError) -> LogState? {
        try read { (transaction: borrowing ReadTransaction) throws in
            try LogRows(tables: tables).row(of: log, transaction)?.state
        }
    }

    /// Hash of the entry at a sequence; nil when it is not held.
    public func entryHash(
        log: LogID,
        sequence: UInt64
    ) async throws(ReportError) -> Hash256? {
        try read { (transaction: borrowing ReadTransaction) throws -> Hash256? in
            guard let ref = try LogRows(tables: tables).ref(of: log, transaction) else {
                return nil
            }
            let place = EntryPlace(log: ref, sequence: sequence)
            return try EntryRows(tables: tables).entry(at: place, transaction)?.hash
        }
    }

    /// Entries after a sequence, with the newest head and the proof; see ``ReportLog``.
    @concurrent public func batch(
        log: LogID,
        after sequence: UInt64,
        maximumCount: Int,
        maximumByteCount: Int,
        omitsBodies: (@Sendable (Entry) -> Bool)?
    ) async throws(ReportError) -> EntryBatch? {
        let read = { @Sendable () throws(ReportError) -> EntryBatch? in
            try self.batchNow(
                log: log,
                after: sequence,
                maximumCount: maximumCount,
                maximumByteCount: maximumByteCount,
                omitsBodies: omitsBodies
            )
        }
        guard let files = tables.files else { return try read() }
        return try await files.reading(read)
    }

    /// The same on the calling thread.
    func batchNow(
        log: LogID,
        after sequence: UInt64,
        maximumCount: Int,
        maximumByteCount: Int,
        omitsBodies: ((Entry) -> Bool)? = nil
    ) throws(ReportError) -> EntryBatch? {
        let maximumCount = max(1, maximumCount)
        return try read { (transaction: borrowing ReadTransaction) throws -> EntryBatch? in
            guard let row = try LogRows(tables: tables).row(of: log, transaction),
                let head = row.head
            else { return nil }
            let merkle = MerkleRows(tables: tables)
            // Of a log held in part only that much can be proved to lie under its head.
            let provable =
                row.held >= head.size
                ? head.size : try merkle.tail(of: row, transaction)?.held ?? 0
            guard provable > sequence else { return nil }
            var entries: [ReplicatedEntry] = []
            var byteCount = 0
            var next = sequence + 1
            while next <= provable, entries.count < maximumCount {
                let place = EntryPlace(log: row.ref, sequence: next)
                let entry = try replicated(place, omitsBodies: omitsBodies, transaction)
                byteCount += entry.byteCount
                if !entries.isEmpty, byteCount > maximumByteCount { break }
                entries.append(entry)
                next += 1
            }
            let last = sequence + UInt64(entries.count)
            guard let proof = try merkle.proof(of: row, from: last, transaction) else { return nil }
            return EntryBatch(
                log: log,
                first: sequence + 1,
                entries: entries,
                head: head,
                proof: proof
            )
        }
    }

    private func replicated<T: ReadOperations & ~Copyable>(
        _ place: EntryPlace,
        omitsBodies: ((Entry) -> Bool)?,
        _ transaction: borrowing T
    ) throws -> ReplicatedEntry {
        let stored = try EntryRows(tables: tables).required(at: place, transaction)
        if let omitsBodies, !stored.entry.bodies.isEmpty, omitsBodies(stored.entry) {
            return ReplicatedEntry(
                header: stored.header,
                bodies: stored.entry.bodies.map { _ in nil }
            )
        }
        let rows = BodyRows(tables)
        var replicated = ReplicatedEntry(header: stored.header, bodies: [])
        for (index, reference) in stored.entry.bodies.enumerated() {
            let body = try rows.sendable(at: place, index: index, transaction)
            replicated.bodies.append(body)
            guard reference.kind == .source, body != nil,
                let origin = try rows.origin(of: place, index: index, transaction)?.place,
                origin != place
            else { continue }
            let log = try LogRows(tables: tables).row(origin.log, transaction).descriptor.id
            replicated.origins[index] = ReplicatedEntry.Origin(log: log, sequence: origin.sequence)
        }
        return replicated
    }

    /// Keeps a peer's signed acknowledgement; returns after the disk has it.
    public func keep(_ acknowledgement: Acknowledgement) async throws(ReportError) {
        guard acknowledgement.isAuthentic else {
            throw ReportError(.integrity, "the acknowledgement is not signed by its node")
        }
        Failpoint.peerAcknowledgementKept.pass(.before)
        try await writer().perform(byteCount: Acknowledgement.byteCount) { [self] transaction in
            let position = acknowledgement.position
            guard let ref = try LogRows(tables: tables).ref(of: position.log, transaction) else {
                throw Refusal(error: ReportError(.notFound, "this log is not known here"))
            }
            let key =
                RowKey.number(ref) + acknowledgement.node.key.bytes
                + RowKey.number(position.sequence)
            if try !transaction.contains(key, in: tables.acks) {
                try transaction.put(key, Sealed.seal(acknowledgement.bytes), in: tables.acks)
                tables.pending?.add(.acknowledgement(acknowledgement))
            }
        }
        Failpoint.peerAcknowledgementKept.pass(.after)
    }

    /// How far a peer has acknowledged a log; nil when it never did.
    public func acknowledgement(
        log: LogID,
        from peer: NodeID
    ) async throws(ReportError) -> Acknowledgement? {
        try read { (transaction: borrowing ReadTransaction) throws -> Acknowledgement? in
            guard let ref = try LogRows(tables: tables).ref(of: log, transaction) else {
                return nil
            }
            return try acknowledgements(
                prefix: RowKey.number(ref) + peer.key.bytes,
                transaction
            ).last
        }
    }

    /// Acknowledgements whose row key begins with a prefix, in order.
    func acknowledgements<T: ReadOperations & ~Copyable>(
        prefix: [UInt8],
        _ transaction: borrowing T
    ) throws -> [Acknowledgement] {
        var found: [Acknowledgement] = []
        _ = try transaction.forEach(in: tables.acks, prefix: prefix, reversed: true, limit: 1) {
            (key: RawSpan, value: RawSpan) throws -> ScanStep in
            let keyBytes = key.withUnsafeBytes { Array($0) }
            let bytes = try Sealed.open(value, table: "acks", key: keyBytes)
            guard let acknowledgement = Acknowledgement(bytes) else {
                throw Sealed.damaged("acks", keyBytes)
            }
            found.append(acknowledgement)
            return .continue
        }
        return found
    }

    /// Signs that this node holds a position, with the time of its clock.
    ///
    /// The store must have been opened for writing: only then it has the key.
    /// - Parameter position: what ``accept(_:descriptor:)`` returned.
    /// - Returns: the signed acknowledgement.
    public func acknowledge(_ position: LogPosition) -> Acknowledgement {
        guard let key else {
            preconditionFailure("a store opened for reading signs nothing")
        }
        return Acknowledgement(position: position, receivedAt: clock(), key: key)
    }

    /// Number of commits since the store was opened.
    public var commitCount: UInt64 { commits.count }

    /// Returns when the number of commits differs from `seen`, with the new number.
    public func waitForCommit(after seen: UInt64) async -> UInt64 {
        await commits.wait(after: seen)
    }

    /// Regions of the records that entries of a batch are about; see ``ReportLog``.
    public func regions(of batch: EntryBatch) -> [String] { regions(of: batch, told: []) }

    /// Regions of the records that entries of a batch are about.
    /// - Parameters:
    ///   - batch: the entries.
    ///   - keys: keys that the sender told, each for entries that have its hash.
    /// - Returns: the regions, and `LogRegion.unknown` for what nothing tells.
    public func regions(of batch: EntryBatch, told keys: [String]) -> [String] {
        var regions: Set<String> = []
        // What speaks of a record may come in one batch with it, and tells its key itself: the record
        // may have been erased before it was sent, or stand in a log that never comes.
        var told: [Hash256: ReportKey] = [:]
        for text in keys {
            if let key = try? ReportKey(parsing: text) { told[Entry.keyHash(of: text)] = key }
        }
        for replicated in batch.entries {
            if let key = Self.key(of: replicated) { told[Entry.keyHash(of: key.text)] = key }
            if let (hash, key) = Self.statedKey(of: replicated) { told[hash] = key }
        }
        for replicated in batch.entries {
            guard let entry = Entry(replicated.header), entry.keyHash != .zero else { continue }
            // Only a key with the hash of the header: a record of another key may hang on it.
            guard let key = told[entry.keyHash] ?? knownKey(entry.keyHash) else {
                regions.insert(LogRegion.unknown)
                continue
            }
            regions.insert(key.city + (key.district.map { "/" + $0 } ?? ""))
        }
        return regions.sorted()
    }

    /// Region of the record that an entry is about, as `city[/district]`.
    /// - Parameter entry: any entry.
    /// - Returns: nil when no record of its key was seen here, and the entry tells no key.
    public func region(of entry: Entry) -> String? {
        guard entry.keyHash != .zero, let key = knownKey(entry.keyHash) ?? heldKey(of: entry)
        else { return nil }
        return key.city + (key.district.map { "/" + $0 } ?? "")
    }

    /// Text of the key of the record that an entry is about.
    /// - Parameter entry: any entry.
    /// - Returns: nil when no record of its key was seen here, and no entry told it.
    public func recordKey(of entry: Entry) -> String? {
        guard entry.keyHash != .zero else { return nil }
        return (knownKey(entry.keyHash) ?? heldKey(of: entry))?.text
    }

    private static func key(of entry: ReplicatedEntry) -> ReportKey? {
        guard let body = entry.bodies.first ?? nil, body.kind == .record else { return nil }
        if let header = Entry(entry.header),
            let key = RecordKeyScan.key(in: body.bytes, hash: header.keyHash)
        {
            return key
        }
        return RecordFacts(recordBytes: body.bytes)?.reportKey
    }

    /// The key that an entry says it speaks of, when the header has its hash.
    private static func statedKey(of entry: ReplicatedEntry) -> (Hash256, ReportKey)? {
        guard let header = Entry(entry.header),
            let body = entry.bodies.first(where: { $0?.kind == .detail }) ?? nil,
            let key = statedKey(in: try? JSONValue(parsing: body.bytes), hash: header.keyHash)
        else { return nil }
        return (header.keyHash, key)
    }

    /// The key in the words of an entry, when it has a hash.
    static func statedKey(in detail: JSONValue?, hash: Hash256) -> ReportKey? {
        guard let text = detail?["key"]?.stringValue, Entry.keyHash(of: text) == hash else {
            return nil
        }
        return try? ReportKey(parsing: text)
    }

    /// The key in the words of an entry that is held here.
    private func heldKey(of entry: Entry) -> ReportKey? {
        let detail = try? read { (transaction: borrowing ReadTransaction) throws -> JSONValue? in
            guard
                let place = try EntryRows(tables: tables).place(of: entry.hash, transaction)
            else { return nil }
            return try JudgementRows(tables: tables).detail(at: place, transaction)
        }
        return Self.statedKey(in: detail ?? nil, hash: entry.keyHash)
    }

    /// The key with a hash, when a record of it was seen here.
    private func knownKey(_ hash: Hash256) -> ReportKey? {
        let text = try? read { (transaction: borrowing ReadTransaction) throws -> String? in
            let keys = KeyRows(tables: tables)
            guard let number = try keys.number(ofHash: hash, transaction) else { return nil }
            return try keys.text(of: number, transaction)
        }
        return (text ?? nil).flatMap { try? ReportKey(parsing: $0) }
    }
}
