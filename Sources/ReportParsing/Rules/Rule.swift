public import ReportModel

/// One check over a record: pure, one small value in the list ``Rules/all``.
///
/// Source: the check rules with their tolerances are those of the domain description; every
/// finding quotes its places.
public struct Rule: Sendable {
    /// Identifier such as `WEIGHT-SUM`.
    public let id: String
    /// Looks at a record and returns what contradicts itself.
    public let check: @Sendable (Record) -> [Finding]

    /// Makes a rule.
    /// - Parameters:
    ///   - id: identifier.
    ///   - check: pure function of the record; must not trap on any record.
    public init(id: String, check: @escaping @Sendable (Record) -> [Finding]) {
        self.id = id
        self.check = check
    }
}
