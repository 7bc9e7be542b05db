import LMDB
public import ReportModel

/// An entry that is not what its owner signed, as far as what is left of it tells.
public struct DamagedEntry: Hashable, Sendable {
    /// Its log.
    public var log: LogID
    /// Its place in the log.
    public var sequence: UInt64
    /// The key of the record; nil when nothing tells it any more.
    public var key: String?
    /// The version; nil when nothing tells it, or for an entry that makes none.
    public var version: Int?
    /// What is damaged: `header`, `tree`, `record`, `people`, `file 1`, `detail`.
    public var parts: [String]

    /// The entry as an object.
    public var json: JSONValue {
        [
            "log": .string(log.description), "sequence": .integer(Int(clamping: sequence)),
            "key": .optional(key), "version": .optional(version), "parts": .strings(parts),
        ]
    }

    // MARK: Names

    /// `KEY@N, record` of one body, for messages.
    static func part<T: ReadOperations & ~Copyable>(
        _ stored: StoredEntry,
        _ index: Int,
        _ store: Store,
        _ transaction: borrowing T
    ) -> String {
        let key = keyText(of: stored.place, store, transaction)
        let version = stored.entry.kind == .submit ? "@\(stored.entry.number)" : ""
        return [key.map { $0 + version }, name(index, of: stored.entry)].compactMap(\.self)
            .joined(separator: ", ")
    }

    static func name(_ index: Int, of entry: Entry) -> String {
        guard entry.bodies.indices.contains(index) else { return "body \(index)" }
        switch entry.bodies[index].kind {
        case .record: return "record"
        case .people: return "people"
        case .detail: return "detail"
        case .source:
            let number = entry.bodies[...index].count { $0.kind == .source }
            return "file \(number)"
        }
    }

    /// The key that the change feed tells of an entry, whose header may be damaged.
    static func keyText<T: ReadOperations & ~Copyable>(
        of place: EntryPlace,
        _ store: Store,
        _ transaction: borrowing T
    ) -> String? {
        var number: UInt64?
        if let stored = try? EntryRows(tables: store.tables).entry(at: place, transaction) {
            let row = try? transaction.copyValue(
                RowKey.number(stored.arrival),
                in: store.tables.feed
            )
            number = row.flatMap { FeedRow($0) }?.key
        } else {
            _ = try? transaction.forEach(in: store.tables.feed) {
                (_: RawSpan, value: RawSpan) throws -> ScanStep in
                guard let row = FeedRow(value.withUnsafeBytes { Array($0) }), row.place == place
                else { return .continue }
                number = row.key
                return .stop
            }
        }
        guard let number, number > 0 else { return nil }
        return try? KeyRows(tables: store.tables).text(of: number, transaction)
    }
}

extension Store {
    /// Entries with something damaged, with their names; what was erased or never sent is not.
    /// - Returns: at most a thousand.
    /// - Throws: ``ReportError`` when the store cannot be read at all.
    public func damagedEntries() async throws(ReportError) -> [DamagedEntry] {
        var found: [DamagedEntry] = []
        for state in try await logStates() {
            let log = state.descriptor.id
            var next: UInt64 = 0
            while found.count < StoreLimits.maximumProblemCount {
                let defects = try await defects(
                    of: log,
                    after: next,
                    limit: StoreLimits.reconciliationStepCount
                )
                for sequence in defects.sequences {
                    if let entry = try damaged(log, sequence) { found.append(entry) }
                }
                next = defects.upTo
                if defects.isEnd { break }
            }
        }
        return found
    }

    /// What is damaged of one entry; nil when it only lacks what was never here.
    private func damaged(_ log: LogID, _ sequence: UInt64) throws(ReportError) -> DamagedEntry? {
        try read { (transaction: borrowing ReadTransaction) throws -> DamagedEntry? in
            guard let row = try LogRows(tables: tables).row(of: log, transaction) else {
                return nil
            }
            let place = EntryPlace(log: row.ref, sequence: sequence)
            var found = DamagedEntry(log: log, sequence: sequence, parts: [])
            found.key = DamagedEntry.keyText(of: place, self, transaction)
            let stored = try? EntryRows(tables: tables).entry(at: place, transaction)
            guard let stored, stored.entry.log == log, stored.entry.sequence == sequence else {
                found.parts = ["header"]
                return found
            }
            if stored.entry.kind == .submit { found.version = Int(stored.entry.number) }
            if !isTreeWhole(stored, transaction) { found.parts.append("tree") }
            for (index, reference) in stored.entry.bodies.enumerated() {
                let name = DamagedEntry.name(index, of: stored.entry)
                do {
                    let body = try BodyRows(tables).body(
                        at: place,
                        index: index,
                        transaction
                    )
                    if let body, body.reference != reference { found.parts.append(name) }
                } catch {
                    // A file in a database that does not answer is not damaged here.
                    guard StoreFailure.reportError(error).code != .unreachable else { continue }
                    found.parts.append(name)
                }
            }
            return found.parts.isEmpty ? nil : found
        }
    }

    /// Whether the nodes of the tree that an entry made are those that follow from it.
    private func isTreeWhole<T: ReadOperations & ~Copyable>(
        _ stored: StoredEntry,
        _ transaction: borrowing T
    ) -> Bool {
        let leaf = MerkleTree.Node(level: 0, index: stored.place.sequence - 1)
        guard
            let node = try? MerkleRows(tables: tables).hash(
                log: stored.place.log,
                leaf,
                transaction
            ), node == MerkleTree.leaf(stored.hash),
            let wrong = try? wrongNodes(at: stored.place, transaction)
        else { return false }
        return wrong.isEmpty
    }
}
