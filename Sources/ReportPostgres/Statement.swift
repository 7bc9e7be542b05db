/// A statement in the subset of SQL that all engines of the family understand alike.
///
/// Four types, explicit names, no statement that leans on an isolation level: a test holds every one
/// of them to the subset.
///
/// Source: docs/scale-out.md, section on the portable subset.
struct Statement: Sendable {
    var sql: String
    var types: [PostgresType]

    init(_ sql: String, _ types: PostgresType...) {
        self.sql = sql
        self.types = types
    }

    // MARK: Heads

    static let heads = Statement("SELECT origin, seq, epoch, writer, last, marks FROM heads")
    static let head = Statement(
        "SELECT origin, seq, epoch, writer, last, marks FROM heads WHERE origin = $1",
        .text
    )
    static let descriptor = Statement("SELECT descriptor FROM heads WHERE origin = $1", .text)
    /// Takes the place after the last entry: no row is sent before one row has changed.
    static let claim = Statement(
        """
        UPDATE heads SET seq = $2, epoch = $3, writer = $4, last = $5 \
        WHERE origin = $1 AND seq = $6 AND epoch = $7 AND last = $8
        """,
        .text,
        .int8,
        .int8,
        .text,
        .bytes,
        .int8,
        .int8,
        .bytes
    )
    /// Changes nothing: its commit is as durable as any, and so is what came before it.
    static let touch = Statement("UPDATE heads SET seq = seq WHERE origin = $1", .text)
    static let beginLog = Statement(
        """
        INSERT INTO heads (origin, seq, epoch, writer, last, marks, descriptor) \
        VALUES ($1, $2, 1, $3, $4, 0, $5)
        """,
        .text,
        .int8,
        .text,
        .bytes,
        .bytes
    )

    // MARK: Entries

    static let hash = Statement(
        "SELECT hash FROM records WHERE origin = $1 AND seq = $2",
        .text,
        .int8
    )
    static let copyRecords = Statement(
        """
        COPY records (origin, seq, kind, key, version, hlc, hash, header, body) \
        FROM STDIN (FORMAT binary)
        """
    )
    static let insertRecord = Statement(
        """
        INSERT INTO records (origin, seq, kind, key, version, hlc, hash, header, body) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        .text,
        .int8,
        .int2,
        .bytes,
        .int8,
        .int8,
        .bytes,
        .bytes,
        .bytes
    )
    static let records = Statement(
        """
        SELECT seq, header, body FROM records \
        WHERE origin = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq
        """,
        .text,
        .int8,
        .int8
    )
    static let body = Statement(
        "SELECT body FROM records WHERE origin = $1 AND seq = $2",
        .text,
        .int8
    )
    static let setBody = Statement(
        "UPDATE records SET body = $3 WHERE origin = $1 AND seq = $2",
        .text,
        .int8,
        .bytes
    )

    // MARK: What proves them

    static let insertSeal = Statement(
        "INSERT INTO seals (origin, last, first, signed, proof) VALUES ($1, $2, $3, $4, $5)",
        .text,
        .int8,
        .int8,
        .bytes,
        .bytes
    )
    static let seal = Statement(
        """
        SELECT first, last, signed, proof FROM seals \
        WHERE origin = $1 AND last > $2 ORDER BY last LIMIT 1
        """,
        .text,
        .int8
    )

    // MARK: Files

    static let copyChunks = Statement(
        "COPY chunks (origin, seq, body, part, data) FROM STDIN (FORMAT binary)"
    )
    static let insertChunk = Statement(
        "INSERT INTO chunks (origin, seq, body, part, data) VALUES ($1, $2, $3, $4, $5)",
        .text,
        .int8,
        .int2,
        .int8,
        .bytes
    )
    static let chunks = Statement(
        """
        SELECT seq, body, data FROM chunks \
        WHERE origin = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq, body, part
        """,
        .text,
        .int8,
        .int8
    )
    static let file = Statement(
        "SELECT data FROM chunks WHERE origin = $1 AND seq = $2 AND body = $3 ORDER BY part",
        .text,
        .int8,
        .int2
    )
    static let dropChunks = Statement(
        "DELETE FROM chunks WHERE origin = $1 AND seq = $2 AND body = $3",
        .text,
        .int8,
        .int2
    )

    // MARK: What is said of a log

    static let mark = Statement("UPDATE heads SET marks = marks + 1 WHERE origin = $1", .text)
    static let insertNotice = Statement(
        """
        INSERT INTO notices (origin, number, kind, data) \
        SELECT origin, marks, $2::int2, $3::bytea FROM heads WHERE origin = $1
        """,
        .text,
        .int2,
        .bytes
    )
    static let notices = Statement(
        """
        SELECT number, kind, data FROM notices \
        WHERE origin = $1 AND number > $2 ORDER BY number LIMIT 256
        """,
        .text,
        .int8
    )

    // MARK: Schema

    static let format = Statement("SELECT value FROM facts WHERE name = $1", .text)
    static let insertFormat = Statement(
        "INSERT INTO facts (name, value) VALUES ($1, $2)",
        .text,
        .int8
    )
    static let setFormat = Statement("UPDATE facts SET value = $2 WHERE name = $1", .text, .int8)

    /// Every statement with parameters or rows.
    static let all: [Statement] = [
        heads, head, descriptor, claim, touch, beginLog, hash, copyRecords, insertRecord, records,
        body,
        setBody, insertSeal, seal, copyChunks, insertChunk, chunks, file, dropChunks, mark,
        insertNotice,
        notices, format, insertFormat, setFormat,
    ]
}
