import ReportModel

/// What the folders above a file and the inbox's configuration say about it.
///
/// Source: DESIGN section 7, Inbox.
struct FolderFacts: Sendable {
    let configuration: InboxConfiguration

    private static let unitEndings = [
        "局", "委", "办", "会", "院", "中心", "所", "站", "校", "部", "处", "队", "学", "园", "厅", "室", "社",
        "馆", "政府", "街道", "镇", "乡", "联", "台", "库",
    ]

    /// Units of two characters; other words of that length, such as 全部, are none.
    private static let shortUnits: Set = [
        "妇联", "团委", "政府", "党校", "法院", "侨联", "残联", "科协", "文联", "政协", "人大", "纪委", "台联",
    ]

    /// The facts of a file, the deepest folder first, the configuration last.
    func facts(for path: InboxPath) -> GivenFacts {
        var facts = GivenFacts(
            year: configuration.year,
            region: configuration.region,
            unit: configuration.unit,
            origin: "inbox"
        )
        for component in path.parent.components {
            guard let text = String(validating: component, as: UTF8.self) else { continue }
            if add(KeyPart.clean(text), to: &facts) { facts.origin = "folder" }
        }
        return facts
    }

    private func add(_ name: String, to facts: inout GivenFacts) -> Bool {
        if let year = Self.year(name) {
            facts.year = year
        } else if ReportKind(word: name) != nil {
            facts.kind = name
        } else if let region = region(name, within: facts.region, year: facts.year) {
            facts.region = region
        } else if let unit = unit(name, year: facts.year) {
            facts.unit = unit.name
            if let region = unit.region { facts.region = region }
        } else {
            return false
        }
        return true
    }

    /// The year that a folder or a field of a form names: `2023`, `2023年`, `2023年度`.
    static func year(_ name: String) -> Int? {
        let digits =
            name.hasSuffix("年度")
            ? name.dropLast(2) : name.hasSuffix("年") ? name.dropLast() : name[...]
        guard digits.utf8.count == 4, let year = Int(digits), KeyLimits.years.contains(year) else {
            return nil
        }
        return year
    }

    private func region(_ name: String, within outer: String?, year: Int?) -> String? {
        let divisions = configuration.divisions
        if let outer, let region = divisions.resolve(outer + "/" + name, year: year),
            !region.isAmbiguous
        {
            return outer + "/" + name
        }
        return divisions.resolve(name, year: year) == nil ? nil : name
    }

    private func unit(_ name: String, year: Int?) -> (name: String, region: String?)? {
        let isUnit =
            Self.shortUnits.contains(name)
            || (3...60).contains(name.count) && Self.unitEndings.contains(where: name.hasSuffix)
        guard isUnit else { return nil }
        let split = configuration.divisions.split(unitName: name, year: year)
        let region = split.region.flatMap {
            $0.isAmbiguous ? nil : $0.keyParts?.joined(separator: "/")
        }
        return (name, split.hasRegion ? region : nil)
    }
}
