import LMDB
public import ReportModel

/// Comparing a log with a peer's copy of it; see ``LogReconciling``.
extension Store {
    /// Hashes of nodes of a log's tree; see ``LogReconciling``.
    public func hashes(
        of nodes: TreeNodes,
        fromEntries: Bool
    ) async throws(ReportError) -> TreeNodes {
        let row = try read { (transaction: borrowing ReadTransaction) throws in
            try LogRows(tables: tables).row(of: nodes.log, transaction)
        }
        var told = nodes
        told.hashes = []
        for node in nodes.nodes.prefix(TreeNodes.maximumCount) {
            guard let row, nodes.size <= row.held,
                let leaves = TreeNodes.leaves(of: node, size: nodes.size)
            else {
                told.hashes.append(.zero)
                continue
            }
            let hash =
                fromEntries
                ? try entryTree(of: row, leaves) : try storedTree(of: row, leaves)
            told.hashes.append(hash ?? .zero)
        }
        return told
    }

    /// Root over a range of entries by their headers; nil when one cannot be read.
    private func entryTree(
        of log: LogRow,
        _ leaves: Range<UInt64>
    ) throws(ReportError) -> Hash256? {
        var chain = ChainCheck(log: log)
        var next = leaves.lowerBound + 1
        while next <= leaves.upperBound {
            let last = min(
                leaves.upperBound,
                next + UInt64(StoreLimits.reconciliationStepCount) - 1
            )
            let step = next...last
            // A snapshot for each step, so that none is held for long.
            let grown = try read { (transaction: borrowing ReadTransaction) throws -> ChainCheck? in
                var chain = chain
                for sequence in step {
                    guard let hash = readableHash(of: log, sequence, transaction) else {
                        return nil
                    }
                    _ = chain.add(hash)
                }
                return chain
            }
            guard let grown else { return nil }
            chain = grown
            next = last + 1
        }
        return chain.root
    }

    /// Hash of an entry's header as it can be read; nil when it is damaged.
    private func readableHash<T: ReadOperations & ~Copyable>(
        of log: LogRow,
        _ sequence: UInt64,
        _ transaction: borrowing T
    ) -> Hash256? {
        let place = EntryPlace(log: log.ref, sequence: sequence)
        guard let stored = try? EntryRows(tables: tables).entry(at: place, transaction),
            stored.entry.log == log.descriptor.id, stored.entry.sequence == sequence
        else { return nil }
        return stored.hash
    }

    private func storedTree(
        of log: LogRow,
        _ leaves: Range<UInt64>
    ) throws(ReportError) -> Hash256? {
        do throws(ReportError) {
            return try read { (transaction: borrowing ReadTransaction) throws in
                try MerkleTree.hash(from: leaves.lowerBound, count: UInt64(leaves.count)) {
                    node throws(any Error) in
                    try MerkleRows(tables: tables).hash(log: log.ref, node, transaction)
                }
            }
        } catch {
            guard error.code == .integrity else { throw error }
            return nil
        }
    }

    /// Entries that are damaged or lack bodies; see ``LogReconciling``.
    public func defects(
        of log: LogID,
        after sequence: UInt64,
        limit: Int
    ) async throws(ReportError) -> LogDefects {
        try read { (transaction: borrowing ReadTransaction) throws -> LogDefects in
            guard let row = try LogRows(tables: tables).row(of: log, transaction),
                sequence < row.held
            else { return LogDefects(sequences: [], upTo: sequence, isEnd: true) }
            let count = UInt64(max(1, min(limit, StoreLimits.reconciliationStepCount)))
            let last = min(row.held, sequence + count)
            var found: [UInt64] = []
            var bare: Set<UInt64> = []
            for number in sequence + 1...last {
                let place = EntryPlace(log: row.ref, sequence: number)
                let condition = condition(place, of: row, transaction)
                guard condition != .whole else { continue }
                found.append(number)
                if condition == .bare { bare.insert(number) }
            }
            return LogDefects(sequences: found, bare: bare, upTo: last, isEnd: last == row.held)
        }
    }

    /// How a held entry is.
    private enum EntryCondition {
        case whole
        /// Whole but for bodies that are not here.
        case bare
        case damaged
    }

