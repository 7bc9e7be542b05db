import LMDB
import ReportModel

/// The tables `heads` and `versions`.
struct HeadRows: Sendable {
    let tables: Tables

    private var keys: KeyRows { KeyRows(tables: tables) }
    private var entries: EntryRows { EntryRows(tables: tables) }

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
    }

    /// Takes a new version into the heads of its key.
    func add(
        _ head: HeadRow.Head,
        known: Known,
        facts: RecordFacts?,
        key: UInt64,
        _ transaction: borrowing WriteTransaction
    ) throws {
        guard let held = try row(key, transaction)?.heads else {
            return try put([head], facts: facts, key: key, known: known, transaction)
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
        guard let winner = heads.first else { return }
        let winnerFacts: RecordFacts?
        if winner.hash == head.hash {
            winnerFacts = facts
        } else {
            winnerFacts = try self.facts(of: winner.place, transaction)
        }
        try put(heads, facts: winnerFacts, key: key, known: known, transaction)
    }

    /// Heads among versions, the winner first: those that no version of a greater number names.
    func heads<T: ReadOperations & ~Copyable>(
        among versions: [StoredEntry],
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
        }
        return heads
    }

    /// Facts of a stored record; nil when its body is not here.
    func facts<T: ReadOperations & ~Copyable>(
        of place: EntryPlace,
        _ transaction: borrowing T
    ) throws -> RecordFacts? {
        guard
            let body = try BodyRows(table: tables.bodies).body(at: place, index: 0, transaction),
            body.kind == .record
        else { return nil }
        return RecordFacts(recordBytes: body.bytes)
    }

    private func put(
        _ heads: [HeadRow.Head],
        facts: RecordFacts?,
        key: UInt64,
        known: Known? = nil,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let row = try makeRow(heads, facts: facts, key: key, known: known, transaction)
        try transaction.put(RowKey.number(key), Sealed.seal(row.bytes), in: tables.heads)
        if let text = try known?.text ?? keys.text(of: key, transaction) {
            let bytes = KeyRow.bytes(number: key, head: row)
            try transaction.put(Array(text.utf8), bytes, in: tables.keys)
        }
    }

    /// The row that heads and facts make.
    func makeRow<T: ReadOperations & ~Copyable>(
        _ heads: [HeadRow.Head],
        facts: RecordFacts?,
        key: UInt64,
        known: Known? = nil,
        _ transaction: borrowing T
    ) throws -> HeadRow {
        guard let winner = heads.first else { throw Sealed.damaged("heads", RowKey.number(key)) }
        var version: VersionInfo
        if let known, known.stored.place == winner.place {
            let text = try known.text ?? keys.text(of: key, transaction)
            version = Self.info(known.stored, key: text ?? "", node: known.node)
        } else {
            let stored = try entries.required(at: winner.place, transaction)
            version = try info(stored, key: try keys.text(of: key, transaction) ?? "", transaction)
        }
        version.conflict = HeadRow.conflict(heads)
        let summary = facts?.summary(version) ?? RecordSummary(withheld: version)
        var row: [UInt8] = []
        row.reserveCapacity(768)
        summary.appendCanonical(
            to: &row,
            province: facts?.province,
            partKinds: facts?.partKinds ?? []
        )
        return HeadRow(heads: heads, suffix: Self.suffix(version), row: row)
    }

    /// What stands behind a stored record when it is got.
    static func suffix(_ version: VersionInfo) -> [UInt8] {
        var bytes = Array(",\"status\":\"\(version.status.rawValue)\",\"version\":".utf8)
        version.appendCanonical(to: &bytes)
        bytes.append(contentsOf: "}\n".utf8)
        return bytes
    }

    /// A version as readers see it.
    func info<T: ReadOperations & ~Copyable>(
        _ stored: StoredEntry,
        key: String,
        _ transaction: borrowing T
    ) throws -> VersionInfo {
        let log = try LogRows(tables: tables).row(stored.place.log, transaction)
        return Self.info(stored, key: key, node: log.descriptor.name)
    }

    private static func info(_ stored: StoredEntry, key: String, node: String) -> VersionInfo {
        VersionInfo(
            key: key,
            number: Int(stored.entry.number),
            hash: stored.hash,
            parents: stored.entry.parents,
            log: stored.entry.log,
            sequence: stored.entry.sequence,
            recordedAt: stored.entry.recordedAt,
            arrivedAt: stored.arrivedAt,
            node: node
        )
    }
}
