extension Lookup {
    /// Returns the lookups that this one stands for, itself first unless a code replaces it.
    ///
    /// A part that is a six-digit code stands for that region: a city's for its keys, a province's for those of the
    /// province itself and of all its cities. A unit's full name stands for its region and unit; a shared name for all
    /// regions that have it. A province in front of its own city is dropped. An unknown code stays a part.
    ///
    /// - Parameter divisions: The table, with local names.
    /// - Returns: At most ``KeyLimits/maximumAlternativeCount`` lookups, all with the same year and version.
    public func expanded(by divisions: Divisions = .standard) -> [Lookup] {
        var alternatives: [[String]] = [[]]
        // What follows the kind is a project's name and never a region.
        let kindIndex =
            parts.dropFirst().firstIndex { ReportKind(word: $0) != nil } ?? parts.endIndex
        for (index, part) in parts.enumerated() {
            let meanings =
                index < kindIndex ? meanings(of: part, divisions: divisions) : [.literal(part)]
            var next: [[String]] = []
            var seen: Set<[String]> = []
            for prefix in alternatives where next.count < KeyLimits.maximumAlternativeCount {
                for meaning in meanings {
                    let extended = meaning.appended(to: prefix)
                    if seen.insert(extended).inserted { next.append(extended) }
                }
            }
            alternatives = next
        }
        let withoutProvince = alternatives.compactMap { droppingProvince($0, divisions: divisions) }
        for shorter in withoutProvince where !alternatives.contains(shorter) {
            alternatives.append(shorter)
        }
        return alternatives.prefix(KeyLimits.maximumAlternativeCount).map {
            Lookup(year: year, parts: $0, version: version)
        }
    }

    private enum Meaning {
        case literal(String)
        case region([String])
        case unit([String], String)

        func appended(to prefix: [String]) -> [String] {
            switch self {
            case .literal(let part): return prefix + [part]
            case .region(let path): return Self.merged(prefix, path)
            case .unit(let path, let unit): return Self.merged(prefix, path) + [unit]
            }
        }

        /// The region's path after the typed parts, without those it repeats.
        private static func merged(_ prefix: [String], _ path: [String]) -> [String] {
            prefix.filter { !path.contains($0) } + path
        }
    }

    private func meanings(of part: String, divisions: Divisions) -> [Meaning] {
        let named = divisions.names(ofCode: part)
        if !named.isEmpty {
            let all = named.flatMap { paths(of: $0, divisions: divisions) }
            var seen: Set<[String]> = []
            return all.filter { seen.insert($0).inserted }.map { .region($0) }
        }
        var meanings: [Meaning] = [.literal(part)]
        let hint = parts.first.flatMap { $0 == part ? nil : divisions.resolve($0, year: year) }
        let split = divisions.split(unitName: part, year: year, within: hint)
        guard split.hasRegion, let region = split.region else { return meanings }
        for candidate in region.isAmbiguous ? region.candidates : [region] {
            guard let path = candidate.keyParts else { continue }
            let scope = UnitName.scope(of: part)
            let short = UnitName.short(
                of: part,
                region: candidate,
                year: year,
                divisions: divisions
            )
            let unit = UnitName.keyPart(shortName: short, scope: scope)
            if short.isEmpty {
                // The name of a region alone is compared as it is; only a joined one is taken apart.
                if path.count > 1, path.last != part { meanings.append(.region(path)) }
            } else {
                meanings.append(.unit(path, unit))
            }
        }
        return meanings
    }

    /// The paths in keys that a code stands for.
    private func paths(of division: Division, divisions: Divisions) -> [[String]] {
        guard division.level == .province, !division.isMunicipality else {
            return divisions.region(division, year: year).keyParts.map { [$0] } ?? []
        }
        return [[division.name]] + divisions.children(of: division).map { [$0.name] }
    }

    private func droppingProvince(_ parts: [String], divisions: Divisions) -> [String]? {
        guard parts.count > 1,
            let province = divisions.divisions(named: parts[0]).first(where: {
                $0.level == .province
            }),
            let next = divisions.resolve(parts[1], year: year), next.province == province.name,
            !province.isMunicipality
        else { return nil }
        return Array(parts.dropFirst())
    }
}
