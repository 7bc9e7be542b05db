import CLMDB

/// A walk over the entries of a range, in one direction.
struct Scan: ~Copyable {
    private let cursor: Cursor
    private let lower: KeyBound
    private let upper: KeyBound
    private let reversed: Bool
    private var hasBegun = false

    init(
        _ context: TransactionContext,
        _ database: Database,
        from lower: KeyBound,
        to upper: KeyBound,
        reversed: Bool
    ) throws(LMDBError) {
        for bound in [lower, upper] {
            guard (bound.key?.count ?? 0) <= Limits.maximumKeyByteCount else {
                throw LMDBError(.badKeySize, "forEach")
            }
        }
        cursor = try Cursor(context, database)
        self.lower = lower
        self.upper = upper
        self.reversed = reversed
    }

    /// Returns the next entry, or nil at the end of the range.
    mutating func next() throws(LMDBError) -> (
        key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer
    )? {
        let found: Bool
        if hasBegun {
            found = reversed ? try cursor.previous() : try cursor.next()
        } else {
            hasBegun = true
            found = reversed ? try beginAtUpper() : try beginAtLower()
        }
        guard found, let entry = try cursor.entry() else { return nil }
        let inside = reversed ? lower.admits(asLower: entry.key) : upper.admits(asUpper: entry.key)
        return inside ? entry : nil
    }

    private func beginAtLower() throws(LMDBError) -> Bool {
        guard let key = lower.key else { return try cursor.first() }
        guard try cursor.seek(atLeast: key), let entry = try cursor.entry() else { return false }
        // Only the excluded key itself can stand before the range here.
        return lower.admits(asLower: entry.key) ? true : try cursor.nextKey()
    }

    private func beginAtUpper() throws(LMDBError) -> Bool {
        guard let key = upper.key else { return try cursor.last() }
        guard try cursor.seek(atLeast: key), let entry = try cursor.entry() else {
            return try cursor.last()
        }
        guard upper.admits(asUpper: entry.key) else { return try cursor.previousKey() }
        // The included key itself: its last value comes first.
        return cursor.database.options.duplicateSorted ? try cursor.lastDuplicate() : true
    }
}
