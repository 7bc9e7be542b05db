import LMDB
import ReportModel

/// The tables `heads` and `versions`.
struct HeadRows: Sendable {
    let tables: Tables

    private var keys: KeyRows { KeyRows(tables: tables) }
    private var entries: EntryRows { EntryRows(tables: tables) }
    private var judgements: JudgementRows { JudgementRows(tables: tables) }

    func row<T: ReadOperations & ~Copyable>(
        _ key: UInt64,
        _ transaction: borrowing T
    ) throws -> HeadRow? {
        let rowKey = RowKey.number(key)
        let value = try transaction.get(rowKey, in: tables.heads) { (value: RawSpan) throws in
            try Sealed.open(value, table: "heads", key: rowKey)
        }
        guard let value else { return nil }
        guard let row = HeadRow(value) else { throw Sealed.damaged("heads", rowKey) }
        return row
    }

    /// Versions of a key in ascending order of number.
    func versions<T: ReadOperations & ~Copyable>(
        of key: UInt64,
        from number: UInt32 = 0,
        through last: UInt32 = .max,
        _ transaction: borrowing T
    ) throws -> [StoredEntry] {
        var places: [EntryPlace] = []
        _ = try transaction.forEach(
            in: tables.versions,
            from: .including(RowKey.version(key, number)),
            to: .including(RowKey.version(key, last, [UInt8](repeating: 0xFF, count: 8)))
        ) { (rowKey: RawSpan, value: RawSpan) throws -> ScanStep in
            guard let place = value.withUnsafeBytes({ EntryPlace($0) }) else {
                throw Sealed.damaged("versions", rowKey.withUnsafeBytes { Array($0) })
            }
            places.append(place)
            return .continue
        }
        var versions: [StoredEntry] = []
        for place in places { versions.append(try entries.required(at: place, transaction)) }
        return versions
    }

    /// A version just written, which need not be read again.
    struct Known: Sendable {
        var stored: StoredEntry
        /// Text of its key; nil while no record has told it.
        var text: String?
        /// Name of the node that owns its log.
        var node: String
        /// Facts of its record; nil when it is absent.
        var facts: RecordFacts?
    }

    /// Takes a new version into the heads of its key.
    func add(
        _ head: HeadRow.Head,
        known: Known,
        key: UInt64,
        _ transaction: borrowing WriteTransaction
    ) throws {
        var head = head
        head.status = try state(head, at: .now, transaction).status.code
        guard let held = try row(key, transaction)?.heads else {
            return try put([head], knowing: known, key: key, transaction)
        }
        let parents = known.stored.entry.parents
        var heads = held
        if heads.count < StoreLimits.maximumHeadCount {
            heads.removeAll { $0.number < head.number && parents.contains($0.hash) }
            // A version that came before this one may have named it as parent already.
            let later = try versions(of: key, from: head.number + 1, transaction)
            if !later.contains(where: { $0.entry.parents.contains(head.hash) }) {
                heads.append(head)
            }
            heads.sort { $0.wins(over: $1) }
        } else {
            // Heads beyond the limit are not in the row, and may come back into it.
            heads = try self.heads(among: try versions(of: key, transaction), transaction)
        }
        guard !heads.isEmpty else { return }
        try put(heads, knowing: known, key: key, transaction)
    }

    /// Writes the rows of a key anew after an entry about one of its versions came.
    func refresh(_ key: UInt64, _ transaction: borrowing WriteTransaction) throws {
        guard let heads = try row(key, transaction)?.heads, !heads.isEmpty else { return }
        try put(heads, rereads: true, key: key, transaction)
    }

    /// Heads among versions, the winner first: those that no version of a greater number names.
    func heads<T: ReadOperations & ~Copyable>(
        among versions: [StoredEntry],
        at moment: Moment = .now,
        _ transaction: borrowing T
    ) throws -> [HeadRow.Head] {
        var named: [Hash256: UInt32] = [:]
        for stored in versions {
            for parent in stored.entry.parents {
                named[parent] = max(named[parent] ?? 0, stored.entry.number)
            }
        }
        var heads: [HeadRow.Head] = []
        for stored in versions where named[stored.hash] ?? 0 <= stored.entry.number {
            heads.append(
                HeadRow.Head(
                    number: stored.entry.number,
                    hash: stored.hash,
                    place: stored.place,
                    recordedAt: stored.entry.recordedAt,
                    status: 0,
                    sourceDigest: .zero
                )
            )
        }
        heads.sort { $0.wins(over: $1) }
        heads.removeSubrange(min(heads.count, StoreLimits.maximumHeadCount)...)
        for index in heads.indices {
            heads[index].sourceDigest =
                try facts(of: heads[index].place, transaction)?.sourceDigest ?? .zero
            heads[index].status = try state(heads[index], at: moment, transaction).status.code
        }
        return heads
    }

    /// Facts of a stored record; nil when its body is not here.
    func facts<T: ReadOperations & ~Copyable>(
        of place: EntryPlace,
        _ transaction: borrowing T
    ) throws -> RecordFacts? {
        guard
            let body = try BodyRows(tables).body(at: place, index: 0, transaction),
            body.kind == .record
        else { return nil }
        return RecordFacts(recordBytes: body.bytes)
    }

