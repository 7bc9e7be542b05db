import ReportModel

/// The tables of a database that nodes share.
///
/// Every key begins with the log, so that an engine which spreads rows over machines keeps a log
/// together and a commit is one machine's business.
///
/// Source: docs/scale-out.md, section on the schema.
enum PostgresSchema {
    /// The newest format of the tables.
    static let format: Int64 = 1

    /// What a new database gets; each is harmless when the table is there.
    static let creation: [String] = [
        "CREATE TABLE IF NOT EXISTS facts (name text NOT NULL, value int8 NOT NULL, PRIMARY KEY (name))",
        """
        CREATE TABLE IF NOT EXISTS heads (origin text NOT NULL, seq int8 NOT NULL, \
        epoch int8 NOT NULL, writer text NOT NULL, last bytea NOT NULL, marks int8 NOT NULL, \
        descriptor bytea NOT NULL, PRIMARY KEY (origin))
        """,
        """
        CREATE TABLE IF NOT EXISTS records (origin text NOT NULL, seq int8 NOT NULL, \
        kind int2 NOT NULL, key bytea NOT NULL, version int8 NOT NULL, hlc int8 NOT NULL, \
        hash bytea NOT NULL, header bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (origin, seq))
        """,
        """
        CREATE TABLE IF NOT EXISTS seals (origin text NOT NULL, last int8 NOT NULL, \
        first int8 NOT NULL, signed bytea NOT NULL, proof bytea NOT NULL, \
        PRIMARY KEY (origin, last))
        """,
        """
        CREATE TABLE IF NOT EXISTS chunks (origin text NOT NULL, seq int8 NOT NULL, \
        body int2 NOT NULL, part int8 NOT NULL, data bytea NOT NULL, \
        PRIMARY KEY (origin, seq, body, part))
        """,
        """
        CREATE TABLE IF NOT EXISTS notices (origin text NOT NULL, number int8 NOT NULL, \
        kind int2 NOT NULL, data bytea NOT NULL, PRIMARY KEY (origin, number))
        """,
    ]

    /// What spreads the tables over the machines of Citus; said once, after ``creation``.
    static let distribution: [String] = [
        "SELECT create_reference_table('facts')",
        "SELECT create_distributed_table('heads', 'origin')",
        "SELECT create_distributed_table('records', 'origin', colocate_with => 'heads')",
        "SELECT create_distributed_table('seals', 'origin', colocate_with => 'heads')",
        "SELECT create_distributed_table('chunks', 'origin', colocate_with => 'heads')",
        "SELECT create_distributed_table('notices', 'origin', colocate_with => 'heads')",
    ]

    private static let name = "format"

    /// The format of the tables; nil when there are none.
    /// - Throws: ``PostgresFault``, ``ReportError``.
    static func format(of connection: PostgresConnection) throws -> Int64? {
        let rows: [PostgresRow]
        do throws(PostgresFault) {
            rows = try connection.run(.format, [.text(name)]).rows
        } catch {
            guard error.kind == .noTables else { throw error }
            return nil
        }
        return try rows.first?.integer(0)
    }

    /// Makes what is missing, and brings older tables to the newest format.
    /// - Parameters:
    ///   - connection: where.
    ///   - isSpread: whether Citus is told to spread the tables, when they are new.
    /// - Returns: the format before; nil when the database was empty.
    /// - Throws: ``PostgresFault``; ``ReportError`` `unsupported` for a newer format.
    static func prepare(_ connection: PostgresConnection, isSpread: Bool) throws -> Int64? {
        let held = try format(of: connection)
        if let held {
            try check(held)
            return held
        }
        for sql in creation { try connection.run(sql) }
        if isSpread { for sql in distribution { try connection.run(sql) } }
        do throws(PostgresFault) {
            _ = try connection.run(.insertFormat, [.text(name), .int8(format)])
        } catch {
            // Another node was as fast.
            guard error.kind == .duplicate else { throw error }
        }
        return nil
    }

    static var missing: ReportError {
        ReportError(
            .notFound,
            "the database has no tables of reportd",
            hint: "reportctl store init URL makes them"
        )
    }

    /// Refuses tables that this program does not know.
    static func check(_ held: Int64?) throws(ReportError) {
        guard let held else {
            throw missing
        }
        guard held <= format else {
            throw ReportError(
                .unsupported,
                "the database has format \(held), this program knows up to \(format)",
                hint: "install a newer reportd on this machine"
            )
        }
    }
}
