/// Where a unit belongs, with full names.
///
/// Source: record schema, row `region`; codes of GB/T 2260.
public struct Region: Hashable, Sendable {
    /// One of several regions that a shared name may mean.
    public struct Candidate: Hashable, Sendable {
        /// Six-digit code.
        public var code: String?
        /// Full name of the province.
        public var province: String?
        /// Full name of the city.
        public var city: String?
        /// Full name of the district.
        public var district: String?

        /// Makes a candidate.
        /// - Parameters:
        ///   - code: six-digit code.
        ///   - province: full name of the province.
        ///   - city: full name of the city.
        ///   - district: full name of the district.
        public init(code: String?, province: String?, city: String?, district: String?) {
            self.code = code
            self.province = province
            self.city = city
            self.district = district
        }
    }

    /// Code of the lowest known level.
    public var code: String?
    /// Full name of the province.
    public var province: String?
    /// Full name of the city; a municipality's is the municipality.
    public var city: String?
    /// Full name of the district; nil for a city's own unit.
    public var district: String?
    /// True for a zone that is not in the table.
    public var local: Bool
    /// The regions meant, when the name is shared and nothing decides.
    public var candidates: [Candidate]

    /// Makes a region; without arguments nothing is known.
    /// - Parameters:
    ///   - code: six-digit code of the lowest known level.
    ///   - province: full name of the province.
    ///   - city: full name of the city.
    ///   - district: full name of the district.
    ///   - local: true for a zone that is not in the table.
    ///   - candidates: the regions meant, when ambiguous.
    public init(
        code: String? = nil,
        province: String? = nil,
        city: String? = nil,
        district: String? = nil,
        local: Bool = false,
        candidates: [Candidate] = []
    ) {
        self.code = code
        self.province = province
        self.city = city
        self.district = district
        self.local = local
        self.candidates = candidates
    }
}
