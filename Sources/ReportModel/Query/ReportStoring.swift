/// What queries and intake need of a store; the LMDB store and later ones implement it.
///
/// Every method may be called from any task; appends return after the disk has them.
public protocol ReportStoring: ReportLog, WorkflowStoring, ReplicationCare {
    /// Appends one filing as a new version, unless the current head has the same files.
    ///
    /// Concurrent appends share one commit.
    /// - Parameter filing: record, people and files.
    /// - Returns: the version stored, or the one that has the same files.
    /// - Throws: ``ReportError`` `conflict` when `ifVersion` or `basis` is not met, `no-space`,
    ///   `read-only`, `too-large`.
    func append(_ filing: Filing) async throws(ReportError) -> FilingOutcome

    /// Appends a note about a finding of a version; returns after the disk has it.
    /// - Parameters:
    ///   - note: what is said.
    ///   - lookup: must name one key; with a version, that one is spoken of, else the current one.
    /// - Returns: the note as it stands in the log.
    /// - Throws: ``ReportError`` `not-found`, `ambiguous`, `no-space`, `read-only`.
    func append(_ note: Note, about lookup: Lookup) async throws(ReportError) -> NoteItem

    /// Notes about one key, oldest first; the same order on every node.
    /// - Parameter lookup: must name one key.
    /// - Returns: all of them, those that no longer hold as well.
    /// - Throws: ``ReportError`` `not-found` or `ambiguous`.
    func notes(_ lookup: Lookup) async throws(ReportError) -> [NoteItem]

    /// Finds one version and returns the bytes asked for.
    /// - Parameters:
    ///   - lookup: a year and parts, with or without a version.
    ///   - body: which bytes.
    ///   - moment: which moment.
    /// - Returns: the version with its bytes.
    /// - Throws: ``ReportError`` `not-found` with near misses in `near`, `ambiguous` with
    ///   `candidates` and `more`, `erased` when the body was dropped.
    func get(
        _ lookup: Lookup,
        body: BodySelector,
        at moment: Moment
    ) async throws(ReportError) -> GetAnswer

    /// Current heads of a key, the winner first; empty when the key does not exist.
    /// - Parameter key: an exact key.
    /// - Returns: the versions.
    /// - Throws: ``ReportError`` when the store cannot be read.
    func heads(of key: ReportKey) async throws(ReportError) -> [VersionInfo]

    /// One page of records.
    /// - Parameters:
    ///   - filter: conditions.
    ///   - moment: which moment.
    /// - Returns: the page.
    /// - Throws: ``ReportError`` when the store cannot be read.
    func list(_ filter: ListFilter, at moment: Moment) async throws(ReportError) -> ListPage

    /// Figures over many records.
    /// - Parameter query: which records, which numbers, put together by what.
    /// - Returns: the figures.
    /// - Throws: ``ReportError`` `usage` when there are too many groups.
    func stats(_ query: StatsQuery) async throws(ReportError) -> StatsAnswer

    /// One unit over the years.
    /// - Parameter query: the unit, and which numbers.
    /// - Returns: its records.
    /// - Throws: ``ReportError`` `not-found`, `ambiguous` that names a few units.
    func trend(_ query: TrendQuery) async throws(ReportError) -> TrendAnswer

    /// Every entry about one key, oldest first.
    /// - Parameter lookup: must name one key.
    /// - Returns: the entries.
    /// - Throws: ``ReportError`` `not-found` or `ambiguous`.
    func history(_ lookup: Lookup) async throws(ReportError) -> [HistoryItem]

    /// Entries in order of arrival.
    /// - Parameters:
    ///   - arrival: continue after this number; 0 for the beginning.
    ///   - lookup: only entries about keys that it matches; nil for all.
    ///   - limit: most items.
    /// - Returns: the items, and the arrival number up to which entries were looked at.
    /// - Throws: ``ReportError`` when the store cannot be read.
    func changes(
        after arrival: UInt64,
        matching lookup: Lookup?,
        limit: Int
    ) async throws(ReportError) -> (items: [HistoryItem], upTo: UInt64)

    /// Figures of the store.
    func status() async throws(ReportError) -> StoreStatus

    /// Who holds one version, by the acknowledgements kept here.
    /// - Parameter lookup: must name one key; without a version the current one is meant.
    /// - Returns: this node and those that have signed for it.
    /// - Throws: ``ReportError`` `not-found`, `ambiguous`.
    func witnesses(_ lookup: Lookup) async throws(ReportError) -> WitnessAnswer

    /// Makes a proof of one version that can be checked without the store.
    /// - Parameters:
    ///   - lookup: must name one key; without a version the current one is meant.
    ///   - since: an older state of the log that the proof is to go on from.
    /// - Returns: the proof, with the acknowledgements that cover the version.
    /// - Throws: ``ReportError`` `not-found`, `ambiguous`; `conflict` while the log is not held up to
    ///   its head, `forked` when it does not go on from the older head.
    func prove(_ lookup: Lookup, since: ProofSince?) async throws(ReportError) -> Proof

    /// Searches the text of records; what is not indexed yet is not found, and the page says so.
    /// - Parameter query: what is looked for.
    /// - Returns: the best rows of it.
    /// - Throws: ``ReportError`` `usage` when a term is too short.
    func search(_ query: SearchQuery) async throws(ReportError) -> SearchPage

    /// What the store takes on the disk.
    /// - Returns: bytes by table, by kind and of free pages.
    /// - Throws: ``ReportError`` when the store cannot be read.
    func diskUse() async throws(ReportError) -> DiskUse

    /// Checks hashes, chain, signatures, bodies and derived tables.
    /// - Parameter progress: told now and then how many entries of how many were checked.
    /// - Returns: the report; damage is in it, not thrown.
    /// - Throws: ``ReportError`` when the store cannot be read at all.
    func verify(
        progress: @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws(ReportError) -> VerifyReport
}
