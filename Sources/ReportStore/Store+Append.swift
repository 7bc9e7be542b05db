import LMDB
public import ReportModel

extension Store {
    /// Appends one filing as a new version, unless the current head has the same files.
    ///
    /// See ``ReportStoring``.
    public func append(_ filing: Filing) async throws(ReportError) -> FilingOutcome {
        let prepared = try PreparedFiling(filing)
        return try await writer().perform(byteCount: prepared.byteCount) { [self] transaction in
            try append(prepared, transaction)
        }
    }

    /// Appends filings in one transaction and waits, blocking the thread, for the commit.
    ///
    /// For programs that embed the store; each filing has its own result, and a refused one does
    /// not spoil the others.
    /// - Parameter filings: filings in order.
    /// - Returns: outcome or refusal of each.
    /// - Throws: ``ReportError`` when the transaction as a whole failed: then nothing was stored.
    public func appendBatch(
        _ filings: [Filing]
    ) throws(ReportError) -> [Result<FilingOutcome, ReportError>] {
        let isWriting = try writer().condition.busyFor != nil
        let prepared = PreparedFiling.prepare(filings, isWriting: isWriting)
        let byteCount = prepared.reduce(0) { $0 + ((try? $1.get())?.byteCount ?? 0) }
        // Asked anew: the derived tables may be made anew since.
        return try writer().performBlocking(
            byteCount: byteCount,
            fullByteCount: StoreLimits.fullBatchByteCount
        ) { [self] transaction in
            var results: [Result<FilingOutcome, ReportError>] = []
            for filing in prepared {
                do {
                    results.append(.success(try append(try filing.get(), transaction)))
                } catch let refusal as Refusal {
                    results.append(.failure(refusal.error))
                } catch let error as ReportError {
                    guard case .failure = filing else { throw error }
                    results.append(.failure(error))
                }
            }
            return results
        }
    }

    func append(
        _ filing: PreparedFiling,
        _ transaction: borrowing WriteTransaction
    ) throws -> FilingOutcome {
        let heads = HeadRows(tables: tables)
        let number = try KeyRows(tables: tables).number(ofHash: filing.keyHash, transaction)
        let current = try number.flatMap { number throws in
            try heads.row(number, transaction)
        }
        try check(filing, against: current)
        if let duplicate = try duplicate(of: filing, current, transaction) { return duplicate }
        var log = try appendableRow(transaction)
        var incoming = try makeEntry(filing, current, log, transaction)
        incoming.found = number.map { .number($0) } ?? .absent
        let arrivedAt = clock()
        try EntryApplier(tables: tables).apply(
            incoming,
            to: &log,
            arrivedAt: arrivedAt,
            transaction
        )
        try LogRows(tables: tables).put(log, transaction)
        return .stored(
            VersionInfo(
                key: filing.key.text,
                number: Int(incoming.entry.number),
                hash: incoming.hash,
                parents: incoming.entry.parents,
                log: incoming.entry.log,
                sequence: incoming.entry.sequence,
                recordedAt: incoming.entry.recordedAt,
                arrivedAt: arrivedAt,
                node: log.descriptor.name
            )
        )
    }

    /// The current version when it has the same files; older versions do not count.
    private func duplicate(
        of filing: PreparedFiling,
        _ current: HeadRow?,
        _ transaction: borrowing WriteTransaction
    ) throws -> FilingOutcome? {
        guard let current, let winner = current.heads.first,
            // What was taken back may be filed again.
            winner.status != VersionStatus.retracted.code, !filing.facts.sourceHashes.isEmpty,
            // So may what the node above will never get from the log that it is in.
            try !isUntaken(winner.place, transaction)
        else { return nil }
        let heads = HeadRows(tables: tables)
        var isSame = winner.sourceDigest == filing.facts.sourceDigest
        if !isSame, filing.facts.sourceHashes.count == 1,
            let held = try heads.facts(of: winner.place, transaction)
        {
            isSame = held.sourceHashes.contains(filing.facts.sourceHashes[0])
        }
        guard isSame else { return nil }
        let stored = try EntryRows(tables: tables).required(at: winner.place, transaction)
        return .duplicate(of: try heads.info(stored, key: filing.key.text, transaction))
    }

