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

    /// Merges until nothing is left to merge.
    func settle() throws {
        while try merge(steps: SearchLimits.mergeStepsBetween) {}
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
        var batch = IndexBatch(tables: store.tables, after: position)
        try store.environment.read { (transaction: borrowing ReadTransaction) throws in
            try batch.read(into: &occurrences, transaction)
        }
        guard batch.end > position else { return false }
        let identity = try store.storeIdentity()
        try database.environment.write { (transaction: borrowing WriteTransaction) throws in
            // Another process may have done the same meanwhile.
            guard var state = try database.state(of: identity, transaction),
                state.indexedUpTo == position
            else { return }
            try write(batch, &occurrences, &state, transaction)
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
