/// Every ceiling of putting placed text back into lines, paragraphs and tables.
enum LayoutLimits {
    /// Pages of one document; the longest bundles of a county have a few hundred.
    static let maximumPageCount = 2_000
    /// Characters of one page; a close-set page of a printed book has about five thousand.
    static let maximumPageCharacterCount = 60_000
    /// Characters of one document.
    static let maximumCharacterCount = 4_000_000
    /// Largest coordinate in points that is believed: a side of 20 metres.
    static let maximumCoordinate = 56_700.0
    /// Ruling lines of one page; drawings with more are no tables.
    static let maximumRulingCount = 4_000
    /// Crossings of ruling lines that are looked at on a page.
    static let maximumCrossingCount = 2_000_000
    /// Columns of a ruled table.
    static let maximumColumnCount = 96
    /// Rows of a ruled table on one page.
    static let maximumRowCount = 400
    /// Pages that are drawn to find their ruling lines.
    static let maximumDrawnPageCount = 300
    /// Pixels of a drawn page.
    static let maximumPixelCount = 3_000_000
    /// Pixels of a point when a page is drawn.
    static let drawingScale = 1.5
    /// Lines that a title may be broken over.
    static let maximumTitleLineCount = 5
}
