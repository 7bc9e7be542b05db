import LMDB
public import ReportModel
import Synchronization

extension Store {
    /// Commits the entries of a batch that are not held yet; see ``ReportLog``.
    public func accept(
        _ batch: EntryBatch,
        descriptor: LogDescriptor
    ) async throws(ReportError) -> LogPosition {
        try await taken(try CheckedBatch(batch, descriptor: descriptor))
    }

    /// The same for entries that an engine gives back which this node shares: those of the node's own
    /// log are taken as well.
    /// - Parameters:
    ///   - batch: consecutive entries of one log.
    ///   - descriptor: descriptor of the log.
    /// - Returns: the position up to which the log is now held.
    /// - Throws: as ``accept(_:descriptor:)``.
    @discardableResult
    package func adopt(
        _ batch: EntryBatch,
        descriptor: LogDescriptor
    ) async throws(ReportError) -> LogPosition {
        var checked = try CheckedBatch(batch, descriptor: descriptor)
        checked.takesOwn = true
        return try await taken(checked)
    }

    /// Checks a batch on the calling task; see ``ReportLog``.
    @concurrent public func check(
        _ batch: EntryBatch,
        descriptor: LogDescriptor
    ) async throws(ReportError) -> CheckedBatch {
        try CheckedBatch(batch, descriptor: descriptor)
    }

    /// Commits batches in their order, those that wait together with one commit; see ``ReportLog``.
    ///
    /// Goes on when the task is cancelled: what was handed in is committed, and its answer told.
    public func take(_ batches: [CheckedBatch]) async -> [Result<LogPosition, ReportError>] {
        guard !batches.isEmpty else { return [] }
        let results = await withCheckedContinuation {
            (continuation: CheckedContinuation<[Result<Taken, ReportError>], Never>) in
            let answers = Answers<Taken>(count: batches.count) {
                continuation.resume(returning: $0)
            }
            // Handed in one after the other before the first answer: the writer keeps their order.
            for (index, batch) in batches.enumerated() {
                submit(batch) { answers.put($0, at: index) }
            }
        }
        return results.map { result in
            result.map { taken in
                if !taken.erased.isEmpty { scrubLater() }
                return taken.position
            }
        }
    }

    private func submit(
        _ batch: CheckedBatch,
        _ settle: @escaping @Sendable (Result<Taken, ReportError>) -> Void
    ) {
        let request = Writer.Request(byteCount: batch.byteCount) { [self] transaction in
            let result = try accept(batch, transaction)
            return { settle(result) }
        } fail: { error in
            settle(.failure(error))
        }
        do throws(ReportError) {
            try writer().submit(request)
        } catch {
            settle(.failure(error))
        }
    }

    private func taken(_ batch: CheckedBatch) async throws(ReportError) -> LogPosition {
        let results = await take([batch])
        return try (results.first ?? .failure(ReportError(.internal, "a write gave no answer")))
            .get()
    }

    /// What a batch did.
    private struct Taken: Sendable {
        var position: LogPosition
        /// Entries that lost bodies by its erasures.
        var erased: [Hash256] = []
    }

    /// Takes a batch; what must be kept although it is refused comes back as a failure.
    private func accept(
        _ batch: CheckedBatch,
        _ transaction: borrowing WriteTransaction
    ) throws -> Result<Taken, ReportError> {
        if isBeingRebuilt { throw Refusal(error: DerivedTables.refusal) }
        let logs = LogRows(tables: tables)
        let known = try logs.row(of: batch.head.log, transaction)
        if let known, known.isForked { return .failure(Self.forked(known.descriptor.id)) }
        if let other = try quarantine(of: batch.descriptor.node, transaction) {
            return .failure(Self.forked(other))
        }
        let held = known?.held ?? 0
        guard batch.first <= held + 1 else {
            throw Refusal(
                error: ReportError(
                    .conflict,
                    "the batch begins with entry \(batch.first), entry \(held + 1) is missing"
                )
            )
        }
        let difference = try known.flatMap { known throws in
            try firstDifference(batch, known, transaction)
        }
        if let known, !batch.takesOwn, difference == nil, batch.last > held,
            try known.ref == ownRef(transaction)
        {
            throw Refusal(error: ReportError(.conflict, "this node's own log is not taken"))
        }
        let fresh = Array(batch.entries.drop { $0.entry.sequence <= held })
        if difference == nil { try checkChain(fresh, known, transaction) }
        let tree = try GrownTree(
            difference == nil ? fresh : batch.entries,
            log: known?.ref,
            tables: tables,
            transaction
        )
        try checkRoot(batch, tree, transaction)
        if let known, try difference != nil || contradicts(batch, known, tree, transaction) {
            let first = difference?.entry.sequence ?? held + 1
            try keepFork(batch, from: first, difference: difference, known, tree, transaction)
            return .failure(Self.forked(known.descriptor.id))
        }
        return .success(try take(fresh, of: batch, known, transaction))
    }

