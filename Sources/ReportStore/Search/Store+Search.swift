import LMDB
public import ReportModel

extension Store {
    /// Searches the text of records; see ``ReportStoring``.
    ///
    /// What is not indexed yet is not found: the page says up to where it is.
    /// - Parameter query: what is looked for.
    /// - Returns: the best rows of it.
    /// - Throws: ``ReportError`` `usage` when a term is too short, `integrity` when the index is
    ///   damaged.
    public func search(_ query: SearchQuery) async throws(ReportError) -> SearchPage {
        try searchNow(query)
    }

    /// The same on the calling thread.
    /// - Parameter query: what is looked for.
    /// - Returns: the best rows of it.
    /// - Throws: ``ReportError``.
    public func searchNow(_ query: SearchQuery) throws(ReportError) -> SearchPage {
        let plan = try SearchPlan(query)
        return try StoreFailure.mapped {
            let identity = try storeIdentity()
            return try searchBox.withReadable { database throws in
                guard let database else {
                    return SearchPage(totalIsExact: false, indexedUpTo: 0, position: try arrival())
                }
                return try database.environment.read {
                    (index: borrowing ReadTransaction) throws -> SearchPage in
                    let state =
                        try database.state(of: identity, index) ?? SearchState(store: identity)
                    let run = SearchRun(
                        store: self,
                        query: query,
                        plan: plan,
                        database: database,
                        state: state
                    )
                    return try snapshot { (main: borrowing ReadTransaction) throws in
                        try run.page(index, main)
                    }
                }
            }
        }
    }

    /// How far the search is behind.
    /// - Returns: the position up to which it is indexed, and that of the last entry.
    /// - Throws: ``ReportError``.
    public func searchPosition() throws(ReportError) -> (indexedUpTo: UInt64, position: UInt64) {
        try StoreFailure.mapped {
            let identity = try storeIdentity()
            let indexed = try searchBox.withReadable { database throws -> UInt64 in
                guard let database else { return 0 }
                return try database.environment.read { (index: borrowing ReadTransaction) throws in
                    try database.state(of: identity, index)?.indexedUpTo ?? 0
                }
            }
            return (indexed, try arrival())
        }
    }

    /// The number that tells this store from every other, in hexadecimal digits.
    func storeIdentity() throws -> String {
        try environment.read { (transaction: borrowing ReadTransaction) throws in
            HexText.text(try Metadata(tables).bytes(.store, transaction) ?? [])
        }
    }

    /// Arrival number of the last entry.
    func arrival() throws -> UInt64 {
        try environment.read { (transaction: borrowing ReadTransaction) throws in
            try Metadata(tables).counter(.arrival, transaction)
        }
    }

    /// The row of the feed with an arrival number.
    func feedRow<T: ReadOperations & ~Copyable>(
        _ arrival: UInt64,
        _ transaction: borrowing T
    ) throws -> FeedRow? {
        let rowKey = RowKey.number(arrival)
        guard let bytes = try transaction.copyValue(rowKey, in: tables.feed) else { return nil }
        guard let row = FeedRow(bytes) else { throw Sealed.damaged("feed", rowKey) }
        return row
    }
}
