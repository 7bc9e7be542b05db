import ReportModel

/// Year, region and unit of a filing of several files.
struct FilingIdentity {
    private let records: [Record]
    private let divisions: Divisions

    /// Looks at the records of the files.
    /// - Parameters:
    ///   - records: the one that says most first.
    ///   - divisions: the divisions, with local names.
    init(_ records: [Record], divisions: Divisions) {
        self.records = records
        self.divisions = divisions
    }

    private var year: Int? { records.lazy.compactMap(\.year).first }

    private var region: Region {
        let known = records.first { $0.region.city != nil && !$0.region.isAmbiguous }
        let ambiguous = records.first { $0.region.isAmbiguous }
        return (known ?? ambiguous ?? records.first)?.region ?? Region()
    }

    private var unit: UnitIdentity {
        records.first { $0.unit.name != nil }?.unit ?? records.first?.unit ?? UnitIdentity()
    }

    /// Fills in the identity, with every other spelling of the unit as alias.
    func fill(_ record: inout Record) {
        record.year = year
        record.region = region
        record.unit = unit
        for other in records {
            for name in [other.unit.name].compactMap({ $0 }) + other.unit.aliases
            where name != record.unit.name && !record.unit.aliases.contains(name) {
                record.unit.aliases.append(name)
            }
            for (field, value) in other.given where record.given[field] == nil {
                if isUsed(field, other) { record.given[field] = value }
            }
        }
        // A name in one file may get its region from another.
        if let name = record.unit.name, record.region.city != nil, !record.region.isAmbiguous {
            record.unit.shortName = UnitName.short(
                of: name,
                region: record.region,
                year: record.year,
                divisions: divisions
            )
        }
    }

    /// Whether what was given for a file is what the filing has.
    private func isUsed(_ field: String, _ other: Record) -> Bool {
        switch field {
        case "year": other.year == year && records.first { $0.year != nil }?.given["year"] != nil
        case "region": other.region == region && records.first?.given["region"] != nil
        case "unit": other.unit.name == unit.name && records.first?.given["unit"] != nil
        case "kind": records.first?.given["kind"] != nil
        default: true
        }
    }

    /// Files that speak of another year, region or unit than the filing.
    var conflicts: [UnreadItem] {
        var items: [UnreadItem] = []
        let region = region
        for other in records {
            let name = other.sources.first?.name ?? ""
            func add(_ what: String, _ own: String, _ whole: String) {
                items.append(
                    UnreadItem(
                        what: "\(name)：\(what) \(own)",
                        reason: "与整份材料的\(what) \(whole) 不一致，请核对是否放错了文件"
                    )
                )
            }
            if let own = other.year, let year, own != year { add("年度", "\(own)", "\(year)") }
            if other.region.city != nil, !other.region.isAmbiguous, other.region != region,
                !region.contains(other.region), !other.region.contains(region)
            {
                add("地区", other.region.description, region.description)
            } else if let own = other.unit.shortName, let short = unit.shortName, own != short,
                other.key != nil, records.first?.key != nil, let full = other.unit.name
            {
                add("单位", full, unit.name ?? short)
            }
        }
        return items
    }
}
