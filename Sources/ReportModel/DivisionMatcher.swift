/// One search for the region in front of a name.
struct DivisionMatcher {
    struct Match {
        var region: Region
        var end: Int
        /// 0 when every division was printed with its full name, more for each short form.
        var penalty: Int
        var isValid: Bool
        /// A short form and a name of other years count alike: 东乡县 was a county and is short for another.
        var cost: Int { penalty + (isValid ? 0 : 1) }
        /// The lowest division's code; the newer of two with the same names wins.
        var number: Int
    }

    private let divisions: Divisions
    private let scalars: [Unicode.Scalar]
    private let start: Int
    private let year: Int?
    private let hint: Region?
    private var matches: [Match] = []

    init(
        _ divisions: Divisions,
        _ scalars: [Unicode.Scalar],
        from start: Int,
        year: Int?,
        hint: Region?
    ) {
        self.divisions = divisions
        self.scalars = scalars
        self.start = start
        self.year = year
        self.hint = hint
    }

    /// The best match, with candidates when several regions fit equally well.
    mutating func best() -> Match? {
        searchProvince()
        if let hint, let city = hint.city, hint.district == nil, !hint.isProvince {
            searchZone(at: start, cityName: city, base: hint, penalty: 0)
        }
        guard let longest = matches.map(\.end).max() else { return nil }
        var rest = matches.filter { $0.end == longest }
        keep(&rest) { [hint] in hint?.contains($0.region) ?? true }
        let least = rest.map(\.cost).min() ?? 0
        keep(&rest) { $0.cost == least }
        var distinct: [Match] = []
        for match in rest.sorted(by: { $0.number > $1.number })
        where !distinct.contains(where: { $0.region.sameNames(as: match.region) }) {
            distinct.append(match)
        }
        guard var result = distinct.first else { return nil }
        guard distinct.count > 1 else { return result }
        let candidates = distinct.reversed().map(\.region)
        let districts = Set(candidates.map { $0.district ?? $0.city })
        let shared = districts.count == 1 ? districts.first ?? nil : nil
        result.region = Region(district: shared, candidates: Array(candidates))
        return result
    }

    /// Keeps the matches that pass a test, unless none does.
    private func keep(_ matches: inout [Match], where passes: (Match) -> Bool) {
        let passing = matches.filter(passes)
        if !passing.isEmpty { matches = passing }
    }

    private mutating func searchProvince() {
        searchCity(at: start, in: nil, penalty: 0)
        forEachName(at: start, short: divisions.table.stems) { matcher, entry, end, penalty in
            guard entry.level == .province else { return }
            if penalty == 0 { matcher.add(entry, end: end, penalty: 0) }
            matcher.searchCity(at: end, in: entry, penalty: penalty)
            guard entry.isMunicipality else { return }
            matcher.searchZone(
                at: end,
                cityName: entry.name,
                base: matcher.divisions.region(entry, year: matcher.year),
                penalty: penalty
            )
        }
    }

    /// Looks for a city or a district of it, within a province when one was printed.
    private mutating func searchCity(at position: Int, in province: Division?, penalty: Int) {
        func isWithin(_ entry: Division) -> Bool {
            province.map { $0.number / 10_000 == entry.number / 10_000 } ?? true
        }
        forEachName(at: position, short: divisions.table.aliases) { matcher, entry, end, cost in
            guard entry.level != .province, isWithin(entry) else { return }
            matcher.add(entry, end: end, penalty: penalty + cost)
            guard matcher.divisions.isCity(entry) else { return }
            matcher.searchBelow(entry, at: end, penalty: penalty + cost)
        }
        forEachName(at: position, short: divisions.table.stems) { matcher, entry, end, cost in
            guard cost > 0, entry.level == .prefecture, isWithin(entry) else { return }
            matcher.searchBelow(entry, at: end, penalty: penalty + cost)
        }
        for local in divisions.locals where has(local.name, at: position) {
            guard let city = divisions.cityRegion(named: local.city, year: year) else { continue }
            let end = position + local.name.unicodeScalars.count
            addLocal(local.name, base: city, end: end, penalty: penalty)
        }
    }

