import LMDB
public import ReportModel

extension Store {
    /// Checks hashes, chain, signatures, bodies and derived tables; see ``ReportStoring``.
    public func verify(
        progress: @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws(ReportError) -> VerifyReport {
        try verifyNow(progress: progress)
    }

    /// The same on the calling thread.
    /// - Parameter progress: told now and then how many entries of how many were checked.
    /// - Returns: the report.
    /// - Throws: ``ReportError`` when the store cannot be read at all.
    public func verifyNow(
        progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(ReportError) -> VerifyReport {
        var verification = Verification(store: self)
        let logs = try read { (transaction: borrowing ReadTransaction) throws -> [LogRow] in
            try LogRows(tables: tables).all(transaction)
        }
        let total = logs.reduce(0) { $0 + Int(clamping: $1.held) }
        for log in logs {
            try verification.check(log) { done in progress(done, total) }
        }
        try verification.checkFeed()
        try verification.checkKeys()
        progress(total, total)
        return verification.report
    }
}

/// One run of `verify`.
private struct Verification {
    let store: Store
    var report = VerifyReport()

    private var tables: Tables { store.tables }

    init(store: Store) { self.store = store }

    private mutating func problem(_ text: String) {
        if report.problems.count < StoreLimits.maximumProblemCount { report.problems.append(text) }
    }

    /// Goes through one log in steps, so that no snapshot is held for long.
    mutating func check(
        _ log: LogRow,
        progress: (Int) -> Void
    ) throws(ReportError) {
        report.logCount += 1
        if log.isForked { problem("log \(log.descriptor.id): forked, two branches are held") }
        checkHead(log)
        var chain = ChainCheck(log: log)
        var next: UInt64 = 1
        while next <= log.held {
            let last = min(log.held, next + UInt64(StoreLimits.verificationStepCount) - 1)
            let range = next...last
            let step = try store.read {
                (transaction: borrowing ReadTransaction) throws -> (ChainCheck, Verification) in
                var chain = chain
                var copy = self
                for sequence in range { copy.checkEntry(sequence, of: log, &chain, transaction) }
                return (chain, copy)
            }
            (chain, self) = step
            next = last + 1
            progress(report.entryCount)
        }
        if chain.previous != log.last {
            problem("log \(log.descriptor.id): the last entry is not the one its row names")
        }
        try checkRoot(log, chain)
    }

    private mutating func checkHead(_ log: LogRow) {
        guard let head = log.head else {
            if log.held > 0 { problem("log \(log.descriptor.id): no signed head") }
            return
        }
        if !head.isAuthentic(for: log.descriptor) {
            problem("log \(log.descriptor.id): the signature of its head does not verify")
        }
        if log.ref == store.ownRef, head.size != log.held {
            problem("log \(log.descriptor.id): the own head does not cover the log")
        }
    }

    private mutating func checkRoot(_ log: LogRow, _ chain: ChainCheck) throws(ReportError) {
        guard let head = log.head, log.held > 0 else { return }
        do throws(ReportError) {
            let root = try store.read {
                (transaction: borrowing ReadTransaction) throws -> Hash256 in
                try MerkleRows(tables: tables).root(log: log.ref, size: log.held, transaction)
            }
            if root != chain.root {
                problem("log \(log.descriptor.id): the stored tree is not that of the entries")
            } else if head.size == log.held, head.root != root {
                problem("log \(log.descriptor.id): the signed root is not that of the entries")
            }
        } catch {
            guard error.code == .integrity else { throw error }
            problem("log \(log.descriptor.id): \(error.message)")
        }
    }

    private mutating func checkEntry<T: ReadOperations & ~Copyable>(
        _ sequence: UInt64,
        of log: LogRow,
        _ chain: inout ChainCheck,
        _ transaction: borrowing T
    ) {
        let place = EntryPlace(log: log.ref, sequence: sequence)
        let name = "log \(log.descriptor.id) entry \(sequence)"
        do {
            guard let stored = try EntryRows(tables: tables).entry(at: place, transaction) else {
                problem("\(name): missing")
                chain.add(.zero)
                return
            }
            report.entryCount += 1
            if stored.entry.log != log.descriptor.id || stored.entry.sequence != sequence {
                problem("\(name): its header names another place")
            }
            if stored.entry.previous != chain.previous {
                problem("\(name): does not follow the entry before it")
            }
            chain.add(stored.hash)
            if try EntryRows(tables: tables).place(of: stored.hash, transaction) != place {
                problem("\(name): not found by its hash")
            }
            report.derivedRowCount += 1
            try checkFeedRow(stored, name, transaction)
            for index in stored.entry.bodies.indices {
                checkBody(index, of: stored, name, transaction)
            }
        } catch {
            problem("\(name): \(StoreFailure.reportError(error).message)")
            chain.add(.zero)
        }
    }

    private mutating func checkFeedRow<T: ReadOperations & ~Copyable>(
        _ stored: StoredEntry,
        _ name: String,
        _ transaction: borrowing T
    ) throws {
        let row = try transaction.copyValue(RowKey.number(stored.arrival), in: tables.feed)
        if row.flatMap({ EntryPlace($0) }) != stored.place {
            problem("\(name): not in the change feed")
        }
        report.derivedRowCount += 1
        guard stored.entry.keyHash != .zero else { return }
        guard
            let key = try KeyRows(tables: tables).number(
                ofHash: stored.entry.keyHash,
                transaction
            ), row.map({ Array($0.suffix(8)) }) == RowKey.number(key),
            try transaction.contains(
                RowKey.keyEntry(key, stored.arrival),
                in: tables.keyEntries
            )
        else { return problem("\(name): not among the entries of its key") }
        report.derivedRowCount += 1
        guard stored.entry.kind == .submit else { return }
        let version = RowKey.version(key, stored.entry.number, stored.hash.bytes)
        if try transaction.copyValue(version, in: tables.versions) != stored.place.bytes {
            problem("\(name): not among the versions of its key")
        }
        report.derivedRowCount += 1
    }

    private mutating func checkBody<T: ReadOperations & ~Copyable>(
        _ index: Int,
        of stored: StoredEntry,
        _ name: String,
        _ transaction: borrowing T
    ) {
        do {
            let rows = BodyRows(table: tables.bodies)
            guard let body = try rows.body(at: stored.place, index: index, transaction) else {
                report.absentBodyCount += 1
                return
            }
            report.bodyCount += 1
            if body.reference != stored.entry.bodies[index] {
                problem("\(name): body \(index) is not the one its header names")
            }
        } catch {
            problem("\(name): body \(index): \(StoreFailure.reportError(error).message)")
        }
    }

    /// Every arrival number stands once in the feed.
    mutating func checkFeed() throws(ReportError) {
        let (count, arrival, versions, counted) = try store.read {
            (transaction: borrowing ReadTransaction) throws -> (Int, UInt64, Int, UInt64) in
            let meta = Metadata(table: tables.meta)
            return (
                try transaction.count(tables.feed), try meta.counter(.arrival, transaction),
                try transaction.count(tables.versions),
                try meta.counter(.versionCount, transaction)
            )
        }
        if UInt64(count) != arrival {
            problem("the change feed has \(count) rows, \(arrival) entries arrived")
        }
        if UInt64(versions) != counted {
            problem("\(versions) versions are indexed, \(counted) were counted")
        }
    }

    /// Heads of every key are what its versions make.
    mutating func checkKeys() throws(ReportError) {
        var after: UInt64 = 0
        while true {
            let start = after
            let step = try store.read {
                (transaction: borrowing ReadTransaction) throws -> (Verification, UInt64?) in
                var copy = self
                var numbers: [UInt64] = []
                _ = try transaction.forEach(
                    in: tables.keyIds,
                    from: .excluding(RowKey.number(start)),
                    limit: StoreLimits.verificationStepCount
                ) { (key: RawSpan, _: RawSpan) throws -> ScanStep in
                    let bytes = key.withUnsafeBytes { Array($0) }
                    var reader = ByteReader(bytes[...])
                    if let number = reader.integer(UInt64.self) { numbers.append(number) }
                    return .continue
                }
                for number in numbers { copy.checkKey(number, transaction) }
                return (copy, numbers.last)
            }
            self = step.0
            guard let last = step.1 else { return }
            after = last
        }
    }

    private mutating func checkKey<T: ReadOperations & ~Copyable>(
        _ number: UInt64,
        _ transaction: borrowing T
    ) {
        do {
            let keys = KeyRows(tables: tables)
            let text = try keys.text(of: number, transaction)
            if let text, try keys.number(of: text, transaction) != number {
                problem("key \(text): not found by its text")
            }
            let everything = MomentView(
                tables: tables,
                moment: .asOf(Timestamp(milliseconds: .max))
            )
            let expected = try everything.row(number, transaction)
            let stored = try HeadRows(tables: tables).row(number, transaction)
            if expected?.bytes != stored?.bytes {
                problem("key \(text ?? String(number)): its head row is not what its versions make")
            }
            report.derivedRowCount += 2
        } catch {
            problem("key \(number): \(StoreFailure.reportError(error).message)")
        }
    }
}

/// The chain and the tree of a log as its entries make them.
private struct ChainCheck {
    let log: LogRow
    var previous = Hash256.zero
    private var count: UInt64 = 0
    private var peaks: [(level: UInt8, hash: Hash256)] = []

    init(log: LogRow) { self.log = log }

    mutating func add(_ hash: Hash256) {
        previous = hash
        count += 1
        peaks.append((0, MerkleTree.leaf(hash)))
        while peaks.count > 1, peaks[peaks.count - 1].level == peaks[peaks.count - 2].level {
            let right = peaks.removeLast()
            let left = peaks.removeLast()
            peaks.append((left.level + 1, MerkleTree.parent(left.hash, right.hash)))
        }
    }

    /// Root of the tree over everything added.
    var root: Hash256 {
        guard var hash = peaks.last?.hash else { return MerkleTree.emptyRoot }
        for peak in peaks.dropLast().reversed() { hash = MerkleTree.parent(peak.hash, hash) }
        return hash
    }
}
