import LMDB
public import ReportModel

extension Store {
    /// One page of records; see ``ReportStoring``.
    public func list(
        _ filter: ListFilter,
        at moment: Moment
    ) async throws(ReportError) -> ListPage {
        let limit = min(max(1, filter.limit), ListFilter.maximumLimit)
        return try read { (transaction: borrowing ReadTransaction) throws -> ListPage in
            let view = MomentView(tables: tables, moment: moment)
            var page = ListPage(rows: [], next: nil)
            if let lookup = filter.lookup {
                let resolver = Resolver(tables: tables, divisions: divisions)
                let found = try resolver.hits(lookup, transaction) { number in
                    try view.hasVersion(number, transaction)
                }
                let after = filter.after ?? ""
                for hit in found?.hits ?? [] where hit.key.text.utf8After(after) {
                    guard try add(hit, to: &page, filter, limit, view, transaction) else { break }
                }
            } else {
                var lookedAt = 0
                var previous: String?
                _ = try transaction.forEach(
                    in: tables.keys,
                    from: Self.start(after: filter.after)
                ) { (key: RawSpan, value: RawSpan) throws -> ScanStep in
                    let hit = try Resolver.hit(key, value)
                    lookedAt += 1
                    guard lookedAt <= StoreLimits.maximumListScanCount else {
                        // What matches little is found in several pages, none of which takes long.
                        page.next = previous
                        return .stop
                    }
                    previous = hit.key.text
                    return try add(hit, to: &page, filter, limit, view, transaction)
                        ? .continue : .stop
                }
            }
            return page
        }
    }

    private static func start(after key: String?) -> KeyBound {
        guard let key, !key.isEmpty else { return .unbounded }
        return .excluding(Array(key.utf8.prefix(StoreLimits.maximumRowKeyByteCount)))
    }

    /// Adds a key to a page when it matches; false when the page is full.
    private func add<T: ReadOperations & ~Copyable>(
        _ hit: Resolver.Hit,
        to page: inout ListPage,
        _ filter: ListFilter,
        _ limit: Int,
        _ view: MomentView,
        _ transaction: borrowing T
    ) throws -> Bool {
        guard filter.accepts(hit.key), let row = try view.row(hit.number, transaction),
            let winner = row.heads.first, let json = try? JSONValue(parsing: row.row),
            filter.accepts(json, winner)
        else { return true }
        guard page.rows.count < limit else {
            page.next = page.rows.last?.version.key
            return false
        }
        page.rows.append(try summary(json, winner, row, transaction))
        return true
    }

    private func summary<T: ReadOperations & ~Copyable>(
        _ json: JSONValue,
        _ winner: HeadRow.Head,
        _ row: HeadRow,
        _ transaction: borrowing T
    ) throws -> RecordSummary {
        let stored = try EntryRows(tables: tables).required(at: winner.place, transaction)
        let key = json["key"]?.stringValue ?? ""
        var version = try HeadRows(tables: tables).info(stored, key: key, transaction)
        version.conflict = row.conflict
        var findings = FindingCounts()
        findings.high = json["findings"]?["high"]?.integerValue ?? 0
        findings.medium = json["findings"]?["medium"]?.integerValue ?? 0
        findings.low = json["findings"]?["low"]?.integerValue ?? 0
        findings.info = json["findings"]?["info"]?.integerValue ?? 0
        return RecordSummary(
            version: version,
            year: json["year"]?.integerValue ?? 0,
            unit: json["unit"]?.stringValue,
            kind: json["kind"]?.stringValue ?? "",
            title: json["title"]?.stringValue,
            score: json["score"]?.stringValue,
            grade: json["grade"]?.stringValue,
            executionRate: json["executionRate"]?.stringValue,
            regionCode: json["region"]?.stringValue,
            findings: findings
        )
    }
}

extension ListFilter {
    /// Whether a key can match, looked at before anything is read.
    fileprivate func accepts(_ key: ReportKey) -> Bool {
        (city == nil || city == key.city) && (district == nil || district == key.district)
            && (unit == nil || unit == key.unit)
    }

    /// Whether a list row matches.
    fileprivate func accepts(_ row: JSONValue, _ winner: HeadRow.Head) -> Bool {
        if let province, row["province"]?.stringValue != province {
            let code = row["region"]?.stringValue ?? ""
            guard province.utf8.count == 6, province.hasSuffix("0000"), code.count == 6,
                code.prefix(2) == province.prefix(2)
            else { return false }
        }
        if let kind, row["kind"]?.stringValue != kind {
            let stored = row["kind"]?.stringValue ?? ""
            let parts = row["partKinds"]?.arrayValue?.compactMap(\.stringValue) ?? []
            guard stored.hasPrefix(kind + "/") || parts.contains(kind) else { return false }
        }
        if let status, row["status"]?.stringValue != status.rawValue { return false }
        if let since, winner.recordedAt < since { return false }
        return true
    }
}

extension String {
    /// Whether the bytes of this text come after those of another.
    fileprivate func utf8After(_ other: String) -> Bool {
        other.utf8.lexicographicallyPrecedes(utf8)
    }
}
