public import ReportModel

extension WorkerRequest {
    /// Makes a request to parse one file.
    /// - Parameters:
    ///   - name: file name, a hint.
    ///   - bytes: the file.
    ///   - given: what the sender says.
    ///   - localDivisions: districts to know beside the table; those beyond
    ///     ``KeyLimits/maximumLocalDivisionCount`` are refused by the worker.
    /// - Returns: the request; its argument is `{name, given, regions: [{name, city}]}`.
    static func parse(
        name: String,
        bytes: [UInt8],
        given: GivenFacts,
        localDivisions: [LocalDivision]
    ) -> WorkerRequest {
        var argument: [String: JSONValue] = ["name": .string(name), "given": given.json]
        if !localDivisions.isEmpty {
            argument["regions"] = .array(
                localDivisions.map { ["name": .string($0.name), "city": .string($0.city)] }
            )
        }
        return WorkerRequest(.parse, argument: .object(argument), payload: bytes)
    }

    /// Reads the local districts of a request to parse.
    /// - Returns: none when the request names none.
    /// - Throws: ``ReportError`` `usage` when they are malformed, too many or too long.
    public func localDivisions() throws(ReportError) -> [LocalDivision] {
        guard let json = argument["regions"] else { return [] }
        guard let rows = json.arrayValue, rows.count <= KeyLimits.maximumLocalDivisionCount else {
            throw Self.badRegions
        }
        var divisions: [LocalDivision] = []
        divisions.reserveCapacity(rows.count)
        for row in rows {
            guard let name = row["name"]?.stringValue, let city = row["city"]?.stringValue else {
                throw Self.badRegions
            }
            let division = LocalDivision(name: name, city: city)
            for text in [division.name, division.city] {
                guard
                    (1...KeyLimits.maximumLocalNameScalarCount).contains(text.unicodeScalars.count)
                else { throw Self.badRegions }
            }
            divisions.append(division)
        }
        return divisions
    }

    private static var badRegions: ReportError {
        ReportError(
            .usage,
            "regions must be at most \(KeyLimits.maximumLocalDivisionCount) objects of name and city"
        )
    }
}
