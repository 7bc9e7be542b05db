public import ReportModel
import ReportWire

/// A peer gets the header of every entry, and the bodies of its regions.
///
/// Source: docs/protocol.md section 5.2; docs/decisions/0016-reconciliation.md.
extension PeerSession {
    /// Whether bodies are left out for the peer at all.
    func isFiltered(_ log: LogID) -> Bool {
        configuration.readableRegion != nil && !grant.regions.contains("*")
            && local[log]?.descriptor.node != peer
    }

    /// Which entries of a log travel without their bodies, as far as their region is known: for the store, which
    /// need not read those bodies.
    ///
    /// ``readable(_:)`` takes away what a grant that has become narrower leaves out as well; what is loaded while
    /// the grant changes is loaded anew. An upstream hears the keys of entries that are held here without
    /// their records, so those must be told from entries whose bodies are left out: for it all are read.
    /// - Parameter log: the log.
    /// - Returns: the rule, by an entry's header; nil when all bodies are read.
    public func bodyOmission(of log: LogID) -> (@Sendable (Entry) -> Bool)? {
        guard initiator == nil, isFiltered(log), let region = configuration.readableRegion else {
            return nil
        }
        let grant = grant
        return { entry in
            guard entry.keyHash != .zero, let region = region(entry) else { return false }
            return !grant.covers(region)
        }
    }

    /// The entry without bodies when its region is none of the peer's.
    private func readable(_ entry: ReplicatedEntry) -> ReplicatedEntry {
        entry.omittingBodies { header in
            guard header.keyHash != .zero else { return false }
            return configuration.readableRegion?(header).map { !grant.covers($0) } ?? true
        }
    }

    /// An entry of a batch that is held here without its record, for want of a wider grant; nil when there is
    /// none in the way.
    ///
    /// Passed on, it would take the place of a whole entry; somebody who has that must bring it.
    func bareEntry(_ batch: EntryBatch) -> Entry? {
        guard let region = configuration.readableRegion,
            let owner = local[batch.log]?.descriptor.node, owner != configuration.key.id,
            owner != peer
        else { return nil }
        for replicated in batch.entries where replicated.bodies.first == .some(nil) {
            guard let entry = Entry(replicated.header), entry.kind == .submit, region(entry) == nil
            else { continue }
            return entry
        }
        return nil
    }

    /// Lets logs go on whose bare entry is explained meanwhile: an erasure came that tells its key.
    mutating func lookAgainAtBare() {
        guard let region = configuration.readableRegion else { return }
        for (log, exchange) in exchanges {
            guard let entry = exchange.bareEntry, region(entry) != nil else { continue }
            exchanges[log]?.passBareEntry()
        }
    }

    /// Keys of entries that are held here without what tells their key, such as erased versions and words: an
    /// upstream cannot tell otherwise whose region they are of.
    ///
    /// Only to an upstream: a peer with some regions hears of others by hashes alone.
    func absentKeys(_ batch: EntryBatch) -> [String] {
        guard initiator != nil, forms.contains(.keys), let recordKey = configuration.recordKey
        else {
            return []
        }
        var keys: Set<String> = []
        for replicated in batch.entries where replicated.bodies.first == .some(nil) {
            guard let entry = Entry(replicated.header), entry.keyHash != .zero,
                let key = recordKey(entry)
            else { continue }
            keys.insert(key)
        }
        return keys.sorted()
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
        var fetched = fetched
        guard direction.sends || local[fetched.log]?.descriptor.node == peer else {
            for index in fetched.rows.indices { fetched.rows[index].entry = nil }
            return fetched
        }
        guard isFiltered(fetched.log) else { return fetched }
        for index in fetched.rows.indices {
            fetched.rows[index].entry = fetched.rows[index].entry.map { readable($0) }
        }
        return fetched
    }
}
