import Testing

@testable import ReportPostgres

/// Holds statements to the subset of SQL that every engine of the family understands alike.
private enum SubsetLint {
    /// Words that are refused anywhere, with the engine or the reason that refuses them.
    private static let refused: [String: String] = [
        "SERIAL": "gaps", "BIGSERIAL": "gaps", "SEQUENCE": "gaps", "IDENTITY": "gaps",
        "INT": "64 bits on CockroachDB", "INTEGER": "64 bits on CockroachDB",
        "BIGINT": "one name for a type", "VARCHAR": "one name for a type",
        "JSON": "types", "JSONB": "types", "TIMESTAMPTZ": "types", "TIMESTAMP": "types",
        "ARRAY": "types", "ENUM": "types", "CONFLICT": "GaussDB", "MERGE": "GaussDB",
        "DUPLICATE": "one family only", "WITH": "writable and recursive CTEs",
        "LISTEN": "YugabyteDB",
        "NOTIFY": "YugabyteDB", "TRIGGER": "Citus", "FUNCTION": "Citus", "LOCK": "CockroachDB",
        "SHARE": "Citus", "LIKE": "collations", "COLLATE": "collations", "OVER": "Citus",
        "PG_ADVISORY_LOCK": "CockroachDB", "RETURNING": "not needed", "UNIQUE": "Citus",
        "REFERENCES": "Citus", "CURSOR": "several open portals", "DECLARE": "several open portals",
    ]
    private static let types: Set<String> = ["int8", "int2", "text", "bytea"]

    /// What is wrong with a statement; nil when nothing is.
    static func fault(in sql: String) -> String? {
        let words = sql.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map { $0.uppercased() }
        for word in words {
            if let reason = refused[word] { return "\(word): \(reason)" }
        }
        if sql.contains("/") { return "division differs" }
        if sql.contains("''") { return "an empty text is NULL elsewhere" }
        if words.contains("UPDATE"), words.contains("FOR") { return "FOR UPDATE: Citus" }
        if words.first == "COPY", words.contains("TO") { return "COPY TO: CockroachDB" }
        if words.first == "CREATE" {
            let columns = sql.drop { $0 != "(" }.dropFirst().split(separator: ",")
            let key = columns.firstIndex { $0.contains("PRIMARY KEY") }
            guard let key else { return "a table without a primary key" }
            for column in columns[..<key] {
                let parts = column.split(separator: " ")
                guard parts.count >= 2, types.contains(String(parts[1])) else {
                    return "type of \(column)"
                }
            }
        }
        return nil
    }
}

@Suite("The portable subset of SQL")
struct StatementLintTests {
    @Test(
        "every statement keeps to it",
        arguments: Statement.all.map(\.sql) + PostgresSchema.creation
    )
    func keeps(sql: String) {
        #expect(SubsetLint.fault(in: sql) == nil)
    }

    @Test(
        "every statement tells as many types as it has parameters",
        arguments: 0..<Statement.all.count
    )
    func parameters(index: Int) {
        let statement = Statement.all[index]
        for number in 1...PostgresLimits.maximumParameterCount {
            let isUsed =
                statement.sql.contains("$\(number)")
                && !statement.sql.contains("$\(number)0")
            #expect(isUsed == (number <= statement.types.count), "\(statement.sql)")
        }
    }

    @Test(
        "what some engine does not know is refused",
        arguments: [
            "CREATE TABLE a (b serial NOT NULL, PRIMARY KEY (b))",
            "CREATE TABLE a (b jsonb NOT NULL, PRIMARY KEY (b))",
            "CREATE TABLE a (b int4 NOT NULL, PRIMARY KEY (b))", "CREATE TABLE a (b int8 NOT NULL)",
            "INSERT INTO a (b) VALUES ($1) ON CONFLICT DO NOTHING",
            "SELECT b FROM a WHERE b = $1 FOR UPDATE", "SELECT b FROM a WHERE b LIKE $1",
            "COPY a (b) TO STDOUT (FORMAT binary)", "SELECT b / 2 FROM a", "LISTEN a",
        ]
    )
    func canary(sql: String) {
        #expect(SubsetLint.fault(in: sql) != nil)
    }
}