    /// What the entries that speak of a head make of it.
    private func state<T: ReadOperations & ~Copyable>(
        _ head: HeadRow.Head,
        at moment: Moment,
        _ transaction: borrowing T
    ) throws -> VersionState {
        let rows = try judgements.rows(about: head.hash, transaction)
        if rows.isEmpty { return VersionState() }
        let keyHash = try entries.required(at: head.place, transaction).entry.keyHash
        return VersionState(rows.filter { $0.keyHash == keyHash && $0.counts(at: moment) })
    }

    private func put(
        _ heads: [HeadRow.Head],
        knowing known: Known? = nil,
        rereads: Bool = false,
        key: UInt64,
        _ transaction: borrowing WriteTransaction
    ) throws {
        var heads = heads
        for index in heads.indices where rereads {
            heads[index].status = try state(heads[index], at: .now, transaction).status.code
            heads[index].sourceDigest =
                try facts(of: heads[index].place, transaction)?.sourceDigest ?? .zero
        }
        let made = try makeRows(heads, at: .now, knowing: known, key: key, transaction)
        try transaction.put(RowKey.number(key), Sealed.seal(made.row.bytes), in: tables.heads)
        if let text = try known?.text ?? keys.text(of: key, transaction) {
            let bytes = KeyRow.bytes(number: key, head: made.row)
            try transaction.put(Array(text.utf8), bytes, in: tables.keys)
            try FactRows(tables: tables)
                .put(made.winner, heads, facts: made.facts, key: key, text: text, transaction)
        }
    }

    /// The row that heads make at a moment.
    func makeRow<T: ReadOperations & ~Copyable>(
        _ heads: [HeadRow.Head],
        at moment: Moment = .now,
        key: UInt64,
        _ transaction: borrowing T
    ) throws -> HeadRow {
        try makeRows(heads, at: moment, knowing: nil, key: key, transaction).row
    }

    /// The row that heads make at a moment, with what it was made of.
    private func makeRows<T: ReadOperations & ~Copyable>(
        _ heads: [HeadRow.Head],
        at moment: Moment,
        knowing known: Known?,
        key: UInt64,
        _ transaction: borrowing T
    ) throws -> (row: HeadRow, winner: StoredEntry, facts: RecordFacts?) {
        guard let winner = heads.first else { throw Sealed.damaged("heads", RowKey.number(key)) }
        let mine = known.flatMap { $0.stored.hash == winner.hash ? $0 : nil }
        let stored = try mine?.stored ?? entries.required(at: winner.place, transaction)
        let text = try mine?.text ?? keys.text(of: key, transaction) ?? ""
        let state = try state(winner, at: moment, transaction)
        let reading = try judgements.reading(state, transaction)
        let facts =
            if reading == nil, let mine {
                mine.facts
            } else {
                try facts(of: reading ?? winner.place, transaction)
            }
        var version = try info(stored, key: text, state, node: mine?.node, transaction)
        version.conflict = HeadRow.conflict(heads)
        let summary = facts?.summary(version) ?? RecordSummary(withheld: version)
        var row = ByteWriter(capacity: 1024)
        summary.appendCanonical(
            to: &row,
            province: facts?.province,
            partKinds: facts?.partKinds ?? []
        )
        let made = HeadRow(
            heads: heads,
            suffix: Self.suffix(version),
            row: row.bytes,
            reading: reading
        )
        return (made, stored, facts)
    }

    /// What stands behind a stored record when it is got.
    static func suffix(_ version: VersionInfo) -> [UInt8] {
        var bytes = ByteWriter(capacity: 512)
        version.appendSuffix(to: &bytes)
        return bytes.bytes
    }

    /// A version as readers see it at a moment.
    func info<T: ReadOperations & ~Copyable>(
        _ stored: StoredEntry,
        key: String,
        at moment: Moment = .now,
        _ transaction: borrowing T
    ) throws -> VersionInfo {
        let state =
            stored.entry.kind == .submit
            ? try judgements.state(
                of: stored.hash,
                keyHash: stored.entry.keyHash,
                at: moment,
                transaction
            ) : VersionState()
        return try info(stored, key: key, state, transaction)
    }

    private func info<T: ReadOperations & ~Copyable>(
        _ stored: StoredEntry,
        key: String,
        _ state: VersionState,
        node: String? = nil,
        _ transaction: borrowing T
    ) throws -> VersionInfo {
        VersionInfo(
            key: key,
            number: Int(stored.entry.number),
            hash: stored.hash,
            parents: stored.entry.parents,
            log: stored.entry.log,
            sequence: stored.entry.sequence,
            recordedAt: stored.entry.recordedAt,
            arrivedAt: stored.arrivedAt,
            node: try node
                ?? LogRows(tables: tables).row(stored.place.log, transaction)
                .descriptor.name,
            comment: try judgements.comment(state, transaction),
            status: state.status
        )
    }
}
