/// Every ceiling of questions, with its reason.
public enum QueryLimits {
    /// Rows of a list when nothing is asked.
    public static let defaultListCount = 100
    /// Most measures of one `stats` or `trend`: more columns than anybody reads.
    public static let maximumMeasureCount = 32
    /// Most conditions on numbers in one filter.
    public static let maximumRangeCount = 16
    /// Longest role of an amount, a rate or a count of staff in bytes.
    public static let maximumRoleByteCount = 64
    /// Most groups of one `stats`: an answer of about 50 MB with every measure.
    public static let maximumGroupCount = 50_000
    /// Most names beside the first by which a `trend` looks for a unit.
    public static let maximumOtherNameCount = 32
    /// Most records of one unit that a `trend` takes in.
    public static let maximumTrendRecordCount = 10_000
    /// Largest roster or alias file in bytes: 100,000 rows of 160 bytes.
    public static let maximumTableByteCount = 16 << 20
    /// Most rows of a roster or alias file.
    public static let maximumTableRowCount = 100_000
    /// Most fields of one row of such a file.
    public static let maximumTableFieldCount = 64
    /// Years that one row of a roster may cover; a row without an end covers every year asked for.
    public static let maximumRosterYearCount = 100
    /// Decimal places of a mean of money, in 元.
    public static let moneyMeanPlaces = 2
    /// Decimal places of any other mean and of per cents.
    public static let meanPlaces = 4
    /// Decimal places of a change in per cent.
    public static let percentPlaces = 2
}

/// Every ceiling of a comparison of two versions, with its reason.
public enum DiffLimits {
    /// Most elements of one list that are matched by likeness; longer ones are matched by name only.
    public static let maximumLikenessCount = 400
    /// Most scalars of a text that likeness looks at.
    public static let maximumLikenessScalarCount = 200
    /// Least likeness, in per cent, at which two names are one that was changed.
    public static let minimumLikeness = 60
    /// Most cells of the table by which two lists of lines are compared; beyond it the whole middle
    /// counts as changed.
    public static let maximumCellCount = 4_000_000
    /// Most changes of one kind that a comparison lists; further ones are counted.
    public static let maximumChangeCount = 5_000
    /// Most scalars of a quotation that is shown.
    public static let maximumQuoteScalarCount = 2_000
    /// Most lines of a text that is compared line by line.
    public static let maximumLineCount = 200_000
    /// Lines shown around a changed one.
    public static let contextLineCount = 3
}
