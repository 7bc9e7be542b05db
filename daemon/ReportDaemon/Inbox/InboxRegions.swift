import ReportModel

/// The regions whose reports an inbox takes without asking the clerk: its own, and what folder or form say.
///
/// A log cannot be changed afterwards: a report of a region that the city does not take from this office
/// would hold up every later one.
struct InboxRegions: Sendable {
    /// Name of the member of an error's details that tells the region which the document says.
    static let detail = "elsewhere"

    private let names: [String]
    private let divisions: Divisions

    init(_ configuration: InboxConfiguration, _ given: GivenFacts) {
        // Without a region of its own an inbox takes every region.
        names = configuration.region.map { [$0] + (given.region.map { [$0] } ?? []) } ?? []
        divisions = configuration.divisions
    }

    /// Throws `no-key` for a report of another region, which the clerk settles by the form.
    func check(_ key: ReportKey) throws(ReportError) {
        let path = [key.city] + (key.district.map { [$0] } ?? [])
        let region =
            divisions.resolve(path.joined(separator: "/"), year: key.year)
            ?? Region(city: key.city, district: key.district)
        let own = names.compactMap { divisions.resolve($0, year: key.year) }
        // A region that no table has is told with the configuration.
        guard !own.isEmpty, !own.contains(where: { Self.contains($0, region) }) else { return }
        throw ReportError(
            .noKey,
            "the document is of \(path.joined(separator: "/")), not of \(names[0])",
            hint: "write the right region in the form, or hand it in where it belongs",
            details: [
                "missing": ["region"], "candidates": [],
                Self.detail: .string(path.joined(separator: "/")), "own": .string(names[0]),
            ]
        )
    }

    private static func contains(_ outer: Region, _ inner: Region) -> Bool {
        if outer.isAmbiguous { return outer.candidates.contains { contains($0, inner) } }
        return outer.contains(inner)
    }

    /// Whether an error says that a document is of another region.
    static func isOutside(_ error: ReportError?) -> Bool {
        error?.code == .noKey && error?.details[detail] != nil
    }

    /// The facts by which the region that a clerk wrote down wins over the document's, and nothing else does.
    /// - Parameters:
    ///   - given: what form, folder and inbox say.
    ///   - used: what of it the document lacked, as its record tells.
    /// - Returns: the facts for the second reading.
    static func deciding(_ given: GivenFacts, used: [String: JSONValue]) -> GivenFacts {
        GivenFacts(
            year: used["year"] == nil ? nil : given.year,
            region: given.region,
            unit: used["unit"] == nil ? nil : given.unit,
            kind: used["kind"] == nil ? nil : given.kind,
            force: true,
            origin: given.origin
        )
    }
}
