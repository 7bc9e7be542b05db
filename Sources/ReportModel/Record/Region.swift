/// Where a unit is: the `region` of a record.
///
/// Source: `record-schema.md`, row `region`.
public struct Region: Hashable, Sendable, CustomStringConvertible {
    /// The GB/T 2260 code of the lowest known level; a zone outside the table has its city's.
    public var code: String?

    /// The full name of the province.
    public var province: String?

    /// The full name of the city: a municipality is its own, a county directly under its province too, and a
    /// province's own unit has the province here.
    public var city: String?

    /// The full name of the district, nil for a city's own unit and for cities without districts.
    public var district: String?

    /// Whether the district is a zone or a configured name that is not in the table.
    public var local: Bool

    /// The regions that are meant when the name is shared; empty when the region is known.
    public var candidates: [Region]

    /// Makes a region of its fields.
    public init(
        code: String? = nil,
        province: String? = nil,
        city: String? = nil,
        district: String? = nil,
        local: Bool = false,
        candidates: [Region] = []
    ) {
        self.code = code
        self.province = province
        self.city = city
        self.district = district
        self.local = local
        self.candidates = candidates
    }

    /// Whether several regions are meant and none was chosen.
    public var isAmbiguous: Bool { !candidates.isEmpty }

    /// The parts of a key that name the region, city first; nil when the city is unknown or ambiguous.
    public var keyParts: [String]? {
        guard let city, !isAmbiguous else { return nil }
        return [city] + (district.map { [$0] } ?? [])
    }

    /// Says whether another region is this one or lies within it.
    public func contains(_ other: Region) -> Bool {
        if city == nil || isProvince { return province != nil && province == other.province }
        return city == other.city && (district == nil || district == other.district)
    }

    /// Whether this is a province itself, not one of its cities and not a municipality.
    public var isProvince: Bool {
        district == nil && city == province && !(province?.hasSuffix("市") ?? true)
    }

    /// The names from the province down, without repeating a municipality.
    public var description: String {
        var names: [String] = []
        for name in [province, city, district] {
            if let name, names.last != name { names.append(name) }
        }
        return names.joined()
    }
}
