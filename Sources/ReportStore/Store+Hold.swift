import LMDB
public import ReportModel

/// Appending waits while peers may hold more of the node's log than the node.
extension Store {
    /// Why nothing is appended at present; nil when appends are taken.
    /// - Returns: the hold.
    /// - Throws: ``ReportError`` when the store cannot be read.
    public func filingHold() throws(ReportError) -> FilingHold? {
        try read { (transaction: borrowing ReadTransaction) throws in
            try Self.hold(tables, transaction)
        }
    }

    /// Refuses appends from now on.
    /// - Parameter reason: what happened to the store.
    /// - Throws: ``ReportError`` `no-space`, `read-only`.
    public func holdFiling(_ reason: FilingHold.Reason) async throws(ReportError) {
        try await writer().perform { [self] transaction in
            let hold = FilingHold(reason, since: clock())
            try Metadata(tables).put(.hold, hold.bytes, transaction)
        }
    }

    /// Takes appends again: the peers were asked, or an administrator goes on without them.
    /// - Parameter seen: the hold that the question was about; one that began meanwhile stays. Nil: any.
    /// - Returns: the hold that ended; nil when there was none.
    /// - Throws: ``ReportError`` `no-space`, `read-only`.
    @discardableResult
    public func proceedFiling(after seen: FilingHold? = nil) async throws(ReportError)
        -> FilingHold?
    {
        guard try filingHold() != nil else { return nil }
        return try await writer().perform { [self] transaction in
            let hold = try Self.hold(tables, transaction)
            if let seen, seen != hold { return nil }
            _ = try transaction.delete(Metadata.Name.hold.key, in: tables.meta)
            return hold
        }
    }

    static func hold<T: ReadOperations & ~Copyable>(
        _ tables: Tables,
        _ transaction: borrowing T
    ) throws -> FilingHold? {
        try Metadata(tables).bytes(.hold, transaction).flatMap { FilingHold($0) }
    }

    /// The log that this node appends to, by number.
    func ownRef<T: ReadOperations & ~Copyable>(_ transaction: borrowing T) throws -> UInt32 {
        guard let bytes = try Metadata(tables).bytes(.ownLog, transaction) else {
            throw Sealed.damaged("meta", Metadata.Name.ownLog.key)
        }
        var reader = ByteReader(bytes[...])
        guard let ref = reader.integer(UInt32.self) else {
            throw Sealed.damaged("meta", Metadata.Name.ownLog.key)
        }
        return ref
    }

    /// The log that this node appends to.
    func ownRow<T: ReadOperations & ~Copyable>(_ transaction: borrowing T) throws -> LogRow {
        try LogRows(tables: tables).row(try ownRef(transaction), transaction)
    }

    /// The same for an append.
    /// - Throws: a refusal with `read-only` while filing is held up.
    func appendableRow(_ transaction: borrowing WriteTransaction) throws -> LogRow {
        // Between two steps of making derived tables anew, which have no rows of what is stored.
        if isBeingRebuilt { throw Refusal(error: DerivedTables.refusal) }
        if let row = tables.writerMemory.appendable { return row }
        if let hold = try Self.hold(tables, transaction) { throw Refusal(error: hold.error) }
        let row = try ownRow(transaction)
        tables.writerMemory.keep(appendable: row.ref)
        return row
    }

    /// Begins a new log when a peer holds what the current one lacks; see ``ReportLog``.
    public func leaveOwnLog(_ stated: LogPosition) async throws(ReportError) -> LogID {
        // Nothing is written for a position that is held: it stays so.
        let held: LogID? = try read { (transaction: borrowing ReadTransaction) throws -> LogID? in
            let own = try ownRow(transaction)
            let isLeft =
                try own.descriptor.id == stated.log
                && reason(toLeave: own, stated, transaction) != nil
            return isLeft ? nil : own.descriptor.id
        }
        if let held { return held }
        return try await writer().perform { [self] transaction in
            let own = try ownRow(transaction)
            guard own.descriptor.id == stated.log, let key,
                let reason = try reason(toLeave: own, stated, transaction)
            else { return own.descriptor.id }
            // What was appended in this transaction before still needs the old log's head.
            try signHead(transaction)
            return try beginLogAnew(after: own, key, reason, transaction).descriptor.id
        }
    }

    /// Begins a log in the place of the own one, and holds filing up.
    @discardableResult
    func beginLogAnew(
        after own: LogRow,
        _ key: NodeKey,
        _ reason: FilingHold.Reason,
        _ transaction: borrowing WriteTransaction
    ) throws -> LogRow {
        let log = try StoreIdentity.beginLog(
            tables,
            key: key,
            name: own.descriptor.name,
            at: clock(),
            transaction
        )
        let hold = FilingHold(reason, since: clock())
        try Metadata(tables).put(.hold, hold.bytes, transaction)
        return log
    }

    private func reason<T: ReadOperations & ~Copyable>(
        toLeave own: LogRow,
        _ stated: LogPosition,
        _ transaction: borrowing T
    ) throws -> FilingHold.Reason? {
        if stated.sequence > own.held { return .behind }
        guard stated.sequence > 0 else { return nil }
        let place = EntryPlace(log: own.ref, sequence: stated.sequence)
        let held = try EntryRows(tables: tables).required(at: place, transaction)
        return held.hash == stated.hash ? nil : .forked
    }
}
