import LMDB
public import ReportModel

extension Store {
    /// Figures over many records; see ``ReportStoring``.
    public func stats(_ query: StatsQuery) async throws(ReportError) -> StatsAnswer {
        try read { (transaction: borrowing ReadTransaction) throws -> StatsAnswer in
            try checkRoles(
                of: query.measures + query.filter.ranges.map(\.measure),
                at: query.moment,
                transaction
            )
            var run = StatsRun(query)
            try scan(query.filter, at: query.moment).forEach(transaction) { key, row in
                try run.add(key, row)
                return .continue
            }
            return run.answer()
        }
    }
}

/// Figures while records come in.
private struct StatsRun {
    private let query: StatsQuery
    private let measures: [FactMeasure]
    /// Whether single units and （汇总） come together in one group.
    private let joinsUnits: Bool
    /// Whether one unit was named, perhaps a （汇总） one.
    private let isNamed: Bool
    private let namesCity: Bool
    private let showsRetracted: Bool
    private var result: StatsAnswer
    private var groups: [[UInt8]: Int] = [:]
    private var scratch: [UInt8] = []

    init(_ query: StatsQuery) {
        self.query = query
        measures = query.measures.map { FactMeasure($0) }
        let mark = "（汇总）"
        let named = query.filter.lookup?.parts.contains { $0.hasSuffix(mark) } ?? false
        isNamed = named || query.filter.unit.map { !$0.hasPrefix("~") } ?? false
        joinsUnits = !query.groupings.contains(.unit) && !isNamed
        namesCity = query.groupings.contains(.city)
        showsRetracted = query.includesRetracted || query.filter.status == .retracted
        result = StatsAnswer(query)
    }

    mutating func add(_ key: KeyFields, _ row: FactView) throws {
        if !showsRetracted, row.status == VersionStatus.retracted.stored {
            result.retractedCount += 1
            return
        }
        let isBeside = !query.includesConsolidated && key.isConsolidated
        if isBeside, joinsUnits {
            result.consolidatedCount += 1
            return
        }
        let countsInTotal = !isBeside || isNamed
        if !countsInTotal { result.consolidatedCount += 1 }
        let values = measures.map { $0.value(in: row) }
        if countsInTotal {
            result.kinds[KeyFields.string(key.kind), default: 0] += 1
            Self.add(values, key, to: &result.total)
        }
        guard !query.groupings.isEmpty else { return }
        Self.add(values, key, to: &result.groups[try group(of: key)])
    }

    private static func add(
        _ values: [ExactDecimal?],
        _ key: KeyFields,
        to group: inout StatsAnswer.Group
    ) {
        group.count += 1
        for (index, value) in values.enumerated() {
            guard let value else { continue }
            group.figures[index].add(value, key: KeyFields.string(key.text))
        }
    }

    private mutating func group(of key: KeyFields) throws -> Int {
        scratch.removeAll(keepingCapacity: true)
        for grouping in query.groupings {
            switch grouping {
            case .year: scratch.append(contentsOf: key.text.prefix(4))
            case .city: scratch.append(contentsOf: key.city)
            case .district:
                scratch.append(contentsOf: key.city)
                scratch.append(0x2F)
                scratch.append(contentsOf: key.district)
            case .unit: scratch.append(contentsOf: key.unit)
            case .kind: scratch.append(contentsOf: key.kind)
            }
            scratch.append(0)
        }
        if let index = groups[scratch] { return index }
        guard groups.count < QueryLimits.maximumGroupCount else {
            throw ReportError(
                .usage,
                "there are more than \(QueryLimits.maximumGroupCount) groups: ask for fewer records,"
                    + " or group by less"
            )
        }
        let index = result.groups.count
        groups[scratch] = index
        result.groups.append(StatsAnswer.Group(parts: parts(key), measureCount: measures.count))
        return index
    }

    private func parts(_ key: KeyFields) -> [String] {
        query.groupings.map { grouping in
            switch grouping {
            case .year: KeyFields.string(UnsafeRawBufferPointer(rebasing: key.text[..<4]))
            case .city: KeyFields.string(key.city)
            case .district:
                namesCity || key.district.isEmpty
                    ? KeyFields.string(namesCity ? key.district : key.city)
                    : KeyFields.string(key.city) + "/" + KeyFields.string(key.district)
            case .unit: KeyFields.string(key.unit)
            case .kind: KeyFields.string(key.kind)
            }
        }
    }

    func answer() -> StatsAnswer {
        var result = result
        result.groups.sort { left, right in
            left.parts.lexicographicallyPrecedes(right.parts) {
                $0.utf8.lexicographicallyPrecedes($1.utf8)
            }
        }
        return result
    }
}
