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

    /// Takes a new version into the heads of its key.
    func add(
        _ head: HeadRow.Head,
        parents: [Hash256],
        facts: RecordFacts?,
        key: UInt64,
        _ transaction: borrowing WriteTransaction
    ) throws {
        var heads = try row(key, transaction)?.heads ?? []
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
        try put(heads, facts: winnerFacts, key: key, transaction)
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
        _ transaction: borrowing WriteTransaction
    ) throws {
        let row = try makeRow(heads, facts: facts, key: key, transaction)
        try transaction.put(RowKey.number(key), Sealed.seal(row.bytes), in: tables.heads)
        if let text = try keys.text(of: key, transaction) {
            let bytes = KeyRow.bytes(number: key, head: row)
            try transaction.put(Array(text.utf8), bytes, in: tables.keys)
            try FactRows(tables: tables).put(heads, facts: facts, key: key, text: text, transaction)
        }
    }

    /// The row that heads and facts make.
    func makeRow<T: ReadOperations & ~Copyable>(
        _ heads: [HeadRow.Head],
        facts: RecordFacts?,
        key: UInt64,
        _ transaction: borrowing T
    ) throws -> HeadRow {
        guard let winner = heads.first else { throw Sealed.damaged("heads", RowKey.number(key)) }
        let stored = try entries.required(at: winner.place, transaction)
        let text = try keys.text(of: key, transaction) ?? ""
        var version = try info(stored, key: text, transaction)
        version.conflict = HeadRow.conflict(heads)
        let summary = facts?.summary(version) ?? RecordSummary(withheld: version)
        var members = summary.json.objectValue ?? [:]
        members["province"] = .optional(facts?.province)
        members["partKinds"] = .strings(facts?.partKinds ?? [])
        return HeadRow(
            heads: heads,
            suffix: Self.suffix(version),
            row: JSONValue.object(members).canonicalBytes
        )
    }

    /// What stands behind a stored record when it is got.
    static func suffix(_ version: VersionInfo) -> [UInt8] {
        var bytes = Array(",\"status\":\"\(version.status.rawValue)\",\"version\":".utf8)
        version.json.appendCanonical(to: &bytes)
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
        return VersionInfo(
            key: key,
            number: Int(stored.entry.number),
            hash: stored.hash,
            parents: stored.entry.parents,
            log: stored.entry.log,
            sequence: stored.entry.sequence,
            recordedAt: stored.entry.recordedAt,
            arrivedAt: stored.arrivedAt,
            node: log.descriptor.name
        )
    }
}
