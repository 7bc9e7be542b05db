import Glibc
import LMDB
import ReportModel

/// One run of `verify`.
struct Verification {
    let store: Store
    var report = VerifyReport()
    /// Rows that the entries make, to be compared with those that are there.
    var keyedEntryCount = 0
    var namePartCount = 0
    var sourceRowCount = 0
    /// Share of the time that is spent waiting, so that others come first; 0: none.
    var restRatio = 0.0
    private var lastPause = ContinuousClock.now

    /// Number of the log that the store appends to; 0 when that cannot be read.
    private let ownRef: UInt32

    var tables: Tables { store.tables }

    init(store: Store) {
        self.store = store
        let ref = try? store.read { (transaction: borrowing ReadTransaction) throws in
            try store.ownRef(transaction)
        }
        ownRef = ref ?? 0
    }

    /// Rests between two steps when the check runs in the background.
    mutating func pause() {
        guard restRatio > 0 else { return }
        let worked = ContinuousClock.now - lastPause
        let rest = min(worked * restRatio, StoreLimits.maximumVerificationRest)
        let parts = rest.components
        var time = timespec(
            tv_sec: Int(parts.seconds),
            tv_nsec: Int(parts.attoseconds / 1_000_000_000)
        )
        nanosleep(&time, nil)
        lastPause = .now
    }

    mutating func problem(_ text: String) {
        if report.problems.count < StoreLimits.maximumProblemCount { report.problems.append(text) }
    }

    mutating func note(_ text: String) {
        if report.notes.count < StoreLimits.maximumProblemCount { report.notes.append(text) }
    }

    /// Goes through one log in steps, so that no snapshot is held for long.
    mutating func check(
        _ log: LogRow,
        progress: (Int) -> Void
    ) throws(ReportError) {
        report.logCount += 1
        if log.isForked {
            let text = "log \(log.descriptor.id): forked, two branches are held"
            // An administrator has decided: what is held is what is meant to be.
            if log.isReleased { note("\(text); released") } else { problem(text) }
        }
        checkHead(log)
        try checkDescriptor(log)
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
            pause()
        }
        if chain.previous != log.last {
            problem("log \(log.descriptor.id): the last entry is not the one its row names")
        }
        try checkRoot(log, chain)
    }

    mutating func checkHead(_ log: LogRow) {
        guard let head = log.head else {
            if log.held > 0 { problem("log \(log.descriptor.id): no signed head") }
            return
        }
        if !head.isAuthentic(for: log.descriptor) {
            problem("log \(log.descriptor.id): the signature of its head does not verify")
        }
        if log.ref == ownRef ? head.size != log.held : head.size < log.held {
            problem("log \(log.descriptor.id): its head does not cover the log")
        }
        if head.size == log.held, head.last != log.last {
            problem("log \(log.descriptor.id): its head names another last entry")
        }
    }

    mutating func checkRoot(_ log: LogRow, _ chain: ChainCheck) throws(ReportError) {
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

    mutating func checkEntry<T: ReadOperations & ~Copyable>(
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
                _ = chain.add(.zero)
                return
            }
            report.entryCount += 1
            if stored.entry.log != log.descriptor.id || stored.entry.sequence != sequence {
                problem("\(name): its header names another place")
            }
            if stored.entry.previous != chain.previous {
                problem("\(name): does not follow the entry before it")
            }
            try checkNodes(chain.add(stored.hash), of: log, name, transaction)
            if try EntryRows(tables: tables).place(of: stored.hash, transaction) != place {
                problem("\(name): not found by its hash")
            }
            report.derivedRowCount += 1
            try checkFeedRow(stored, name, transaction)
            for index in stored.entry.bodies.indices {
                checkBody(index, of: stored, name, transaction)
            }
            try checkSourceRows(stored, name, transaction)
            try checkWorkflow(stored, name, transaction)
        } catch {
            let key = DamagedEntry.keyText(of: place, store, transaction).map { " (\($0))" } ?? ""
            problem("\(name)\(key): \(StoreFailure.reportError(error).message)")
            if chain.count < sequence { _ = chain.add(.zero) }
        }
    }

    private mutating func checkDescriptor(_ log: LogRow) throws(ReportError) {
        let ref = try store.read { (transaction: borrowing ReadTransaction) throws -> UInt32? in
            try LogRows(tables: tables).ref(of: log.descriptor.id, transaction)
        }
        if ref != log.ref { problem("log \(log.descriptor.id): not found by its identifier") }
    }

    /// The complete nodes that an entry makes are stored, those that no root reads included.
    private mutating func checkNodes<T: ReadOperations & ~Copyable>(
        _ nodes: [(node: MerkleTree.Node, hash: Hash256)],
        of log: LogRow,
        _ name: String,
        _ transaction: borrowing T
    ) throws {
        for (node, hash) in nodes {
            let key = RowKey.merkle(log.ref, level: node.level, index: node.index)
            report.derivedRowCount += 1
            if try transaction.copyValue(key, in: tables.merkle) != hash.bytes {
                problem("\(name): node \(node.index) of level \(node.level) of the tree is another")
            }
        }
    }

    mutating func checkFeedRow<T: ReadOperations & ~Copyable>(
        _ stored: StoredEntry,
        _ name: String,
        _ transaction: borrowing T
    ) throws {
        let row = try transaction.copyValue(RowKey.number(stored.arrival), in: tables.feed)
        let feed = row.flatMap { FeedRow($0) }
        if feed?.place != stored.place || feed?.hash ?? stored.hash != stored.hash {
            problem("\(name): not in the change feed")
        }
        report.derivedRowCount += 1
        guard stored.entry.keyHash != .zero else { return }
        keyedEntryCount += 1
        guard
            let key = try KeyRows(tables: tables).number(
                ofHash: stored.entry.keyHash,
                transaction
            ), feed?.key == key,
            try transaction.copyValue(RowKey.keyEntry(key, stored.arrival), in: tables.keyEntries)
                == stored.place.bytes
        else { return problem("\(name): not among the entries of its key") }
        report.derivedRowCount += 1
        guard stored.entry.kind == .submit else { return }
        let version = RowKey.version(key, stored.entry.number, stored.hash.bytes)
        if try transaction.copyValue(version, in: tables.versions) != stored.place.bytes {
            problem("\(name): not among the versions of its key")
        }
        report.derivedRowCount += 1
    }

    mutating func checkBody<T: ReadOperations & ~Copyable>(
        _ index: Int,
        of stored: StoredEntry,
        _ name: String,
        _ transaction: borrowing T
    ) {
        do {
            let rows = BodyRows(tables)
            // What the engine keeps is checked there, not over the network one by one.
            guard try !rows.isElsewhere(stored.place, index: index, transaction),
                let body = try rows.body(at: stored.place, index: index, transaction)
            else {
                report.absentBodyCount += 1
                return
            }
            report.bodyCount += 1
            if body.reference != stored.entry.bodies[index] {
                let part = DamagedEntry.part(stored, index, store, transaction)
                problem("\(name) (\(part)): body \(index) is not the one its header names")
            }
        } catch {
            let part = DamagedEntry.part(stored, index, store, transaction)
            let message = StoreFailure.reportError(error).message
            problem("\(name) (\(part)): body \(index): \(message)")
        }
    }
}
