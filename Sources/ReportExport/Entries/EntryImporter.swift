public import ReportModel

/// Takes a lossless export into a store, line by line.
///
/// Entries between two heads are committed at once, after every hash, the chain, the Merkle root and
/// the owner's signature verify. Entries held already are passed over, so a run that was cut short
/// is simply repeated.
public struct EntryImporter {
    /// What was taken in.
    public struct Summary: Hashable, Sendable {
        /// Logs seen.
        public var logCount = 0
        /// Entries that were new here.
        public var storedCount = 0
        /// Entries that were held already.
        public var heldCount = 0
        /// Bodies that the file does not have.
        public var absentBodyCount = 0

        /// Makes an empty summary.
        public init() {}
    }

    private let store: any ReportLog
    private var log: LogDescriptor?
    private var pending: [ReplicatedEntry] = []
    private var pendingLines: [Int] = []
    private var pendingByteCount = 0
    private var next: UInt64 = 0
    private var entryCount = 0
    private var hasBegun = false
    private var hasEnded = false

    /// What was taken in so far; never counts what is not on disk.
    public private(set) var summary = Summary()

    /// Makes an importer.
    /// - Parameter store: where entries go.
    public init(into store: any ReportLog) { self.store = store }

    /// Takes one line.
    /// - Parameters:
    ///   - json: the parsed line.
    ///   - number: its number from 1, for messages.
    /// - Throws: ``ReportError`` that names the line; then nothing after the last head is stored, and
    ///   nothing more may be given to this importer.
    public mutating func take(_ json: JSONValue, line number: Int) async throws(ReportError) {
        do throws(ReportError) {
            guard !hasEnded else {
                throw ReportError(.unreadable, "nothing may follow the last line")
            }
            try await take(try ExportLine(json), number)
        } catch {
            throw error.atLine(number)
        }
    }

    private mutating func take(_ line: ExportLine, _ number: Int) async throws(ReportError) {
        if case .begin = line {
            guard !hasBegun else { throw ReportError(.unreadable, "the export begins twice") }
            hasBegun = true
            return
        }
        guard hasBegun else { throw ReportError(.unreadable, "the first line is missing") }
        switch line {
        case .begin: return
        case .log(let descriptor, let after):
            try requireNothingPending()
            log = descriptor
            next = after
            summary.logCount += 1
        case .entry(let id, let sequence, let entry):
            guard let log, log.id == id, sequence == next &+ 1 else {
                throw ReportError(
                    .integrity,
                    "entry \(sequence) stands where entry \(next &+ 1) is expected"
                )
            }
            next = sequence
            pending.append(entry)
            pendingLines.append(number)
            pendingByteCount += entry.byteCount
            guard pending.count <= ExportLimits.maximumBatchEntryCount,
                pendingByteCount <= ExportLimits.maximumBatchByteCount
            else { throw ReportError(.tooLarge, "too many entries stand before a head") }
        case .head(let head, let sequence, let proof):
            try await commit(head, covers: sequence, proof)
        case .end(let count):
            try requireNothingPending()
            guard count == entryCount else {
                throw ReportError(
                    .integrity,
                    "the export had \(count) entries, \(entryCount) are here"
                )
            }
            hasEnded = true
        }
    }

    /// Checks that the file came to its end.
    /// - Throws: ``ReportError`` `truncated`; everything up to the last head is stored.
    public func finish() throws(ReportError) {
        guard !hasEnded else { return }
        throw ReportError(
            .truncated,
            "the export is cut off: its last line is missing",
            hint: "get the whole file and import it again; what is held is passed over"
        )
    }

    private func requireNothingPending() throws(ReportError) {
        guard pending.isEmpty else {
            throw ReportError(.integrity, "the head behind the last entries is missing")
        }
    }

    /// Hands the entries since the last head to the store.
    private mutating func commit(
        _ head: SignedHead,
        covers last: UInt64,
        _ proof: [Hash256]
    ) async throws(ReportError) {
        guard let log, head.log == log.id, last == next, !pending.isEmpty else {
            throw ReportError(.integrity, "the head is not one of the entries before it")
        }
        let count = UInt64(pending.count)
        let batch = EntryBatch(
            log: log.id,
            first: last - count + 1,
            entries: pending,
            head: head,
            proof: proof
        )
        let held = try await store.logState(log.id)?.position.sequence ?? 0
        if try await !isHeld(batch, held) {
            try await accept(batch, log, held)
            let fresh = last - max(min(held, last), batch.first - 1)
            summary.storedCount += Int(clamping: fresh)
            summary.heldCount += Int(clamping: count - fresh)
        } else {
            summary.heldCount += pending.count
        }
        for entry in pending { summary.absentBodyCount += entry.bodies.count { $0 == nil } }
        entryCount += pending.count
        pending = []
        pendingLines = []
        pendingByteCount = 0
    }

    /// Whether every entry of a batch is held already, with the same hash.
    private func isHeld(_ batch: EntryBatch, _ held: UInt64) async throws(ReportError) -> Bool {
        let last = batch.first + UInt64(batch.entries.count) - 1
        guard last <= held else { return false }
        for (offset, entry) in batch.entries.enumerated() {
            let sequence = batch.first + UInt64(offset)
            let hash = try await store.entryHash(log: batch.log, sequence: sequence)
            guard hash == Hash256(hashing: entry.header) else { return false }
        }
        return true
    }

    private func accept(
        _ batch: EntryBatch,
        _ log: LogDescriptor,
        _ held: UInt64
    ) async throws(ReportError) {
        guard batch.first <= held + 1 else {
            throw ReportError(
                .conflict,
                "entries \(held + 1) to \(batch.first - 1) of log \(log.id) (\(log.name)) are "
                    + "missing here",
                hint: "import an export that has them first"
            )
        }
        if try await store.ownLog() == log.id {
            throw ReportError(
                .conflict,
                "log \(log.id) (\(log.name)) is this store's own, and the export has other or "
                    + "more entries of it",
                hint: "the store is behind its own past; import into an empty store instead"
            )
        }
        do throws(ReportError) {
            _ = try await store.accept(batch, descriptor: log)
        } catch {
            throw located(error)
        }
    }

    /// The error at the line of the body that is not the signed one, when that is what is wrong.
    private func located(_ error: ReportError) -> ReportError {
        guard error.code == .integrity else { return error }
        for (entry, line) in zip(pending, pendingLines) {
            let references = Entry(entry.header)?.bodies ?? []
            for (reference, body) in zip(references, entry.bodies) {
                if let body, body.reference != reference { return error.atLine(line) }
            }
        }
        return error
    }
}

extension ReportError {
    /// The error with the number of the line in front, unless it names one.
    /// - Parameter number: number of the line, from 1.
    /// - Returns: the error with `line` among its details.
    public func atLine(_ number: Int) -> ReportError {
        guard details["line"] == nil else { return self }
        var error = self
        error.message = "line \(number): \(message)"
        error.details["line"] = .integer(number)
        return error
    }
}
