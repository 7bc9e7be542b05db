/// Bounds of the recognisers of facts.
enum FactLimits {
    /// Scalars looked back from a number for its name: longer sentences do not name it better.
    static let lookBack = 160
    /// Clauses looked back for the subject of a bare 支出决算 or 增加.
    static let subjectClauses = 8
    /// Longest name of a number in scalars.
    static let labelLength = 60
    /// A name longer than this is cut at its last 的 or closing quotation mark.
    static let cutLength = 24
    /// Most facts of one kind in a record: a guard against spreadsheets of ledgers.
    static let factsPerKind = 20_000
    /// Longest heading of a column in scalars.
    static let headingLength = 28
    /// Blocks before a table in which its unit of money is looked for.
    static let unitDistance = 4
    /// Blocks between a table of indicators and the table that goes on with it on the next page.
    static let continuationDistance = 6
    /// Columns left of a number in which its row's name and code are looked for.
    static let columnsBack = 64
}
