import ReportModel

/// Fills in what the sender says and the document lacks; with force, overrides the document.
///
/// Source: DESIGN section 7. `given` of the record names what was used, where it came from, and
/// under `overridden` what the document said.
struct GivenRecogniser: Recogniser {
    func recognise(_ draft: inout Draft) {
        let given = draft.given
        var used: [String: JSONValue] = [:]
        var overridden: [String: JSONValue] = [:]
        if let year = given.year, draft.record.year == nil || given.force, draft.record.year != year
        {
            if let old = draft.record.year { overridden["year"] = .integer(old) }
            draft.record.year = year
            used["year"] = .integer(year)
        }
        applyRegion(&draft, &used, &overridden)
        applyUnit(&draft, &used, &overridden)
        if let text = given.kind, let kind = ReportKind(text),
            draft.record.kind == ReportKind.other.text || given.force,
            draft.record.kind != kind.text
        {
            if draft.record.kind != ReportKind.other.text {
                overridden["kind"] = .string(draft.record.kind)
            }
            draft.record.kind = kind.text
            used["kind"] = .string(kind.text)
        }
        guard !used.isEmpty else { return }
        used["origin"] = .string(given.origin)
        if !overridden.isEmpty { used["overridden"] = .object(overridden) }
        draft.record.given = used
    }

    private func applyRegion(
        _ draft: inout Draft,
        _ used: inout [String: JSONValue],
        _ overridden: inout [String: JSONValue]
    ) {
        guard let text = draft.given.region,
            let region = draft.divisions.resolve(text, year: draft.record.year)
        else { return }
        let current = draft.record.region
        let isKnown = current.city != nil && !current.isAmbiguous
        if draft.given.force, !region.isAmbiguous, current != region {
            if isKnown { overridden["region"] = .string(current.description) }
            draft.record.region = region
            used["region"] = .string(text)
        } else if !isKnown {
            draft.record.region = region
            used["region"] = .string(text)
        } else if draft.record.unit.name.map({
            !draft.divisions.split(unitName: $0, year: draft.record.year).isCertain
        }) ?? true, region.contains(current) {
            // The given region chose among regions of one name, or stood in for a missing one.
            used["region"] = .string(text)
        }
    }

    private func applyUnit(
        _ draft: inout Draft,
        _ used: inout [String: JSONValue],
        _ overridden: inout [String: JSONValue]
    ) {
        let year = draft.record.year
        if let text = draft.given.unit {
            let name = UnitName.name(of: text)
            if !name.isEmpty, draft.record.unit.name == nil || draft.given.force,
                draft.record.unit.name != name
            {
                if let old = draft.record.unit.name {
                    overridden["unit"] = .string(old)
                    draft.record.unit.aliases.insert(old, at: 0)
                }
                draft.record.unit.aliases.removeAll { $0 == name }
                draft.record.unit.name = name
                draft.record.unit.scope = UnitName.scope(of: text)?.rawValue
                used["unit"] = .string(text)
                let split = draft.divisions.split(unitName: name, year: year)
                if draft.given.region == nil, split.isCertain, let region = split.region,
                    draft.record.region.city == nil || draft.given.force
                {
                    draft.record.region = region
                }
            }
        }
        guard let name = draft.record.unit.name else { return }
        let region = draft.record.region
        draft.record.unit.shortName = UnitName.short(
            of: name,
            region: region.city == nil ? nil : region,
            year: year,
            divisions: draft.divisions
        )
    }
}

extension UnitNameSplit {
    /// Whether the name itself says one region.
    var isCertain: Bool { hasRegion && region?.city != nil && region?.isAmbiguous == false }
}
