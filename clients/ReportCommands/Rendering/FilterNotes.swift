import ReportModel

/// What may be mistyped in a filter that nothing passed, for people.
enum FilterNotes {
    private static let maximumNameCount = 5

    /// A line for each name of a region that the table of divisions does not have, and one for a unit.
    /// - Parameter filter: conditions that no record fulfils.
    /// - Returns: the lines, none when every name is known.
    static func lines(_ filter: ListFilter) -> [String] {
        let region = filter.region.flatMap { Divisions.standard.resolve($0) == nil ? $0 : nil }
        let parts = region.map { KeyPart.split($0).map { KeyPart.clean(String($0)) } } ?? []
        let named = [filter.province, filter.city, filter.district].compactMap { $0 } + parts
        var lines = named.filter { !isKnown($0) }.map(unknown)
        if let unit = filter.unit, !unit.hasPrefix("~") {
            lines.append(
                Wording.pick(
                    "note: units are compared whole; --unit '~\(unit)' finds names that contain it",
                    "注意：单位名称须完全一致；--unit '~\(unit)' 可查名称中含有该文字的单位"
                )
            )
        }
        return lines
    }

    /// That a name is unknown, and names that begin like it.
    private static func unknown(_ name: String) -> String {
        var near: [String] = []
        for other in Divisions.standard.all.lazy.map(\.name)
        where other.hasPrefix(name) && !near.contains(other) {
            near.append(other)
            guard near.count < maximumNameCount else { break }
        }
        let shown = near.joined(separator: ", ")
        return Wording.pick(
            "note: the table of divisions has no \(name)"
                + (near.isEmpty ? "" : "; perhaps \(shown)"),
            "注意：行政区划表中没有“\(name)”" + (near.isEmpty ? "" : "，是否为：\(shown)")
        )
    }

    private static func isKnown(_ name: String) -> Bool {
        !Divisions.standard.divisions(named: name).isEmpty
            || !Divisions.standard.names(ofCode: name).isEmpty
    }
}
