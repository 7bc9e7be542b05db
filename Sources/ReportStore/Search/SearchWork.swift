import LMDB
import ReportModel

/// The steps that bring the search up to the store; each is one transaction.
struct SearchWork {
    private let store: Store
    private let database: SearchDatabase
    private let stepByteCount: Int

    /// Makes the work.
    /// - Parameters:
    ///   - store: the store that is followed.
    ///   - database: the index.
    ///   - stepByteCount: bytes of blocks that one step of a merge writes.
    init(
        _ store: Store,
        _ database: SearchDatabase,
        stepByteCount: Int = SearchLimits.mergeStepByteCount
    ) {
        self.store = store
        self.database = database
        self.stepByteCount = stepByteCount
    }

    /// Indexes until nothing is left, and merges as it goes.
    /// - Parameters:
    ///   - mergesAll: whether it also merges what could wait.
    ///   - progress: told the positions; ends the work by answering false.
    /// - Throws: ``ReportError``; `LMDBError`; ``SearchDamage``.
    func catchUp(
        mergesAll: Bool,
        progress: (_ done: UInt64, _ total: UInt64) -> Bool
    ) throws {
        var occurrences = OccurrenceBuffer()
        while true {
            let state = try state()
            let total = try store.arrival()
            guard progress(state.indexedUpTo, total) else { return }
            let isBehind = try index(after: state.indexedUpTo, &occurrences)
            if try !merge(steps: SearchLimits.mergeStepsBetween), !isBehind { return }
            if !isBehind, !mergesAll { return }
        }
    }

    /// Merges until nothing is left to merge, and overwrites what was erased.
    func settle() throws {
        while try merge(steps: SearchLimits.mergeStepsBetween) {}
        try scrub()
    }

    /// Drops reports from everything that is found, and marks their segments to be written anew.
    /// - Parameter documents: arrival numbers of their entries.
    /// - Throws: `LMDBError`; ``SearchDamage``.
    func forget(_ documents: [UInt32]) throws {
        let identity = try store.storeIdentity()
        try database.environment.write { (transaction: borrowing WriteTransaction) throws in
            guard var state = try database.state(of: identity, transaction) else { return }
            try forget(documents, &state, transaction)
            try database.put(state, transaction)
        }
    }

    private func forget(
        _ documents: [UInt32],
        _ state: inout SearchState,
        _ transaction: borrowing WriteTransaction
    ) throws {
        guard !documents.isEmpty else { return }
        var changes = DocumentChanges(database)
        for document in documents {
            let flags = try DocumentRows(database).flags(of: document, transaction)
            guard !flags.contains(.erased) else { continue }
            try changes.put(DocumentRow(), of: document, transaction)
            try changes.change(document, transaction) { $0 = .erased }
            if flags.contains(.indexed) { state.taint(document) }
        }
        try changes.write(transaction)
        state.forgetCount += 1
    }

    /// Overwrites the free pages once nothing else holds what was erased.
    func scrub() throws {
        let state = try state()
        guard state.isScrubDue, state.merge == nil, !state.segments.contains(where: \.isTainted)
        else { return }
        let last = try database.environment.information.lastTransactionID
        try database.environment.clearStaleReaders()
        let isSeen = try database.environment.readerList.contains { slot in
            slot.transactionID.map { $0 < last } ?? false
        }
        try database.environment.scrubFreePages()
        // Pages that readers of an older state may look at wait for the next time.
        guard !isSeen else { return }
        try database.environment.write { (transaction: borrowing WriteTransaction) throws in
            guard var now = try database.state(of: state.store, transaction),
                now.forgetCount == state.forgetCount
            else { return }
            now.isScrubDue = false
            try database.put(now, transaction)
        }
    }

    /// The state; a new one when there is none that fits.
    func state() throws -> SearchState {
        let identity = try store.storeIdentity()
        if let state = try database.environment.read({
            (transaction: borrowing ReadTransaction) throws in
            try database.state(of: identity, transaction)
        }) {
            return state
        }
        return try database.environment.write { (transaction: borrowing WriteTransaction) throws in
            if let state = try? database.state(of: identity, transaction) { return state }
            try database.empty(transaction)
            let state = SearchState(store: identity)
            try database.put(state, transaction)
            return state
        }
    }

    /// Writes one new segment.
    /// - Returns: whether there was anything to index.
    func index(after position: UInt64, _ occurrences: inout OccurrenceBuffer) throws -> Bool {
        occurrences.reset()
        let forgetCount = try state().forgetCount
        var batch = IndexBatch(tables: store.tables, after: position)
        try store.snapshot { (transaction: borrowing ReadTransaction) throws in
            try batch.read(into: &occurrences, transaction)
        }
        guard batch.end > position else { return false }
        let identity = try store.storeIdentity()
        try database.environment.write { (transaction: borrowing WriteTransaction) throws in
            // Another process may have done the same meanwhile.
            guard var state = try database.state(of: identity, transaction),
                state.indexedUpTo == position, state.forgetCount == forgetCount
            else { return }
            try write(batch, &occurrences, &state, transaction)
            try forget(batch.erased, &state, transaction)
            state.indexedUpTo = batch.end
            try database.put(state, transaction)
        }
        return true
    }

    private func write(
        _ batch: IndexBatch,
        _ occurrences: inout OccurrenceBuffer,
        _ state: inout SearchState,
        _ transaction: borrowing WriteTransaction
    ) throws {
        var changes = DocumentChanges(database)
        for document in batch.documents {
            try changes.put(document.row, of: document.number, transaction)
            try changes.change(document.number, transaction) { $0.insert(.indexed) }
        }
        for (key, document) in batch.current {
            try changes.setCurrent(document, of: key, transaction)
        }
        try changes.write(transaction)
        guard let first = batch.documents.first, let last = batch.documents.last else { return }
        let segment = SearchState.Segment(
            number: state.nextSegment,
            first: first.number,
            last: last.number
        )
        var writer = BlockWriter(segment: segment.number, base: segment.first)
        occurrences.write(documents: batch.documents.map(\.number), to: &writer)
        try writer.write(to: database.postings, transaction)
        state.nextSegment += 1
        state.segments.append(segment)
    }

    /// Takes a few steps of merging.
    /// - Returns: whether there was anything to merge.
    func merge(steps: Int) throws -> Bool {
        let identity = try store.storeIdentity()
        for _ in 0..<steps {
            let isDone = try database.environment.write {
                (transaction: borrowing WriteTransaction) throws -> Bool in
                guard var state = try database.state(of: identity, transaction) else { return true }
                if state.merge == nil {
                    guard let segments = state.nextMerge() else { return true }
                    SegmentMerger.begin(segments, in: &state)
                }
                try SegmentMerger(database: database, stepByteCount: stepByteCount).step(
                    &state,
                    transaction
                )
                try database.put(state, transaction)
                return false
            }
            if isDone { return false }
        }
        return true
    }
}
