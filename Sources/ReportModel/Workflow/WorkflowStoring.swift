/// What reviewing, retracting, moving, erasing and auditing need of a store.
///
/// A store that does not offer them refuses with `unsupported`.
public protocol WorkflowStoring: Sendable {
    /// Judges versions in one commit; each lookup has its own outcome.
    /// - Parameter command: which versions, and what is said of them.
    /// - Returns: `{items}` in the order of the lookups, each as ``JudgedVersion/json`` or
    ///   `{lookup, error}`.
    /// - Throws: ``ReportError`` `not-allowed` when this node may not judge, `no-space`, `read-only`.
    func review(_ command: ReviewCommand) async throws(ReportError) -> JSONValue

    /// Takes a version back.
    /// - Parameter command: which version, and why.
    /// - Returns: the version with its status.
    /// - Throws: ``ReportError`` `not-found`, `ambiguous`, `conflict` when it was taken back already.
    func retract(_ command: RetractCommand) async throws(ReportError) -> JudgedVersion

    /// Moves a version to the key where it belongs.
    /// - Parameter command: which version, and where.
    /// - Returns: `{from, to}`, each as ``JudgedVersion/json``.
    /// - Throws: ``ReportError`` `not-found`, `ambiguous`, `conflict` when the other key has these files.
    func rekey(_ command: RekeyCommand) async throws(ReportError) -> JSONValue

    /// Drops bodies by law.
    /// - Parameter command: what, and by which authority.
    /// - Returns: `{key, erased, sharedWith, entry, recordedAt, rehearsal}`.
    /// - Throws: ``ReportError`` `not-found`, `ambiguous`, `conflict` when nothing is left to erase.
    func erase(_ command: EraseCommand) async throws(ReportError) -> JSONValue

    /// Appends a new reading of a version.
    /// - Parameter reading: the record, and what was read before.
    /// - Returns: the version.
    /// - Throws: ``ReportError`` `conflict` when it was read anew meanwhile, `erased`.
    func append(_ reading: Reading) async throws(ReportError) -> JudgedVersion

    /// What waits for a reviewer.
    /// - Parameters:
    ///   - query: which part of it, in which order.
    ///   - roster: who is expected to file, and until when; nil when nobody said so.
    /// - Returns: `{items, next, waiting}`.
    /// - Throws: ``ReportError`` `usage` for the order of deadlines without a roster.
    func queue(
        _ query: QueueQuery,
        roster: Roster?
    ) async throws(ReportError) -> JSONValue

    /// What an auditor wants to see.
    /// - Parameter query: which part of it.
    /// - Returns: `{items, next}`.
    /// - Throws: ``ReportError`` when the store cannot be read.
    func audit(_ query: AuditQuery) async throws(ReportError) -> JSONValue
}

extension WorkflowStoring {
    private static var missing: ReportError {
        ReportError(.unsupported, "this kind of store does not offer that")
    }

    /// Refuses.
    public func review(_ command: ReviewCommand) async throws(ReportError) -> JSONValue {
        throw Self.missing
    }

    /// Refuses.
    public func retract(_ command: RetractCommand) async throws(ReportError) -> JudgedVersion {
        throw Self.missing
    }

    /// Refuses.
    public func rekey(_ command: RekeyCommand) async throws(ReportError) -> JSONValue {
        throw Self.missing
    }

    /// Refuses.
    public func erase(_ command: EraseCommand) async throws(ReportError) -> JSONValue {
        throw Self.missing
    }

    /// Refuses.
    public func append(_ reading: Reading) async throws(ReportError) -> JudgedVersion {
        throw Self.missing
    }

    /// Refuses.
    public func queue(
        _ query: QueueQuery,
        roster: Roster?
    ) async throws(ReportError) -> JSONValue {
        throw Self.missing
    }

    /// What waits for a reviewer, where nobody said who is expected.
    /// - Parameter query: which part of it; not in the order of deadlines.
    /// - Returns: `{items, next, waiting}`.
    /// - Throws: ``ReportError`` when the store cannot be read.
    public func queue(_ query: QueueQuery) async throws(ReportError) -> JSONValue {
        try await queue(query, roster: nil)
    }

    /// Refuses.
    public func audit(_ query: AuditQuery) async throws(ReportError) -> JSONValue {
        throw Self.missing
    }
}
