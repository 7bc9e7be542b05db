import ReportModel

/// Finds the filing unit and its region by a vote of cover, titles, signature and body.
///
/// Source: record schema, rows `region` and `unit`; DESIGN section 3.
struct UnitRecogniser: Recogniser {
    /// Candidates that name the same unit.
    private struct Group {
        var short: String
        /// The region that a member's own name says.
        var region: Region?
        var weight: Int
        var members: [UnitCandidate]
    }

    /// Looks names up in the draft's divisions, of the evaluated year.
    private final class Names {
        private let divisions: Divisions
        private let year: Int?
        private var shorts: [String: String] = [:]
        private var shortRegion: Region?
        /// Splits so far: the same few names are asked for again and again.
        private var splits: [(hint: Region?, known: [String: UnitNameSplit])] = []

        init(divisions: Divisions, year: Int?) {
            self.divisions = divisions
            self.year = year
        }

        func split(_ name: String, within hint: Region?) -> UnitNameSplit {
            let index: Int
            if let found = splits.firstIndex(where: { $0.hint == hint }) {
                index = found
            } else {
                index = splits.count
                splits.append((hint, [:]))
            }
            if let known = splits[index].known[name] { return known }
            let split = divisions.split(unitName: name, year: year, within: hint)
            splits[index].known[name] = split
            return split
        }

        func short(of name: String, region: Region?) -> String {
            if region != shortRegion {
                shortRegion = region
                shorts = [:]
            }
            if let known = shorts[name] { return known }
            let short = UnitName.short(of: name, region: region, year: year, divisions: divisions)
            shorts[name] = short
            return short
        }
    }

    func recognise(_ draft: inout Draft) {
        let year = draft.record.year ?? draft.given.year
        let hint = draft.given.region.flatMap { draft.divisions.resolve($0, year: year) }
        let known = hint.flatMap { $0.isAmbiguous ? nil : $0 }
        let names = Names(divisions: draft.divisions, year: year)
        let candidates = UnitCandidate.all(draft, hint: known)
        let finder = RegionFinder(draft.document, year: year, divisions: draft.divisions)
        guard let group = winner(candidates, names, known) else {
            draft.record.region = finder.fromBody() ?? Region()
            return
        }
        let region = region(of: group, names, known, finder)
        draft.record.region = region
        let split = representative(group, names, region)
        let spellings = spellings(group, split, region, draft.document, names)
        let name = spellings.first?.text ?? group.members[0].name
        draft.record.unit.name = name
        draft.record.unit.aliases = spellings.dropFirst().map(\.text)
        draft.record.unit.shortName = names.short(of: name, region: region)
        draft.record.unit.scope =
            group.members.lazy.compactMap { UnitName.scope(of: $0.printed) }
            .first?.rawValue
    }

    private func winner(_ candidates: [UnitCandidate], _ names: Names, _ hint: Region?) -> Group? {
        let common = commonRegion(candidates, names, hint)
        var groups: [Group] = []
        for candidate in candidates {
            let short = names.short(of: candidate.name, region: common)
            guard !short.isEmpty else { continue }
            let split = names.split(candidate.name, within: hint)
            let region = split.isCertain ? split.region : nil
            let index = groups.firstIndex { group in
                group.short == short
                    && (region == nil || group.region == nil || group.region == region)
            }
            if let index {
                groups[index].weight += candidate.weight
                groups[index].members.append(candidate)
                groups[index].region = groups[index].region ?? region
            } else {
                groups.append(
                    Group(
                        short: short,
                        region: region,
                        weight: candidate.weight,
                        members: [candidate]
                    )
                )
            }
        }
        let best = groups.map(\.weight).max()
        return groups.first { $0.weight == best }
    }

    /// The region that most of the weight speaks for.
    private func commonRegion(_ candidates: [UnitCandidate], _ names: Names, _ hint: Region?)
        -> Region?
    {
        var weights: [(region: Region, weight: Int)] = []
        for candidate in candidates {
            let split = names.split(candidate.name, within: hint)
            guard split.hasRegion, let region = split.region, !region.isAmbiguous else { continue }
            if let index = weights.firstIndex(where: { $0.region == region }) {
                weights[index].weight += candidate.weight
            } else {
                weights.append((region, candidate.weight))
            }
        }
        let best = weights.map(\.weight).max()
        return weights.first { $0.weight == best }?.region ?? hint
    }

    private func region(
        of group: Group,
        _ names: Names,
        _ hint: Region?,
        _ finder: RegionFinder
    ) -> Region {
        if let region = commonRegion(group.members, names, nil) { return region }
        for member in group.members {
            let split = names.split(member.name, within: hint)
            guard split.hasRegion, let region = split.region else { continue }
            return finder.decide(region)
        }
        return hint ?? finder.fromBody() ?? Region()
    }

    /// Lead and rest of the group's best name.
    private func representative(_ group: Group, _ names: Names, _ region: Region) -> UnitNameSplit?
    {
        let known = region.isAmbiguous ? nil : region
        let ordered = group.members.sorted { $0.weight > $1.weight }
        let splits = ordered.map { names.split($0.name, within: known) }
        return splits.first(where: \.hasRegion)
    }

    /// Spellings, the most complete first, then in order of appearance.
    private func spellings(
        _ group: Group,
        _ split: UnitNameSplit?,
        _ region: Region,
        _ document: Document,
        _ names: Names
    ) -> [UnitSpellings.Spelling] {
        let known = region.isAmbiguous ? nil : region
        var result: [UnitSpellings.Spelling] = group.members.map { member in
            let split = names.split(member.name, within: known)
            let length = split.printedRegion.unicodeScalars.count
            return UnitSpellings.Spelling(text: member.name, regionLength: length)
        }
        if let known {
            // 区总工会 is looked for as 总工会 behind the region's names.
            let search = UnitSpellings(
                lead: split?.lead ?? "",
                rest: split?.rest ?? group.short,
                region: known
            )
            result += search.find(in: document)
        }
        var best = 0
        for (index, spelling) in result.enumerated()
        where spelling.regionLength > result[best].regionLength { best = index }
        if !result.isEmpty { result.insert(result.remove(at: best), at: 0) }
        var seen: Set<String> = []
        return result.filter { seen.insert($0.text).inserted }
    }
}
