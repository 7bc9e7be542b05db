import LMDB
public import ReportModel

extension Store {
    /// One unit over the years; see ``ReportStoring``.
    public func trend(_ query: TrendQuery) async throws(ReportError) -> TrendAnswer {
        try read { (transaction: borrowing ReadTransaction) throws -> TrendAnswer in
            try checkRoles(of: query.measures, at: query.moment, transaction)
            let measures = query.measures.map { FactMeasure($0) }
            var items: [TrendAnswer.Item] = []
            var seen: Set<String> = []
            for year in try years(transaction) where query.years?.contains(year) ?? true {
                for lookup in query.lookups(in: year) {
                    let filter = ListFilter(lookup: lookup, kind: query.kind)
                    try scan(filter, at: query.moment).forEach(transaction) { key, row in
                        let status = VersionStatus(stored: row.status)
                        let text = KeyFields.string(key.text)
                        guard query.includesRetracted || status != .retracted,
                            let reportKey = try? ReportKey(parsing: text),
                            seen.insert(text).inserted
                        else { return .continue }
                        guard items.count < QueryLimits.maximumTrendRecordCount else {
                            return .stop
                        }
                        items.append(
                            TrendAnswer.Item(
                                key: reportKey,
                                status: status,
                                values: measures.map { $0.value(in: row) }
                            )
                        )
                        return .continue
                    }
                }
            }
            guard !items.isEmpty else { throw try unknown(query, transaction) }
            try Self.checkOneUnit(items, query)
            return TrendAnswer(query, items: items)
        }
    }

    /// That a unit has no record, with units whose names are near.
    private func unknown<T: ReadOperations & ~Copyable>(
        _ query: TrendQuery,
        _ transaction: borrowing T
    ) throws -> ReportError {
        let resolver = Resolver(tables: tables, divisions: divisions)
        var near: [String] = []
        if let year = try years(transaction).last, let lookup = query.lookups(in: year).first {
            for text in try resolver.nearMisses(lookup, transaction) {
                guard let key = try? ReportKey(parsing: text) else { continue }
                let place = [key.city, key.district, key.unit].compactMap(\.self)
                let unit = place.joined(separator: "/")
                if !near.contains(unit) { near.append(unit) }
            }
        }
        return ReportError(
            .notFound,
            "there is no record of the unit \(query.unit)",
            hint: near.isEmpty ? nil : "perhaps " + near.joined(separator: ", ")
        )
    }

    /// Years of which there is a key, ascending.
    private func years<T: ReadOperations & ~Copyable>(
        _ transaction: borrowing T
    ) throws -> [Int] {
        var years: [Int] = []
        var from = KeyBound.unbounded
        while true {
            var found: Int?
            _ = try transaction.forEach(in: tables.keys, from: from, limit: 1) {
                (key: RawSpan, value: RawSpan) throws -> ScanStep in
                found = try Resolver.hit(key, value).key.year
                return .stop
            }
            guard let found else { return years }
            years.append(found)
            from = .including(Array("\(found)0".utf8))
        }
    }

    private static func checkOneUnit(
        _ items: [TrendAnswer.Item],
        _ query: TrendQuery
    ) throws(ReportError) {
        var units: [String: String] = [:]
        for item in items {
            let place = [item.key.city, item.key.district].compactMap(\.self)
            let path = place.joined(separator: "/")
            // By another name it is the same unit.
            let isOther = query.isOtherName(item.key.unit, in: item.key.year)
            let own = query.unit.split(separator: "/").last { ReportKind(word: $0) == nil }
            units[path + "/" + (isOther ? String(own ?? "") : item.key.unit)] =
                path + "/" + item.key.unit
        }
        guard units.count > 1 else { return }
        let names = units.values.sorted()
        let shown = names.prefix(5).joined(separator: ", ")
        // All in the message: a reply of the line protocol has nothing else.
        throw ReportError(
            .ambiguous,
            "\(query.unit) are \(units.count) units, name the city, the district and the unit: "
                + shown + (names.count > 5 ? " …" : "")
        )
    }
}

extension VersionStatus {
    /// The status of a byte in a row; an unknown one counts as submitted.
    init(stored: UInt8) {
        self = VersionStatus.allCases.first { $0.stored == stored } ?? .submitted
    }
}
