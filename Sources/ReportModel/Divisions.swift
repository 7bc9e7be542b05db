/// The administrative divisions of China with names added by the configuration.
///
/// The table is compiled in and read when first used; values are cheap to copy.
public struct Divisions: Sendable {
    /// The table without local names.
    public static let standard = Divisions()

    /// The local districts that were added.
    public let locals: [LocalDivision]

    var table: DivisionTable { .standard }

    /// Makes the table with local districts added.
    public init(adding locals: [LocalDivision] = []) {
        self.locals = locals
    }

    /// Every division under every name, by code.
    public var all: [Division] { table.entries }

    /// Whether a text is the name of a division without its level word, such as 乐山 or 白云.
    package func isStem(_ text: String) -> Bool { DivisionTable.allStems.contains(text) }

    /// Whether a text is such a name of a province or prefecture.
    package func isLargeStem(_ text: String) -> Bool { DivisionTable.largeStems.contains(text) }

    /// Returns the division of a code.
    ///
    /// - Parameters:
    ///   - code: Six digits.
    ///   - year: The year whose name is preferred; nil for the latest.
    /// - Returns: The entry valid in that year, else the latest, or nil when no division ever had the code.
    public func division(code: some StringProtocol, year: Int? = nil) -> Division? {
        let names = names(ofCode: code)
        return names.last { $0.isValid(in: year) } ?? names.last
    }

    /// Returns a code's division under each name it ever had, the latest last.
    ///
    /// - Parameter code: Six digits.
    /// - Returns: Nothing when no division ever had the code.
    public func names(ofCode code: some StringProtocol) -> ArraySlice<Division> {
        guard code.utf8.count == 6, code.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(code)
        else { return [] }
        return table.entries[table.positions(number: number)]
    }

    /// Returns all divisions of a full name.
    ///
    /// - Parameters:
    ///   - name: The full name with its level word, such as 鼓楼区.
    ///   - year: The year whose divisions are preferred; nil prefers today's.
    /// - Returns: Those valid in that year, or, when none was, all that ever had the name.
    public func divisions(named name: String, year: Int? = nil) -> [Division] {
        let found = table.names.positions(of: name).map { table.entries[$0] }
        let valid = found.filter { $0.isValid(in: year) }
        return valid.isEmpty ? found : valid
    }

    /// Returns the divisions directly below one, by code.
    ///
    /// - Parameters:
    ///   - division: A province or prefecture.
    ///   - year: Only those valid in that year; nil for all that ever were.
    /// - Returns: The divisions by code, none for a county.
    public func children(of division: Division, year: Int? = nil) -> [Division] {
        table.entries.filter {
            $0.parentNumber == division.number && (year == nil || $0.isValid(in: year))
        }
    }

    /// Returns the division above one, under its name of a year.
    public func parent(of division: Division, year: Int? = nil) -> Division? {
        division.parentNumber.flatMap { table.entry(number: $0, year: year) }
    }

    /// Returns the region that a division is.
    ///
    /// - Parameters:
    ///   - division: Any division.
    ///   - year: The year whose names are preferred for the divisions above it.
    /// - Returns: The region with the names of the divisions above it.
    public func region(_ division: Division, year: Int? = nil) -> Region {
        var region = Region(code: division.code)
        switch division.level {
        case .province:
            region.province = division.name
            region.city = division.name
        case .prefecture:
            region.province = parent(of: division, year: year)?.name
            region.city = division.name
        case .county:
            guard let above = parent(of: division, year: year) else { break }
            if above.level == .prefecture {
                region.province = parent(of: above, year: year)?.name
                region.city = above.name
                region.district = division.name
            } else {
                region.province = above.name
                region.city = above.isMunicipality ? above.name : division.name
                region.district = above.isMunicipality ? division.name : nil
            }
        }
        return region
    }

    /// Finds the region of a city and a district named apart.
    ///
    /// - Parameters:
    ///   - city: The full name of a city, municipality, province or county directly under a province, or nil.
    ///   - district: The full name of a district or zone, or nil.
    ///   - year: The evaluated year.
    /// - Returns: The region; one with candidates when the name is shared; nil when a name is unknown.
    public func resolve(city: String?, district: String?, year: Int? = nil) -> Region? {
        let name = KeyPart.clean((city ?? "") + (district ?? ""))
        guard !name.isEmpty else { return nil }
        let split = split(unitName: name, year: year)
        guard split.rest.isEmpty, let region = split.region else { return nil }
        return region
    }

    /// Finds the region that a person names: a six-digit code, or names from a province down to a district.
    ///
    /// - Parameters:
    ///   - text: Such as `440811`, `麻章区`, `湛江市/麻章区` or `广东省湛江市麻章区`.
    ///   - year: The evaluated year.
    /// - Returns: The region; one with candidates when the name is shared; nil when it is unknown.
    public func resolve(_ text: String, year: Int? = nil) -> Region? {
        guard text.utf8.count <= KeyLimits.maximumTextByteCount else { return nil }
        let joined = KeyPart.clean(KeyPart.split(text).joined())
        if let division = division(code: joined, year: year) { return region(division, year: year) }
        return resolve(city: joined, district: nil, year: year)
    }
}
