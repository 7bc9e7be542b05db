/// The columns of every meaning in a table of indicators.
struct HeadColumns: Hashable, Sendable {
    private var ranges: [Range<Int>?] = Array(repeating: nil, count: ColumnHeading.allCases.count)

    /// Columns of a meaning; a merged heading covers several.
    subscript(_ heading: ColumnHeading) -> Range<Int>? {
        get { ranges[heading.rawValue] }
        set { ranges[heading.rawValue] = newValue }
    }

    /// The leftmost column with a meaning; nil when there is none.
    var first: Int? { ranges.lazy.compactMap { $0?.lowerBound }.min() }
}
