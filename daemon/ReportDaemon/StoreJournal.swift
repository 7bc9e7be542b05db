import ReportModel
import ReportStore

/// The notes of inboxes in the store's journal.
struct StoreJournal: InboxJournal {
    /// What every key of an inbox begins with in the store.
    private static let prefix = Array("inbox/".utf8)

    let store: Store

    func get(_ key: [UInt8]) async throws(ReportError) -> [UInt8]? {
        try store.journalValue(Self.prefix + key)
    }

    func write(_ changes: [InboxJournalChange]) async throws(ReportError) {
        try await store.writeJournal(
            changes.map { change in
                switch change {
                case .put(let key, let value): .put(key: Self.prefix + key, value: value)
                case .delete(let key): .delete(key: Self.prefix + key)
                }
            }
        )
    }

    func scan(
        prefix: [UInt8],
        after key: [UInt8]?,
        limit: Int
    ) async throws(ReportError) -> [InboxJournalRow] {
        let rows = try store.journalRows(
            prefix: Self.prefix + prefix,
            after: key.map { Self.prefix + $0 },
            limit: limit
        )
        return rows.map { row in
            InboxJournalRow(
                key: Array(row.key.dropFirst(Self.prefix.count)),
                value: row.value
            )
        }
    }
}