    /// Looks for a district or zone of a city that was printed.
    private mutating func searchBelow(_ city: Division, at position: Int, penalty: Int) {
        forEachName(at: position, short: divisions.table.aliases) { matcher, entry, end, cost in
            guard entry.parentNumber == city.number else { return }
            matcher.add(entry, end: end, penalty: penalty + cost)
        }
        searchZone(
            at: position,
            cityName: city.name,
            base: divisions.region(city, year: year),
            penalty: penalty
        )
    }

    private mutating func searchZone(at position: Int, cityName: String, base: Region, penalty: Int)
    {
        for local in divisions.locals where local.city == cityName && has(local.name, at: position)
        {
            let end = position + local.name.unicodeScalars.count
            addLocal(local.name, base: base, end: end, penalty: penalty)
        }
        guard let end = Zone.end(in: scalars, from: position) else { return }
        // 岳麓区高新区管委会 is a unit of 岳麓区.
        var isTaken = false
        forEachName(at: position, short: divisions.table.aliases) { matcher, entry, nameEnd, _ in
            let region = matcher.divisions.region(entry, year: matcher.year)
            if region.city == cityName, nameEnd < end { isTaken = true }
        }
        if isTaken { return }
        addLocal(text(position..<end), base: base, end: end, penalty: penalty)
    }

    private mutating func addLocal(_ name: String, base: Region, end: Int, penalty: Int) {
        var region = base
        region.district = name
        region.local = true
        if let city = base.city, let of = divisions.cityRegion(named: city, year: year) {
            region.code = of.code
        }
        let number = region.code.flatMap { Int($0) } ?? 0
        matches.append(
            Match(region: region, end: end, penalty: penalty, isValid: true, number: number)
        )
    }

    private mutating func add(_ entry: Division, end: Int, penalty: Int) {
        matches.append(
            Match(
                region: divisions.region(entry, year: year),
                end: end,
                penalty: penalty,
                isValid: entry.isValid(in: year),
                number: entry.number
            )
        )
    }

    /// Calls back for each division whose name stands at a position: full names cost nothing, short ones 1.
    private mutating func forEachName(
        at position: Int,
        short: NameIndex,
        _ body: (inout DivisionMatcher, Division, Int, Int) -> Void
    ) {
        let table = divisions.table
        let limit = min(scalars.count - position, table.longestName)
        guard limit >= 2 else { return }
        var hash = NameIndex.Hash()
        hash.add(scalars[position])
        for end in position + 2...position + limit {
            hash.add(scalars[end - 1])
            let token = scalars[position..<end]
            for index in table.names.positions(of: token, hash: hash) {
                body(&self, table.entries[index], end, 0)
            }
            for index in short.positions(of: token, hash: hash) {
                body(&self, table.entries[index], end, 1)
            }
        }
    }

    private func has(_ name: String, at position: Int) -> Bool {
        !name.isEmpty && scalars[position...].starts(with: name.unicodeScalars)
    }

    private func text(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(scalars[range]))
    }
}

extension Region {
    /// Says whether two regions have the same names; codes may differ after a reform.
    func sameNames(as other: Region) -> Bool {
        province == other.province && city == other.city && district == other.district
    }
}

extension Divisions {
    /// Whether a division is a prefecture or a county directly under a province that is no municipality.
    func isCity(_ division: Division) -> Bool {
        switch division.level {
        case .province: return false
        case .prefecture: return true
        case .county:
            guard let above = parent(of: division) else { return false }
            return above.level == .province && !above.isMunicipality
        }
    }

    /// The region of a city's full name: a prefecture, municipality or county directly under a province.
    func cityRegion(named name: String, year: Int?) -> Region? {
        for division in divisions(named: name, year: year) {
            let region = region(division, year: year)
            if region.city == name, region.district == nil { return region }
        }
        return nil
    }
}
