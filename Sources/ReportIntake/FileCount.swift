public import ReportModel

/// How many files a filing of several has, and how many of them were read.
public struct FileCount: Hashable, Sendable {
    /// Files of the filing.
    public var total: Int
    /// Files that were read.
    public var read: Int

    /// Counts the files of a record that was made of one filing.
    /// - Parameter record: its sources that could not be read stand in `unread` under their names.
    public init(of record: Record) {
        let unread = Set(record.unread.map(\.what))
        total = record.sources.count
        read = record.sources.count { !unread.contains($0.name) }
    }

    /// The object `{total, read}`.
    public var json: JSONValue { ["total": .integer(total), "read": .integer(read)] }
}
