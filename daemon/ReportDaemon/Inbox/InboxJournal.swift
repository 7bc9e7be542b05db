public import ReportModel

/// One change of the journal.
public enum InboxJournalChange: Hashable, Sendable {
    /// Sets the value of a key.
    case put(key: [UInt8], value: [UInt8])
    /// Removes a key; a missing one is no fault.
    case delete(key: [UInt8])
}

/// One row of the journal.
public struct InboxJournalRow: Hashable, Sendable {
    /// At most 100 bytes.
    public var key: [UInt8]
    /// JSON of at most some 100 KiB.
    public var value: [UInt8]

    /// Makes a row.
    /// - Parameters:
    ///   - key: at most 100 bytes.
    ///   - value: any bytes.
    public init(key: [UInt8], value: [UInt8]) {
        self.key = key
        self.value = value
    }
}

/// What an inbox remembers over a crash: the daemon keeps it in the store's environment.
///
/// All inboxes of a daemon share one journal; their keys are apart. Keys are ordered as bytes.
public protocol InboxJournal: Sendable {
    /// Reads one value.
    /// - Parameter key: at most 100 bytes.
    /// - Returns: the value; nil when there is none.
    /// - Throws: ``ReportError`` when the journal cannot be read.
    func get(_ key: [UInt8]) async throws(ReportError) -> [UInt8]?

    /// Applies all changes or none, and returns after the disk has them.
    /// - Parameter changes: in order.
    /// - Throws: ``ReportError`` when nothing was applied, or when that is not certain.
    func write(_ changes: [InboxJournalChange]) async throws(ReportError)

    /// Reads rows in the order of their keys.
    /// - Parameters:
    ///   - prefix: what every key begins with.
    ///   - key: only keys after this one; nil for the first page.
    ///   - limit: most rows.
    /// - Returns: fewer rows than `limit` only at the end.
    /// - Throws: ``ReportError`` when the journal cannot be read.
    func scan(
        prefix: [UInt8],
        after key: [UInt8]?,
        limit: Int
    ) async throws(ReportError) -> [InboxJournalRow]
}
