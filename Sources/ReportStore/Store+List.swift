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
            try checkRoles(of: filter.ranges.map(\.measure), at: moment, transaction)
            let view = MomentView(tables: tables, moment: moment)
            var page = ListPage(rows: [], next: nil)
            try scan(filter, at: moment).forEach(after: filter.after, transaction) { key, facts in
                guard page.rows.count < limit else {
                    page.next = page.rows.last?.version.key
                    return .stop
                }
                let text = KeyFields.string(key.text)
                guard let row = try view.row(facts.key, transaction) else { return .continue }
                page.rows.append(try summary(row, key: text, facts, at: moment, transaction))
                return .continue
            }
            return page
        }
    }

    /// A walk over what a filter lets pass.
    func scan(_ filter: ListFilter, at moment: Moment) -> FactScan {
        FactScan(tables: tables, divisions: divisions, filter: filter, moment: moment)
    }

    private func summary<T: ReadOperations & ~Copyable>(
        _ row: HeadRow,
        key: String,
        _ facts: FactView,
        at moment: Moment,
        _ transaction: borrowing T
    ) throws -> RecordSummary {
        guard let winner = row.heads.first, let json = try? JSONValue(parsing: row.row),
            json["key"]?.stringValue == key
        else {
            throw Sealed.damaged("heads", RowKey.number(facts.key))
        }
        let stored = try EntryRows(tables: tables).required(at: winner.place, transaction)
        var version = try HeadRows(tables: tables).info(stored, key: key, at: moment, transaction)
        version.conflict = row.conflict
        var summary = RecordSummary(row: json, version: version)
        summary.filedAt = Timestamp(milliseconds: facts.filedAt)
        summary.comment = version.comment
        summary.partKinds = PartKind.allCases.enumerated().compactMap { bit, kind in
            facts.partKinds & (1 << UInt16(bit)) == 0 ? nil : kind
        }
        return summary
    }
}

extension RecordSummary {
    /// Reads the list row of a version.
    init(row json: JSONValue, version: VersionInfo) {
        var findings = FindingCounts()
        findings.high = json["findings"]?["high"]?.integerValue ?? 0
        findings.medium = json["findings"]?["medium"]?.integerValue ?? 0
        findings.low = json["findings"]?["low"]?.integerValue ?? 0
        findings.info = json["findings"]?["info"]?.integerValue ?? 0
        self.init(
            version: version,
            year: json["year"]?.integerValue ?? 0,
            unit: json["unit"]?.stringValue,
            kind: json["kind"]?.stringValue ?? "",
            title: json["title"]?.stringValue,
            score: json["score"]?.stringValue,
            grade: json["grade"]?.stringValue,
            executionRate: json["executionRate"]?.stringValue,
            regionCode: json["region"]?.stringValue,
            findings: findings,
            isWithheld: json["withheld"] == .bool(true)
        )
    }
}
