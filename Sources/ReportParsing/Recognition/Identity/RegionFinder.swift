import ReportModel

/// Decides a region by what else the document says.
struct RegionFinder {
    private let document: Document
    private let year: Int?
    private let divisions: Divisions

    /// Makes a finder.
    init(_ document: Document, year: Int?, divisions: Divisions) {
        self.document = document
        self.year = year
        self.divisions = divisions
    }

    /// Chooses among regions that share a name: the only one whose city or province is printed.
    /// - Parameter region: a region with candidates.
    /// - Returns: the one that the text names; the argument when none or several are named.
    func decide(_ region: Region) -> Region {
        guard region.isAmbiguous else { return region }
        let named = region.candidates.filter { candidate in
            guard let city = candidate.city else { return false }
            return isPrinted(city)
        }
        if named.count == 1 { return named[0] }
        guard named.isEmpty else { return region }
        let provinces = region.candidates.filter { $0.province.map(isPrinted) ?? false }
        return provinces.count == 1 ? provinces[0] : region
    }

    private func isPrinted(_ name: String) -> Bool {
        document.blocks.prefix(20_000).contains { $0.text.holds(name) }
    }

    /// The region that organs named in the text belong to, when they agree.
    /// - Returns: the district named most often, else the city; nil when nothing is named.
    func fromBody() -> Region? {
        var counts: [Region: Int] = [:]
        var budget = 40_000
        for block in document.blocks.prefix(3000) where block.text.utf8.count > 9 {
            let scalars = block.text.scalarArray
            budget -= scalars.count
            if budget < 0 { break }
            for start in starts(scalars) {
                let window = scalars[start...].prefix(14)
                guard divisions.mayName(aRegionIn: window) else { continue }
                let name = window.string
                let split = divisions.split(unitName: name, year: year)
                guard split.hasRegion, let region = split.region, !region.isAmbiguous else {
                    continue
                }
                counts[region, default: 0] += 1
            }
        }
        return winner(counts)
    }

    private func winner(_ counts: [Region: Int]) -> Region? {
        func best(_ regions: [Region: Int]) -> Region? {
            let sorted = regions.sorted {
                ($0.value, $0.key.description) > ($1.value, $1.key.description)
            }
            guard let first = sorted.first else { return nil }
            return sorted.count > 1 && sorted[1].value == first.value ? nil : first.key
        }
        let districts = counts.filter { $0.key.district != nil }
        if !districts.isEmpty { return best(districts) }
        return best(counts.filter { !$0.key.isProvince })
    }

    /// Beginnings of clauses, and what follows a preposition.
    private func starts(_ scalars: [Unicode.Scalar]) -> [Int] {
        var result = [0]
        for (index, scalar) in scalars.enumerated().dropLast() {
            if !TextSearch.isHan(scalar) || "据照由在向为经对与和是入到属了".unicodeScalars.contains(scalar) {
                if TextSearch.isHan(scalars[index + 1]) { result.append(index + 1) }
            }
        }
        return result
    }
}

extension Divisions {
    /// Whether a text may begin with a region: it holds a level word or begins with a local name.
    func mayName(aRegionIn scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        scalars.contains { "省市区县州旗盟".unicodeScalars.contains($0) }
            || locals.contains { scalars.starts(with: $0.name.unicodeScalars) }
    }
}
