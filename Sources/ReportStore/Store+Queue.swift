import LMDB
public import ReportModel

extension Store {
    /// What waits for a reviewer; see ``WorkflowStoring``.
    public func queue(_ query: QueueQuery) async throws(ReportError) -> JSONValue {
        try read { (transaction: borrowing ReadTransaction) throws -> JSONValue in
            var waiting = try waiting(within: query.within, transaction)
            let total = waiting.count
            if let after = try mark(query.after, transaction) {
                let start = (after.entry.recordedAt.milliseconds, after.hash)
                waiting.removeAll { ($0.head.recordedAt.milliseconds, $0.head.hash) <= start }
            }
            let limit = min(max(1, query.limit), WorkflowLimits.maximumPageCount)
            var items: [JSONValue] = []
            for item in waiting.prefix(limit) {
                items.append(try row(item, query, transaction))
            }
            let last = waiting.count > limit ? waiting[limit - 1].head.hash.hex : nil
            return [
                "items": .array(items), "next": .optional(last), "waiting": .integer(total),
            ]
        }
    }

    private struct Waiting {
        var key: UInt64
        var head: HeadRow.Head
    }

    /// Current versions without a judgement, the oldest first.
    private func waiting<T: ReadOperations & ~Copyable>(
        within lookup: Lookup?,
        _ transaction: borrowing T
    ) throws -> [Waiting] {
        var found: [Waiting] = []
        if let lookup {
            let resolver = Resolver(tables: tables, divisions: divisions)
            let hits = try resolver.hits(lookup, transaction) { _ in true }?.hits ?? []
            for hit in hits {
                if let head = try HeadRows(tables: tables).row(hit.number, transaction)?.heads
                    .first,
                    head.status == VersionStatus.submitted.code
                {
                    found.append(Waiting(key: hit.number, head: head))
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
                    found.append(Waiting(key: number, head: head))
                }
                return .continue
            }
        }
        return found.sorted {
            ($0.head.recordedAt.milliseconds, $0.head.hash)
                < ($1.head.recordedAt.milliseconds, $1.head.hash)
        }
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

    private func row<T: ReadOperations & ~Copyable>(
        _ item: Waiting,
        _ query: QueueQuery,
        _ transaction: borrowing T
    ) throws -> JSONValue {
        guard let row = try HeadRows(tables: tables).row(item.key, transaction),
            var members = (try? JSONValue(parsing: row.row))?.objectValue
        else { throw Sealed.damaged("heads", RowKey.number(item.key)) }
        members["province"] = nil
        members["partKinds"] = nil
        guard query.countsOpenFindings, let place = row.record else { return .object(members) }
        let text = members["key"]?.stringValue ?? ""
        let explained = NoteItem.holding(try notes(ofKey: item.key, text, transaction))
        var open = FindingCounts()
        let body = try BodyRows(table: tables.bodies).body(at: place, index: 0, transaction)
        let record = body.flatMap { try? JSONValue(parsing: $0.bytes) }
        for finding in record?["findings"]?.arrayValue ?? [] {
            guard let severity = finding["severity"]?.stringValue.flatMap(Severity.init),
                explained[finding["fingerprint"]?.stringValue ?? ""] == nil
            else { continue }
            open.add(severity)
        }
        members["open"] = open.json
        return .object(members)
    }
}
