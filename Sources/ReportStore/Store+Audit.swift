import LMDB
public import ReportModel

extension Store {
    /// What an auditor wants to see; see ``WorkflowStoring``.
    public func audit(_ query: AuditQuery) async throws(ReportError) -> JSONValue {
        try read { (transaction: borrowing ReadTransaction) throws -> JSONValue in
            guard let table = tables.audit else { return ["items": [], "next": .null] }
            let limit = min(max(1, query.limit), WorkflowLimits.maximumPageCount)
            let alternatives = query.within?.expanded(by: divisions)
            var items: [JSONValue] = []
            var last: StoredEntry?
            var hasMore = false
            var start = KeyBound.unbounded
            if let mark = try mark(query.after, transaction) {
                start = .excluding(AuditRow(mark.entry, at: mark.place).key)
            } else if let since = query.since {
                start = .including(RowKey.number(since.milliseconds))
            }
            _ = try transaction.forEach(in: table, from: start) {
                (key: RawSpan, value: RawSpan) throws -> ScanStep in
                let key = key.withUnsafeBytes { Array($0) }
                guard let row = AuditRow(key: key, value: value.withUnsafeBytes { Array($0) })
                else { throw Sealed.damaged("audit", key) }
                let stored = try EntryRows(tables: tables).required(at: row.place, transaction)
                let text = try text(ofKey: stored.entry.keyHash, transaction)
                if let alternatives {
                    guard let key = text.flatMap({ try? ReportKey(parsing: $0) }),
                        alternatives.contains(where: { $0.matches(key, stage: .gaps) })
                    else { return .continue }
                }
                guard items.count < limit else {
                    hasMore = true
                    return .stop
                }
                items.append(try auditItem(stored, key: text, transaction))
                last = stored
                return .continue
            }
            return [
                "items": .array(items), "next": .optional(hasMore ? last?.hash.hex : nil),
            ]
        }
    }

    private func text<T: ReadOperations & ~Copyable>(
        ofKey hash: Hash256,
        _ transaction: borrowing T
    ) throws -> String? {
        let keys = KeyRows(tables: tables)
        guard let number = try keys.number(ofHash: hash, transaction) else { return nil }
        return try keys.text(of: number, transaction)
    }

    private func auditItem<T: ReadOperations & ~Copyable>(
        _ stored: StoredEntry,
        key: String?,
        _ transaction: borrowing T
    ) throws -> JSONValue {
        let entry = stored.entry
        let log = try LogRows(tables: tables).row(stored.place.log, transaction)
        var kind = entry.kind.name
        var about = try about(entry, transaction)
        var detail = try JudgementRows(tables: tables).detail(at: stored.place, transaction)
        if entry.kind == .submit {
            kind = "override"
            about = ["\(entry.number)-\(stored.hash.shortHex)"]
            let record = try BodyRows(tables)
                .body(at: stored.place, index: 0, transaction)
            detail = record.flatMap { try? JSONValue(parsing: $0.bytes) }?["given"]
        }
        return [
            "kind": .string(kind), "key": .optional(key), "about": .strings(about),
            "detail": detail ?? .null, "by": detail?["by"] ?? detail?["origin"] ?? .null,
            "recordedAt": .string(entry.recordedAt.description),
            "node": .string(log.descriptor.name), "log": .string(entry.log.description),
            "sequence": .integer(Int(clamping: entry.sequence)),
            "entry": .string(stored.hash.hex),
        ]
    }
}
