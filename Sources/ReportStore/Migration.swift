package import LMDB
import ReportModel

/// A step from one format of the store to the next.
///
/// Each runs in one transaction together with the new number, so that a crash leaves either format.
package struct Migration: Sendable {
    /// The format that it starts from; it leads to the next.
    package let from: UInt32
    /// Changes what has to change.
    package let apply: @Sendable (Environment, borrowing WriteTransaction) throws -> Void

    /// Makes a step.
    /// - Parameters:
    ///   - from: the format that it starts from.
    ///   - tables: names of tables that the step needs.
    ///   - apply: changes what has to change, in the transaction.
    package init(
        from: UInt32,
        tables: [String] = [],
        apply: @escaping @Sendable (Environment, borrowing WriteTransaction) throws -> Void
    ) {
        self.from = from
        self.tables = tables
        self.apply = apply
    }

    /// Names of tables that the step needs; LMDB opens none inside of a transaction.
    package let tables: [String]
}

/// The formats that this program knows.
package struct StoreFormat: Sendable {
    /// The format that it writes.
    package let number: UInt32
    /// The oldest format that it reads as it is.
    package let oldestReadable: UInt32
    /// Steps from older formats, one for each.
    package let migrations: [Migration]

    /// Makes a format.
    /// - Parameters:
    ///   - number: the format that is written.
    ///   - oldestReadable: the oldest format that is read as it is; nil: only the present one.
    ///   - migrations: steps from older formats.
    package init(number: UInt32, oldestReadable: UInt32? = nil, migrations: [Migration]) {
        self.number = number
        self.oldestReadable = oldestReadable ?? number
        self.migrations = migrations
    }

    /// The format of this version.
    package static let current = StoreFormat(
        number: Metadata.format,
        oldestReadable: 1,
        migrations: [
            Migration(from: 1, tables: ["meta"]) { environment, transaction in
                // What is derived is made anew, by the opening that follows.
                try DerivedTables.mark(
                    Metadata(table: try environment.database(named: "meta")),
                    transaction
                )
            }
        ]
    )

    /// Brings a store to this format, step by step.
    /// - Parameters:
    ///   - environment: the store, opened for writing.
    ///   - onStep: told before each step, so that it can be logged.
    /// - Throws: ``ReportError`` `unsupported` when a step is missing, and what a step throws; then
    ///   the store has the format before that step.
    func migrate(
        _ environment: Environment,
        onStep: (_ from: UInt32, _ to: UInt32) -> Void
    ) throws {
        while let found = try Self.number(of: environment), found < number {
            guard let step = migrations.first(where: { $0.from == found }) else {
                throw ReportError(
                    .unsupported,
                    "no step leads from format \(found) of the store to the next",
                    hint: "install a version between the one that wrote it and this one"
                )
            }
            onStep(found, found + 1)
            for name in step.tables { _ = try environment.database(named: name) }
            let meta = Metadata(table: try environment.database(named: "meta"))
            do {
                try environment.write { (transaction: borrowing WriteTransaction) throws in
                    try step.apply(environment, transaction)
                    try meta.put(.format, RowKey.number(found + 1), transaction)
                }
            } catch {
                let failure = StoreFailure.reportError(error)
                throw ReportError(
                    failure.code,
                    "the store stays at format \(found): \(failure.message)",
                    hint: "the version that wrote it still opens it; see its backup as well"
                )
            }
        }
    }

    /// The format of a store; nil in a new one.
    /// - Throws: ``LMDBError``; ``ReportError`` `integrity`.
    static func number(of environment: Environment) throws -> UInt32? {
        guard let table = try StoreIdentity.metaTable(of: environment) else { return nil }
        return try environment.read { (transaction: borrowing ReadTransaction) throws -> UInt32? in
            try number(Metadata(table: table), transaction)
        }
    }

    /// The same in a transaction.
    static func number<T: ReadOperations & ~Copyable>(
        _ meta: Metadata,
        _ transaction: borrowing T
    ) throws -> UInt32? {
        guard let bytes = try meta.bytes(.format, transaction) else { return nil }
        var reader = ByteReader(bytes[...])
        guard let number = reader.integer(UInt32.self), reader.remaining == 0 else {
            throw Sealed.damaged("meta", Metadata.Name.format.key)
        }
        return number
    }
}