    private func check(_ filing: PreparedFiling, against current: HeadRow?) throws {
        let heads = current?.heads ?? []
        if let wanted = filing.ifVersion {
            let number = heads.first.map { Int($0.number) } ?? 0
            let others = current?.conflict ?? []
            guard number == wanted, others.isEmpty else {
                let message =
                    if number == 0 {
                        "the record does not exist yet"
                    } else if others.isEmpty {
                        "the current version is \(number)"
                    } else {
                        "the record has \(others.count + 1) current versions that contradict"
                    }
                throw Refusal(
                    error: ReportError(.conflict, message, details: ["current": .integer(number)])
                )
            }
        }
        if let basis = filing.basis, Set(basis) != Set(heads.map(\.hash)) {
            throw Refusal(
                error: ReportError(
                    .conflict,
                    "the record changed meanwhile",
                    hint: "try again",
                    details: ["stale": true]
                )
            )
        }
        guard heads.allSatisfy({ $0.number < StoreLimits.maximumVersionNumber }) else {
            throw Refusal(error: ReportError(.conflict, "the record has too many versions"))
        }
    }

    private func makeEntry(
        _ filing: PreparedFiling,
        _ current: HeadRow?,
        _ log: LogRow,
        _ transaction: borrowing WriteTransaction
    ) throws -> EntryApplier.Incoming {
        let entries = EntryRows(tables: tables)
        var bodies = filing.bodies
        var references = filing.references
        var compressed: [[UInt8]?]? = filing.compressed
        for (index, source) in filing.sources.enumerated() {
            guard let hash = source.heldEntry else { continue }
            guard let place = try entries.place(of: hash, transaction),
                let body = source.heldBody(in: try entries.required(at: place, transaction).entry),
                let held = try BodyRows(tables).body(
                    at: place,
                    index: body,
                    transaction
                ), held.kind == .source
            else {
                throw Refusal(error: ReportError(.notFound, "a file held before is not here"))
            }
            guard Hash256(hashing: held.bytes).hex == filing.sourceDigests[index] else {
                throw Refusal(
                    error: ReportError(.internal, "the record's sha256 of a file is not the file's")
                )
            }
            bodies[filing.firstSource + index] = held
            references[filing.firstSource + index] = held.reference
            // Mostly an alias comes of it, and nothing is compressed.
            compressed = nil
        }
        let heads = current?.heads ?? []
        var referred = heads.map(\.recordedAt)
        for subject in filing.subjects {
            guard let place = try entries.place(of: subject, transaction) else { continue }
            referred.append(try entries.required(at: place, transaction).entry.recordedAt)
        }
        let recordedAt = try nextTime(log, after: referred, transaction)
        let entry = Entry(
            kind: .submit,
            log: log.id,
            sequence: log.held + 1,
            previous: log.last,
            recordedAt: recordedAt,
            keyHash: filing.keyHash,
            number: 1 + (heads.map(\.number).max() ?? 0),
            // More than fit are named by the versions after this one.
            parents: heads.prefix(Entry.maximumParentCount).map(\.hash),
            subjects: filing.subjects,
            bodies: references
        )
        let header = entry.bytes
        return EntryApplier.Incoming(
            entry: entry,
            header: header,
            hash: Hash256(hashing: header),
            bodies: bodies,
            facts: filing.facts,
            compressed: compressed
        )
    }

    /// The clock, but never before the last entry of the log or any entry that is referred to.
    func nextTime<T: ReadOperations & ~Copyable>(
        _ log: LogRow,
        after referred: [Timestamp],
        _ transaction: borrowing T
    ) throws -> Timestamp {
        var time = clock()
        if let last = log.lastRecordedAt {
            time = max(time, last)
        } else if log.held > 0 {
            let last = EntryPlace(log: log.ref, sequence: log.held)
            let entry = try EntryRows(tables: tables).required(at: last, transaction).entry
            time = max(time, entry.recordedAt)
        }
        return referred.reduce(time) { max($0, $1) }
    }

    /// Signs the head of the own log when entries were added to it in this transaction.
    func signHead(_ transaction: borrowing WriteTransaction) throws {
        guard let key else { return }
        let logs = LogRows(tables: tables)
        var log = try ownRow(transaction)
        guard log.head?.size != log.held || log.head == nil else { return }
        log.head = SignedHead(
            log: log.descriptor.id,
            size: log.held,
            root: try MerkleRows(tables: tables).root(
                log: log.ref,
                size: log.held,
                transaction
            ),
            last: log.last,
            signedAt: clock(),
            key: key
        )
        try logs.put(log, transaction)
    }
}

extension Filing.Source {
    /// The entry that holds the file; nil when it comes with the filing.
    var heldEntry: Hash256? {
        switch self {
        case .bytes, .absent: nil
        case .held(let entry, _), .heldFile(let entry, _): entry
        }
    }

    /// Index of the file's body in the header of that entry.
    func heldBody(in entry: Entry) -> Int? {
        switch self {
        case .bytes, .absent: return nil
        case .held(_, let body): return entry.bodies.indices.contains(body) ? body : nil
        case .heldFile(_, let number):
            let files = entry.bodies.indices.filter { entry.bodies[$0].kind == .source }
            return files.indices.contains(number) ? files[number] : nil
        }
    }
}
