/// Bounds of the recognisers of counts and remarks.
enum RemarkLimits {
    /// Most counts in a record: a guard against ledgers.
    static let maximumCounts = 2000
    /// Most remarks of one kind in a record.
    static let maximumRemarksPerKind = 300
    /// Bytes looked back from a number for what it counts.
    static let lookBack = 96
    /// Bytes looked ahead of a counting word for what it counts.
    static let lookAhead = 36
    /// Bytes kept of a remark.
    static let remarkLength = 300
    /// Rows above a cell in which the heading of its column is looked for.
    static let headingRows = 40
}
