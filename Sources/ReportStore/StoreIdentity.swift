import LMDB
import ReportModel

/// Whose store this is, and which log it appends to.
struct StoreIdentity: Sendable {
    var node: NodeID
    var ownRef: UInt32
    var name: String

    static func missing(_ directory: String) -> ReportError {
        guard !directory.contains("://") else {
            return ReportError(
                .usage,
                "a store in a database is asked through a node that shares it",
                hint: "--node HOST:PORT; or --store with the folder of a node on this machine"
            )
        }
        return ReportError(
            .notFound,
            "there is no store in \(directory)",
            hint: "reportd makes one at its first start, reportctl submit --store as well"
        )
    }

    /// Refuses a store of a newer format before anything in it is touched.
    static func refuseNewerFormat(_ environment: Environment, than known: UInt32) throws {
        guard let found = try StoreFormat.number(of: environment), found > known else { return }
        throw ReportError(
            .unsupported,
            "the store was written by a newer reportd",
            hint: "install the version that wrote it, or a newer one"
        )
    }

    /// Refuses to read a store that only opening for writing brings to the present format.
    static func refuseOlderFormat(_ environment: Environment) throws {
        let oldest = StoreFormat.current.oldestReadable
        guard let found = try StoreFormat.number(of: environment), found < oldest else { return }
        throw ReportError(
            .unsupported,
            "the store has format \(found), this program reads formats from \(oldest) on",
            hint: "start the node once: it brings the store to its format; make a backup before"
        )
    }

    /// The table `meta`; nil in a new store, or one whose making was cut short.
    static func metaTable(of environment: Environment) throws(LMDBError) -> Database? {
        do throws(LMDBError) {
            return try environment.database(named: "meta")
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// Reads the identity of a store that is there.
    static func read<T: ReadOperations & ~Copyable>(
        _ tables: Tables,
        _ transaction: borrowing T
    ) throws -> StoreIdentity {
        let meta = Metadata(tables)
        try checkFormat(meta, transaction)
        guard let nodeBytes = try meta.bytes(.node, transaction), let node = NodeID(nodeBytes),
            let refBytes = try meta.bytes(.ownLog, transaction)
        else { throw Sealed.damaged("meta", Metadata.Name.node.key) }
        var reader = ByteReader(refBytes[...])
        guard let ref = reader.integer(UInt32.self) else {
            throw Sealed.damaged("meta", Metadata.Name.ownLog.key)
        }
        let log = try LogRows(tables: tables).row(ref, transaction)
        return StoreIdentity(node: node, ownRef: ref, name: log.descriptor.name)
    }

    /// Makes a new store's identity, or a new log for one that was copied or has another key.
    static func prepare(
        _ tables: Tables,
        key: NodeKey,
        options: Store.Options,
        _ transaction: borrowing WriteTransaction
    ) throws -> StoreIdentity {
        let meta = Metadata(tables)
        let machine = NodeFiles.machine()
        if try meta.bytes(.auditSince, transaction) == nil {
            // Entries that are here already have no rows for auditors until a reindex.
            let arrival = try meta.counter(.arrival, transaction)
            try meta.put(.auditSince, RowKey.number(arrival), transaction)
        }
        if try meta.bytes(.format, transaction) != nil {
            let identity = try read(tables, transaction)
            let sameMachine = try meta.bytes(.machine, transaction) == machine.bytes
            if sameMachine, identity.node == key.id { return identity }
            // Somebody has signed for what this node wrote, and may hold more of it: also where its key
            // was put back after another one had been in its place.
            let isReturning =
                try identity.node == key.id
                || LogRows(tables: tables).all(transaction).contains {
                    $0.descriptor.node == key.id
                }
            if isReturning, try transaction.statistics(of: tables.acks).entryCount > 0 {
                let hold = FilingHold(.copied, since: options.clock())
                try meta.put(.hold, hold.bytes, transaction)
            }
        } else {
            try meta.put(.format, RowKey.number(Metadata.format), transaction)
            try meta.put(.store, Array(Hash256.random().bytes.prefix(16)), transaction)
            try meta.put(.hashedArrival, RowKey.number(UInt64(0)), transaction)
            try meta.put(.hashedKey, RowKey.number(UInt64(0)), transaction)
        }
        let log = try beginLog(
            tables,
            key: key,
            name: options.nodeName,
            at: options.clock(),
            transaction
        )
        try meta.put(.node, key.id.key.bytes, transaction)
        try meta.put(.machine, machine.bytes, transaction)
        return StoreIdentity(node: key.id, ownRef: log.ref, name: log.descriptor.name)
    }

    /// Makes a new log the one that is appended to.
    static func beginLog(
        _ tables: Tables,
        key: NodeKey,
        name: String,
        at time: Timestamp,
        _ transaction: borrowing WriteTransaction
    ) throws -> LogRow {
        guard let nonce = LogID(Hash256.random().bytes.prefix(LogID.byteCount)) else {
            preconditionFailure("sixteen bytes make a nonce")
        }
        let descriptor = LogDescriptor(node: key.id, nonce: nonce, createdAt: time, name: name)
        let log = try LogRows(tables: tables).add(descriptor, transaction)
        try Metadata(tables).put(.ownLog, RowKey.number(log.ref), transaction)
        return log
    }

    private static func checkFormat<T: ReadOperations & ~Copyable>(
        _ meta: Metadata,
        _ transaction: borrowing T
    ) throws {
        guard try meta.bytes(.format, transaction) != nil else {
            throw ReportError(.integrity, "this is no store of reportd")
        }
    }
}
