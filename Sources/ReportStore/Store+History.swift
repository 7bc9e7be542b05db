import LMDB
public import ReportModel

extension Store {
    /// Every entry about one key, oldest first; see ``ReportStoring``.
    public func history(_ lookup: Lookup) async throws(ReportError) -> [HistoryItem] {
        try read { (transaction: borrowing ReadTransaction) throws -> [HistoryItem] in
            let hit = try single(lookup, at: .now, transaction)
            let places = try places(ofKey: hit.number, transaction)
            let row = try HeadRows(tables: tables).row(hit.number, transaction)
            var items: [(rank: UInt32, item: HistoryItem)] = []
            for place in places {
                var item = try self.item(place, key: hit.key.text, transaction)
                if item.version.hash == row?.heads.first?.hash {
                    item.version.conflict = row?.conflict ?? []
                }
                items.append((try rank(place, transaction), item))
            }
            // The order of arrival differs from node to node, this one does not.
            items.sort { left, right in
                let (first, second) = (left.item.version, right.item.version)
                return (first.recordedAt.milliseconds, left.rank, first.log, first.sequence)
                    < (second.recordedAt.milliseconds, right.rank, second.log, second.sequence)
            }
            return items.map(\.item)
        }
    }

    /// Number of the version that an entry makes or speaks of, twice; one more for what speaks of it.
    private func rank<T: ReadOperations & ~Copyable>(
        _ place: EntryPlace,
        depth: Int = 0,
        _ transaction: borrowing T
    ) throws -> UInt32 {
        let entries = EntryRows(tables: tables)
        let entry = try entries.required(at: place, transaction).entry
        guard entry.number == 0 else { return 2 * entry.number }
        guard let subject = entry.subjects.first,
            let place = try entries.place(of: subject, transaction)
        else { return .max }
        let number = try entries.required(at: place, transaction).entry.number
        guard number == 0 else { return 2 * number + 1 }
        // An erasure of words about a version comes behind what it erases.
        guard depth < 2 else { return .max }
        let rank = try rank(place, depth: depth + 1, transaction)
        return rank == .max ? .max : rank + 1
    }

    /// Places of every entry about a key, in order of arrival.
    func places<T: ReadOperations & ~Copyable>(
        ofKey number: UInt64,
        _ transaction: borrowing T
    ) throws -> [EntryPlace] {
        var places: [EntryPlace] = []
        _ = try transaction.forEach(
            in: tables.keyEntries,
            prefix: RowKey.number(number)
        ) { (key: RawSpan, value: RawSpan) throws -> ScanStep in
            guard let place = value.withUnsafeBytes({ EntryPlace($0) }) else {
                throw Sealed.damaged("keyEntries", key.withUnsafeBytes { Array($0) })
            }
            places.append(place)
            return .continue
        }
        return places
    }

    private func item<T: ReadOperations & ~Copyable>(
        _ place: EntryPlace,
        key: String,
        arrival: UInt64? = nil,
        _ transaction: borrowing T
    ) throws -> HistoryItem {
        let stored = try EntryRows(tables: tables).required(at: place, transaction)
        var version = try HeadRows(tables: tables).info(stored, key: key, transaction)
        let detail =
            stored.entry.kind == .submit && arrival == nil
            ? try move(to: stored, transaction) : try detail(stored, transaction)
        if let status = Self.status(given: stored.entry) {
            version.status = status
            version.comment = (detail?["comment"] ?? detail?["reason"])?.stringValue
        }
        let facts =
            stored.entry.kind == .submit
            ? try HeadRows(tables: tables).facts(of: place, transaction) : nil
        return HistoryItem(
            arrival: arrival,
            kind: stored.entry.kind,
            version: version,
            findings: facts?.findings,
            sources: facts?.sourceNames ?? [],
            detail: detail,
            about: try about(stored.entry, transaction)
        )
    }

    /// The status that a judgement gives; nil for other entries, and for one that takes another back.
    private static func status(given entry: Entry) -> VersionStatus? {
        switch entry.kind {
        case .review:
            switch entry.verdict {
            case .approve?: .approved
            case .returned?: .returned
            default: nil
            }
        case .retract, .rekey: .retracted
        default: nil
        }
    }

    /// Versions that an entry speaks of.
    func about<T: ReadOperations & ~Copyable>(
        _ entry: Entry,
        _ transaction: borrowing T
    ) throws -> [String] {
        let entries = EntryRows(tables: tables)
        return try entry.subjects.prefix(StoreLimits.maximumCandidateCount).map { subject in
            guard let place = try entries.place(of: subject, transaction) else {
                return subject.shortHex
            }
            let number = try entries.required(at: place, transaction).entry.number
            return "\(number)-\(subject.shortHex)"
        }
    }

    /// What the move says that brought a version to its key; nil when none did.
    ///
    /// A move stands in the log of the version that it made, and under the key that this one came from.
    private func move<T: ReadOperations & ~Copyable>(
        to version: StoredEntry,
        _ transaction: borrowing T
    ) throws -> JSONValue? {
        guard !version.entry.subjects.isEmpty else { return nil }
        let judgements = JudgementRows(tables: tables)
        let row = try judgements.rows(about: version.hash, transaction).first { row in
            row.kind == .rekey && row.log == version.entry.log
                && row.keyHash != version.entry.keyHash
        }
        return try row.flatMap { row in try judgements.detail(at: row.place, transaction) }
    }

