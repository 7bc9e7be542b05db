/// Holds a roster against the records that are there: who filed, who did not, who was not expected.
///
/// Pure: the same for a node and for a client that reads pages of a list.
public struct RosterCheck: Sendable {
    /// What became of an expected report.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Filed by the deadline.
        case onTime = "on-time"
        /// Filed after the deadline.
        case late
        /// Filed; there is no deadline.
        case filed
        /// Sent back and not filed again.
        case returned
        /// Not filed, and the deadline is not over or there is none.
        case missing
        /// Not filed, and the deadline is over.
        case overdue
        /// Filed, but not on the roster.
        case unexpected
    }

    private struct Row {
        var key: ReportKey
        var json: JSONValue
        var status: VersionStatus
        var filedAt: Timestamp?
        var words: Set<String>
    }

    private let roster: Roster
    private let query: MissingQuery
    private let day: Timestamp
    private let scope: RegionScope?
    private var rows: [Row] = []
    private var byUnit: [String: [Int]] = [:]

    /// Begins a check.
    /// - Parameters:
    ///   - roster: who is expected.
    ///   - query: years, region and kind.
    ///   - now: the present, when the query names no day.
    /// - Throws: ``ReportError`` `usage` when the region is none.
    public init(
        _ roster: Roster,
        _ query: MissingQuery,
        now: Timestamp
    ) throws(ReportError) {
        self.roster = roster
        self.query = query
        day = query.day ?? now
        scope = try query.region.map { text throws(ReportError) in
            try RegionScope(text, divisions: roster.divisions)
        }
    }

    /// Evaluated years that are looked at, by line: those asked for, or those of the line, or the
    /// year before the day.
    private func years(of entry: Roster.Entry) -> ClosedRange<Int>? {
        let last = CivilDate.date(daysSinceEpoch: Int(clamping: day.milliseconds / 86_400_000)).year
        let known = entry.years.map { years in
            years.upperBound == KeyLimits.years.upperBound
                ? years.lowerBound...max(years.lowerBound, last - 1) : years
        }
        guard let asked = query.years else {
            let years = known ?? (last - 1)...(last - 1)
            return max(
                years.lowerBound,
                years.upperBound - QueryLimits.maximumRosterYearCount + 1
            )...years.upperBound
        }
        guard let known else { return asked }
        guard known.overlaps(asked) else { return nil }
        return known.clamped(to: asked)
    }

    /// The question whose pages ``add(_:)`` takes; nil when no line is looked at.
    public var list: ListQuery? {
        let years = selected.compactMap { self.years(of: $0) }
        guard let first = years.map(\.lowerBound).min(), let last = years.map(\.upperBound).max()
        else { return nil }
        let filter = ListFilter(
            limit: ListFilter.maximumLimit,
            years: first...last,
            region: query.region
        )
        return ListQuery(filter, at: query.moment)
    }

    private var selected: [Roster.Entry] {
        roster.entries.filter { entry in
            if let scope, !scope.contains(entry.region) { return false }
            if let kind = query.kind, let own = entry.kind, own != kind { return false }
            return true
        }
    }

    /// Takes a row of a list.
    /// - Parameter json: the row; one without a key is passed over.
    public mutating func add(_ json: JSONValue) {
        guard let key = json["key"]?.stringValue.flatMap({ ReportKey($0) }) else { return }
        let parts = json["partKinds"]?.arrayValue?.compactMap(\.stringValue) ?? []
        var words: Set<String> = [key.kind.word]
        for part in parts.compactMap({ PartKind(rawValue: $0) }) where part != .other {
            words.insert(part.kindWord)
        }
        let filedAt = json["filedAt"]?.stringValue ?? json["recordedAt"]?.stringValue
        rows.append(
            Row(
                key: key,
                json: json,
                status: VersionStatus(rawValue: json["status"]?.stringValue ?? "") ?? .submitted,
                filedAt: filedAt.flatMap { Timestamp(parsing: $0) },
                words: words
            )
        )
        let path = Roster.path(city: key.city, district: key.district, unit: key.unit)
        byUnit["\(key.year)/" + path, default: []].append(rows.count - 1)
    }

    /// The object of docs/protocol.md section 3.15.
    public var json: JSONValue {
        var results: [Result] = []
        var known: Set<Int> = []
        var places: Set<String> = []
        for entry in selected {
            guard let years = years(of: entry) else { continue }
            for year in years {
                places.insert("\(year)/" + Roster.path(entry.region, ""))
                results.append(result(entry, year, &known))
            }
        }
        for (index, row) in rows.enumerated() where !known.contains(index) {
            let path = Roster.path(city: row.key.city, district: row.key.district, unit: "")
            guard places.contains("\(row.key.year)/" + path), row.status != .retracted,
                query.kind.map({ row.words.contains($0) }) ?? true
            else { continue }
            results.append(Result(state: .unexpected, year: row.key.year, row: index))
        }
        return report(results)
    }

    private struct Result {
        var state: State
        var year: Int
        var entry: Roster.Entry?
        var row: Int?
        var deadline: Timestamp?
        var days: Int?
    }

    /// What became of one expected report; marks every record of its unit as known.
    private func result(_ entry: Roster.Entry, _ year: Int, _ known: inout Set<Int>) -> Result {
        var result = Result(state: .missing, year: year, entry: entry)
        result.deadline = entry.deadline(in: year)
        let wanted = entry.kind ?? query.kind
        var best: (rank: Int, index: Int)?
        for index in candidates(entry, year) {
            known.insert(index)
            let row = rows[index]
            guard row.status != .retracted, wanted.map({ row.words.contains($0) }) ?? true else {
                continue
            }
            // What stands comes before what was sent back, the kind itself before a part of it.
            let isPart = wanted.map { row.key.kind.word != $0 } ?? false
            let rank = (row.status == .returned ? 2 : 0) + (isPart ? 1 : 0)
            if best.map({ rank < $0.rank }) ?? true { best = (rank, index) }
        }
        guard let best else {
            if let deadline = result.deadline, deadline < day {
                result.state = .overdue
                result.days = Roster.days(from: deadline, to: day)
            }
            return result
        }
        let row = rows[best.index]
        result.row = best.index
        guard row.status != .returned else {
            result.state = .returned
            if let deadline = result.deadline, deadline < day {
                result.days = Roster.days(from: deadline, to: day)
            }
            return result
        }
        guard let deadline = result.deadline, let filedAt = row.filedAt else {
            result.state = .filed
            return result
        }
        result.state = filedAt <= deadline ? .onTime : .late
        if deadline < filedAt { result.days = Roster.days(from: deadline, to: filedAt) }
        return result
    }

    private func candidates(_ entry: Roster.Entry, _ year: Int) -> [Int] {
        let mark = "（汇总）"
        var names = roster.aliases.names(of: entry.unitPart, in: year)
        names += names.filter { !$0.hasSuffix(mark) }.map { $0 + mark }
        return names.flatMap { byUnit["\(year)/" + Roster.path(entry.region, $0)] ?? [] }
    }

    private func report(_ results: [Result]) -> JSONValue {
        var total: [State: Int] = [:]
        var regions: [String: [State: Int]] = [:]
        var lines: [JSONValue] = []
        for result in results.sorted(by: Self.isBefore) {
            let region = path(of: result)
            total[result.state, default: 0] += 1
            regions[region, default: [:]][result.state, default: 0] += 1
            lines.append(line(result, region))
        }
        return [
            "day": .string(day.description), "summary": Self.counts(total),
            "regions": .array(
                regions.sorted { $0.key < $1.key }.map { region, states in
                    var members = Self.counts(states).objectValue ?? [:]
                    members["region"] = .string(region)
                    return .object(members)
                }
            ),
            "rows": .array(lines),
        ]
    }

    private static func isBefore(_ left: Result, _ right: Result) -> Bool {
        let (first, second) = (left.row ?? -1, right.row ?? -1)
        return (left.year, left.entry?.line ?? .max, first)
            < (right.year, right.entry?.line ?? .max, second)
    }

    private static func counts(_ states: [State: Int]) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for state in State.allCases { members[state.rawValue] = .integer(states[state] ?? 0) }
        let expected = states.filter { $0.key != .unexpected }.values.reduce(0, +)
        members["expected"] = .integer(expected)
        return .object(members)
    }

    private func path(of result: Result) -> String {
        let parts =
            if let entry = result.entry {
                entry.region.keyParts ?? []
            } else if let row = result.row {
                [rows[row].key.city] + (rows[row].key.district.map { [$0] } ?? [])
            } else {
                [String]()
            }
        return parts.joined(separator: "/")
    }

    private func line(_ result: Result, _ region: String) -> JSONValue {
        let row = result.row.map { rows[$0] }
        return [
            "state": .string(result.state.rawValue), "year": .integer(result.year),
            "region": .string(region),
            "unit": .optional(result.entry?.unit ?? row?.key.unit),
            "kind": .optional(result.entry?.kind ?? row?.key.kind.word),
            "deadline": .optional(result.deadline?.description), "days": .optional(result.days),
            "key": .optional(row?.key.text), "version": row?.json["version"] ?? .null,
            "status": row?.json["status"] ?? .null,
            "filedAt": .optional(row?.filedAt?.description),
            "contact": .optional(result.entry?.contact), "line": .optional(result.entry?.line),
        ]
    }
}
