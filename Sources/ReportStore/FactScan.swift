import LMDB
import ReportModel

/// A walk over the keys that a filter lets pass, in ascending order, each with its row of facts.
///
/// `list`, `stats` and `trend` all see the store through this.
struct FactScan: Sendable {
    /// Where the keys of a lookup stand.
    private enum Plan {
        /// Everything between pairs of ends, in ascending order.
        case ranges([(from: KeyBound, to: KeyBound)])
        /// Everything of one year that matches one of several lookups with gaps.
        case matching([Lookup], year: Int)
        /// These keys, in ascending order.
        case keys([[UInt8]])
    }

    let tables: Tables
    let divisions: Divisions
    let filter: ListFilter
    let moment: Moment

    private var view: MomentView { MomentView(tables: tables, moment: moment) }
    private var resolver: Resolver { Resolver(tables: tables, divisions: divisions) }

    /// Lends every key that passes, with its row, to a closure.
    /// - Parameters:
    ///   - after: only keys behind this one; nil for all.
    ///   - transaction: the snapshot.
    ///   - body: tells whether to go on.
    /// - Throws: ``ReportError`` `usage`, `integrity`; what the body throws.
    func forEach<T: ReadOperations & ~Copyable>(
        after: String? = nil,
        _ transaction: borrowing T,
        _ body: (KeyFields, FactView) throws -> ScanStep
    ) throws {
        let conditions = try FactFilter(filter, divisions: divisions)
        let start = after.map { Array($0.utf8.prefix(StoreLimits.maximumRowKeyByteCount)) } ?? []
        let isDirect = try moment == .now && FactRows(tables: tables).isComplete(transaction)
        switch try plan(transaction) {
        case .ranges(let ranges):
            for range in ranges {
                let from = Self.later(range.from, start)
                let step = try walk(
                    from: from,
                    to: range.to,
                    isDirect,
                    conditions,
                    transaction,
                    body
                )
                if step == .stop { return }
            }
        case .matching(let lookups, let year):
            _ = try walk(
                from: Self.later(.including(Array("\(year)/".utf8)), start),
                to: .excluding(Array("\(year)0".utf8)),
                isDirect,
                conditions,
                transaction
            ) { key, row in
                guard let text = try? ReportKey(parsing: KeyFields.string(key.text)),
                    lookups.contains(where: { $0.matches(text, stage: .gaps) })
                else { return .continue }
                return try body(key, row)
            }
        case .keys(let keys):
            for key in keys where start.isEmpty || start.lexicographicallyPrecedes(key) {
                let step = try walk(
                    from: .including(key),
                    to: .including(key),
                    isDirect,
                    conditions,
                    transaction,
                    body
                )
                if step == .stop { return }
            }
        }
    }

    private static func later(_ bound: KeyBound, _ start: [UInt8]) -> KeyBound {
        guard !start.isEmpty else { return bound }
        if case .including(let key) = bound, start.lexicographicallyPrecedes(key) { return bound }
        return .excluding(start)
    }

    private func walk<T: ReadOperations & ~Copyable>(
        from: KeyBound,
        to: KeyBound,
        _ isDirect: Bool,
        _ conditions: FactFilter,
        _ transaction: borrowing T,
        _ body: (KeyFields, FactView) throws -> ScanStep
    ) throws -> ScanStep {
        let rows = FactRows(tables: tables)
        var last = ScanStep.continue
        if isDirect, let table = tables.facts {
            _ = try transaction.forEach(in: table, from: from, to: to) {
                (key: RawSpan, value: RawSpan) throws -> ScanStep in
                last = try key.withUnsafeBytes { key in
                    guard let fields = KeyFields(key) else {
                        throw Sealed.damaged("facts", Array(key))
                    }
                    guard conditions.accepts(fields) else { return .continue }
                    return try value.withUnsafeBytes { value in
                        let row = try FactRows.open(value, key: Array(key))
                        return conditions.accepts(fields, row)
                            ? try body(fields, row) : .continue
                    }
                }
                return last
            }
            return last
        }
        _ = try transaction.forEach(in: tables.keys, from: from, to: to) {
            (key: RawSpan, value: RawSpan) throws -> ScanStep in
            last = try key.withUnsafeBytes { key in
                let number = value.withUnsafeBytes { bytes in
                    bytes.count < 8 ? nil : UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
                }
                guard let fields = KeyFields(key), let number else {
                    throw Sealed.damaged("keys", Array(key))
                }
                guard conditions.accepts(fields) else { return .continue }
                return try rows.withRow(of: number, text: Array(key), view, transaction) { row in
                    conditions.accepts(fields, row) ? try body(fields, row) : .continue
                } ?? .continue
            }
            return last
        }
        return last
    }

