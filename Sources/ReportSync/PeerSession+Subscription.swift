import ReportModel

/// A peer gets the header of every entry, and the bodies of its regions.
///
/// Source: docs/protocol.md section 5.2; docs/decisions/0016-reconciliation.md.
extension PeerSession {
    /// Whether bodies are left out for the peer at all.
    private func isFiltered(_ log: LogID) -> Bool {
        configuration.readableRegion != nil && !grant.regions.contains("*")
            && local[log]?.descriptor.node != peer
    }

    /// The entry without bodies when its region is none of the peer's.
    private func readable(_ entry: ReplicatedEntry) -> ReplicatedEntry {
        guard let header = Entry(entry.header), header.keyHash != .zero else { return entry }
        if let region = configuration.readableRegion?(header), grant.covers(region) { return entry }
        var bare = entry
        bare.bodies = bare.bodies.map { _ in nil }
        return bare
    }

    /// Whether a log of another node is held here without records, for want of a wider grant.
    ///
    /// Passed on, it would take the place of whole entries; somebody who has those must bring them.
    func isBare(_ batch: EntryBatch) -> Bool {
        guard let region = configuration.readableRegion,
            let owner = local[batch.log]?.descriptor.node, owner != configuration.key.id,
            owner != peer
        else { return false }
        return batch.entries.contains { replicated in
            guard replicated.bodies.first == .some(nil), let entry = Entry(replicated.header) else {
                return false
            }
            return entry.kind == .submit && region(entry) == nil
        }
    }

    /// A batch as the peer may have it.
    func readable(_ batch: EntryBatch) -> EntryBatch {
        guard isFiltered(batch.log) else { return batch }
        var batch = batch
        batch.entries = batch.entries.map { readable($0) }
        return batch
    }

    /// Single entries as the peer may have them.
    func readable(_ fetched: FetchedEntries) -> FetchedEntries {
        guard isFiltered(fetched.log) else { return fetched }
        var fetched = fetched
        for index in fetched.rows.indices {
            fetched.rows[index].entry = fetched.rows[index].entry.map { readable($0) }
        }
        return fetched
    }
}