    /// Whether an entry and its bodies are what was signed; what was erased lacks nothing.
    private func condition<T: ReadOperations & ~Copyable>(
        _ place: EntryPlace,
        of log: LogRow,
        _ transaction: borrowing T
    ) -> EntryCondition {
        do {
            guard let hash = readableHash(of: log, place.sequence, transaction) else {
                return .damaged
            }
            let leaf = MerkleTree.Node(level: 0, index: place.sequence - 1)
            let node = try MerkleRows(tables: tables).hash(log: log.ref, leaf, transaction)
            guard node == MerkleTree.leaf(hash),
                try wrongNodes(at: place, transaction).isEmpty
            else { return .damaged }
            let entry = try EntryRows(tables: tables).required(at: place, transaction).entry
            var condition = EntryCondition.whole
            var erased: [Int: EntryPlace]?
            for (index, reference) in entry.bodies.enumerated() {
                if (try? BodyRows(tables).isElsewhere(place, index: index, transaction)) ?? false {
                    continue
                }
                let body = Result {
                    try BodyRows(tables).body(at: place, index: index, transaction)
                }
                if let body = try? body.get(), body.reference == reference { continue }
                let known =
                    try erased ?? Erasures(tables: tables).erased(entry, hash: hash, transaction)
                erased = known
                guard known[index] == nil else { continue }
                guard case .success(nil) = body else { return .damaged }
                condition = .bare
            }
            return condition
        } catch {
            return .damaged
        }
    }

    /// Inner nodes of the tree that an entry made complete and that do not follow from those below them,
    /// with what they must be.
    func wrongNodes<T: ReadOperations & ~Copyable>(
        at place: EntryPlace,
        _ transaction: borrowing T
    ) throws -> [(node: MerkleTree.Node, hash: Hash256)] {
        let merkle = MerkleRows(tables: tables)
        var wrong: [(node: MerkleTree.Node, hash: Hash256)] = []
        var node = MerkleTree.Node(level: 0, index: place.sequence - 1)
        var right = try merkle.hash(log: place.log, node, transaction)
        while node.index & 1 == 1 {
            let sibling = MerkleTree.Node(level: node.level, index: node.index - 1)
            let left = try merkle.hash(log: place.log, sibling, transaction)
            node = MerkleTree.Node(level: node.level + 1, index: node.index >> 1)
            right = MerkleTree.parent(left, right)
            let key = RowKey.merkle(place.log, level: node.level, index: node.index)
            if try transaction.copyValue(key, in: tables.merkle) != right.bytes {
                wrong.append((node, right))
            }
        }
        return wrong
    }

    /// Entries by their sequences; see ``LogReconciling``.
    public func entries(
        of log: LogID,
        at sequences: [UInt64],
        maximumByteCount: Int
    ) async throws(ReportError) -> FetchedEntries {
        try read { (transaction: borrowing ReadTransaction) throws -> FetchedEntries in
            let row = try LogRows(tables: tables).row(of: log, transaction)
            var fetched = FetchedEntries(log: log, rows: [])
            var byteCount = 0
            for sequence in sequences.prefix(FetchedEntries.maximumCount) {
                var entry: ReplicatedEntry?
                if let row, (1...max(1, row.held)).contains(sequence), row.held > 0 {
                    entry = readable(EntryPlace(log: row.ref, sequence: sequence), transaction)
                }
                byteCount += entry?.byteCount ?? 0
                if !fetched.rows.isEmpty, byteCount > maximumByteCount { break }
                fetched.rows.append(.init(sequence: sequence, entry: entry))
            }
            return fetched
        }
    }

    /// An entry with the bodies that can be read; nil when its header cannot.
    private func readable<T: ReadOperations & ~Copyable>(
        _ place: EntryPlace,
        _ transaction: borrowing T
    ) -> ReplicatedEntry? {
        guard let stored = try? EntryRows(tables: tables).entry(at: place, transaction) else {
            return nil
        }
        let bodies = stored.entry.bodies.enumerated().map { index, reference -> Body? in
            let body = try? BodyRows(tables).body(
                at: place,
                index: index,
                transaction
            )
            return body?.reference == reference ? body : nil
        }
        return ReplicatedEntry(header: stored.header, bodies: bodies)
    }
}
