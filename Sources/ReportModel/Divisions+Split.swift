extension Divisions {
    /// Splits a unit's name into region and rest by the longest match on the table, left to right.
    ///
    /// 乐山市市中区总工会 is 乐山市 + 市中区 + 总工会. A city may stand without its level word when one of its own
    /// districts follows (乐山市中区总工会), and a province without it when a division of its own does. Districts are
    /// never matched without their level word. A shared name without a city gives candidates and no city.
    ///
    /// - Parameters:
    ///   - name: The name as printed; it is cleaned.
    ///   - year: The evaluated year: divisions valid then are preferred.
    ///   - hint: A region known from elsewhere: it chooses among shared names, serves as city of a zone, and is the
    ///     region of a name that has none.
    /// - Returns: The region and what is left of the name, which together lose nothing.
    public func split(
        unitName name: String,
        year: Int? = nil,
        within hint: Region? = nil
    ) -> UnitNameSplit {
        let clean = KeyPart.clean(name)
        let scalars = Array(clean.unicodeScalars)
        let lead = UnitName.lead(of: clean)
        let start = lead.unicodeScalars.count
        var matcher = DivisionMatcher(self, scalars, from: start, year: year, hint: hint)
        guard let match = matcher.best() ?? behindCorps(scalars, from: start, year: year) else {
            return UnitNameSplit(
                region: hint,
                lead: "",
                printedRegion: "",
                rest: clean
            )
        }
        func text(_ range: Range<Int>) -> String {
            String(String.UnicodeScalarView(scalars[range]))
        }
        return UnitNameSplit(
            region: match.region,
            lead: lead,
            printedRegion: text(start..<match.end),
            rest: text(match.end..<scalars.count)
        )
    }

    /// The match behind 新疆生产建设兵团第八师, which stands in front of the names of the corps' cities.
    private func behindCorps(
        _ scalars: [Unicode.Scalar],
        from start: Int,
        year: Int?
    ) -> DivisionMatcher.Match? {
        let length = UnitName.corps(in: scalars, from: start)
        guard length > 0 else { return nil }
        var matcher = DivisionMatcher(self, scalars, from: start + length, year: year, hint: nil)
        return matcher.best()
    }
}
