/// Every ceiling of the way to a database, with its reason.
enum PostgresLimits {
    /// Bytes of a source file in one row: every engine takes values of this size.
    static let chunkByteCount = 512 << 10
    /// Smallest source file that is kept in rows of its own; smaller ones stand with their entry.
    static let inlineByteCount = 16 << 10
    /// Bytes given to COPY at once.
    static let copyByteCount = 1 << 20
    /// How long one commit is tried before its callers are told that the database is away.
    static let commitSeconds = 15.0
    /// After a failed attempt nobody tries again for this long: callers are told at once.
    static let restSeconds = 1.0
    /// Longest pause between two attempts of one commit, in microseconds.
    static let maximumPauseMicroseconds: UInt32 = 200_000
    /// Most parameters of one statement.
    static let maximumParameterCount = 16
    /// Time between two looks for entries that other nodes wrote.
    static let pollInterval: Duration = .milliseconds(250)
    /// Time between two looks while the database is away.
    static let awayInterval: Duration = .seconds(2)
}
