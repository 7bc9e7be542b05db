extension ReadOperations where Self: ~Copyable {
    /// Lends the entries of a range to a closure, in the order of their keys or against it.
    ///
    /// In a table with sorted sets each value is an entry. The spans are valid only inside the
    /// closure; in a write transaction the closure may not update, a cursor serves for that.
    /// - Parameters:
    ///   - database: a table of this environment.
    ///   - lower: the lower end.
    ///   - upper: the upper end; one below the lower end makes the range empty.
    ///   - reversed: whether the greatest key comes first.
    ///   - limit: the greatest number of entries lent.
    ///   - body: reads an entry and tells whether to go on.
    /// - Returns: the number of entries lent.
    /// - Throws: what the body throws; ``LMDBError`` `.badKeySize`, `.foreignDatabase`,
    ///   `.badTransaction`.
    /// - Complexity: one descent of the tree, then one step for each entry; no copies.
    @discardableResult
    @_disfavoredOverload
    public func forEach(
        in database: Database,
        from lower: KeyBound = .unbounded,
        to upper: KeyBound = .unbounded,
        reversed: Bool = false,
        limit: Int = .max,
        _ body: (_ key: RawSpan, _ value: RawSpan) throws -> ScanStep
    ) throws -> Int {
        let context = transactionContext
        var scan = try Scan(context, database, from: lower, to: upper, reversed: reversed)
        var count = 0
        while count < limit, let entry = try scan.next() {
            count += 1
            context.beginLease()
            defer { context.endLease() }
            if try body(entry.key.bytes, entry.value.bytes) == .stop { break }
        }
        return count
    }

    /// Lends the entries of a range to a closure, with the error type of the closure kept.
    ///
    /// - Parameters:
    ///   - database: a table of this environment.
    ///   - lower: the lower end.
    ///   - upper: the upper end; one below the lower end makes the range empty.
    ///   - reversed: whether the greatest key comes first.
    ///   - limit: the greatest number of entries lent.
    ///   - body: reads an entry and tells whether to go on.
    /// - Returns: the number of entries lent.
    /// - Throws: what the body throws, or the failure of LMDB in the same type.
    @discardableResult
    public func forEach<Failure: TransactionFailure>(
        in database: Database,
        from lower: KeyBound = .unbounded,
        to upper: KeyBound = .unbounded,
        reversed: Bool = false,
        limit: Int = .max,
        _ body: (_ key: RawSpan, _ value: RawSpan) throws(Failure) -> ScanStep
    ) throws(Failure.Raised) -> Int {
        let context = transactionContext
        var count = 0
        var bodyFailure: Failure?
        do throws(LMDBError) {
            var scan = try Scan(context, database, from: lower, to: upper, reversed: reversed)
            while count < limit, bodyFailure == nil, let entry = try scan.next() {
                count += 1
                context.beginLease()
                defer { context.endLease() }
                do throws(Failure) {
                    if try body(entry.key.bytes, entry.value.bytes) == .stop { break }
                } catch {
                    bodyFailure = error
                }
            }
        } catch {
            throw Failure.raised(byLMDB: error)
        }
        if let bodyFailure {
            throw Failure.raised(byBody: bodyFailure)
        }
        return count
    }

    /// Lends the entries whose keys begin with a prefix to a closure.
    ///
    /// - Parameters:
    ///   - database: a table of this environment.
    ///   - prefix: at most 511 bytes; an empty one means the whole table.
    ///   - reversed: whether the greatest key comes first.
    ///   - limit: the greatest number of entries lent.
    ///   - body: reads an entry and tells whether to go on.
    /// - Returns: the number of entries lent.
    /// - Throws: what the body throws; ``LMDBError`` `.badKeySize`, `.foreignDatabase`,
    ///   `.badTransaction`.
    @discardableResult
    @_disfavoredOverload
    public func forEach<Prefix: ByteSource & ~Escapable>(
        in database: Database,
        prefix: Prefix,
        reversed: Bool = false,
        limit: Int = .max,
        _ body: (_ key: RawSpan, _ value: RawSpan) throws -> ScanStep
    ) throws -> Int {
        let (lower, upper) = prefix.withBytes { (KeyBound($0), KeyBound.above(prefix: $0)) }
        return try forEach(
            in: database,
            from: lower,
            to: upper,
            reversed: reversed,
            limit: limit,
            body
        )
    }

    /// Lends the entries of a prefix to a closure, with the error type of the closure kept.
    ///
    /// - Parameters:
    ///   - database: a table of this environment.
    ///   - prefix: at most 511 bytes; an empty one means the whole table.
    ///   - reversed: whether the greatest key comes first.
    ///   - limit: the greatest number of entries lent.
    ///   - body: reads an entry and tells whether to go on.
    /// - Returns: the number of entries lent.
    /// - Throws: what the body throws, or the failure of LMDB in the same type.
    @discardableResult
    public func forEach<Prefix: ByteSource & ~Escapable, Failure: TransactionFailure>(
        in database: Database,
        prefix: Prefix,
        reversed: Bool = false,
        limit: Int = .max,
        _ body: (_ key: RawSpan, _ value: RawSpan) throws(Failure) -> ScanStep
    ) throws(Failure.Raised) -> Int {
        let (lower, upper) = prefix.withBytes { (KeyBound($0), KeyBound.above(prefix: $0)) }
        return try forEach(
            in: database,
            from: lower,
            to: upper,
            reversed: reversed,
            limit: limit,
            body
        )
    }
}
