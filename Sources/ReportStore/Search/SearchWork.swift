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

    /// What one step takes: the entries after a position, up to one.
    struct Plan: Sendable {
        var position: UInt64
        /// Arrival number of the last entry of the store.
        var total: UInt64
        /// Documents whose files are to be read first.
        var wanted: [SourceFiles.Wanted] = []
        var through = UInt64.max
    }

    /// Looks what comes next.
    /// - Parameter readsFiles: whether the text of files is indexed as well.
    /// - Returns: the next step.
    /// - Throws: ``ReportError``; `LMDBError`; ``SearchDamage``.
    func plan(readsFiles: Bool) throws -> Plan {
        var plan = Plan(position: try state().indexedUpTo, total: try store.arrival())
        guard readsFiles else { return plan }
        let files = SourceFiles(tables: store.tables)
        (plan.wanted, plan.through) = try store.snapshot {
            (transaction: borrowing ReadTransaction) throws in
            try files.next(after: plan.position, transaction)
        }
        return plan
    }

    /// The bytes of a file; nil when there is nothing to make text of.
    func bytes(of file: SourceFiles.File, at place: EntryPlace) throws -> [UInt8]? {
        do {
            return try store.snapshot { (transaction: borrowing ReadTransaction) throws in
                try SourceFiles(tables: store.tables).bytes(of: file, at: place, transaction)
            }
        } catch let error as ReportError where error.code == .integrity {
            // `verify` names it; the record is searched all the same.
            return nil
        }
    }

    /// Indexes what was planned, and merges a little.
    /// - Parameters:
    ///   - plan: the step.
    ///   - mergesAll: whether it also merges what could wait.
    ///   - memory: buffers, and the texts of files.
    /// - Returns: whether nothing is left to do.
    /// - Throws: ``ReportError``; `LMDBError`; ``SearchDamage``.
    func step(_ plan: Plan, mergesAll: Bool, _ memory: inout IndexMemory) throws -> Bool {
        // Another process may have gone on, or the index was begun anew.
        guard try state().indexedUpTo == plan.position else { return false }
        let isBehind = try index(
            after: plan.position,
            &memory.occurrences,
            texts: memory.texts,
            through: plan.through
        )
        if try !merge(steps: SearchLimits.mergeStepsBetween), !isBehind { return true }
        return !isBehind && !mergesAll
    }

    /// Merges until nothing is left to merge, and overwrites what was erased.
    func settle() throws {
        while try merge(steps: SearchLimits.mergeStepsBetween) {}
        try scrub()
    }

    /// Drops reports from everything that is found, and marks their segments to be written anew.
    ///
    /// A report of which only files were erased is still found by its record.
    /// - Parameter losses: what was erased.
    /// - Throws: `LMDBError`; ``SearchDamage``.
    func forget(_ losses: [DocumentLoss]) throws {
        let identity = try store.storeIdentity()
        try database.environment.write { (transaction: borrowing WriteTransaction) throws in
            guard var state = try database.state(of: identity, transaction) else { return }
            try forget(losses, &state, transaction)
            try database.put(state, transaction)
        }
    }

    private func forget(
        _ losses: [DocumentLoss],
        _ state: inout SearchState,
        _ transaction: borrowing WriteTransaction
    ) throws {
        guard !losses.isEmpty else { return }
        var changes = DocumentChanges(database)
        for loss in losses {
            let flags = try DocumentRows(database).flags(of: loss.document, transaction)
            guard !flags.contains(.erased), loss.isRecord || flags.contains(.text) else { continue }
            if loss.isRecord {
                try changes.put(DocumentRow(), of: loss.document, transaction)
                try changes.change(loss.document, transaction) { $0 = .erased }
            } else {
                try changes.change(loss.document, transaction) {
                    $0.remove(.text)
                    $0.insert(.stripped)
                }
            }
            try TextRows(database).remove(loss.document, transaction)
            if flags.contains(.indexed) { state.taint(loss.document) }
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
    /// - Parameters:
    ///   - position: where the index is.
    ///   - occurrences: a buffer.
    ///   - texts: texts of documents' files.
    ///   - through: the last entry up to which they are there.
    /// - Returns: whether there was anything to index.
    /// - Throws: ``ReportError``; `LMDBError`; ``SearchDamage``.
    func index(
        after position: UInt64,
        _ occurrences: inout OccurrenceBuffer,
        texts: [UInt32: SourceText?] = [:],
        through: UInt64 = .max
    ) throws -> Bool {
        occurrences.reset()
        let forgetCount = try state().forgetCount
        var batch = IndexBatch(tables: store.tables, after: position, texts: texts)
        try store.snapshot { (transaction: borrowing ReadTransaction) throws in
            try batch.read(into: &occurrences, through: through, transaction)
        }
        guard batch.end > position else { return false }
        let identity = try store.storeIdentity()
        try database.environment.write { (transaction: borrowing WriteTransaction) throws in
            // Another process may have done the same meanwhile.
            guard var state = try database.state(of: identity, transaction),
                state.indexedUpTo == position, state.forgetCount == forgetCount
            else { return }
            try write(batch, &occurrences, &state, transaction)
            try forget(batch.losses, &state, transaction)
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
            try changes.change(document.number, transaction) {
                $0.insert(.indexed)
                if document.text != nil { $0.insert(.text) }
            }
            if let text = document.text {
                try TextRows(database).put(text, of: document.number, transaction)
            }
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
                var merger = SegmentMerger(database: database, stepByteCount: stepByteCount)
                merger.terms = { try terms(of: $0) }
                try merger.step(&state, transaction)
                try database.put(state, transaction)
                return false
            }
            if isDone { return false }
        }
        return true
    }

    /// The terms that the record of a document holds.
    private func terms(of document: UInt32) throws -> RecordTerms {
        try store.snapshot { (transaction: borrowing ReadTransaction) throws in
            guard let feed = try store.feedRow(UInt64(document), transaction),
                let stored = try EntryRows(tables: store.tables).entry(at: feed.place, transaction),
                let index = CurrentDocument.recordIndex(stored.entry)
            else { return RecordTerms(of: nil) }
            let bodies = BodyRows(store.tables)
            let body = try bodies.body(at: feed.place, index: index, transaction)
            return RecordTerms(of: body?.bytes)
        }
    }
}

/// Buffers of the work, and texts that are made but not yet indexed.
struct IndexMemory {
    var occurrences = OccurrenceBuffer()
    /// Texts of documents' files; nil: there is none.
    var texts: [UInt32: SourceText?] = [:]
}
