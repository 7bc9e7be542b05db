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
    /// A server that sends and takes nothing for this long counts as gone.
    static let silenceSeconds = 30.0
    /// How long a wait goes on before what TLS holds back is looked for.
    static let sliceSeconds = 1.0
    /// How long a reader waits for a file, and how long for its turn.
    static let fileSeconds = 20.0
    /// Threads that read files, each with a connection.
    static let fileReaderCount = 4
    /// Readers that may wait for their turn.
    static let maximumWaitingReaderCount = 256
    /// Most attempts of a read that lost against others.
    static let maximumConflictCount = 20
    /// Bytes of entries under one seal; a single larger entry has one to itself.
    static let sealByteCount = 16 << 20
    /// What the server is told for each connection.
    ///
    /// It ends a wait for a row after 5 s (the commit is tried again), a transaction that does nothing
    /// after 60 s, a statement after 10 minutes, and notices within seconds that this machine is gone.
    /// What an administrator limits is not touched.
    static let sessionSettings: [String] =
        [
            ("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "60s"),
            ("statement_timeout", "600s"), ("client_connection_check_interval", "5s"),
        ].map { name, value in
            "SELECT set_config('\(name)', '\(value)', false) "
                + "WHERE current_setting('\(name)') IN ('0', '0s')"
        }
        + [
            ("tcp_keepalives_idle", "5"), ("tcp_keepalives_interval", "2"),
            ("tcp_keepalives_count", "3"), ("tcp_user_timeout", "10000"),
            // A commit that comes with a warning is not taken for one.
            ("client_min_messages", "warning"),
        ].map { name, value in "SELECT set_config('\(name)', '\(value)', false)" }
    /// Time between two looks for entries that other nodes wrote.
    static let pollInterval: Duration = .milliseconds(250)
    /// Time between two looks while the database is away.
    static let awayInterval: Duration = .seconds(2)
}