    // MARK: Where to look

    private func plan<T: ReadOperations & ~Copyable>(_ transaction: borrowing T) throws -> Plan {
        guard let lookup = filter.lookup else {
            guard let years = filter.years else { return .ranges([(.unbounded, .unbounded)]) }
            // "/" is followed by "0": the years stand between the first and the one after the last.
            return .ranges([
                (
                    .including(Array("\(years.lowerBound)/".utf8)),
                    .excluding(Array("\(years.upperBound)0".utf8))
                )
            ])
        }
        if let hit = try resolver.whole(lookup, transaction),
            try view.hasVersion(hit.number, transaction)
        {
            return .keys([Array(hit.key.text.utf8)])
        }
        let alternatives = lookup.expanded(by: divisions)
        let wholes = try keys(alternatives, .whole, transaction)
        if !wholes.isEmpty { return .keys(wholes.map { Array($0.key.text.utf8) }) }
        let prefixes = try prefixes(alternatives, transaction)
        if !prefixes.isEmpty {
            return .ranges(
                prefixes.map { prefix in
                    // "0" follows "/".
                    (.including(prefix), .excluding(prefix.dropLast() + [0x30]))
                }
            )
        }
        let hits = try keys(alternatives, .gaps, transaction)
        guard hits.count < StoreLimits.maximumCountedHitCount else {
            return .matching(alternatives, year: lookup.year)
        }
        return .keys(hits.map { Array($0.key.text.utf8) })
    }

    private func keys<T: ReadOperations & ~Copyable>(
        _ alternatives: [Lookup],
        _ stage: Lookup.Stage,
        _ transaction: borrowing T
    ) throws -> [Resolver.Hit] {
        var found: Set<Resolver.Hit> = []
        for alternative in alternatives {
            for hit in try resolver.candidates(alternative, stage: stage, transaction)
            where try view.hasVersion(hit.number, transaction) {
                found.insert(hit)
                guard found.count < StoreLimits.maximumCountedHitCount else { break }
            }
        }
        return found.sorted { $0.key < $1.key }
    }

    /// Beginnings of keys that exist, ascending, none of which begins another.
    private func prefixes<T: ReadOperations & ~Copyable>(
        _ alternatives: [Lookup],
        _ transaction: borrowing T
    ) throws -> [[UInt8]] {
        var found: [[UInt8]] = []
        for prefix in Set(alternatives.map { $0.text + "/" })
        where prefix.utf8.count <= ReportKey.maximumByteCount {
            let bytes = Array(prefix.utf8)
            var isThere = false
            _ = try transaction.forEach(in: tables.keys, prefix: bytes) {
                (key: RawSpan, value: RawSpan) throws -> ScanStep in
                let hit = try Resolver.hit(key, value)
                isThere = try view.hasVersion(hit.number, transaction)
                return isThere ? .stop : .continue
            }
            if isThere { found.append(bytes) }
        }
        found.sort { $0.lexicographicallyPrecedes($1) }
        var kept: [[UInt8]] = []
        for prefix in found where !(kept.last.map { prefix.starts(with: $0) } ?? false) {
            kept.append(prefix)
        }
        return kept
    }
}