    /// Writes entries that passed every check.
    private func take(
        _ fresh: [EntryApplier.Incoming],
        of batch: CheckedBatch,
        _ known: LogRow?,
        _ transaction: borrowing WriteTransaction
    ) throws -> Taken {
        let logs = LogRows(tables: tables)
        var log = try known ?? logs.add(batch.descriptor, transaction)
        let arrivedAt = clock()
        var erased: [Hash256] = []
        for incoming in fresh {
            erased += try EntryApplier(tables: tables).apply(
                incoming,
                to: &log,
                arrivedAt: arrivedAt,
                transaction
            )
        }
        tables.pending?.seal(batch, ref: log.ref)
        // A head is only as good as its proof: this one begins with everything held.
        if batch.last == log.held, batch.head.size >= log.head?.size ?? 0 {
            log.head = batch.head
            if log != known {
                try MerkleRows(tables: tables).putTail(batch.proof, of: log, transaction)
            }
        }
        // Nothing new, nothing written: no fsync, and nobody is woken for it.
        if log != known { try logs.put(log, transaction) }
        if !erased.isEmpty { try rememberScrub(transaction) }
        return Taken(position: log.position, erased: erased)
    }

    /// A forked log of a node that no administrator has released; nil when there is none.
    private func quarantine<T: ReadOperations & ~Copyable>(
        of node: NodeID,
        _ transaction: borrowing T
    ) throws -> LogID? {
        // This node's own logs are not its peers' business; without evidence there is no fork.
        guard node != self.node, try transaction.statistics(of: tables.forks).entryCount > 0 else {
            return nil
        }
        return try LogRows(tables: tables).all(transaction)
            .first { $0.descriptor.node == node && $0.isForked && !$0.isReleased }?
            .descriptor.id
    }

    private static func forked(_ log: LogID) -> ReportError {
        ReportError(
            .forked,
            "log \(log) has two different entries with the same sequence",
            hint:
                "both branches are kept: see reportctl peer evidence; reportctl peer release \(log) "
                + "lets the node go on with other logs"
        )
    }

    /// Checks that entries continue the log in hash and time.
    private func checkChain(
        _ fresh: [EntryApplier.Incoming],
        _ known: LogRow?,
        _ transaction: borrowing WriteTransaction
    ) throws {
        guard let first = fresh.first else { return }
        var recordedAt = Timestamp(milliseconds: 0)
        if let known, known.held > 0 {
            let last = EntryPlace(log: known.ref, sequence: known.held)
            recordedAt = try EntryRows(tables: tables).required(at: last, transaction)
                .entry.recordedAt
        }
        guard first.entry.previous == known?.last ?? .zero, first.entry.recordedAt >= recordedAt
        else {
            throw Refusal(
                error: ReportError(.integrity, "an entry does not follow the one before it")
            )
        }
    }

    /// Checks, before anything is written, that the tree with the entries is the signed one.
    private func checkRoot(
        _ batch: CheckedBatch,
        _ tree: GrownTree,
        _ transaction: borrowing WriteTransaction
    ) throws {
        let last = batch.last
        let root = try tree.root(size: last, transaction)
        let isProved =
            last == batch.head.size
            ? root == batch.head.root && batch.proof.isEmpty
            : MerkleTree.verifiesConsistency(
                old: last,
                oldRoot: root,
                size: batch.head.size,
                root: batch.head.root,
                proof: batch.proof
            )
        guard isProved else {
            throw Refusal(
                error: ReportError(
                    .integrity,
                    "the entries are not those that the log's owner signed"
                )
            )
        }
    }

    /// Whether the owner signed another tree of the same size before: a fork behind the entries.
    private func contradicts(
        _ batch: CheckedBatch,
        _ known: LogRow,
        _ tree: GrownTree,
        _ transaction: borrowing WriteTransaction
    ) throws -> Bool {
        let size = batch.head.size
        if size <= known.held, try tree.root(size: size, transaction) != batch.head.root {
            return true
        }
        guard let head = known.head, head.size > known.held else { return false }
        if head.size == size { return head.root != batch.head.root }
        guard head.size <= batch.last else { return false }
        return try tree.root(size: head.size, transaction) != head.root
    }

    /// The first entry that differs from the one held; nil when all agree.
    private func firstDifference(
        _ batch: CheckedBatch,
        _ log: LogRow,
        _ transaction: borrowing WriteTransaction
    ) throws -> EntryApplier.Incoming? {
        for incoming in batch.entries where incoming.entry.sequence <= log.held {
            let place = EntryPlace(log: log.ref, sequence: incoming.entry.sequence)
            let held = try EntryRows(tables: tables).required(at: place, transaction)
            if held.hash != incoming.hash { return incoming }
        }
        return nil
    }
}

/// Gathers the answers to several writes, and tells them when all are there.
private final class Answers<Value: Sendable>: Sendable {
    private let state: Mutex<[Result<Value, ReportError>?]>
    private let onComplete: @Sendable ([Result<Value, ReportError>]) -> Void

    init(
        count: Int,
        onComplete: @escaping @Sendable ([Result<Value, ReportError>]) -> Void
    ) {
        state = Mutex(Array(repeating: nil, count: count))
        self.onComplete = onComplete
    }

    /// Keeps the one answer to a write.
    func put(_ result: Result<Value, ReportError>, at index: Int) {
        let all = state.withLock { state -> [Result<Value, ReportError>]? in
            state[index] = result
            let known = state.compactMap { $0 }
            return known.count == state.count ? known : nil
        }
        if let all { onComplete(all) }
    }
}
