/// What replication needs of a store: positions, entries to send, entries to take.
///
/// Batch-level, with owned bytes, so that a store on this disk and one behind a network serve
/// alike. Every method is safe to call from any task.
///
/// Source: DESIGN sections 2, 4 and 6.
public protocol ReportLog: LogReconciling {
    /// A batch after those checks that need nothing of what is held.
    associatedtype CheckedBatch: Sendable = OfferedBatch

    /// The node whose store this is.
    var node: NodeID { get }

    /// The log that this node appends to.
    func ownLog() async throws(ReportError) -> LogID

    /// Every log held, own and foreign, in ascending order of identifier.
    func logStates() async throws(ReportError) -> [LogState]

    /// One log; nil when nothing of it is known.
    func logState(_ log: LogID) async throws(ReportError) -> LogState?

    /// Hash of the entry at a sequence; nil when it is not held.
    func entryHash(log: LogID, sequence: UInt64) async throws(ReportError) -> Hash256?

    /// Entries after a sequence, with the newest head and the proof that it covers them.
    /// - Parameters:
    ///   - log: the log.
    ///   - sequence: last sequence that the receiver has; 0 for none.
    ///   - maximumCount: most entries, at least 1.
    ///   - maximumByteCount: most bytes; one entry is returned even if it is larger.
    ///   - omitsBodies: tells of an entry whether its bodies are absent from the batch, and not read for it; nil: of none.
    /// - Throws: ``ReportError`` when the store cannot be read.
    /// - Returns: nil when there is nothing after `sequence`, and while the log is not held up to
    ///   its newest head: then there is no proof to send.
    func batch(
        log: LogID,
        after sequence: UInt64,
        maximumCount: Int,
        maximumByteCount: Int,
        omitsBodies: (@Sendable (Entry) -> Bool)?
    ) async throws(ReportError) -> EntryBatch?

    /// Commits the entries of a batch that are not held yet; returns after the disk has them.
    ///
    /// Verifies headers, chain, salted hashes of the bodies present, Merkle root, proof and head.
    /// Entries that are held already are passed over. An entry that differs from the held one
    /// is kept as evidence, and the log counts as forked from then on.
    /// - Parameters:
    ///   - batch: consecutive entries of one log.
    ///   - descriptor: descriptor of the log.
    /// - Returns: the position up to which the log is now held.
    /// - Throws: ``ReportError`` `integrity` when anything does not verify, `forked` when the
    ///   log is forked, `conflict` when the batch begins after a gap.
    func accept(
        _ batch: EntryBatch,
        descriptor: LogDescriptor
    ) async throws(ReportError) -> LogPosition

    /// Checks what can be checked of a batch before the one in front of it is held.
    ///
    /// Several may be checked at the same time, also while others are committed.
    /// - Parameters:
    ///   - batch: consecutive entries of one log.
    ///   - descriptor: descriptor of the log.
    /// - Returns: what ``take(_:)`` takes.
    /// - Throws: ``ReportError`` `integrity` when anything does not verify.
    func check(
        _ batch: EntryBatch,
        descriptor: LogDescriptor
    ) async throws(ReportError) -> CheckedBatch

    /// Does the rest of ``accept(_:descriptor:)`` for batches in their order, if it can with one commit for all.
    /// - Parameter batches: of one log or of several.
    /// - Returns: for each what ``accept(_:descriptor:)`` would return or throw.
    func take(_ batches: [CheckedBatch]) async -> [Result<LogPosition, ReportError>]

    /// Keeps a peer's signed acknowledgement; returns after the disk has it.
    /// - Parameter acknowledgement: one whose signature was verified.
    /// - Throws: ``ReportError`` when it cannot be written.
    func keep(_ acknowledgement: Acknowledgement) async throws(ReportError)

    /// How far a peer has acknowledged a log; nil when it never did.
    func acknowledgement(
        log: LogID,
        from peer: NodeID
    ) async throws(ReportError) -> Acknowledgement?

    /// The newest acknowledgement of each node for a log: what its owner may be told.
    /// - Parameter log: the log.
    /// - Returns: acknowledgements that are kept here, one for each signer.
    /// - Throws: ``ReportError`` when the store cannot be read.
    func witnesses(of log: LogID) async throws(ReportError) -> [Acknowledgement]
    /// Signs that this node holds a position, with the time of its clock.
    /// - Parameter position: what ``accept(_:descriptor:)`` returned.
    /// - Returns: the signed acknowledgement.
    func acknowledge(_ position: LogPosition) -> Acknowledgement

    /// Returns when the number of commits differs from `seen`, with the new number.
    ///
    /// The way to wait for something to send; a lost wake-up is not possible. Returns at once
    /// when the task is cancelled.
    func waitForCommit(after seen: UInt64) async -> UInt64

    /// Begins a new log when a peer holds what the current one lacks, and holds filing up.
    ///
    /// Compares in the transaction that writes: nothing happens when the log has gone on meanwhile, or
    /// is not the current one any more.
    /// - Parameter stated: what a peer that proved its key holds of this node's current log.
    /// - Returns: the log that this node appends to from now on.
    /// - Throws: ``ReportError`` when it cannot be written.
    func leaveOwnLog(_ stated: LogPosition) async throws(ReportError) -> LogID
    /// Regions of the records that entries of a batch are about, as `city[/district]` paths.
    ///
    /// An entry whose record is absent counts by the key that it states, when that has its hash, or that
    /// the hash is known for here, else as ``LogRegion/unknown``: only a grant of `*` covers what cannot be
    /// told.
    /// - Parameter batch: any batch; nothing in it needs to be verified.
    /// - Returns: the regions without repetition.
    func regions(of batch: EntryBatch) -> [String]
}

extension ReportLog {
    /// Tells of nobody.
    public func witnesses(of log: LogID) async throws(ReportError) -> [Acknowledgement] { [] }

    /// Goes on in the current log: for stores that cannot be copied or restored.
    public func leaveOwnLog(_ stated: LogPosition) async throws(ReportError) -> LogID {
        try await ownLog()
    }
}

/// A batch as it came, for stores that check it when they take it.
public struct OfferedBatch: Sendable {
    fileprivate var batch: EntryBatch
    fileprivate var descriptor: LogDescriptor
}

extension ReportLog where CheckedBatch == OfferedBatch {
    /// Puts the check off until the batch is taken.
    public func check(
        _ batch: EntryBatch,
        descriptor: LogDescriptor
    ) async throws(ReportError) -> OfferedBatch {
        OfferedBatch(batch: batch, descriptor: descriptor)
    }

    /// Takes one batch after the other.
    public func take(_ batches: [OfferedBatch]) async -> [Result<LogPosition, ReportError>] {
        var results: [Result<LogPosition, ReportError>] = []
        for offered in batches {
            do throws(ReportError) {
                let position = try await accept(offered.batch, descriptor: offered.descriptor)
                results.append(.success(position))
            } catch {
                results.append(.failure(error))
            }
        }
        return results
    }
}

/// Regions of entries that are no region's.
public enum LogRegion {
    /// Stands for the region of a record that this node cannot tell; no path covers it.
    public static let unknown = "?"
}

extension ReportLog {
    /// Entries after a sequence with all their bodies; see ``batch(log:after:maximumCount:maximumByteCount:omitsBodies:)``.
    public func batch(
        log: LogID,
        after sequence: UInt64,
        maximumCount: Int,
        maximumByteCount: Int
    ) async throws(ReportError) -> EntryBatch? {
        try await batch(
            log: log,
            after: sequence,
            maximumCount: maximumCount,
            maximumByteCount: maximumByteCount,
            omitsBodies: nil
        )
    }
}
