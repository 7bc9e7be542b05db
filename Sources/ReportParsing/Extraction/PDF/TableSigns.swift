/// Whether a page is worth drawing for its ruling lines.
enum TableSigns {
    /// Whether a page may hold a ruled table.
    ///
    /// A page of running text has lines without wide gaps that fill it from side to side; cells
    /// are short or stand side by side.
    /// - Parameter page: a page without rulings.
    /// - Returns: false for running text alone.
    static func mayHoldTable(_ page: PositionedPage) -> Bool {
        let lines = LineFinder.lines(page.texts, page: page.index)
        guard lines.count >= 2 else { return false }
        let gapped = lines.filter { $0.segments.count > 1 }.count
        if gapped >= 2 { return true }
        let width = (lines.map(\.box.right).max() ?? 0) - (lines.map(\.box.left).min() ?? 0)
        let short = lines.filter { $0.box.width < 0.5 * width }.count
        return page.texts.contains { $0.turns != 0 } || short >= 4 && short * 3 >= lines.count
    }
}
