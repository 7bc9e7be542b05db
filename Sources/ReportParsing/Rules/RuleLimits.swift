/// Bounds of the rules: a hostile record costs bounded work and yields a bounded list.
enum RuleLimits {
    /// Findings kept of one rule; a filing with more is not read more carefully for it.
    static let maximumFindingsPerRule = 50
    /// Amounts, rates, indicators and sections that are looked at; a long report has some hundred
    /// of each, and some rules compare each with all of its part.
    static let maximumFactCount = 5000
    /// Total scores, numbers of people and parts that are looked at.
    static let maximumScoreCount = 500
    /// Parts of one sum that are looked at.
    static let maximumPartsPerSum = 200
    /// Characters of a printed number that are read.
    static let maximumNumberLength = 40
    /// Unicode scalars of a quotation within a message; the place holds all of it.
    static let maximumQuoteLength = 40
    /// Unicode scalars of a label that are looked at.
    static let maximumLabelLength = 200
    /// Unicode scalars before a rate within which its amounts stand.
    static let sentenceLength = 160
    /// Greatest scaled value: 10^15 in units of 10^-6, so that 10^6 summands, or one factor of
    /// 10^9, stay far below the limits of a 128-bit integer.
    static let maximumScaled: Int128 = 1_000_000_000_000_000_000_000
}
