import LMDB
public import ReportModel

extension Store {
    /// What waits for a reviewer; see ``WorkflowStoring``.
    public func queue(
        _ query: QueueQuery,
        roster: Roster?
    ) async throws(ReportError) -> JSONValue {
        guard roster != nil || query.order != .deadline else { throw Roster.missing }
        return try read { (transaction: borrowing ReadTransaction) throws -> JSONValue in
            let view = QueueView(store: self, query: query, roster: roster)
            var waiting: [QueueView.Waiting] = []
            for (key, head) in try waitingHeads(within: query.within, transaction) {
                waiting.append(try view.waiting(key, head, transaction))
            }
            let total = waiting.count
            if let after = query.after {
                guard let start = QueueRank.parse(after, query.order),
                    let entry = try mark(start.hash, transaction)
                else {
                    throw ReportError(
                        .usage,
                        "after names no row of this order",
                        hint: "give what next said, with the same order"
                    )
                }
                let rank = QueueRank(
                    values: start.values,
                    recordedAt: entry.entry.recordedAt.milliseconds,
                    hash: entry.hash
                )
                waiting.removeAll { $0.rank <= rank }
            }
            waiting.sort { $0.rank < $1.rank }
            let limit = min(max(1, query.limit), WorkflowLimits.maximumPageCount)
            var items: [JSONValue] = []
            for item in waiting.prefix(limit) {
                items.append(try view.row(item, transaction))
            }
            let last = waiting.count > limit ? waiting[limit - 1].rank.token : nil
            return [
                "items": .array(items), "next": .optional(last), "waiting": .integer(total),
            ]
        }
    }

    /// Current versions without a judgement, by number of their key.
    private func waitingHeads<T: ReadOperations & ~Copyable>(
        within lookup: Lookup?,
        _ transaction: borrowing T
    ) throws -> [(key: UInt64, head: HeadRow.Head)] {
        var found: [(key: UInt64, head: HeadRow.Head)] = []
        if let lookup {
            let resolver = Resolver(tables: tables, divisions: divisions)
            let hits = try resolver.hits(lookup, transaction) { _ in true }?.hits ?? []
            for hit in hits {
                if let head = try HeadRows(tables: tables).row(hit.number, transaction)?.heads
                    .first,
                    head.status == VersionStatus.submitted.code
                {
                    found.append((hit.number, head))
                }
            }
        } else {
            _ = try transaction.forEach(in: tables.heads) {
                (key: RawSpan, value: RawSpan) throws -> ScanStep in
                let key = key.withUnsafeBytes { Array($0) }
                var reader = ByteReader(key[...])
                let value = try Sealed.open(value, table: "heads", key: key)
                guard let number = reader.integer(UInt64.self),
                    let head = HeadRow.winner(value)
                else { throw Sealed.damaged("heads", key) }
                if head.status == VersionStatus.submitted.code {
                    found.append((number, head))
                }
                return .continue
            }
        }
        return found
    }

    /// The entry that the last row of the page before names.
    func mark<T: ReadOperations & ~Copyable>(
        _ text: String?,
        _ transaction: borrowing T
    ) throws -> StoredEntry? {
        guard let text else { return nil }
        guard let hash = Hash256(hex: text),
            let place = try EntryRows(tables: tables).place(of: hash, transaction)
        else {
            throw ReportError(.usage, "after names no entry", hint: "give what next said")
        }
        return try EntryRows(tables: tables).required(at: place, transaction)
    }
}