    /// What a note or judgement says; nil for a version, and when its body is not here.
    private func detail<T: ReadOperations & ~Copyable>(
        _ stored: StoredEntry,
        _ transaction: borrowing T
    ) throws -> JSONValue? {
        guard let index = stored.entry.bodies.firstIndex(where: { $0.kind == .detail }) else {
            return nil
        }
        let rows = BodyRows(tables)
        let body = try rows.body(at: stored.place, index: index, transaction)
        return body.flatMap { try? JSONValue(parsing: $0.bytes) }
    }

    /// Entries in order of arrival; see ``ReportStoring``.
    public func changes(
        after arrival: UInt64,
        matching lookup: Lookup?,
        limit: Int
    ) async throws(ReportError) -> (items: [HistoryItem], upTo: UInt64) {
        let limit = min(max(1, limit), StoreLimits.maximumChangeCount)
        return try read {
            (transaction: borrowing ReadTransaction) throws -> (items: [HistoryItem], upTo: UInt64)
            in
            var rows: [(arrival: UInt64, place: EntryPlace, key: UInt64)] = []
            _ = try transaction.forEach(
                in: tables.feed,
                from: .excluding(RowKey.number(arrival)),
                limit: limit
            ) { (key: RawSpan, value: RawSpan) throws -> ScanStep in
                let keyBytes = key.withUnsafeBytes { Array($0) }
                let valueBytes = value.withUnsafeBytes { Array($0) }
                var keyReader = ByteReader(keyBytes[...])
                var reader = ByteReader(valueBytes.dropFirst(EntryPlace.byteCount))
                guard let number = keyReader.integer(UInt64.self),
                    let place = EntryPlace(valueBytes), let key = reader.integer(UInt64.self)
                else { throw Sealed.damaged("feed", keyBytes) }
                rows.append((number, place, key))
                return .continue
            }
            let alternatives = lookup?.expanded(by: divisions)
            var items: [HistoryItem] = []
            for row in rows {
                let text = try KeyRows(tables: tables).text(of: row.key, transaction)
                if let alternatives {
                    guard let key = text.flatMap({ try? ReportKey(parsing: $0) }),
                        alternatives.contains(where: { $0.matches(key, stage: .gaps) })
                    else { continue }
                }
                items.append(
                    try item(row.place, key: text ?? "", arrival: row.arrival, transaction)
                )
            }
            return (items, rows.last?.arrival ?? arrival)
        }
    }

    /// Logs whose newest stamp is flagged; stamps of a log never go back, so no earlier one is looked at.
    ///
    /// An entry that cannot be read is the matter of `verify`.
    private func aheadOfClock(
        _ logs: [LogRow],
        _ transaction: borrowing ReadTransaction
    ) -> [LogID: Timestamp] {
        let now = clock()
        var ahead: [LogID: Timestamp] = [:]
        for log in logs where log.held > 0 {
            let place = EntryPlace(log: log.ref, sequence: log.held)
            guard let last = try? EntryRows(tables: tables).entry(at: place, transaction),
                last.entry.recordedAt.isAhead(of: now)
            else { continue }
            ahead[log.descriptor.id] = last.entry.recordedAt
        }
        return ahead
    }

    /// Figures of the store; see ``ReportStoring``.
    public func status() async throws(ReportError) -> StoreStatus {
        let information = try StoreFailure.mapped { try environment.information }
        return try read { (transaction: borrowing ReadTransaction) throws -> StoreStatus in
            let meta = Metadata(tables)
            let logs = try LogRows(tables: tables).all(transaction)
            var newest: [Acknowledgement] = []
            for log in logs { newest += try newestAcknowledgements(log.ref, transaction) }
            let own = try ownRow(transaction)
            var status = StoreStatus(
                node: node,
                name: nodeName,
                ownLog: own.descriptor.id,
                logs: logs.map(\.state),
                keyCount: Int(clamping: try meta.counter(.keyCount, transaction)),
                versionCount: Int(clamping: try meta.counter(.versionCount, transaction)),
                arrival: try meta.counter(.arrival, transaction),
                usedByteCount: information.usedByteCount,
                acknowledgements: newest
            )
            status.disk = diskCondition
            status.hold = try Self.hold(tables, transaction)
            status.aheadOfClock = aheadOfClock(logs, transaction)
            return status
        }
    }

    /// The newest acknowledgement of each peer for one log.
    func newestAcknowledgements<T: ReadOperations & ~Copyable>(
        _ ref: UInt32,
        _ transaction: borrowing T
    ) throws -> [Acknowledgement] {
        var newest: [Acknowledgement] = []
        let prefix = RowKey.number(ref)
        var after: [UInt8] = prefix
        while true {
            var peer: [UInt8]?
            _ = try transaction.forEach(
                in: tables.acks,
                from: .including(after),
                limit: 1
            ) { (key: RawSpan, _: RawSpan) throws -> ScanStep in
                let bytes = key.withUnsafeBytes { Array($0) }
                if bytes.starts(with: prefix) { peer = Array(bytes[..<36]) }
                return .stop
            }
            guard let peer else { return newest }
            newest += try acknowledgements(prefix: peer, transaction)
            after = peer + [UInt8](repeating: 0xFF, count: 9)
        }
    }
}
