import LMDB
public import ReportModel

extension Store {
    /// Makes every derived table anew from entries and bodies; numbers of keys and positions of the
    /// feed stay what they are.
    ///
    /// Meanwhile everything else that is asked of the store fails with `conflict`. A process that ends
    /// in the middle leaves a mark, and whoever opens the store for writing next goes on. The index of
    /// the search is another thing: ``SearchIndexer/rebuild(progress:)``.
    /// - Parameter progress: told how many entries of how many are done.
    /// - Throws: ``ReportError`` `read-only`, `conflict` when it is under way already, `integrity`
    ///   when an entry or body is damaged: then the mark stays.
    public func reindex(
        progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws(ReportError) {
        let writer = try writer()
        guard beginsRebuilding() else { throw DerivedTables.refusal }
        let rebuild = DerivedTables(tables: tables)
        try await writer.perform { transaction in try rebuild.begin(transaction) }
        while let step = try await writer.perform({ transaction in try rebuild.step(transaction) })
        {
            progress(Int(clamping: step.done), Int(clamping: step.total))
        }
        endRebuilding()
        // Head rows may have changed: flags of the search follow when it is made anew.
        commits.advance()
    }

    /// Goes on with what a process that ended left undone; before anything else is asked.
    static func finishRebuild(_ environment: Environment, _ tables: Tables) throws {
        let rebuild = DerivedTables(tables: tables)
        while true {
            let isDone = try environment.write {
                (transaction: borrowing WriteTransaction) throws -> Bool in
                let isDone = try rebuild.step(transaction) == nil
                try HashTail.merge(tables, transaction)
                return isDone
            }
            if isDone { return }
        }
    }
}
